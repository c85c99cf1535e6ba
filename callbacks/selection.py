"""Which records of a collection are asked for: its filters, the rows behind a number, a shape on the map.

A list, its export and the rows behind a number all choose their records here, so they always show the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated

import numpy as np
from fastapi import HTTPException
from fastapi import Query as Parameter
from pydantic import AwareDatetime, Field

from callbacks.devices import DEVICES, all_as_of_now, dead_sources
from callbacks.services import Services
from situation.areas import AreaIndex
from situation.numbers import ROWS
from situation.records import RECORD_TYPES, PlacedRecord, Record
from situation.shapes import Common, Ground, Shape, ShapeError, common_bounds, parse_circle, parse_polygon
from situation.store import Query

Bbox = Annotated[str | None, Parameter(description="west,south,east,north in degrees (WGS-84)", max_length=100)]
AreaCode = Annotated[
    str, Parameter(description="code of an area, with all below it: district, street, community, grid …", max_length=64)
]
Department = Annotated[str, Parameter(description="key of a department", max_length=64)]
SourceKey = Annotated[str, Parameter(description="key of a source", max_length=64)]
Status = Annotated[str, Parameter(description="state of the record; several joined by commas", max_length=200)]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))]
Since = Annotated[Moment | None, Parameter(description="not older than (ISO 8601 with zone)")]
Until = Annotated[Moment | None, Parameter(description="older than (ISO 8601 with zone)")]
NumberName = Annotated[str, Parameter(description="only the rows behind this number of the wall", max_length=64)]
PolygonText = Annotated[str, Parameter(description="only inside lon,lat;lon,lat;… (WGS-84)", max_length=8_000)]
CircleText = Annotated[str, Parameter(description="only within lon,lat,metres (WGS-84)", max_length=100)]

Items = tuple[tuple[int, Record], ...]
_ANY = Query()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a reader asked for. `query` carries neither limit nor offset."""

    query: Query = _ANY
    number: str = ""
    shape: Shape | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the store alone can answer."""
        return not self.number and self.shape is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The records chosen. `numbers` is None while the store's own order will do."""

    kind: str
    query: Query
    numbers: Sequence[int] | None = None


def filters_of(
    bbox: Bbox = None,
    area: AreaCode = "",
    department: Department = "",
    source: SourceKey = "",
    status: Status = "",
    since: Since = None,
    until: Until = None,
    number: NumberName = "",
    polygon: PolygonText = "",
    circle: CircleText = "",
) -> Filters:
    """The filters of every collection, from the query string; raises a 422 that says what is expected."""
    query = Query(
        bbox=parse_bbox(bbox),
        areas=(area,) if area else (),
        department=department,
        source=source,
        status=tuple(filter(None, status.split(","))),
        since=since,
        until=until,
    )
    return Filters(query=query, number=number, shape=_shape(polygon, circle))


def shared_filters_of(
    bbox: Bbox = None,
    area: AreaCode = "",
    department: Department = "",
    source: SourceKey = "",
    status: Status = "",
    since: Since = None,
    until: Until = None,
    polygon: PolygonText = "",
    circle: CircleText = "",
) -> Filters:
    """The same for whom we share with: without `number`, whose rows belong to the wall and know no scope."""
    return filters_of(bbox, area, department, source, status, since, until, "", polygon, circle)


def parse_bbox(text: str | None) -> tuple[float, float, float, float] | None:
    """West, south, east, north; raises a 422 that says what is expected."""
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise HTTPException(
            422, "bbox is west,south,east,north in degrees, for example 121.3,31.3,121.5,31.5"
        ) from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise HTTPException(422, "bbox is west,south,east,north: west <= east within 180, south <= north within 90")
    return west, south, east, north


def _shape(polygon: str, circle: str) -> Shape | None:
    if polygon and circle:
        raise HTTPException(422, "either polygon or circle, not both")
    try:
        return parse_polygon(polygon) if polygon else parse_circle(circle) if circle else None
    except ShapeError as error:
        raise HTTPException(422, str(error)) from error


async def select(services: Services, kind: str, filters: Filters) -> Selection:
    """The records of a kind that match, not read yet. Raises a 422 for a number of another kind."""
    if filters.query.areas:
        filters = await services.feed.ask(lambda moment: _within_area(moment.area_index, kind, filters))
    if kind in DEVICES and filters.query.status:
        dead = await services.readers.run(dead_sources, services)
        filters = replace(filters, query=replace(filters.query, dead_sources=dead))
    if filters.is_plain:
        return Selection(kind=kind, query=filters.query)
    if filters.shape is not None and not issubclass(RECORD_TYPES[kind], PlacedRecord):
        raise HTTPException(422, f"a {kind} has no position: polygon and circle mean nothing here")
    numbers = await _rows_behind(services, kind, filters.number) if filters.number else None
    if filters.shape is not None or filters.query != _ANY:
        matching = await services.readers.run(_matching, services, kind, filters)
        numbers = matching if numbers is None else numbers[np.isin(numbers, matching)]
    chosen: list[int] = [] if numbers is None else numbers.tolist()
    return Selection(kind=kind, query=filters.query, numbers=chosen)


def _within_area(index: AreaIndex, kind: str, filters: Filters) -> Filters:
    """The same with the codes that records in that area carry, or its ground where they carry none."""
    (code,) = filters.query.areas
    carried, ground = index.carried(code), index.geometry(code)
    if carried:
        return replace(filters, query=replace(filters.query, areas=carried))
    if ground is None or not issubclass(RECORD_TYPES[kind], PlacedRecord):
        return filters
    shape: Shape = Ground(ground)
    both = shape if filters.shape is None else Common(filters.shape, shape)
    return replace(filters, query=replace(filters.query, areas=()), shape=both)


async def select_all(services: Services, kind: str, filters: Filters) -> Selection:
    """The same with every number known, so that a long file shows one moment's choice, none twice or skipped."""
    selection = await select(services, kind, filters)
    if selection.numbers is not None:
        return selection
    found = await services.readers.run(services.store.positions, kind, services.scope, selection.query)
    return replace(selection, numbers=found.numbers.tolist())


async def _rows_behind(services: Services, kind: str, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    rows = ROWS.get(name)
    if rows is None or rows.kind != kind:
        allowed = ", ".join(key for key, other in ROWS.items() if other.kind == kind) or "none"
        raise HTTPException(422, f"no rows of kind {kind} are behind the number {name!r}; allowed are {allowed}")
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]] = await services.feed.ask(rows.numbers)
    return numbers


def _matching(services: Services, kind: str, filters: Filters) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Numbers of the records that meet the query and lie in the shape, ascending. Blocking."""
    query, shape = filters.query, filters.shape
    if shape is None:
        return services.store.positions(kind, services.scope, query).numbers
    within = shape.bounds if query.bbox is None else common_bounds(query.bbox, shape.bounds)
    found = services.store.positions(kind, services.scope, replace(query, bbox=within))
    return found.numbers[shape.holds(found.lons, found.lats)]


def read(services: Services, selection: Selection, limit: int, offset: int = 0) -> tuple[Items, int]:
    """Some of the chosen records in order, and how many there are in all. Blocking."""
    numbers = selection.numbers
    if numbers is None:
        query = replace(selection.query, limit=limit, offset=offset)
        page = services.store.records(selection.kind, services.scope, query)
        return all_as_of_now(services, selection.kind, page.items), page.total
    some = numbers[offset : offset + limit]
    items = services.store.by_numbers(selection.kind, some, services.scope)
    return all_as_of_now(services, selection.kind, items), len(numbers)
