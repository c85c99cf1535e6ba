"""`/api/v1/situation`, `/api/v1/marks` and `/api/v1/observations`: the numbers, one mark, one sensor's readings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException
from fastapi import Path as PathParameter
from fastapi import Query as Parameter
from fastapi.responses import Response

from callbacks.devices import as_of_now
from callbacks.encode import JSON_TYPE
from callbacks.routes.collections import iso
from callbacks.routes.live import refusal
from callbacks.selection import Since, Until
from callbacks.services import Services
from situation.records import OPEN_STATES, Alarm, Camera, Case, Officer, Place, PlacedRecord, Sensor, SourceHealth
from situation.store import Series

NO_STORE = {"cache-control": "no-store"}
MARK_KINDS = frozenset({"camera", "sensor", "case", "alarm", "officer", "place", "component"})
DEFAULT_SPAN = timedelta(hours=6)
JUST_AFTER = timedelta(milliseconds=1)
"""Readings of this very moment count as until now."""

SensorId = Annotated[str, Parameter(description="id of a sensor", min_length=1, max_length=300)]
MarkNumber = Annotated[int, PathParameter(ge=0, le=2**53, description="number of a mark")]
PointCount = Annotated[int, Parameter(ge=10, le=10_000, description="at most this many points per datastream")]


def _iso_ms(at_ms: int | None) -> str | None:
    return None if at_ms is None else iso(datetime.fromtimestamp(at_ms / 1000, UTC))


def situation_body(services: Services) -> dict[str, Any]:
    """Every number as the screens show it, and the state and age of every panel."""
    panels = services.feed.panels()
    shown = {
        key: {
            "state": panel["state"],
            "as_of": _iso_ms(panel["as_of"]),
            "coverage": panel["coverage"],
            "reason": panel["reason"],
        }
        for key, panel in panels.items()
    }
    return {
        "seq": services.feed.seq,
        "at": iso(services.clock.now()),
        "release": services.release,
        "kpis": services.feed.numbers(),
        **{name: shown.get("kpi", {}).get(name) for name in ("state", "as_of")},
        "panels": shown,
    }


def _facts(record: PlacedRecord, now: datetime) -> dict[str, Any]:
    """What is particular to a kind: its state, what it measures or is due, and the time that was observed."""
    facts: dict[str, Any]
    match record:
        case Camera():
            facts = {"state": record.state, "at": record.seen_at, "type": record.form}
        case Sensor():
            stream = record.datastreams[0] if record.datastreams else None
            facts = {"state": record.state, "at": record.observed_at, "type": record.sensor_kind}
            facts |= {"value": record.value, "level": record.level}
            facts |= {"unit": stream.unit, "label": stream.name} if stream else {}
        case Case():
            is_overdue = record.state in OPEN_STATES and record.due_at is not None and record.due_at < now
            facts = {"state": record.state, "at": record.updated_at or record.reported_at, "type": record.subcategory}
            facts |= {"due_at": record.due_at, "is_overdue": is_overdue, "reported_at": record.reported_at}
        case Alarm():
            facts = {"state": "ended" if record.ended_at else "active", "at": record.started_at, "type": record.rule}
            facts |= {"value": record.value, "unit": record.unit, "limit": record.limit, "priority": record.priority}
            facts |= {"explanation": record.explanation, "acknowledged_at": record.acknowledged_at}
        case Officer():
            facts = {"state": record.on_duty, "at": record.positioned_at, "type": record.role}
        case Place():
            facts = {"state": None, "at": None, "type": record.place_kind, "value": record.capacity}
            if record.stock is not None:
                facts |= {"at": record.stock_at, "value": record.stock, "unit": record.stock_unit}
        case _:
            facts = {"state": None, "at": None, "type": ""}
    return facts


def mark_body(number: int, record: PlacedRecord, health: SourceHealth | None, now: datetime) -> dict[str, Any]:
    """The short summary that a hover shows. `value` and `at` are null when unknown."""
    source = {
        "key": record.source,
        "name": health.name if health else "",
        "state": health.state if health else None,
        "succeeded_at": health.succeeded_at if health else None,
    }
    return {
        "kind": record.kind,
        "id": record.id,
        "number": number,
        "name": record.name,
        "address": record.address,
        "department": record.department,
        "street_code": record.street_code,
        "value": None,
        "unit": "",
        **_facts(record, now),
        "source": source,
        "href": f"/{record.kind}/{record.id}",
        "now": now,
    }


def series_body(series: Series) -> dict[str, Any]:
    """Readings as `[time, minimum, maximum, last]`, oldest first."""
    points = [[_iso_ms(point.at_ms), point.minimum, point.maximum, point.last] for point in series.points]
    return {"datastream": series.datastream, "resolution": series.resolution, "points": points}


def routes(services: Services) -> APIRouter:
    """The three routes."""
    router = APIRouter(prefix="/api/v1", tags=["situation"])

    @router.get("/situation", responses={503: {}})
    async def situation() -> Response:
        """Every number of the wall (`kpis`, null = unknown) and the state and age of every panel."""
        refused = refusal(services)
        if refused is not None:
            return refused
        return Response(msgspec.json.encode(situation_body(services)), media_type=JSON_TYPE, headers=NO_STORE)

    @router.get("/marks/{kind}/{number}")
    async def mark(kind: str, number: MarkNumber) -> Response:
        """A short summary of one mark of the map."""
        body = await services.readers.run(read_mark, kind, number)
        return Response(msgspec.json.encode(body), media_type=JSON_TYPE, headers=NO_STORE)

    @router.get("/observations")
    async def observations(
        sensor: SensorId, since: Since = None, until: Until = None, points: PointCount = 600
    ) -> Response:
        """Readings of a sensor's datastreams, thinned to the smallest and largest of every stretch of time."""
        end = until or services.clock.now() + JUST_AFTER
        body = await services.readers.run(read_series, sensor, since or end - DEFAULT_SPAN, end, points)
        return Response(msgspec.json.encode(body), media_type=JSON_TYPE, headers=NO_STORE)

    def read_mark(kind: str, number: int) -> dict[str, Any]:
        if kind not in MARK_KINDS:
            raise HTTPException(404, f"{kind} has no marks; kinds are {', '.join(sorted(MARK_KINDS))}")
        found = services.store.by_number(kind, number, services.scope)
        record = found[1] if found else None
        if not isinstance(record, PlacedRecord):
            raise HTTPException(404, f"there is no {kind} with number {number}")
        health = next((source for source in services.store.sources() if source.id == record.source), None)
        return mark_body(number, as_of_now(services, record, health), health, services.clock.now())

    def read_series(sensor_id: str, since: datetime, until: datetime, points: int) -> dict[str, Any]:
        if since >= until:
            raise HTTPException(422, "since must be before until")
        record = services.store.get("sensor", sensor_id, services.scope)
        sensor = record[1] if record else None
        if not isinstance(sensor, Sensor):
            raise HTTPException(404, f"there is no sensor {sensor_id}")
        found = services.store.observations([one.id for one in sensor.datastreams], since, until, points)
        series = [
            {**series_body(found[stream.id]), "name": stream.name, "unit": stream.unit}
            for stream in sensor.datastreams
            if stream.id in found
        ]
        return {"sensor": sensor.id, "since": iso(since), "until": iso(until), "series": series}

    return router
