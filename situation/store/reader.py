"""Reading records: the one place where scope and query become SQL and where rows become records."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, union_all

from situation.records import Camera, DeviceState, Record, Sensor
from situation.scope import PUBLIC_KINDS, Scope
from situation.store import readings, tables
from situation.store.answers import Order, Page, Query
from situation.store.codec import decode, to_datetime, to_ms

Latest = Mapping[str, tuple[datetime, float]]

_record = tables.record
_other = tables.record.alias("other")
_ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    "number": (_record.c.number.asc(),),
    "-number": (_record.c.number.desc(),),
    "at": (_record.c.at_ms.asc(), _record.c.number.asc()),
    "-at": (_record.c.at_ms.desc(), _record.c.number.desc()),
    "id": (_record.c.id.asc(),),
}

_FEW = 20_000
_SORTED: dict[Order, tuple[ColumnElement[Any], ...]] = {
    "number": ((_record.c.number + 0).asc(),),
    "-number": ((_record.c.number + 0).desc(),),
}
"""The same in words that no index answers, for few rows that match: SQLite would rather walk through all records of
the kind in the order of the index, until a page of the few is full."""


def _in_scope(kind: str, scope: Scope) -> list[ColumnElement[bool]]:
    """`Scope.allows` as SQL; a test holds the two equal."""
    if kind in PUBLIC_KINDS:
        return []
    conditions: list[ColumnElement[bool]] = []
    if scope.departments is not None:
        conditions.append(_record.c.department.in_(sorted(scope.departments)))
    if scope.areas is not None and kind != "source":
        codes = sorted(scope.areas)
        conditions.append(or_(*(column.in_(codes) for column in _area_columns())))
    return conditions


def _area_columns() -> tuple[ColumnElement[str], ...]:
    return (_record.c.street_code, _record.c.community_code, _record.c.grid_code)


def _matching(kind: str, query: Query) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.bbox is not None:
        west, south, east, north = query.bbox
        within = and_(_other.c.lat.between(south, north), _other.c.lon.between(west, east))
        conditions.append(_any_by_index(kind, within))
        conditions.append(and_(_record.c.lon.between(west, east), _record.c.lat.between(south, north)))
    if query.areas:
        codes = (_other.c.street_code, _other.c.community_code, _other.c.grid_code)
        conditions.append(_any_by_index(kind, *(column.in_(query.areas) for column in codes)))
        conditions.append(or_(*(column.in_(query.areas) for column in _area_columns())))
    if query.department:
        conditions.append(_record.c.department == query.department)
    if query.status:
        conditions.append(_has_status(query))
    if query.source:
        conditions.append(_record.c.source == query.source)
    if query.since is not None:
        conditions.append(_record.c.at_ms >= to_ms(query.since))
    if query.until is not None:
        conditions.append(_record.c.at_ms < to_ms(query.until))
    return conditions


def conditions(kind: str, scope: Scope, query: Query) -> list[ColumnElement[bool]]:
    """What the primary records of a kind must meet to be seen and to match."""
    return _where(kind, scope, query)


def having_numbers(
    connection: Connection, kind: str, scope: Scope, numbers: Sequence[int]
) -> Iterator[tuple[int, Record]]:
    """The records with these numbers, few enough for one statement, in no particular order."""
    statement = _columns(kind).where(*_where(kind, scope, Query()), _record.c.number.in_(numbers))
    return _complete(connection, kind, scope, connection.execute(statement).all())


def _has_status(query: Query) -> ColumnElement[bool]:
    """Nobody can tell how a device of a dead source is: that is its status, whatever the row says."""
    said = _record.c.status.in_(query.status)
    if not query.dead_sources:
        return said
    is_dead = _record.c.source.in_(query.dead_sources)
    alive = and_(~is_dead, said)
    return or_(alive, is_dead) if DeviceState.UNKNOWN in query.status else alive


def _where(kind: str, scope: Scope, query: Query) -> list[ColumnElement[bool]]:
    named = [having_id(kind, query.ids)] if query.ids else []
    return [_record.c.kind == kind, _record.c.is_primary, *named, *_in_scope(kind, scope), *_matching(kind, query)]


def having_id(kind: str, ids: Sequence[str]) -> ColumnElement[bool]:
    """Records with one of these ids, found through their numbers: only those have an index by id."""
    identity = tables.identity
    numbers = select(identity.c.number).where(identity.c.kind == kind, identity.c.id.in_(ids))
    return _record.c.number.in_(numbers)


def _columns(kind: str) -> Select[Any]:
    if kind != Camera.kind:
        return select(_record.c.number, _record.c.body)
    seen = tables.seen
    joined = _record.outerjoin(seen, and_(seen.c.number == _record.c.number, seen.c.source == _record.c.source))
    return select(_record.c.number, _record.c.body, seen.c.at_ms.label("seen_at_ms")).select_from(joined)


def count(connection: Connection, kind: str, scope: Scope, query: Query) -> int:
    """How many records match; limit and offset don't matter."""
    found = connection.execute(select(func.count()).select_from(_record).where(*_where(kind, scope, query)))
    return int(found.scalar_one())


