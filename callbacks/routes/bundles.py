"""`/assets/bundle/<name>`: scripts and styles that are loaded when they are first needed."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from callbacks.bundles import Bundles

TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


def routes(bundles: Bundles) -> APIRouter:
    """The one route of the bundles."""
    router = APIRouter(include_in_schema=False)

    @router.get("/assets/bundle/{name}")
    async def bundle(name: str) -> Response:
        """A joined script or style sheet; its name is its fingerprint."""
        found = bundles.find(name)
        if found is None:
            return JSONResponse({"error": "no such bundle in this release"}, 404)
        return Response(found.body, media_type=TYPES[name.rpartition(".")[2]], headers=FOR_EVER)

    return router
