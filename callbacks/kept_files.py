"""Keeps the page's own files ready to send, compressed once: a wall that opens must not hold up those that run."""

from __future__ import annotations

import asyncio
import gzip
from typing import NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callbacks.services import ReaderPool

FOLDERS = ("/assets/", "/_dash-component-suites/")
READY_ALREADY = (".woff2", ".png", ".jpg", ".gz")
MOST_BYTES = 64_000_000
LEVEL = 6


class KeptFile(NamedTuple):
    """One answer as it leaves: raw headers and body."""

    headers: list[tuple[bytes, bytes]]
    body: bytes


class KeptFiles:
    """ASGI middleware: answers of 200 below FOLDERS are kept by address, which carries the file's fingerprint.

    Nothing else is touched. Belongs inside the access middleware and outside any other compression.
    """

    def __init__(self, app: ASGIApp, pool: ReaderPool) -> None:
        self._app = app
        self._pool = pool
        self._kept: dict[tuple[str, bytes, bool], KeptFile] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or keep what the application answers."""
        path: str = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] != "GET" or not path.startswith(FOLDERS):
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        zipped = "gzip" in asked.get("accept-encoding", "") and not path.endswith(READY_ALREADY)
        key = (path, scope.get("query_string", b""), zipped)
        kept = self._kept.get(key) or await self._asked(key, scope, send)
        if kept is None:
            return
        tag = Headers(raw=kept.headers).get("etag")
        is_known = tag is not None and asked.get("if-none-match") == tag
        await send({"type": "http.response.start", "status": 304 if is_known else 200, "headers": kept.headers})
        await send({"type": "http.response.body", "body": b"" if is_known else kept.body})

    async def _asked(self, key: tuple[str, bytes, bool], scope: Scope, send: Send) -> KeptFile | None:
        """What the application answers, kept; None when it has been sent already because it is not to be kept."""
        plain = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in _CONDITIONS]}
        started: Message = {}
        parts: list[bytes] = []

        async def take(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            elif started["status"] == 200:
                parts.append(message.get("body", b""))
            if started["status"] != 200:
                await send(message)

        await self._app(plain, _stay, take)
        if started.get("status") != 200:
            return None
        kept = await self._pool.run(_made, started["headers"], b"".join(parts), key[2])
        if self._bytes + len(kept.body) <= MOST_BYTES and key not in self._kept:
            self._kept[key] = kept
            self._bytes += len(kept.body)
        return kept


async def _stay() -> Message:
    """Hear of no browser that leaves: what it asked for is kept for all others and must be whole."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


_CONDITIONS = frozenset({b"if-none-match", b"if-modified-since", b"range", b"accept-encoding"})
"""What is kept must be the whole file, as it is."""


def _made(raw: list[tuple[bytes, bytes]], body: bytes, zipped: bool) -> KeptFile:
    headers = MutableHeaders(raw=list(raw))
    if zipped:
        body = gzip.compress(body, LEVEL, mtime=0)
        headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(body))
    headers.add_vary_header("Accept-Encoding")
    return KeptFile(headers.raw, body)
