"""`/media/<camera_id>/…` beside the snapshot: moving pictures through us, never from their upstream's own address.

`stream.json` says what is on offer; `stream.flv`, `converted.flv`, `mjpeg`, `hls/…` and `whep` are that.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from callbacks.services import LiveMedia, MediaUnavailable, Playable, ReaderPool, Services
from callbacks.streaming import StreamAnswer, Waker
from situation.records import Camera

P = ParamSpec("P")

JOINING, FETCHING = 16, 12
"""Threads that wait for a first picture, and those that fetch playlists and segments: not those of the store."""

ADDRESSES = {
    "whep": "whep",
    "flv": "stream.flv",
    "converted": "converted.flv",
    "hls": "hls/index.m3u8",
    "mjpeg": "mjpeg",
}
HLS_NAME = re.compile(r"[\w-]{1,80}\.[a-z0-9]{2,5}")
LARGEST_SDP = 100_000
NOT_KEPT = {"cache-control": "no-store"}
CAMERA = "/media/{camera_id}"
MISSING: dict[int | str, dict[str, Any]] = {404: {}}
BUSY: dict[int | str, dict[str, Any]] = {502: {}, 503: {}, 504: {}}


class LivePools:
    """The threads of live pictures."""

    def __init__(self) -> None:
        self.joining = ReaderPool(JOINING, "live join")
        self.fetching = ReaderPool(FETCHING, "live fetch")

    def close(self) -> None:
        """Refuse what is still waiting."""
        self.joining.close()
        self.fetching.close()


def routes(services: Services, pools: LivePools) -> APIRouter:
    """The routes of one product; without live media each answers that there is none."""
    router, live = APIRouter(tags=["media"]), _Answers(services, pools)
    router.get(f"{CAMERA}/stream.json", responses=MISSING | BUSY)(live.description)
    for transport in ("flv", "converted", "mjpeg"):
        router.add_api_route(
            f"{CAMERA}/{ADDRESSES[transport]}",
            live.stream(transport),
            response_class=Response,
            name=transport,
            responses=MISSING | BUSY,
        )
    router.get(f"{CAMERA}/hls/{{name}}", response_class=Response, responses={404: {}, 502: {}, 503: {}})(live.hls)
    router.post(f"{CAMERA}/whep", response_class=Response, status_code=201, responses={404: {}, 502: {}})(live.call)
    router.delete(f"{CAMERA}/whep/{{session}}", responses=MISSING)(live.hang_up)
    return router


def _or_why(answer: Callable[P, Awaitable[Response]]) -> Callable[P, Coroutine[None, None, Response]]:
    """The answer, or why there is none."""

    @wraps(answer)
    async def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return await answer(*args, **kwargs)
        except MediaUnavailable as error:
            return JSONResponse({"error": error.reason}, error.status, headers=NOT_KEPT)

    return answered


class _Answers:
    """What each route answers."""

    def __init__(self, services: Services, pools: LivePools) -> None:
        self._services = services
        self._pools = pools

    @_or_why
    async def description(self, camera_id: str, h265: bool = False) -> Response:
        """How this camera can be watched now, best first; `h265` when the browser can show it."""
        camera, live = await self._camera(camera_id)
        offers = await self._pools.joining.run(live.playable, camera.source, camera.media)
        shown = [_shown(camera_id, offer) for offer in offers if h265 or offer.codec != "h265"]
        return JSONResponse({"camera": camera_id, "live": shown}, headers=NOT_KEPT)

    def stream(self, transport: str) -> Callable[[str], Awaitable[Response]]:
        """A route that streams in one way."""

        async def watch(camera_id: str) -> Response:
            camera, live = await self._camera(camera_id)
            waker = Waker()
            watched = await self._pools.joining.run(live.stream, camera.source, camera.media, transport, waker.wake)
            return StreamAnswer(watched, waker)

        watch.__doc__ = f"The camera as {transport}, for as long as it is watched."
        return _or_why(watch)

    @_or_why
    async def hls(self, camera_id: str, name: str, request: Request) -> Response:
        """A playlist, whose addresses are all below this one, or a segment."""
        camera, live = await self._camera(camera_id)
        if not HLS_NAME.fullmatch(name):
            raise MediaUnavailable(404, "no such part of the stream")
        asked = request.headers.get("range", "")
        piece = await self._pools.fetching.run(live.hls, camera.source, camera.media, name, asked)
        partial = {"content-range": piece.content_range} if piece.content_range else {}
        return Response(piece.body, 206 if partial else 200, NOT_KEPT | partial, piece.content_type)

    @_or_why
    async def call(self, camera_id: str, request: Request) -> Response:
        """WHEP: an SDP offer; answered with the upstream's SDP and the session's address here."""
        camera, live = await self._camera(camera_id)
        sdp, session = await self._pools.joining.run(live.call, camera.source, camera.media, await _body(request))
        location = f"/media/{quote(camera_id, safe='')}/whep/{session}"
        return Response(sdp, 201, NOT_KEPT | {"location": location}, "application/sdp")

    @_or_why
    async def hang_up(self, camera_id: str, session: str) -> Response:
        """WHEP: end a session."""
        camera, live = await self._camera(camera_id)
        await self._pools.joining.run(live.hang_up, camera.source, camera.media, session)
        return Response(status_code=200, headers=NOT_KEPT)

    async def _camera(self, camera_id: str) -> tuple[Camera, LiveMedia]:
        """The camera, if this viewer may see it; raises MediaUnavailable."""
        services = self._services
        found = await services.readers.run(services.store.get, "camera", camera_id, services.scope)
        camera = found[1] if found else None
        if not isinstance(camera, Camera):
            raise MediaUnavailable(404, f"there is no camera {camera_id}")
        if not camera.media or services.live is None:
            raise MediaUnavailable(404, "this camera offers no live pictures")
        return camera, services.live


def _shown(camera_id: str, offer: Playable) -> dict[str, str]:
    address = f"/media/{quote(camera_id, safe='')}/{ADDRESSES[offer.transport]}"
    return {"transport": offer.transport, "codec": offer.codec, "address": address}


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_SDP:
            raise MediaUnavailable(413, "that is no SDP offer")
    return bytes(body)
