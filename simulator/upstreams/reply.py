"""Replies as upstream systems write them: bytes made once, with the right content type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_encoder = msgspec.json.Encoder()


def to_json(value: Any) -> bytes:
    """UTF-8 JSON without spaces."""
    return _encoder.encode(value)


def json_reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON body; `bytes` are taken as already encoded."""
    body = value if isinstance(value, bytes) else to_json(value)
    return Response(body, status, headers, "application/json;charset=UTF-8")


def xml_reply(body: bytes, status: int = 200, media_type: str = "text/xml; charset=utf-8") -> Response:
    """An XML body."""
    return Response(body, status, media_type=media_type)


class StaticReply:
    """An endpoint whose body never changes; answers conditional requests with 304."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self.body = body
        self.headers = {"ETag": f'"{crc32(body):08x}-{len(body):x}"'}
        self.content_type = content_type

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
        if known == self.headers["ETag"]:
            response = Response(status_code=304, headers=self.headers)
        else:
            response = Response(self.body, 200, self.headers, self.content_type)
        await response(scope, receive, send)
