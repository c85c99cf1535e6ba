"""Patrol: looks at the pictures of cameras that nobody watches, a few a minute, so that dead ones are found anyway."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import deque
from zlib import crc32

import numpy as np

from callbacks.pictures import PictureCache
from callbacks.services import MediaUnavailable, Services
from situation.live import Moment
from situation.live.moment import ONLINE
from situation.records import Camera
from situation.store import StoreError

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 12
"""Cameras whose pictures are compared at the same time: each is looked at twice at least."""

AGAIN_S = 10.0
CHECKED_AGAIN_S = 300.0
"""A camera with something wrong is looked at so often, to learn when it is mended."""

FIRST_S = 20.0
"""The first walls have the platforms to themselves."""


class Patrol:
    """One camera every `patrol_every_s` real seconds, all that are online in turn."""

    def __init__(self, services: Services, pictures: PictureCache) -> None:
        self._services = services
        self._pictures = pictures
        self._book = pictures.book
        self._every_s = services.settings.video.patrol_every_s
        self._to_come: deque[str] = deque()
        self._due: list[tuple[float, str]] = []

    async def run(self) -> None:
        """Go round for ever; returns at once when patrols are switched off."""
        if not self._every_s:
            return
        await asyncio.sleep(FIRST_S)
        is_well = True
        while True:
            try:
                await self._look_at_one()
                if not is_well:
                    _log.info("the patrol of pictures sees again")
                is_well = True
            except Exception as error:  # whatever it is, nobody would notice a patrol that has ended
                if is_well:
                    is_defect = not isinstance(error, StoreError)
                    _log.error("the patrol of pictures stumbled, it goes on: %s", error, exc_info=is_defect)
                is_well = False
            await asyncio.sleep(self._every_s)

    async def _look_at_one(self) -> None:
        now_s = self._services.clock.monotonic()
        camera_id = await self._next(now_s)
        if camera_id is None:
            return
        found = await self._services.readers.run(self._services.store.get, "camera", camera_id, self._services.scope)
        camera = found[1] if found else None
        if not isinstance(camera, Camera) or not camera.media:
            return
        try:
            await self._pictures.picture(camera)
        except MediaUnavailable:
            return
        self._plan(camera_id, now_s)

    def _plan(self, camera_id: str, now_s: float) -> None:
        """Once more soon while too little was seen, later where something is wrong, else with the next round."""
        if self._book.finding(camera_id) is not None:
            heapq.heappush(self._due, (now_s + CHECKED_AGAIN_S, camera_id))
        elif not self._book.is_judged(camera_id):
            heapq.heappush(self._due, (now_s + AGAIN_S, camera_id))

    async def _next(self, now_s: float) -> str | None:
        if self._due and self._due[0][0] <= now_s:
            return heapq.heappop(self._due)[1]
        soon = sum(due_s <= now_s + AGAIN_S for due_s, _ in self._due)
        if soon >= MOST_AT_ONCE:
            return None
        if not self._to_come:
            self._to_come.extend(await self._services.feed.ask(_online))
        return self._to_come.popleft() if self._to_come else None


def _online(moment: Moment) -> list[str]:
    """The cameras that say they are online, well mixed: neighbours often share what is wrong."""
    table = moment.live.tables["camera"]
    ids = table["id"][np.flatnonzero(moment.camera_states == ONLINE)].tolist()
    return sorted(ids, key=lambda camera_id: crc32(camera_id.encode()))
