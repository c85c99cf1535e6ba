"""`/api/snapshot` and `/api/feed`, what every screen lives on, and `/api/panels`, one panel by a reader's choice."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from callbacks.encode import JSON_TYPE
from callbacks.services import Services
from situation.feed import Overloaded
from situation.panels import PANELS_BY_KEY, SCENE_PANELS, ChoiceError

SNAPSHOT_TYPE = "application/octet-stream"
STREAM_HEADERS = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no"}


class SnapshotCache:
    """The snapshot and its compressed form, packed once however many walls come back at the same moment."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = asyncio.Lock()
        self._plain = b""
        self._packed = b""

    async def plain(self) -> bytes:
        """The snapshot as it stands."""
        return self._services.feed.snapshot()

    async def packed(self) -> bytes:
        """The snapshot as it stands, gzip."""
        async with self._lock:
            plain = self._services.feed.snapshot()
            if plain is not self._plain:
                self._packed = await self._services.readers.run(gzip.compress, plain, 1)
                self._plain = plain
            return self._packed


def last_event_id(request: Request) -> int | None:
    """The seq a returning client saw last: its `Last-Event-ID` header, or `after` of its first request; None if new."""
    text = request.headers.get("last-event-id") or request.query_params.get("after") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def refusal(services: Services) -> JSONResponse | None:
    """A 503 while the feed can't be trusted: its first beat would make a wall call an old picture live."""
    health = services.feed.health()
    if health.is_ok:
        return None
    return JSONResponse({"error": health.reason}, 503, headers={"cache-control": "no-store"})


def asked_scenes(request: Request) -> tuple[str, ...]:
    """The scenes a screen follows beside the overview, `scenes=weather,cases`."""
    return tuple(dict.fromkeys(filter(None, request.query_params.get("scenes", "").split(","))))


def unprocessable(key: str, value: str, allowed: Iterable[str]) -> JSONResponse:
    """A 422 that says what would have been understood."""
    body = {"error": f"{key}={value} is not known here", "key": key, "value": value, "allowed": list(allowed)}
    return JSONResponse(body, 422, headers={"cache-control": "no-store"})


def routes(services: Services) -> APIRouter:
    """The routes of the live data."""
    router = APIRouter(tags=["live"])
    cache = SnapshotCache(services)

    @router.get("/api/snapshot", response_class=Response, responses={200: {"content": {SNAPSHOT_TYPE: {}}}, 503: {}})
    async def snapshot(request: Request) -> Response:
        """The whole situation of now: a JSON header and the columns of all marks (see docs/contracts.md)."""
        refused = refusal(services)
        if refused is not None:
            return refused
        headers = {"cache-control": "no-store", "vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            packed = await cache.packed()
            return Response(packed, media_type=SNAPSHOT_TYPE, headers=headers | {"content-encoding": "gzip"})
        return Response(await cache.plain(), media_type=SNAPSHOT_TYPE, headers=headers)

    @router.get(
        "/api/feed", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}, 503: {}}
    )
    async def feed(request: Request) -> Response:
        """Server-sent events: frames of what changed, scenes, beats, resets (see docs/contracts.md)."""
        refused = refusal(services)
        if refused is not None:
            return refused
        scenes = asked_scenes(request)
        unknown = [scene for scene in scenes if scene not in SCENE_PANELS]
        if unknown:
            return unprocessable("scenes", unknown[0], SCENE_PANELS)
        stream: AsyncIterator[bytes] = services.feed.subscribe(last_event_id(request), scenes)
        return StreamingResponse(stream, media_type="text/event-stream", headers=STREAM_HEADERS)

    @router.get("/api/panels/{key}", response_class=Response, responses={200: {"content": {JSON_TYPE: {}}}, 422: {}})
    async def panel(key: str, request: Request) -> Response:
        """One panel with all its values, by the choice in the query (see docs/contracts.md)."""
        refused = refusal(services)
        if refused is not None:
            return refused
        if key not in PANELS_BY_KEY:
            return JSONResponse({"error": f"there is no panel {key}"}, 404)
        try:
            body = await services.feed.panel(key, dict(request.query_params))
        except ChoiceError as error:
            return unprocessable(error.key, error.value, error.allowed)
        except Overloaded:
            return JSONResponse({"error": "too many choices at once"}, 503, headers={"retry-after": "1"})
        return Response(body, media_type=JSON_TYPE, headers={"cache-control": "no-store"})

    return router
