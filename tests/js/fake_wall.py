"""A server for browser tests: the real page, layouts and assets over a feed that the test plays itself."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import synthetic
import uvicorn
import wire
from dash import Dash
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from layouts.frames import scene_settings
from layouts.map import map_view
from layouts.options import PageOptions
from layouts.pages import overview
from layouts.shell import index_string

ASSETS = Path(__file__).parents[2] / "assets"
RELEASE = "r1"
BEAT_S = 0.4


class FakeWall:
    """One page, its snapshot and its feed. `is_down` makes every live route answer 503; `is_silent` stops beats."""

    def __init__(self, *, scale: int = 1, timing: dict[str, int] | None = None, **map_settings: Any) -> None:
        self.seq = 10
        self.release = RELEASE
        self.marks = synthetic.marks(scale)
        self.panels = synthetic.panels()
        self.is_down = False
        self.is_silent = False
        self.snapshots = 0
        self.connections: list[str | None] = []
        self._changed = threading.Condition()
        self._streams: set[asyncio.Queue[bytes | None]] = set()
        shown = {"bounds": list(synthetic.BOUNDS), "tiles": None, **map_settings}
        extra = {"map": shown, "feed_timing": timing or {}, "scenes": scene_settings()}
        self._options = PageOptions(district="宝山区", release=RELEASE, extra=extra)
        self._app = self._make_app()
        self._loop = asyncio.new_event_loop()
        self._server = uvicorn.Server(uvicorn.Config(self._app, port=0, log_level="error", ws="none", lifespan="off"))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        """The address of the page."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    @property
    def open_streams(self) -> int:
        """How many feed connections are open now."""
        return len(self._streams)

    def wait_for_connections(self, count: int, timeout_s: float = 60) -> None:
        """Wait until the feed was asked for `count` times in all and exactly one connection is open."""
        with self._changed:
            done = self._changed.wait_for(lambda: len(self.connections) >= count and self.open_streams == 1, timeout_s)
        if not done:
            raise AssertionError(f"{len(self.connections)} connections so far, {self.open_streams} of them open")

    def start(self) -> None:
        """Serve until `stop`."""
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the fake wall did not start")

    def stop(self) -> None:
        """End all connections and the server."""
        self.cut()
        self._server.should_exit = True
        self._thread.join(60)

    def send(self, event: bytes) -> None:
        """Send bytes to every open feed."""
        for stream in list(self._streams):
            self._loop.call_soon_threadsafe(stream.put_nowait, event)

    def frame(self, *, oldest_at: int | None = None, seq: int | None = None, **parts: Any) -> int:
        """Send a frame with the next seq (or a given one); `panels=`, `marks=` as on the wire."""
        self.seq = self.seq + 1 if seq is None else self.seq
        sent = self.seq if seq is None else seq
        self.send(wire.event("frame", {"seq": sent, "newest_at": oldest_at, "oldest_at": oldest_at, **parts}, sent))
        return sent

    def beat(self, **parts: Any) -> None:
        """Send a beat now; others come by themselves unless `is_silent`."""
        self.send(self._beat(**parts))

    def _beat(self, **parts: Any) -> bytes:
        beat = {"at": synthetic.CITY_MS, "release": self.release, "seq": self.seq, "as_of": {}, **parts}
        return wire.event("beat", beat)

    def cut(self) -> None:
        """Break every open feed connection."""
        for stream in list(self._streams):
            self._loop.call_soon_threadsafe(stream.put_nowait, None)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve())
        self._loop.close()

    def _make_app(self) -> FastAPI:
        server = FastAPI()
        server.get("/api/snapshot")(self._snapshot)
        server.get("/api/feed")(self._feed)
        server.get("/api/basemap")(self._basemap)
        server.get("/api/v1/marks/{kind}/{number}")(self._mark)
        app = Dash(
            "wall",
            server=server,
            assets_folder=str(ASSETS),
            assets_path_ignore=["^scenes$", "^later$"],
            enable_mcp=False,
            update_title="",
        )
        app.index_string = index_string(self._options)
        app.layout = overview(self._options, map_view(synthetic.BOUNDS))
        return server

    async def _snapshot(self) -> Response:
        self.snapshots += 1
        if self.is_down:
            return JSONResponse({"error": "down"}, 503)
        header = {
            "release": self.release,
            "seq": self.seq,
            "at": synthetic.CITY_MS,
            "newest_at": None,
            "oldest_at": None,
        }
        return Response(
            wire.snapshot({**header, "panels": self.panels}, self.marks), media_type="application/octet-stream"
        )

    async def _feed(self, request: Request, after: str | None = None) -> Response:
        self.connections.append(after)
        if self.is_down:
            return JSONResponse({"error": "down"}, 503)
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[bytes]:
        stream: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._note(lambda: self._streams.add(stream))
        try:
            yield b": hello\n\n"
            while (event := await self._next(stream)) is not None:
                yield event
        finally:
            self._note(lambda: self._streams.discard(stream))

    async def _next(self, stream: asyncio.Queue[bytes | None]) -> bytes | None:
        while True:
            try:
                return await asyncio.wait_for(stream.get(), BEAT_S)
            except TimeoutError:
                if not self.is_silent:
                    return self._beat()

    def _note(self, change: Callable[[], None]) -> None:
        with self._changed:
            change()
            self._changed.notify_all()

    async def _basemap(self) -> Response:
        return Response(json.dumps(synthetic.basemap()), media_type="application/json")

    async def _mark(self, kind: str, number: int) -> JSONResponse:
        source = {"key": "police-video", "name": "公安视频平台", "state": "stale"}
        name = "<b>友谊路</b>\u202e牡丹江路口"
        address = {"name": name, "address": "友谊路 100 号", "href": f"/{kind}/{kind}-{number}"}
        measured = {"state": "offline", "value": 3.12, "unit": "m", "at": "2026-08-09T06:30:00Z"}
        identity = {"kind": kind, "id": f"{kind}-{number}", "number": number}
        return JSONResponse({**identity, **address, **measured, "source": source})
