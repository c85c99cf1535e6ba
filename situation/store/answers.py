"""What the store is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from situation.records import Record

Operation = Literal["put", "remove"]
Order = Literal["number", "-number", "at", "-at", "id"]


class StoreError(Exception):
    """The store can't do what was asked; the text is one line: what, which file or server, what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which records of a kind. Empty or None means no condition.

    `bbox` is west, south, east, north in WGS-84; `areas` codes of streets, communities or grids;
    `since` (inclusive) and `until` (exclusive) bound the record's own time (reported, started, sent, seen …).
    `dead_sources`: whatever they once said of a device, its status now is `unknown`.
    """

    ids: tuple[str, ...] = ()
    bbox: tuple[float, float, float, float] | None = None
    areas: tuple[str, ...] = ()
    department: str = ""
    status: tuple[str, ...] = ()
    source: str = ""
    dead_sources: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100
    offset: int = 0
    order: Order = "number"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of (number, record); `total` counts all that match, `next_offset` is None on the last page."""

    items: tuple[tuple[int, Record], ...]
    total: int
    next_offset: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change log. `record` is None when it was removed; `number` is what marks carry."""

    seq: int
    at: datetime
    kind: str
    id: str
    number: int
    operation: Operation
    record: Record | None


@dataclass(frozen=True, slots=True)
class Restored:
    """The situation as it was after change `seq`: number and record by (kind, id)."""

    seq: int
    records: dict[tuple[str, str], tuple[int, Record]]


class Point(NamedTuple):
    """Readings of one stretch of time from `at_ms` (epoch ms): smallest, largest, last."""

    at_ms: int
    minimum: float
    maximum: float
    last: float


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one datastream, oldest first; `resolution` is the finest level they were read from."""

    datastream: str
    resolution: Literal["raw", "minute", "hour"]
    points: tuple[Point, ...]
