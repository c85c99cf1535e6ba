"""`/api/v1/observations/series`: one datastream's past, no more points than a chart can draw."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException
from fastapi import Query as Parameter
from fastapi.responses import Response

from callbacks.encode import JSON_TYPE
from callbacks.routes.collections import iso
from callbacks.selection import Since, Until
from callbacks.services import Services
from situation.records import Datastream, Sensor

DEFAULT_SPAN = timedelta(hours=3)
JUST_AFTER = timedelta(milliseconds=1)
"""A reading of this very moment counts as until now."""

StreamId = Annotated[str, Parameter(description="id of a datastream", min_length=1, max_length=300)]
PointCount = Annotated[int, Parameter(ge=10, le=4_000, description="most points: the width of the chart in pixels")]


class Owners:
    """Which sensor a datastream belongs to. Read once, and again when somebody asks for one that came later."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._sensors: dict[str, str] = {}
        self._version: int | None = None
        self._lock = Lock()

    def find(self, stream_id: str) -> tuple[Sensor, Datastream] | None:
        """The sensor and the datastream as they are now; None when there is none or the scope does not allow it."""
        sensor_id = self._sensor_id(stream_id)
        found = self._services.store.get(Sensor.kind, sensor_id, self._services.scope) if sensor_id else None
        if found is None or not isinstance(found[1], Sensor):
            return None
        sensor = found[1]
        stream = next((each for each in sensor.datastreams if each.id == stream_id), None)
        return None if stream is None else (sensor, stream)

    def _sensor_id(self, stream_id: str) -> str | None:
        with self._lock:
            if stream_id not in self._sensors:
                self._read()
            return self._sensors.get(stream_id)

    def _read(self) -> None:
        """Unknown ids must not make it read everything again and again: only after the sensors changed."""
        version = self._services.store.count(Sensor.kind)
        if version == self._version:
            return
        self._version = version
        sensors = (each for _, each in self._services.store.load(Sensor.kind))
        self._sensors = {
            stream.id: sensor.id for sensor in sensors if isinstance(sensor, Sensor) for stream in sensor.datastreams
        }


def series_body(
    services: Services, owner: tuple[Sensor, Datastream], since: datetime, until: datetime, points: int
) -> dict[str, Any]:
    """`points` are `[epoch ms, smallest, largest, last]` of each stretch, oldest first."""
    sensor, stream = owner
    series = services.store.observations([stream.id], since, until, points).get(stream.id)
    return {
        "datastream": stream.id,
        "sensor": sensor.id,
        "name": stream.name,
        "unit": stream.unit,
        "interval_s": stream.interval_s,
        "limits": [{"level": each.level, "limit": each.limit, "above": each.above} for each in stream.thresholds],
        "since": iso(since),
        "until": iso(until),
        "step_s": (until - since).total_seconds() / points,
        "resolution": None if series is None else series.resolution,
        "points": [] if series is None else series.points,
    }


def routes(services: Services) -> APIRouter:
    """The one route."""
    router = APIRouter(prefix="/api/v1", tags=["situation"])
    owners = Owners(services)

    @router.get("/observations/series")
    async def series(
        datastream: StreamId, since: Since = None, until: Until = None, points: PointCount = 600
    ) -> Response:
        """One datastream's readings: per stretch its smallest, largest and last value, so that no peak is lost."""
        end = until or services.clock.now() + JUST_AFTER
        begin = since or end - DEFAULT_SPAN
        if begin >= end:
            raise HTTPException(422, "since must be before until")
        body = await services.readers.run(read, datastream, begin, end, points)
        return Response(body, media_type=JSON_TYPE, headers={"cache-control": "no-store"})

    def read(stream_id: str, since: datetime, until: datetime, points: int) -> bytes:
        owner = owners.find(stream_id)
        if owner is None:
            raise HTTPException(404, f"there is no datastream {stream_id}")
        return msgspec.json.encode(series_body(services, owner, since, until, points))

    return router
