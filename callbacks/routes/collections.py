"""`/api/v1/<collection>`: every kind of record, read through one code path, as JSON or (by `Accept`) as GeoJSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi import Query as Parameter
from fastapi.responses import Response

from callbacks.devices import all_as_of_now
from callbacks.encode import GEOJSON_TYPE, JSON_TYPE, to_body
from callbacks.selection import Filters, filters_of, read, select
from callbacks.services import Services
from situation.plain import to_plain
from situation.records import Record
from situation.settings import SHARED

COLLECTIONS = {**SHARED, "sources": "source"}
"""The name of each collection and the kind of record in it."""

MOST_ROWS = 5_000

Asked = Annotated[Filters, Depends(filters_of)]
Limit = Annotated[int, Parameter(ge=1, le=MOST_ROWS, description="rows of this page")]
Offset = Annotated[int, Parameter(ge=0, le=10_000_000, description="rows to skip")]


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with Z, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wants_geojson(request: Request) -> bool:
    """Whether the client asked for GeoJSON by `Accept`."""
    return GEOJSON_TYPE in request.headers.get("accept", "")


def next_link(request: Request, offset: int | None) -> str | None:
    """The address of the next page, relative to this server; None on the last page."""
    if offset is None:
        return None
    address = request.url.include_query_params(offset=offset)
    return f"{address.path}?{address.query}"


async def page_of(
    services: Services, kind: str, request: Request, filters: Filters, window: tuple[int, int]
) -> Response:
    """One page of a collection; `window` is its limit and offset."""
    selection = await select(services, kind, filters)
    is_geojson = wants_geojson(request)
    limit, offset = window

    def page() -> bytes:
        items, total = read(services, selection, limit, offset)
        following = offset + limit if offset + limit < total else None
        envelope: dict[str, Any] = {
            "total": total,
            "limit": limit,
            "offset": offset,
            "next": next_link(request, following),
            "at": iso(services.clock.now()),
        }
        return to_body(items, envelope, is_geojson)

    body = await services.readers.run(page)
    media_type = GEOJSON_TYPE if is_geojson else JSON_TYPE
    return Response(body, media_type=media_type, headers={"cache-control": "no-cache", "vary": "Accept"})


async def item_of(services: Services, kind: str, record_id: str) -> dict[str, Any]:
    """One record; raises a 404 when there is none or the scope does not allow it."""

    def one() -> tuple[int, Record] | None:
        found = services.store.get(kind, record_id, services.scope)
        return None if found is None else all_as_of_now(services, kind, (found,))[0]

    found = await services.readers.run(one)
    if found is None:
        raise HTTPException(404, f"there is no {kind} {record_id}")
    number, record = found
    return to_plain(record, number)


def _list_handler(services: Services, kind: str) -> Callable[..., Awaitable[Response]]:
    async def collection(request: Request, filters: Asked, limit: Limit = 100, offset: Offset = 0) -> Response:
        return await page_of(services, kind, request, filters, (limit, offset))

    return collection


def _item_handler(services: Services, kind: str) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def item(record_id: str) -> dict[str, Any]:
        return await item_of(services, kind, record_id)

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
