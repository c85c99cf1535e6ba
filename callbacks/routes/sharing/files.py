"""`/share/v1/<collection>.{geojson,csv,parquet}`: a whole collection as one file, however large, in bounded memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from callbacks.exports import flat_csv, geojson_file, parquet_file
from callbacks.exports.table import Export
from callbacks.routes.exports import FILTERS, streamed
from callbacks.routes.sharing.asking import ANSWERS, asker
from callbacks.selection import Filters, Items, Selection, read, select_all, shared_filters_of
from callbacks.services import Services
from layouts.columns import Reader
from situation.settings import SHARED

FORMATS = {
    "geojson": (geojson_file.MEDIA_TYPE, geojson_file.write),
    "csv": (flat_csv.MEDIA_TYPE, flat_csv.write),
    "parquet": (parquet_file.MEDIA_TYPE, parquet_file.write),
}
AT_ONCE = 2
"""Files written at the same time: they share the processor with the wall."""

ROWS_AT_ONCE = 1_000
BUSY = {"error": "two files are being written; try again in a moment"}

Asked = Annotated[Filters, Depends(shared_filters_of)]


def routes(services: Services) -> APIRouter:
    """Three routes for every collection."""
    router = APIRouter(prefix="/share/v1", tags=["sharing"])
    turns = asyncio.Semaphore(AT_ONCE)
    for name, kind in SHARED.items():
        for ending, (media_type, _) in FORMATS.items():
            router.add_api_route(
                f"/{name}.{ending}",
                _handler(services, turns, name, kind, ending),
                name=f"share_{name}_{ending}",
                summary=f"All {name} of the share that match, as one {ending} file",
                response_class=Response,
                responses={200: {"content": {media_type: {}}}, 503: {}, **ANSWERS},
            )
    return router


def _handler(
    services: Services, turns: asyncio.Semaphore, name: str, kind: str, ending: str
) -> Callable[..., Awaitable[Response]]:
    media_type, write = FORMATS[ending]

    async def file(request: Request, filters: Asked) -> Response:
        asking = asker(services, request)
        asking.require(kind)
        if turns.locked():
            return JSONResponse(BUSY, 503, headers={"retry-after": "5"})
        selection = await select_all(asking.services, kind, filters)
        chosen = {key: value for key in FILTERS if (value := request.query_params.get(key))}
        made = _export(asking.services, name, selection, chosen)
        headers = {"x-total-count": str(made.total), "cache-control": "no-store"}
        return StreamingResponse(streamed(services, turns, write(made)), media_type=media_type, headers=headers)

    return file


def _export(services: Services, name: str, selection: Selection, filters: dict[str, str]) -> Export:
    district = services.settings.district
    total = len(selection.numbers or ())
    reader = Reader(language=district.language, zone=ZoneInfo(district.timezone), at=services.clock.now())
    return Export(
        collection=name,
        kind=selection.kind,
        reader=reader,
        district=district.name,
        total=total,
        count=total,
        filters=filters,
        pieces=_pieces(services, selection, total),
    )


def _pieces(services: Services, selection: Selection, total: int) -> Iterator[Items]:
    for offset in range(0, total, ROWS_AT_ONCE):
        yield read(services, selection, ROWS_AT_ONCE, offset)[0]