def page(connection: Connection, kind: str, scope: Scope, query: Query) -> Page:
    """The records that match, one page of them."""
    total = count(connection, kind, scope, query)
    order = (_SORTED if total <= _FEW else _ORDERS).get(query.order, _ORDERS[query.order])
    statement = _columns(kind).where(*_where(kind, scope, query)).order_by(*order)
    rows = connection.execute(statement.limit(query.limit).offset(query.offset)).all()
    items = tuple(_complete(connection, kind, scope, rows))
    following = query.offset + len(items)
    return Page(items, total, following if items and following < total else None)


def one(connection: Connection, kind: str, scope: Scope, condition: ColumnElement[bool]) -> tuple[int, Record] | None:
    """The one record of a kind that meets the condition, or None."""
    conditions = _where(kind, scope, Query())
    rows = connection.execute(_columns(kind).where(*conditions, condition)).all()
    return next(_complete(connection, kind, scope, rows), None)


def everything(connection: Connection, kind: str, ended_since: datetime | None) -> Iterator[tuple[int, Record]]:
    """All records of a kind by number, without those that ended before `ended_since`."""
    conditions = _where(kind, Scope(), Query())
    if ended_since is not None:
        conditions.append(_current_since(kind, ended_since))
    statement = _columns(kind).where(*conditions).order_by(_record.c.number)
    latest = readings.all_latest(connection) if kind == Sensor.kind else {}
    rows = connection.execute(statement.execution_options(yield_per=2000))
    for row in rows:
        yield row.number, _with_volatile(decode(kind, row.body), row, latest)


def _current_since(kind: str, ended_since: datetime) -> ColumnElement[bool]:
    """What has not ended, or lately: found by the index of ends, for most of a large store ended long ago."""
    ended, since_ms = _record.c.ended_at_ms, to_ms(ended_since)
    found = _any_by_index(kind, _other.c.ended_at_ms.is_(None), _other.c.ended_at_ms >= since_ms)
    return and_(found, or_(ended.is_(None), ended >= since_ms))


def _any_by_index(kind: str, *alternatives: ColumnElement[bool]) -> ColumnElement[bool]:
    """Records of which a row meets one of these conditions on `_other`, each looked up by an index of its own.

    Else SQLite walks a kind in the order asked for and reads every row of it. The condition itself must be asked
    again: a record may have rows of several sources.
    """
    selects = [select(_other.c.number).where(_other.c.kind == kind, each) for each in alternatives]
    numbers = union_all(*selects).subquery() if len(selects) > 1 else selects[0].subquery()
    return _record.c.number.in_(select(numbers.c.number))


def _complete(connection: Connection, kind: str, scope: Scope, rows: Iterable[Any]) -> Iterator[tuple[int, Record]]:
    records = [(row, decode(kind, row.body)) for row in rows]
    streams = [each.datastreams[0].id for _, each in records if isinstance(each, Sensor) and each.datastreams]
    latest = readings.latest(connection, streams) if streams else {}
    for row, record in records:
        yield row.number, scope.narrowed(_with_volatile(record, row, latest))


def _with_volatile(record: Record, row: Any, latest: Latest) -> Record:
    """Put back what is kept apart from the record: when a camera was seen, what a sensor last read."""
    if isinstance(record, Camera):
        return record if row.seen_at_ms is None else dataclasses.replace(record, seen_at=to_datetime(row.seen_at_ms))
    if isinstance(record, Sensor) and record.datastreams:
        reading = latest.get(record.datastreams[0].id)
        if reading is not None:
            return dataclasses.replace(record, observed_at=reading[0], value=reading[1])
    return record
