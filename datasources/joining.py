"""One record out of two that speak of the same: what the newer leaves unsaid stays as the older said it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from situation.records import RECORD_TYPES, Alarm, Record, Sensor

_UNSAID: tuple[Any, ...] = (None, "", ())
_OF_ONE_TIME = ("ended_at", "acknowledged_at", "acknowledged_by", "updated_at")
"""What is said of an alarm once, and not of the next that comes under its id: panels have one id for each zone."""


AnyRecord = TypeVar("AnyRecord", bound=Record)


def joined(older: AnyRecord, newer: AnyRecord) -> AnyRecord:
    """The newer record, completed by the older of the same kind and id; all datastreams of both."""
    names, values = _reader(newer.kind)
    completed = {
        name: before
        for name, now, before in zip(names, values(newer), values(older), strict=True)
        if not now and now in _UNSAID and before not in _UNSAID
    }
    if isinstance(older, Sensor) and isinstance(newer, Sensor) and older.datastreams != newer.datastreams:
        streams = {each.id: each for each in (*older.datastreams, *newer.datastreams)}
        completed["datastreams"] = tuple(streams.values())
    if isinstance(older, Alarm) and isinstance(newer, Alarm) and _is_another(older, newer):
        completed = {name: value for name, value in completed.items() if name not in _OF_ONE_TIME}
    return replace(newer, **completed) if completed else newer


def _is_another(older: Alarm, newer: Alarm) -> bool:
    """Whether an alarm began after the one of its id had ended."""
    if newer.started_at is None or older.started_at is None or older.ended_at is None:
        return False
    return newer.started_at > older.started_at and newer.started_at >= older.ended_at


@cache
def _reader(kind: str) -> tuple[tuple[str, ...], Callable[[Record], tuple[Any, ...]]]:
    names = tuple(each.name for each in fields(RECORD_TYPES[kind]))
    return names, attrgetter(*names)
