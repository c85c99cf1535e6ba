"""Finding: what a search index, a shape on the map and the rows behind a number need of many records, without reading
them whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from situation.records import Record
from situation.scope import Scope
from situation.store import reader, tables
from situation.store.answers import Query

_record = tables.record
NUMBERS_AT_ONCE = 2_000
"""Fewer than any database allows in one statement."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a record is called and where it is: enough to find it. `code` is a second id where it has one."""

    number: int
    kind: str
    id: str
    name: str
    name_en: str
    code: str
    address: str
    department: str
    lon: float | None
    lat: float | None
    street_code: str


@dataclass(frozen=True, slots=True)
class Positions:
    """Numbers and positions (WGS-84 degrees, NaN where unknown) of records, ascending by number."""

    numbers: npt.NDArray[np.int64]
    lons: npt.NDArray[np.float64]
    lats: npt.NDArray[np.float64]


class _Words(msgspec.Struct):
    """The few fields of a record's text that name it."""

    name: str = ""
    name_en: str = ""
    code: str = ""
    number: str = ""
    event: str = ""
    headline: str = ""
    category: str = ""
    subcategory: str = ""
    address: str = ""
    geometry: str = ""


_DECODER = msgspec.json.Decoder(_Words)


def named(connection: Connection, kind: str, scope: Scope) -> Iterator[Named]:
    """Every record of a kind by what it is called. An area's position is the middle of its ground's bounds."""
    column = _record.c
    columns = (column.number, column.id, column.lon, column.lat, column.street_code, column.department, column.body)
    statement = select(*columns).where(*reader.conditions(kind, scope, Query())).order_by(column.number)
    for row in connection.execute(statement.execution_options(yield_per=2000)):
        yield _named(kind, row.number, row.id, row.body, (row.lon, row.lat), row.street_code, row.department)


def name_of(kind: str, number: int, record: Record) -> Named:
    """The same of a record at hand."""
    position = (getattr(record, "lon", None), getattr(record, "lat", None))
    body = msgspec.json.encode(record)
    return _named(kind, number, record.id, body, position, getattr(record, "street_code", ""), record.department)


def _named(
    kind: str,
    number: int,
    record_id: str,
    body: str | bytes,
    position: tuple[float | None, float | None],
    street_code: str,
    department: str,
) -> Named:
    words = _DECODER.decode(body)
    lon, lat = position if kind != "area" else _middle(words.geometry)
    name = words.name or words.headline or words.event or " ".join(filter(None, (words.category, words.subcategory)))
    return Named(
        number=number,
        kind=kind,
        id=record_id,
        name=name,
        name_en=words.name_en,
        code=words.code or words.number,
        address=words.address,
        department=department,
        lon=lon,
        lat=lat,
        street_code=street_code,
    )


def _middle(geometry: str) -> tuple[float | None, float | None]:
    """The middle of the bounds of GeoJSON text, none when there is no geometry."""
    if not geometry:
        return None, None
    flat = list(_numbers_in(json.loads(geometry).get("coordinates", [])))
    if not flat:
        return None, None
    lons, lats = [lon for lon, _ in flat], [lat for _, lat in flat]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _numbers_in(coordinates: list[object]) -> Iterator[tuple[float, float]]:
    for part in coordinates:
        if not isinstance(part, list):
            continue
        if len(part) >= 2 and isinstance(part[0], int | float) and isinstance(part[1], int | float):
            yield float(part[0]), float(part[1])
        else:
            yield from _numbers_in(part)


def positions(connection: Connection, kind: str, scope: Scope, query: Query) -> Positions:
    """Number and position of every record that matches; limit, offset and order don't matter."""
    column = _record.c
    statement = select(column.number, column.lon, column.lat).where(*reader.conditions(kind, scope, query))
    rows = connection.execute(statement.order_by(column.number)).all()
    count = len(rows)
    return Positions(
        np.fromiter((row[0] for row in rows), dtype=np.int64, count=count),
        np.fromiter((np.nan if row[1] is None else row[1] for row in rows), dtype=np.float64, count=count),
        np.fromiter((np.nan if row[2] is None else row[2] for row in rows), dtype=np.float64, count=count),
    )


def by_numbers(
    connection: Connection, kind: str, scope: Scope, numbers: Sequence[int]
) -> tuple[tuple[int, Record], ...]:
    """The records with these numbers, in this order; numbers that name nothing (any more) are left out."""
    found: dict[int, Record] = {}
    for start in range(0, len(numbers), NUMBERS_AT_ONCE):
        found.update(reader.having_numbers(connection, kind, scope, numbers[start : start + NUMBERS_AT_ONCE]))
    return tuple((number, found[number]) for number in numbers if number in found)
