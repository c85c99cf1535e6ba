"""Which differences between two versions of a record are news: one row per kind. All else is kept quietly."""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from operator import attrgetter
from typing import Any, Literal

import msgspec

from situation.records import (
    OPEN_STATES,
    RECORD_TYPES,
    Alarm,
    Camera,
    Case,
    DeviceState,
    Officer,
    PlacedRecord,
    Record,
    Sensor,
    SourceHealth,
    WeatherWarning,
)
from situation.store.codec import to_ms

_LOCATED = ("street_code", "community_code", "grid_code")
_EARTH_M_PER_DEG = 111_320.0
FEWEST_TO_DOUBT = 5
"""So many records may be gone at once without doubt."""


@dataclass(frozen=True, slots=True)
class Significance:
    """What counts as a change of a kind.

    `ignored` fields alone are no news. `kept` says where they go then: into the `record` row, into the `seen`
    table, or nowhere (they are known from elsewhere). `moves_m`: a position counts only when it moved so far.
    `lasts_s`: word that is so much newer than the last one announced counts although it says the same.
    """

    ignored: frozenset[str] = frozenset()
    kept: Literal["record", "seen", "nowhere"] = "record"
    moves_m: float = 0.0
    lasts_s: float = 0.0

    @property
    def is_kept_quietly(self) -> bool:
        """Whether the row of a record without news may still differ from what was told."""
        return self.kept == "record" and bool(self.ignored)


SIGNIFICANCE: dict[str, Significance] = {
    Camera.kind: Significance(frozenset({"seen_at"}), kept="seen"),
    Sensor.kind: Significance(frozenset({"value", "observed_at"}), kept="nowhere"),  # the datastream knows them
    Officer.kind: Significance(
        frozenset({"lon", "lat", "address", *_LOCATED, "positioned_at", "speed_mps", "heading_deg"}),
        moves_m=20.0,
        lasts_s=120.0,  # somebody who stands still is told from somebody whose radio is dead
    ),
    Alarm.kind: Significance(frozenset({"updated_at"})),
    SourceHealth.kind: Significance(
        frozenset(field.name for field in dataclasses.fields(SourceHealth))
        - {
            "id",
            "source",
            "name",
            "name_en",
            "department",
            "source_kind",
            "state",
            "records",
            "owner",
            "phone",
            "description",
        }
    ),
}
"""Kinds that are not listed: every field counts."""

_EVERYTHING_COUNTS = Significance()
_ENCODER = msgspec.msgpack.Encoder()


def significance(kind: str) -> Significance:
    """The rule of a kind."""
    return SIGNIFICANCE.get(kind, _EVERYTHING_COUNTS)


def _significant_fields(kind: str) -> Callable[[Any], Any]:
    rule = significance(kind)
    names = [field.name for field in dataclasses.fields(RECORD_TYPES[kind]) if field.name not in rule.ignored]
    return attrgetter(*names)


_SIGNIFICANT = {kind: _significant_fields(kind) for kind in RECORD_TYPES}


def digest(record: Record) -> int:
    """64 bits of everything that counts: equal digests mean nothing worth announcing has changed.

    Not `hash()`: that of -1.0 is that of -2.0.
    """
    counted = _ENCODER.encode(_SIGNIFICANT[record.kind](record))
    return int.from_bytes(blake2b(counted, digest_size=8).digest(), "little", signed=True)


def has_moved(kind: str, before: tuple[float | None, float | None], after: tuple[float | None, float | None]) -> bool:
    """Whether a position that is no news in itself moved far enough (metres, flat-earth) to be news."""
    limit_m = significance(kind).moves_m
    if not limit_m or before == after:
        return False
    (lon, lat), (new_lon, new_lat) = before, after
    if lon is None or lat is None or new_lon is None or new_lat is None:
        return True
    east_m = (new_lon - lon) * _EARTH_M_PER_DEG * math.cos(math.radians(lat))
    return math.hypot(east_m, (new_lat - lat) * _EARTH_M_PER_DEG) > limit_m


