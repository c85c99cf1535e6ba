"""Observations to readings: numbers at a time, whatever a server puts into `result`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from datasources.contract import RecordRejected, Rejection
from datasources.fields import Raw, boolean, each, identifier, instant, number
from datasources.sensorthings.pages import key_of
from situation.records import Observation


def own_id(row: Raw) -> str:
    """The id of an entity, by its link where `$select` left the id out; raises RecordRejected without one."""
    try:
        return identifier(row, "@iot.id", "id")
    except RecordRejected:
        found = key_of(row.get("@iot.selfLink"))
        if not found:
            raise
        return found


def normalise_observations(
    rows: Sequence[Any], key: str, zone: str | None
) -> tuple[list[Observation], list[Rejection]]:
    """Observations that name their datastream. One without a number or a time is none; one of nobody is rejected."""
    found, rejected = each(rows, lambda row: _readings_of(row, key, zone))
    return [reading for readings in found for reading in readings], rejected


def _readings_of(row: Any, key: str, zone: str | None) -> tuple[Observation, ...]:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    stream = row.get("Datastream") or row.get("MultiDatastream")
    stream_id = f"{key}.{own_id(stream if isinstance(stream, dict) else {})}"
    return tuple(readings(row, stream_id, zone))


def readings(row: Any, stream_id: str, zone: str | None) -> Iterator[Observation]:
    """The reading of an observation; of one with a list (MultiDatastream) one for each part that is a number."""
    at = observed_at(row, zone) if isinstance(row, dict) else None
    if at is None:
        return
    result = row.get("result")
    if isinstance(result, list):
        parts = ((part_id(stream_id, index), as_number(part)) for index, part in enumerate(result))
        yield from (Observation(part, at, value) for part, value in parts if value is not None)
        return
    value = as_number(result)
    if value is not None:
        yield Observation(stream_id, at, value)


def part_id(stream_id: str, index: int) -> str:
    """The datastream that one part of a MultiDatastream is."""
    return f"{stream_id}.{index}"


def as_number(result: object) -> float | None:
    """A result as a number: text that is one, a truth value as 1 or 0, the `value` of an object; None otherwise."""
    if isinstance(result, dict):
        result = result.get("value")
    found = number(result)
    if found is not None or result is None or isinstance(result, (list, dict, float)):
        return found
    truth = boolean(result)
    return None if truth is None else float(truth)


def observed_at(row: Raw, zone: str | None) -> datetime | None:
    """When the phenomenon was: an instant, the end of an interval, or else when the result came."""
    for name in ("phenomenonTime", "resultTime"):
        value = row.get(name)
        if isinstance(value, str):
            value = value.rpartition("/")[2]
        at = instant(value, zone)
        if at is not None:
            return at
    return None


def last_of(raw: Mapping[str, Any], stream_id: str, zone: str | None) -> tuple[Observation, ...]:
    """The newest of the observations nested in a datastream, in whichever order they come."""
    nested = raw.get("Observations")
    found = [one for row in nested for one in readings(row, stream_id, zone)] if isinstance(nested, list) else []
    newest: dict[str, Observation] = {}
    for one in found:
        known = newest.get(one.datastream)
        if known is None or one.observed_at > known.observed_at:
            newest[one.datastream] = one
    return tuple(newest.values())


def without_duplicates(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """One observation per datastream and moment, the last said, in order of time."""
    unique = {(one.datastream, one.observed_at): one for one in observations}
    return tuple(sorted(unique.values(), key=lambda one: one.observed_at))
