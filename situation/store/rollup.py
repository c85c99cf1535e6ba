"""Rolling readings up: raw to minutes, minutes to hours, a slice of datastreams and one hour at a time."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_, func, select
from sqlalchemy.dialects import postgresql, sqlite

from situation.store import tables
from situation.store.tables import HOUR_BUCKET_MS, HOUR_MS, MINUTE_BUCKET_MS, MINUTE_MS


@dataclass(frozen=True, slots=True)
class _Step:
    """From which table to which: `span_ms` is the length of the new rows; then how to find and to merge the old."""

    source: Table
    target: Table
    span_ms: int
    source_bucket_ms: int
    target_bucket_ms: int
    count: ColumnElement[int]
    minimum: str
    maximum: str
    total: str
    last: str


_STEPS = (
    _Step(
        tables.observation,
        tables.observation_minute,
        MINUTE_MS,
        HOUR_MS,
        MINUTE_BUCKET_MS,
        func.count(),
        *("value", "value", "value", "value"),
    ),
    _Step(
        tables.observation_minute,
        tables.observation_hour,
        HOUR_MS,
        MINUTE_BUCKET_MS,
        HOUR_BUCKET_MS,
        func.sum(tables.observation_minute.c.count),
        *("minimum", "maximum", "total", "last"),
    ),
)


def roll_up(connection: Connection, hour: int, first_stream: int, beyond_stream: int) -> None:
    """Minutes and the hour of the datastreams numbered [first, beyond). Doing it again does no harm."""
    for step in _STEPS:
        _roll(connection, step, hour, first_stream, beyond_stream)


def _roll(connection: Connection, step: _Step, hour: int, first_stream: int, beyond_stream: int) -> None:
    """A later, poorer roll-up (its raw readings are gone) does not replace a richer one."""
    source, target = step.source, step.target
    in_slice = and_(
        source.c.bucket == hour * HOUR_MS // step.source_bucket_ms,
        source.c.datastream >= first_stream,
        source.c.datastream < beyond_stream,
        source.c.at_ms >= hour * HOUR_MS,
        source.c.at_ms < (hour + 1) * HOUR_MS,
    )
    start_ms = source.c.at_ms - source.c.at_ms % step.span_ms
    grouped = (
        select(
            source.c.datastream,
            start_ms.label("start_ms"),
            step.count.label("count"),
            func.min(source.c[step.minimum]).label("minimum"),
            func.max(source.c[step.maximum]).label("maximum"),
            func.sum(source.c[step.total]).label("total"),
            func.max(source.c.at_ms).label("last_at_ms"),
        )
        .where(in_slice)
        .group_by(source.c.datastream, start_ms)
        .subquery()
    )
    rows = (
        select(
            (grouped.c.start_ms // step.target_bucket_ms).label("bucket"),
            grouped.c.datastream,
            grouped.c.start_ms,
            grouped.c.count,
            grouped.c.minimum,
            grouped.c.maximum,
            grouped.c.total,
            source.c[step.last],
        )
        .join_from(
            grouped,
            source,
            and_(source.c.datastream == grouped.c.datastream, source.c.at_ms == grouped.c.last_at_ms),
        )
        .where(source.c.bucket == hour * HOUR_MS // step.source_bucket_ms)
    )
    insert = sqlite.insert(target) if connection.dialect.name == "sqlite" else postgresql.insert(target)
    values = ["count", "minimum", "maximum", "total", "last"]
    filled = insert.from_select(["bucket", "datastream", "at_ms", *values], rows)
    connection.execute(
        filled.on_conflict_do_update(
            index_elements=["bucket", "datastream", "at_ms"],
            set_={name: filled.excluded[name] for name in values},
            where=filled.excluded.count >= target.c.count,
        )
    )
