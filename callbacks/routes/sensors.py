"""What is usual for a kind of sensor at each hour of the day: history, so not part of the feed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from callbacks.services import Services
from situation.live import Moment
from situation.panels import ChoiceError
from situation.panels.iot.choice import picked
from situation.panels.iot.fleet import Fleet
from situation.panels.iot.reading import readable
from situation.profile import day_profile

LOOKS_BACK = timedelta(days=7)
MOST_SENSORS = 40
"""An even share of a kind's sensors is enough to see what is usual, and is read in a quarter of a second."""

KEPT = 64
HOLDS_S = 600.0


class Profiles:
    """Profiles by kind and street, each read once in ten minutes, one at a time."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turn = asyncio.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[float, dict[str, Any]]] = OrderedDict()

    async def get(self, kind: str, street: str) -> dict[str, Any]:
        """The profile; raises ChoiceError for a kind or street that there is not."""
        async with self._turn:
            kept = self._kept.get((kind, street))
            now_s = self._services.clock.monotonic()
            if kept is not None and now_s - kept[0] < HOLDS_S:
                return kept[1]
            streams, total = await self._services.feed.ask(lambda moment: _streams(moment, kind, street))
            answer = await self._services.readers.run(self._read, streams)
            answer |= {"kind": kind, "street": street, "sensors": len(streams), "of": total}
            self._kept[kind, street] = now_s, answer
            self._kept.move_to_end((kind, street))
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return answer

    def _read(self, streams: list[str]) -> dict[str, Any]:
        now = self._services.clock.now()
        hours = int(LOOKS_BACK.total_seconds() // 3600)
        found = self._services.store.observations(streams, now - LOOKS_BACK, now, hours) if streams else {}
        points = [(point.at_ms, point.last) for series in found.values() for point in series.points]
        return asdict(day_profile(points, now, ZoneInfo(self._services.settings.district.timezone)))


def _streams(moment: Moment, kind: str, street: str) -> tuple[list[str], int]:
    """Datastreams of an even share of the sensors, and how many sensors there are."""
    fleet = Fleet(moment)
    wanted = picked(fleet, {key: value for key, value in (("kind", kind), ("street", street)) if value})
    rows = np.flatnonzero(fleet.of(wanted.kind, wanted.street))
    read = readable(moment, rows)
    if len(read) > MOST_SENSORS:
        read = read[np.linspace(0, len(read) - 1, MOST_SENSORS).astype(np.int64)]
    streams = moment.live.tables["sensor"]["stream"]
    return [streams[row].id for row in read], len(rows)


def routes(services: Services) -> APIRouter:
    """The route of the profile."""
    router = APIRouter(tags=["sensors"])
    profiles = Profiles(services)

    @router.get("/api/iot/profile")
    async def profile(kind: str, street: str = "") -> JSONResponse:
        """By local hour: 10th, 50th, 90th percentile of the last seven days' hourly readings, and today's median."""
        try:
            return JSONResponse(await profiles.get(kind, street), headers={"cache-control": "no-store"})
        except ChoiceError as error:
            return JSONResponse({"error": str(error), "key": error.key, "allowed": error.allowed}, 422)

    return router
