"""`/share/v1/<collection>`: records as JSON or (by `Accept`) GeoJSON, as the wall's own API has them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from callbacks.encode import GEOJSON_TYPE, JSON_TYPE
from callbacks.routes.collections import Limit, Offset, item_of, page_of
from callbacks.routes.sharing.asking import ANSWERS, asker
from callbacks.selection import Filters, shared_filters_of
from callbacks.services import Services
from situation.settings import SHARED

Asked = Annotated[Filters, Depends(shared_filters_of)]


def routes(services: Services) -> APIRouter:
    """A list and a single-record route for every collection."""
    router = APIRouter(prefix="/share/v1", tags=["sharing"])
    content: dict[int | str, dict[str, Any]] = {200: {"content": {GEOJSON_TYPE: {}, JSON_TYPE: {}}}, **ANSWERS}
    for name, kind in SHARED.items():
        router.add_api_route(
            f"/{name}",
            _list_handler(services, kind),
            name=f"share_{name}",
            summary=f"{name} in the share, as JSON or GeoJSON by Accept; `next` leads to the next page",
            response_class=Response,
            responses=content,
        )
        router.add_api_route(
            f"/{name}/{{record_id:path}}",
            _item_handler(services, kind),
            name=f"share_{kind}",
            summary=f"One {kind} of the share",
            responses=ANSWERS,
        )
    return router


def _list_handler(services: Services, kind: str) -> Callable[..., Awaitable[Response]]:
    async def collection(request: Request, filters: Asked, limit: Limit = 1_000, offset: Offset = 0) -> Response:
        asking = asker(services, request)
        asking.require(kind)
        return await page_of(asking.services, kind, request, filters, (limit, offset))

    return collection


def _item_handler(services: Services, kind: str) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def item(request: Request, record_id: str) -> dict[str, Any]:
        asking = asker(services, request)
        asking.require(kind)
        return await item_of(asking.services, kind, record_id)

    return item
