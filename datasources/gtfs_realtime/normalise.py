"""GTFS Realtime 1.0 and 2.0 (https://gtfs.org/documentation/realtime/reference/) to officers; positions are WGS-84."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasources.contract import RecordRejected, Rejection, SourceDataError
from datasources.coordinates import Position, locate
from datasources.decode import looks_like_html
from datasources.fields import LONGEST_ID, clean, each, instant, number
from situation.records import Officer

VEHICLE_ROLE = "vehicle"
_DIFFERENTIAL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one feed is read."""

    key: str
    department: str
    crs: str
    role: str


@dataclass(frozen=True, slots=True)
class Vehicles:
    """What a feed holds. `is_whole`: it names every vehicle there is; `told_at`: when it was made."""

    officers: tuple[Officer, ...]
    rejected: tuple[Rejection, ...]
    is_whole: bool
    told_at: datetime | None


def normalise(body: bytes, reading: Reading) -> Vehicles:
    """The vehicles of a feed; raises SourceDataError for what is no feed of vehicles."""
    feed = _decoded(body)
    entities = [entity for entity in feed.entity if not entity.is_deleted]
    moving = [entity for entity in entities if entity.HasField("vehicle")]
    if entities and not moving:
        raise SourceDataError("wrong_shape", "a feed without vehicle positions: trip updates and alerts have their own")
    positions = locate(_of(moving, "longitude"), _of(moving, "latitude"), reading.crs)
    pairs = list(zip(moving, positions, strict=True))
    officers, rejected = each(pairs, lambda pair: _officer(pair[0], pair[1], reading))
    return Vehicles(
        tuple(officers),
        tuple(rejected),
        feed.header.incrementality != _DIFFERENTIAL,
        instant(feed.header.timestamp or None),
    )


def _decoded(body: bytes) -> Any:
    if looks_like_html(body):
        raise SourceDataError("html", "HTML where protobuf is due")
    message = importlib.import_module("google.protobuf.message")  # a quarter of a second, only where such a feed is
    feed = importlib.import_module("google.transit.gtfs_realtime_pb2").FeedMessage()
    try:
        feed.ParseFromString(body)
    except message.DecodeError as error:
        raise SourceDataError("not_protobuf", f"no GTFS Realtime: {clean(error, 120)}") from error
    if not feed.IsInitialized() or not feed.header.gtfs_realtime_version:
        raise SourceDataError("not_protobuf", "no GTFS Realtime: the header is missing")
    return feed


def _of(entities: Iterable[Any], name: str) -> list[float | None]:
    return [
        number(getattr(entity.vehicle.position, name)) if entity.vehicle.HasField("position") else None
        for entity in entities
    ]


def _officer(entity: Any, position: Position, reading: Reading) -> Officer:
    vehicle = entity.vehicle
    told = vehicle.vehicle
    own_id = clean(told.id or entity.id, LONGEST_ID)
    if not own_id:
        raise RecordRejected("?", "no id")
    place = vehicle.position
    route = clean(vehicle.trip.route_id, 60)
    return Officer(
        id=f"{reading.key}.{own_id}",
        source=reading.key,
        name=" ".join(part for part in (route, clean(told.label or told.license_plate, 100) or own_id) if part),
        department=reading.department,
        role=reading.role,
        on_duty=True if vehicle.HasField("trip") else None,
        lon=position[0],
        lat=position[1],
        positioned_at=instant(vehicle.timestamp or None),
        speed_mps=_measured(place, "speed"),
        heading_deg=_measured(place, "bearing"),
    )


def _measured(place: Any, name: str) -> float | None:
    found = number(getattr(place, name)) if place.HasField(name) else None
    return None if found is None else round(found, 2)
