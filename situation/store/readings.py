"""Readings in bulk: writing raw ones, and reading them back at the resolution a chart can draw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, bindparam, select

from situation.records import Observation
from situation.store import tables
from situation.store.answers import Point, Series
from situation.store.codec import to_datetime, to_ms
from situation.store.sql import insert_many, insert_tuples, upsert
from situation.store.tables import HOUR_BUCKET_MS, HOUR_MS, MINUTE_BUCKET_MS, MINUTE_MS
from situation.store.transaction import Transaction

Row = tuple[int, float, float, float]
LOT = 50_000
"""Readings made into rows at the same time."""

_TARGET = "observation (bucket, datastream, at_ms, value)"
_CORRECT = (
    " ON CONFLICT (bucket, datastream, at_ms) DO UPDATE SET value = excluded.value"
    " WHERE observation.value <> excluded.value"
)
_ARRAYS = "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::float8[])"


def write(transaction: Transaction, observations: Iterable[Observation]) -> bool:
    """Keep raw readings; repeated and late ones do no harm, a corrected one replaces the first. True if any."""
    has_written = False
    rest = (each for each in observations if math.isfinite(each.value))
    while lot := list(islice(rest, LOT)):
        _write_lot(transaction, lot)
        has_written = True
    return has_written


def _write_lot(transaction: Transaction, finite: Sequence[Observation]) -> None:
    connection, index = transaction.connection, transaction.index
    streams = {each.datastream for each in finite}
    _register(transaction, streams - index.datastreams.keys())
    numbers = {stream_id: index.datastreams[stream_id][0] for stream_id in streams}
    values = {(numbers[each.datastream], to_ms(each.observed_at)): each.value for each in finite}
    rows = sorted((at_ms // HOUR_MS, number, at_ms, value) for (number, at_ms), value in values.items())
    if connection.dialect.name == "sqlite":
        insert_tuples(connection, _TARGET, rows, _CORRECT)
    else:
        connection.exec_driver_sql(
            " ".join(("INSERT INTO", _TARGET, _ARRAYS, _CORRECT)),
            tuple(list(column) for column in zip(*rows, strict=True)),
        )
    hours = {row[0] for row in rows} - index.buckets
    upsert(connection, tables.observation_bucket, [{"bucket": hour, "is_rolled": False} for hour in hours])
    index.buckets |= hours
    _write_latest(transaction, {number: stream_id for stream_id, number in numbers.items()}, rows)


def _register(transaction: Transaction, new: Iterable[str]) -> None:
    rows = []
    for stream_id in sorted(new):
        number = transaction.next("datastream")
        rows.append({"number": number, "id": stream_id})
        transaction.index.datastreams[stream_id] = (number, None)
    insert_many(transaction.connection, tables.datastream, rows)


def _write_latest(
    transaction: Transaction, ids: Mapping[int, str], rows: Sequence[tuple[int, int, int, float]]
) -> None:
    newest = {number: (at_ms, value) for _, number, at_ms, value in rows}  # rows ascend in time per datastream
    advanced = []
    for number, (at_ms, value) in newest.items():
        stream_id = ids[number]
        last_at_ms = transaction.index.datastreams[stream_id][1]
        if last_at_ms is None or at_ms >= last_at_ms:
            transaction.index.datastreams[stream_id] = (number, at_ms)
            advanced.append({"number": number, "id": stream_id, "last_at_ms": at_ms, "last_value": value})
    upsert(transaction.connection, tables.datastream, advanced)


def latest(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[datetime, float]]:
    """Newest reading of each datastream that has one."""
    stream = tables.datastream
    statement = select(stream.c.id, stream.c.last_at_ms, stream.c.last_value).where(
        stream.c.id.in_(bindparam("some", expanding=True)), stream.c.last_at_ms.is_not(None)
    )
    wanted = list(dict.fromkeys(ids))
    found: dict[str, tuple[datetime, float]] = {}
    for start in range(0, len(wanted), 500):
        rows = connection.execute(statement, {"some": wanted[start : start + 500]})
        found.update({row.id: (to_datetime(row.last_at_ms), row.last_value) for row in rows})
    return found


def all_latest(connection: Connection) -> dict[str, tuple[datetime, float]]:
    """Newest reading of every datastream that has one."""
    stream = tables.datastream
    rows = connection.execute(
        select(stream.c.id, stream.c.last_at_ms, stream.c.last_value).where(stream.c.last_at_ms.is_not(None))
    )
    return {stream_id: (to_datetime(at_ms), value) for stream_id, at_ms, value in rows}


def series(
    connection: Connection, ids: Sequence[str], since: datetime, until: datetime, max_points: int
) -> dict[str, Series]:
    """Readings in [since, until) of each known datastream, thinned to `max_points` with their extremes kept."""
    stream = tables.datastream
    since_ms, until_ms = to_ms(since), to_ms(until)
    numbers = {row.id: row.number for row in connection.execute(select(stream).where(stream.c.id.in_(ids)))}
    found = {}
    for stream_id, number in numbers.items():
        resolution, rows = _read(connection, number, since_ms, until_ms, max_points)
        found[stream_id] = Series(stream_id, resolution, tuple(_thin(rows, since_ms, until_ms, max_points)))
    return found


def _read(
    connection: Connection, number: int, since_ms: int, until_ms: int, max_points: int
) -> tuple[Literal["raw", "minute", "hour"], list[Row]]:
    """Raw where the hours are still raw, else minutes, else hours; one level serves what no finer one has.

    A long stretch starts at the level of which `max_points` need not read more than some sixty rows each.
    """
    span_ms = max(until_ms - since_ms, 1)
    step_ms = span_ms / max(max_points, 1)
    if step_ms >= HOUR_MS:
        return "hour", _rolled_then_raw(connection, tables.observation_hour, number, since_ms, until_ms)
    raw_from = _raw_from(connection)
    if raw_from is not None and since_ms >= raw_from:
        return "raw", _raw(connection, number, since_ms, until_ms)
    minutes = _rolled_then_raw(connection, tables.observation_minute, number, since_ms, until_ms)
    first_ms = minutes[0][0] if minutes else until_ms
    older = _rolled(connection, tables.observation_hour, number, since_ms, first_ms - HOUR_MS + 1)
    return ("hour" if older and not minutes else "minute"), older + minutes


def _raw_from(connection: Connection) -> int | None:
    bucket = tables.observation_bucket.c.bucket
    first = connection.execute(select(bucket).order_by(bucket).limit(1)).scalar()
    return None if first is None else int(first) * HOUR_MS


def _raw(connection: Connection, number: int, since_ms: int, until_ms: int, hours: Sequence[int] = ()) -> list[Row]:
    observation = tables.observation
    buckets = list(hours) or list(range(since_ms // HOUR_MS, (until_ms - 1) // HOUR_MS + 1))
    statement = (
        select(observation.c.at_ms, observation.c.value)
        .where(
            observation.c.bucket.in_(bindparam("some", expanding=True)),
            observation.c.datastream == number,
            observation.c.at_ms >= since_ms,
            observation.c.at_ms < until_ms,
        )
        .order_by(observation.c.at_ms)
    )
    rows: list[Row] = []
    for start in range(0, len(buckets), 500):
        answer = connection.execute(statement, {"some": buckets[start : start + 500]})
        rows += [(at_ms, value, value, value) for at_ms, value in answer]
    return rows


def _rolled(connection: Connection, table: Table, number: int, since_ms: int, until_ms: int) -> list[Row]:
    width_ms = MINUTE_BUCKET_MS if table is tables.observation_minute else HOUR_BUCKET_MS
    statement = (
        select(table.c.at_ms, table.c.minimum, table.c.maximum, table.c.last)
        .where(
            table.c.bucket.in_(range(since_ms // width_ms, max(until_ms - 1, since_ms) // width_ms + 1)),
            table.c.datastream == number,
            table.c.at_ms >= since_ms,
            table.c.at_ms < until_ms,
        )
        .order_by(table.c.at_ms)
    )
    return [(at_ms, low, high, last) for at_ms, low, high, last in connection.execute(statement)]


def _rolled_then_raw(connection: Connection, table: Table, number: int, since_ms: int, until_ms: int) -> list[Row]:
    """Rolled-up rows, and raw ones of the hours that are not rolled up (or not again) yet."""
    bucket = tables.observation_bucket
    statement = select(bucket.c.bucket).where(
        bucket.c.is_rolled.is_(False), bucket.c.bucket >= since_ms // HOUR_MS, bucket.c.bucket * HOUR_MS < until_ms
    )
    raw_hours = set(connection.execute(statement).scalars())
    width_ms = MINUTE_MS if table is tables.observation_minute else HOUR_MS
    rolled = _rolled(connection, table, number, since_ms // width_ms * width_ms, until_ms)
    rows = [row for row in rolled if row[0] // HOUR_MS not in raw_hours]
    if raw_hours:
        rows += _raw(connection, number, since_ms, until_ms, sorted(raw_hours))
    return sorted(rows)


def _thin(rows: list[Row], since_ms: int, until_ms: int, max_points: int) -> list[Point]:
    """At most `max_points` stretches of equal length, each with its extremes and its last value."""
    if len(rows) <= max_points:
        return [Point(*row) for row in rows]
    table: NDArray[Any] = np.array(rows, dtype=np.float64)
    width_ms = max((until_ms - since_ms) / max(max_points, 1), 1.0)
    stretch = np.floor((table[:, 0] - since_ms) / width_ms).astype(np.int64)
    stretch = np.clip(stretch, 0, max_points - 1)
    starts = np.flatnonzero(np.r_[True, np.diff(stretch) > 0])
    ends = np.r_[starts[1:], len(rows)] - 1
    lows = np.minimum.reduceat(table[:, 1], starts)
    highs = np.maximum.reduceat(table[:, 2], starts)
    return [
        Point(int(at), float(low), float(high), float(last))
        for at, low, high, last in zip(table[starts, 0], lows, highs, table[ends, 3], strict=True)
    ]
