"""Addresses of pages: which paths show the application, and an honest 404 for the rest.

Dash answers every unknown GET with 200 and its page, so a mistyped API address would look like a success. Here the
known page addresses are led to Dash's `/`, unknown ones too but with 404, and below `API_PREFIXES` nothing is a page.
"""

from __future__ import annotations

import re

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layouts.details.facts import FACTS
from layouts.scenes import SCENES

_SCENE = f"(?:{'|'.join(scene.key for scene in SCENES)})"
PAGE = re.compile(rf"/(?:wall/?)?|/(?:wall/)?{_SCENE}/?|/(?:wall/)?(?:{'|'.join(FACTS)})/.{{1,300}}")
"""The overview, every scene, and the detail of every kind that has a sheet."""

SERVED = re.compile(r"/(?:api|share|media|tiles|assets|_[^/]+)(?:/.*)?|/(?:healthz|metrics)")
"""Addresses with routes of their own: their own 404 stands."""


class PageAddresses:
    """Leads page addresses to Dash's `/`; other unknown addresses get its page too, but with status 404."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or SERVED.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        is_page = PAGE.fullmatch(scope["path"]) is not None

        async def send_status(message: Message) -> None:
            if message["type"] == "http.response.start" and not is_page:
                message["status"] = 404
            await send(message)

        await self.app({**scope, "path": "/", "raw_path": b"/"}, receive, send_status)


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """A plain 404 for addresses below ours that no route answers."""
    await JSONResponse({"error": f"there is nothing at {scope['path']}"}, 404)(scope, receive, send)
