"""Single readings, as long as they are kept raw: for other systems, which want each one and page through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import ColumnElement, Connection, func, select

from situation.store import tables
from situation.store.tables import HOUR_MS

Begin = Callable[[], AbstractContextManager[Connection]]
Row = tuple[str, int, float]
Span = tuple[int, int]
IDS_AT_ONCE = 500
"""Of more datastreams than that, an hour is read whole and sorted out here."""


class RawReadings:
    """Rows are (datastream, epoch ms, value). No scope here: ask only for datastreams of sensors that may be seen."""

    def __init__(self, read: Begin) -> None:
        self._read = read

    def between(
        self, ids: Sequence[str], span: Span, *, limit: int, offset: int = 0, is_newest_first: bool = True
    ) -> list[Row]:
        """Readings in [since, until), epoch ms, in order of time; hour by hour until there are enough."""
        most, found = offset + limit, list[Row]()
        with self._read() as connection:
            numbers = _numbers(connection, ids)
            for hours in _hours(connection, span, len(numbers), is_newest_first=is_newest_first):
                found += _some(connection, numbers, (span, hours), most - len(found), is_newest_first=is_newest_first)
                if len(found) >= most:
                    break
        return found[offset:most]

    def count(self, ids: Sequence[str], span: Span) -> int:
        """How many readings of a few datastreams there are in [since, until)."""
        with self._read() as connection:
            numbers = _numbers(connection, ids)
            hours = [hour for some in _hours(connection, span, 1, is_newest_first=True) for hour in some]
            where = _where(list(numbers), (span, hours))
            return int(
                connection.execute(select(func.count()).select_from(tables.observation).where(*where)).scalar_one()
            )


def _numbers(connection: Connection, ids: Sequence[str]) -> dict[int, str]:
    stream = tables.datastream
    found: dict[int, str] = {}
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        rows = connection.execute(select(stream.c.number, stream.c.id).where(stream.c.id.in_(some)))
        found |= {row.number: row.id for row in rows}
    return found


def _hours(connection: Connection, span: Span, streams: int, *, is_newest_first: bool) -> Iterator[list[int]]:
    """The hours that have readings: of one datastream all at once, of many one by one."""
    bucket = tables.observation_bucket.c.bucket
    since, until = span
    wanted = select(bucket).where(bucket >= since // HOUR_MS, bucket * HOUR_MS < until)
    order = bucket.desc() if is_newest_first else bucket.asc()
    hours = list(connection.execute(wanted.order_by(order)).scalars())
    if not streams:
        return
    step = 100 if streams == 1 else 1
    for start in range(0, len(hours), step):
        yield hours[start : start + step]


def _where(numbers: Sequence[int], when: tuple[Span, Sequence[int]]) -> list[ColumnElement[bool]]:
    observation = tables.observation.c
    (since, until), hours = when
    named = [observation.datastream.in_(numbers)] if len(numbers) <= IDS_AT_ONCE else []
    return [observation.bucket.in_(hours), *named, observation.at_ms >= since, observation.at_ms < until]


def _some(
    connection: Connection, numbers: dict[int, str], when: tuple[Span, list[int]], most: int, *, is_newest_first: bool
) -> list[Row]:
    observation = tables.observation.c
    at, stream = observation.at_ms, observation.datastream
    order = (at.desc(), stream.desc()) if is_newest_first else (at.asc(), stream.asc())
    statement = select(stream, at, observation.value).where(*_where(list(numbers), when)).order_by(*order)
    if len(numbers) <= IDS_AT_ONCE:
        statement = statement.limit(most)
    found: list[Row] = []
    for number, at_ms, value in connection.execute(statement):
        if number in numbers:
            found.append((numbers[number], at_ms, value))
            if len(found) == most:
                break
    return found
