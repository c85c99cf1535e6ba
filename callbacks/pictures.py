"""The newest picture of a camera, fetched at most once a second however many tiles show it.

A slow camera costs itself: one fetch per camera at a time, a few per source, a hard deadline, and a camera that just
failed is not asked again for FAILURE_S. The cache holds bytes only, in a folder only this user can read. Every picture
that is fetched is also judged: the book says which cameras give frozen, black or blank ones.

Live streams are not fetched here: they will be served beside `/media/<camera>/snapshot.jpg` by a relay of their own.
"""

from __future__ import annotations

import asyncio
import struct
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import diskcache

from callbacks.services import MediaFetcher, MediaUnavailable, ReaderPool
from situation.clock import Clock
from situation.pictures import PictureBook
from situation.records import Camera
from situation.settings import MediaSettings

FAILURE_S = 3.0
"""How long a camera that just failed is left alone."""

QUEUE_S = 2.0
"""How long a fetch waits for a free place before it gives up."""

KEPT_S = 3_600
CACHE_BYTES = 64_000_000
_STAMP = struct.Struct("<dd")


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG. `taken_at` is city time of the fetch, `fetched_s` the same on the monotonic clock."""

    body: bytes
    taken_at: datetime
    fetched_s: float


class BytesDisk(diskcache.Disk):  # type: ignore[misc]
    """A diskcache disk that can hold bytes and nothing else, so nothing in it is ever unpickled."""

    def store(self, value: Any, read: bool, key: Any = diskcache.UNKNOWN) -> Any:
        """Keep bytes; anything else is a mistake of ours."""
        if not isinstance(value, bytes):
            raise TypeError("only bytes are kept")
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        """The bytes; an entry of any other kind was not written by us."""
        if mode not in (diskcache.core.MODE_RAW, diskcache.core.MODE_BINARY):
            raise ValueError("the media cache holds something that is not bytes")
        return super().fetch(mode, filename, value, read)


class PictureCache:
    """Pictures by camera, shared by all viewers and all web processes of one data folder."""

    def __init__(
        self, folder: Path, fetcher: MediaFetcher, clock: Clock, settings: MediaSettings, book: PictureBook
    ) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._cache = diskcache.Cache(str(folder), disk=BytesDisk, size_limit=CACHE_BYTES)
        self._fetcher = fetcher
        self._clock = clock
        self._settings = settings
        self.book = book
        self._workers = ReaderPool(settings.fetches_at_once, "media")
        self._disk = ReaderPool(2, "media cache")
        self._gate = asyncio.Semaphore(settings.fetches_at_once)
        self._running: dict[str, asyncio.Task[Picture]] = {}
        self._failures: dict[str, tuple[float, MediaUnavailable]] = {}
        self._per_source: dict[str, asyncio.Semaphore] = defaultdict(self._new_gate)

    async def picture(self, camera: Camera) -> Picture:
        """A picture at most `cache_s` old; raises MediaUnavailable."""
        kept = await self.last(camera.id)
        now_s = self._clock.monotonic()
        if kept is not None and 0 <= now_s - kept.fetched_s < self._settings.cache_s:
            return kept
        failed_s, failure = self._failures.get(camera.id, (-FAILURE_S, None))
        if failure is not None and now_s - failed_s < FAILURE_S:
            raise failure
        task = self._running.get(camera.id)
        if task is None:
            task = asyncio.create_task(self._fetch(camera), name=f"picture {camera.id}")
            self._running[camera.id] = task
            task.add_done_callback(lambda done: self._settle(camera.id, done))
        return await asyncio.shield(task)

    async def last(self, camera_id: str) -> Picture | None:
        """The last picture that was had, however old."""
        kept: bytes | None = await self._disk.run(self._cache.get, camera_id)
        if kept is None or len(kept) < _STAMP.size:
            return None
        at_s, fetched_s = _STAMP.unpack_from(kept)
        return Picture(kept[_STAMP.size :], datetime.fromtimestamp(at_s, UTC), fetched_s)

    def close(self) -> None:
        """Close the cache; running fetches end by their own deadline."""
        self._workers.close()
        self._disk.close()
        self._cache.close()

    async def _fetch(self, camera: Camera) -> Picture:
        async with self._turn(camera.source):
            picture = await self._workers.run(self._fetch_and_judge, camera)
        stamp = _STAMP.pack(picture.taken_at.timestamp(), picture.fetched_s)
        await self._disk.run(self._cache.set, camera.id, stamp + picture.body, expire=KEPT_S)
        return picture

    def _fetch_and_judge(self, camera: Camera) -> Picture:
        body = self._fetcher.snapshot(camera.source, camera.media, self._settings.timeout_s)
        picture = Picture(body, self._clock.now(), self._clock.monotonic())
        self.book.note(camera.id, body, picture.taken_at, picture.fetched_s)
        return picture

    def _new_gate(self) -> asyncio.Semaphore:
        """Half of all places: one slow platform leaves the other half to the rest."""
        return asyncio.Semaphore(max(1, self._settings.fetches_at_once // 2))

    @asynccontextmanager
    async def _turn(self, source: str) -> AsyncIterator[None]:
        """Hold one of the few places for fetches, of this source and of all; waiting is bounded too."""
        async with AsyncExitStack() as places:
            try:
                async with asyncio.timeout(QUEUE_S):
                    await places.enter_async_context(self._per_source[source])
                    await places.enter_async_context(self._gate)
            except TimeoutError as error:
                raise MediaUnavailable(503, "the video platform is too slow for more pictures now") from error
            yield

    def _settle(self, camera_id: str, done: asyncio.Task[Picture]) -> None:
        self._running.pop(camera_id, None)
        failure = None if done.cancelled() else done.exception()
        if isinstance(failure, MediaUnavailable):
            self._failures[camera_id] = (self._clock.monotonic(), failure)
        else:
            self._failures.pop(camera_id, None)
