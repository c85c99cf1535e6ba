"""One wide wall of several browsers: each shows its part of a page that is laid out for all of them.

`/wall?screen=1of3` (or a saved screen with a `part`) answers a page with nothing but a frame as wide as the whole wall,
pushed to the side: the page inside it sees the width of the wall, so layouts and maps need not know of parts.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from situation.settings import Screen, part_of

WALL = "/wall"

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><link rel="icon" href="data:,">
<title>OneScreen {place}/{count}</title><style>
html, body {{ margin: 0; height: 100%; overflow: hidden; background: #0b1220; }}
iframe {{ position: absolute; top: 0; left: calc(-100vw * {before}); width: calc(100vw * {count});
 height: 100%; border: 0; }}
</style></head><body><iframe src="{source}" title="OneScreen"
 allow="autoplay; fullscreen; screen-wake-lock"></iframe></body></html>
"""


class WallParts:
    """ASGI middleware: answers wall addresses that name a part of a wall; everything else goes on."""

    def __init__(self, app: ASGIApp, screens: Mapping[str, Screen]) -> None:
        self._app = app
        self._screens = screens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        path = scope.get("path", "")
        if scope["type"] == "http" and (path == WALL or path.startswith(f"{WALL}/")):
            page = self.part_page(path, scope.get("query_string", b"").decode("latin-1"))
            if page:
                await HTMLResponse(page, headers={"cache-control": "no-cache"})(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def part_page(self, path: str, query: str) -> str:
        """The page around a part; empty when this address names none."""
        given = parse_qsl(query, keep_blank_values=True)
        name = dict(given).get("screen", "")
        saved = self._screens.get(name)
        part = part_of(saved.part if saved is not None else name)
        if part is None:
            return ""
        place, count = part
        rest = [(key, value) for key, value in given if key != "screen"]
        told = {} if saved is None else {key: value for key, value in saved.query().items() if key not in dict(rest)}
        source = f"{path}?{urlencode([*rest, *told.items()])}"
        return _PAGE.format(place=place, count=count, before=place - 1, source=html.escape(source, quote=True))
