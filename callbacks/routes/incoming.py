"""`POST /api/in/<source key>`: other systems push. Nothing of the city is written here: bodies go into the inbox."""

from __future__ import annotations

import asyncio
import math
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from callbacks.doors import REFUSALS_PER_MINUTE, Door, Limiter, Signatures, nobody
from callbacks.services import Services
from situation.clock import CityClock, Clock
from situation.store import StoreError
from situation.store.inbox import InboxFull

CONTENT_TYPES = frozenset(
    {
        "",
        "application/json",
        "application/geo+json",
        "application/x-ndjson",
        "application/jsonl",
        "application/xml",
        "application/cbor",
        "application/octet-stream",
        "text/csv",
        "text/json",
        "text/plain",
        "text/xml",
    }
)
BODY_S = 10.0
"""Real seconds for one whole body."""

AT_ONCE = 16
"""Bodies that are read at the same time: each may be as large as its door allows."""

FULL_RETRY_S = 30

Key = Annotated[str, Path(description="key of a source of kind webhook", max_length=64)]
ANSWERS: dict[int | str, dict[str, object]] = {
    202: {"description": "kept; becomes records within a second or so. `repeated`: it was here already"},
    401: {"description": "wrong or missing signature or token, too old, or no such source"},
    408: {"description": "the body did not come in time"},
    413: {"description": "larger than this source may send"},
    415: {"description": "a content type or encoding that is not read"},
    422: {"description": "the body is empty"},
    429: {"description": "too often; `Retry-After` says when"},
    503: {"description": "can't be kept now; `Retry-After` says when"},
    507: {"description": "too much of this source waits already; `Retry-After` says when"},
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {name: {"schema": {}} for name in sorted(CONTENT_TYPES) if name},
    }
}


class _Refused(Exception):
    def __init__(self, status: int, reason: str, retry_s: float = 0.0) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_s = retry_s

    def response(self) -> Response:
        headers = {"retry-after": str(math.ceil(self.retry_s))} if self.retry_s else None
        return JSONResponse({"error": self.reason}, self.status, headers)


def routes(services: Services, clock: Clock | None = None) -> APIRouter:
    """The route; `clock` is the machine's, whatever the city's says."""
    router = APIRouter(prefix="/api", tags=["incoming"])
    reception = Reception(services, clock or CityClock())

    @router.post("/in/{key}", status_code=202, responses=ANSWERS, openapi_extra=BODY)
    async def incoming(key: Key, request: Request) -> Response:
        """Send one body, signed by the source's secret: header `X-Timestamp` (epoch seconds) and `X-Signature:
        sha256=<hex HMAC-SHA256 of timestamp, ".", body>`; or `Authorization: Bearer <secret>` where so configured."""
        try:
            return await reception.receive(key, request)
        except _Refused as refused:
            return refused.response()

    return router


class Reception:
    """Takes in bodies. A caller without the secret learns nothing: not even whether a source exists."""

    def __init__(self, services: Services, clock: Clock) -> None:
        self._services = services
        self._clock = clock
        self._doors = services.doors
        self._nobody = nobody()
        self._cap = max((door.largest_bytes for door in self._doors.values()), default=0)
        self._callers, self._sources = Limiter(clock), Limiter(clock)
        self._signatures = Signatures()
        self._reading = asyncio.Semaphore(AT_ONCE)

    async def receive(self, key: str, request: Request) -> Response:
        """Answer one call; raises _Refused."""
        caller = request.client.host if request.client else ""
        if wait_s := self._callers.wait_s(caller, REFUSALS_PER_MINUTE):
            raise _Refused(429, "too many calls were refused", wait_s)
        try:
            body = await self._body(request)
        except _Refused:
            self._callers.count(caller, REFUSALS_PER_MINUTE)
            raise
        door, now_s = self._doors.get(key, self._nobody), self._clock.now().timestamp()
        if not door.accepts(request.headers, body, now_s):
            self._callers.count(caller, REFUSALS_PER_MINUTE)
            raise _Refused(401, "not accepted")
        content_type = self._checked(door, request, body)
        signature = door.signature(request.headers) if door.is_signed and door.timestamp_header else ""
        if signature and self._signatures.has(key, signature, now_s):
            return JSONResponse({"accepted": True, "repeated": True}, 202)
        await self._keep(key, content_type, body)
        if signature:
            self._signatures.add(key, signature, now_s + 2 * door.replay_window_s)
        return JSONResponse({"accepted": True}, 202)

    def _checked(self, door: Door, request: Request, body: bytes) -> str:
        """The content type of a call from somebody who may call; raises _Refused."""
        if wait_s := self._sources.wait_s(door.key, door.per_minute):
            raise _Refused(429, "too often", wait_s)
        self._sources.count(door.key, door.per_minute)
        if len(body) > door.largest_bytes:
            raise _Refused(413, f"at most {door.largest_bytes} bytes")
        content_type = request.headers.get("content-type", "")
        plain = content_type.partition(";")[0].strip().lower()
        if plain not in CONTENT_TYPES or request.headers.get("content-encoding", "identity") != "identity":
            raise _Refused(415, "a content type or encoding that is not read here")
        if not body.strip():
            raise _Refused(422, "the body is empty")
        return content_type[:200]

    async def _body(self, request: Request) -> bytes:
        if self._reading.locked():
            raise _Refused(503, "too many at once", 1)
        async with self._reading:
            try:
                async with asyncio.timeout(BODY_S):
                    return await self._read(request)
            except TimeoutError as error:
                raise _Refused(408, "the body did not come in time") from error

    async def _read(self, request: Request) -> bytes:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > self._cap:
                raise _Refused(413, "too large")
        return bytes(body)

    async def _keep(self, key: str, content_type: str, body: bytes) -> None:
        services = self._services
        try:
            await services.readers.run(services.store.inbox.put, key, services.clock.now(), content_type, body)
        except InboxFull as error:
            raise _Refused(507, "too much waits already", FULL_RETRY_S) from error
        except StoreError as error:
            raise _Refused(503, "can't be kept now", FULL_RETRY_S) from error