def has_lasted(kind: str, told_at_ms: int | None, at_ms: int | None) -> bool:
    """Whether the same word is so much newer than when it was announced that its age is news."""
    limit_s = significance(kind).lasts_s
    if not limit_s or at_ms is None:
        return False
    return told_at_ms is None or at_ms - told_at_ms >= limit_s * 1000


def position(record: Record) -> tuple[float | None, float | None]:
    """(lon, lat) of a record, (None, None) when it has none."""
    return (record.lon, record.lat) if isinstance(record, PlacedRecord) else (None, None)


def is_living(record: Record) -> bool:
    """Whether the record's claim is that of a living device; kinds that can't die always live."""
    return record.state is DeviceState.ONLINE if isinstance(record, Camera | Sensor) else True


def status(record: Record) -> str:
    """The word that `Query.status` matches: state, level of a warning, stage of an alarm, duty of an officer."""
    if isinstance(record, Camera | Sensor | Case | SourceHealth):
        return record.state.value
    if isinstance(record, WeatherWarning):
        return record.level.value
    if isinstance(record, Alarm):
        return "ended" if record.ended_at else "acknowledged" if record.acknowledged_at else "active"
    if isinstance(record, Officer):
        return {True: "on_duty", False: "off_duty", None: "unknown"}[record.on_duty]
    return ""


_BEGAN: dict[str, Callable[[Any], datetime | None]] = {
    "camera": lambda camera: camera.seen_at,
    "warning": lambda warning: warning.sent_at,
    "forecast": lambda forecast: forecast.issued_at,
    "case": lambda case: case.registered_at or case.reported_at,
    "alarm": lambda alarm: alarm.started_at,
    "officer": lambda officer: officer.positioned_at,
    "source": lambda source: source.since_at,
}
_REVISED: dict[str, Callable[[Any], datetime | None]] = {
    "case": lambda case: case.updated_at,
    "alarm": lambda alarm: alarm.updated_at,
    "officer": lambda officer: officer.positioned_at,
    "forecast": lambda forecast: forecast.issued_at,
}


def began_at(record: Record) -> datetime | None:
    """The record's own time, which `Query.since` and `until` bound."""
    read = _BEGAN.get(record.kind)
    return read(record) if read else None


def revised_at(record: Record) -> datetime | None:
    """Which of two versions from one source is newer; None where only the order of arrival tells."""
    read = _REVISED.get(record.kind)
    return read(record) if read else None


def is_older(record: Record, known_ms: int | None) -> bool:
    """Whether something newer is known of the record; `known_ms` is the epoch ms of what is known."""
    at = revised_at(record)
    return at is not None and known_ms is not None and to_ms(at) < known_ms


def versions(records: Iterable[Record]) -> Iterable[Record]:
    """Each record once, as it was told last; of officers every position: a file of a past track tells many at once."""
    told: dict[str, dict[Hashable, Record]] = defaultdict(dict)  # no key of its own for each of 200,000 records
    for record in records:
        told[record.kind][(record.id, record.positioned_at) if isinstance(record, Officer) else record.id] = record
    return chain.from_iterable(of_kind.values() for of_kind in told.values())


def ended_at(record: Record) -> datetime | None:
    """When it became history that may be forgotten one day; None while it is current."""
    if isinstance(record, Case):
        return None if record.state in OPEN_STATES or record.closed_at is None else record.closed_at
    if isinstance(record, Alarm):
        return record.ended_at
    return None


def is_doubtful(missing: int, known: int) -> bool:
    """Whether so many records can hardly be gone at once: more than half, and more than a handful.

    Three warnings of four are often lifted at once; nine cameras of ten are not taken down.
    """
    return missing > FEWEST_TO_DOUBT and missing * 2 > known
