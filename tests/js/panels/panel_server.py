"""The overview as a browser gets it, with a canned situation behind it: real pages and assets, no store."""

from __future__ import annotations

import io
import json
import struct
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from dash import ClientsideFunction, Dash, Input, Output
from fastapi import FastAPI
from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from callbacks.addresses import PageAddresses
from layouts import ids, pages, shell
from layouts.details import is_scene, not_found_page, to_tree
from layouts.frames import scene_settings
from layouts.map import map_view
from tests.js.panels.wall_values import AT_MS, panels

ASSETS = Path(__file__).parents[3] / "assets"
BOUNDS = (121.2, 31.28, 121.56, 31.52)
OPTIONS = pages.PageOptions(
    district="宝山区", district_en="Baoshan District", release="test", extra={"scenes": scene_settings()}
)


@dataclass
class Canned:
    """What the fake server says; tests change it before they open the page."""

    panels: dict[str, Any] = field(default_factory=panels)
    pictures: int = 0
    pictures_fail: bool = False
    frames: list[dict[str, Any]] = field(default_factory=list)

    def snapshot(self) -> bytes:
        """The snapshot of the contract, without marks."""
        header = {
            "release": "test",
            "seq": 1,
            "at": AT_MS,
            "newest_at": AT_MS,
            "oldest_at": AT_MS,
            "panels": self.panels,
            "marks": [],
        }
        text = json.dumps(header).encode()
        text += b" " * (-(len(text) + 4) % 4)
        return struct.pack("<I", len(text)) + text


def picture(name: str) -> bytes:
    """A JPEG that stands for a camera's picture."""
    image = Image.new("RGB", (320, 180), (38, 48, 62))
    draw = ImageDraw.Draw(image)
    draw.polygon([(110, 180), (150, 80), (170, 80), (230, 180)], fill=(56, 62, 70))
    draw.text((12, 12), name[-4:], fill=(150, 160, 170))
    data = io.BytesIO()
    image.save(data, "JPEG")
    return data.getvalue()


def make_server(canned: Canned) -> FastAPI:
    """Pages, assets and the routes a page asks for."""
    server = FastAPI()

    @server.get("/api/snapshot")
    async def snapshot() -> Response:
        return Response(canned.snapshot(), media_type="application/octet-stream")

    @server.get("/api/feed")
    async def feed(request: Request) -> StreamingResponse:
        async def events() -> AsyncIterator[str]:
            beat = {"at": AT_MS, "release": "test", "seq": 1, "as_of": {}}
            yield f"id: 1\nevent: beat\ndata: {json.dumps(beat)}\n\n"
            for frame in canned.frames:
                yield f"id: {frame['seq']}\nevent: frame\ndata: {json.dumps(frame)}\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    @server.get("/api/basemap")
    async def basemap() -> dict[str, Any]:
        return {"layers": {}, "outline": None, "streets": [], "bounds": BOUNDS}

    @server.get("/media/{camera}/snapshot.jpg")
    async def media(camera: str) -> Response:
        canned.pictures += 1
        return Response(status_code=504) if canned.pictures_fail else Response(picture(camera), media_type="image/jpeg")

    app = Dash(
        "panels",
        server=server,
        backend="fastapi",
        assets_folder=str(ASSETS),
        assets_path_ignore=["^scenes$", "^later$"],
        index_string=shell.index_string(OPTIONS),
    )
    app.layout = pages.overview(OPTIONS, map_view(BOUNDS))

    @app.callback(Output(ids.DETAIL, "data"), Input(ids.LOCATION, "pathname"), Input(ids.SHEET_PULSE, "data"))
    async def on_address(pathname: str, _pulse: Any) -> dict[str, Any]:
        return {"address": pathname, "tree": None if is_scene(pathname) else to_tree(not_found_page("zh", pathname))}

    app.clientside_callback(ClientsideFunction("detail", "show"), Input(ids.DETAIL, "data"))

    return server


@contextmanager
def serving(canned: Canned) -> Iterator[str]:
    """The address of a running server, stopped on leaving."""
    config = uvicorn.Config(
        PageAddresses(make_server(canned)), host="127.0.0.1", port=0, log_level="critical", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(5)
