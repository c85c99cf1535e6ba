"""`/api/v1/<collection>`: every kind of record, read through one code path, as JSON or (by `Accept`) as GeoJSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi import Query as Parameter
from fastapi.responses import Response
from pydantic import AwareDatetime, Field

from callbacks.encode import GEOJSON_TYPE, JSON_TYPE, to_body, to_plain
from callbacks.services import Services
from situation.store import Page, Query

COLLECTIONS = {
    "cameras": "camera",
    "sensors": "sensor",
    "warnings": "warning",
    "forecasts": "forecast",
    "cases": "case",
    "alarms": "alarm",
    "officers": "officer",
    "places": "place",
    "components": "component",
    "areas": "area",
    "departments": "department",
    "sources": "source",
}
"""The name of each collection and the kind of record in it."""

MOST_ROWS = 5_000

Bbox = Annotated[str | None, Parameter(description="west,south,east,north in degrees (WGS-84)", max_length=100)]
AreaCode = Annotated[str, Parameter(description="code of an area: street, community or grid", max_length=64)]
Department = Annotated[str, Parameter(description="key of a department", max_length=64)]
SourceKey = Annotated[str, Parameter(description="key of a source", max_length=64)]
Status = Annotated[str, Parameter(description="state of the record; several joined by commas", max_length=200)]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))]
Since = Annotated[Moment | None, Parameter(description="not older than (ISO 8601 with zone)")]
Until = Annotated[Moment | None, Parameter(description="older than (ISO 8601 with zone)")]
Limit = Annotated[int, Parameter(ge=1, le=MOST_ROWS, description="rows of this page")]
Offset = Annotated[int, Parameter(ge=0, le=10_000_000, description="rows to skip")]


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with Z, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


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


def wants_geojson(request: Request) -> bool:
    """Whether the client asked for GeoJSON by `Accept`."""
    return GEOJSON_TYPE in request.headers.get("accept", "")


def next_link(request: Request, offset: int | None) -> str | None:
    """The address of the next page, relative to this server; None on the last page."""
    if offset is None:
        return None
    address = request.url.include_query_params(offset=offset)
    return f"{address.path}?{address.query}"


def _list_handler(services: Services, kind: str) -> Callable[..., Awaitable[Response]]:
    async def collection(
        request: Request,
        bbox: Bbox = None,
        area: AreaCode = "",
        department: Department = "",
        source: SourceKey = "",
        status: Status = "",
        since: Since = None,
        until: Until = None,
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> Response:
        query = Query(
            bbox=parse_bbox(bbox),
            area=area,
            department=department,
            source=source,
            status=tuple(filter(None, status.split(","))),
            since=since,
            until=until,
            limit=limit,
            offset=offset,
        )
        is_geojson = wants_geojson(request)

        def read() -> bytes:
            page: Page = services.store.records(kind, services.scope, query)
            envelope: dict[str, Any] = {
                "total": page.total,
                "limit": limit,
                "offset": offset,
                "next": next_link(request, page.next_offset),
                "at": iso(services.clock.now()),
            }
            return to_body(page.items, envelope, is_geojson)

        body = await services.readers.run(read)
        media_type = GEOJSON_TYPE if is_geojson else JSON_TYPE
        return Response(body, media_type=media_type, headers={"cache-control": "no-cache", "vary": "Accept"})

    return collection


def _item_handler(services: Services, kind: str) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def item(record_id: str) -> dict[str, Any]:
        found = await services.readers.run(services.store.get, kind, record_id, services.scope)
        if found is None:
            raise HTTPException(404, f"there is no {kind} {record_id}")
        number, record = found
        return to_plain(record, number)

    return item


def routes(services: Services) -> APIRouter:
    """A list and a single-record route for every collection."""
    router = APIRouter(prefix="/api/v1", tags=["records"])
    content: dict[int | str, dict[str, Any]] = {200: {"content": {GEOJSON_TYPE: {}, JSON_TYPE: {}}}}
    for name, kind in COLLECTIONS.items():
        router.add_api_route(
            f"/{name}",
            _list_handler(services, kind),
            name=f"list_{name}",
            summary=f"List {name}, as JSON or GeoJSON by Accept",
            response_class=Response,
            responses=content,
        )
        router.add_api_route(
            f"/{name}/{{record_id:path}}", _item_handler(services, kind), name=f"get_{kind}", summary=f"One {kind}"
        )
    return router
