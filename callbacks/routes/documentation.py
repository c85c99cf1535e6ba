"""`/api/openapi.json` and `/api/docs`: the API described by itself, with nothing fetched from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

FOLDER = Path(__file__).resolve().parent.parent / "documentation"
FILES = {"page.html": "text/html", "page.js": "text/javascript", "page.css": "text/css"}


def routes() -> APIRouter:
    """The description and the page that shows it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/api/openapi.json")
    async def openapi(request: Request) -> dict[str, Any]:
        description: dict[str, Any] = request.app.openapi()
        return description

    @router.get("/api/docs")
    async def docs() -> Response:
        return FileResponse(FOLDER / "page.html", media_type=FILES["page.html"])

    @router.get("/api/docs/{name}")
    async def part(name: str) -> Response:
        if name not in FILES:
            return JSONResponse({"error": f"there is no {name}"}, 404)
        return FileResponse(FOLDER / name, media_type=FILES[name])

    return router
