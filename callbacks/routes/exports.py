"""`/api/v1/<collection>/export.{csv,xlsx,geojson}`: what a list shows, as a file to take away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Query as Parameter
from fastapi.responses import JSONResponse, Response, StreamingResponse

from callbacks.exports import csv_file, geojson_file, xlsx_file
from callbacks.exports.table import Export
from callbacks.reading import reader_of
from callbacks.routes.collections import COLLECTIONS
from callbacks.selection import Filters, Items, Selection, filters_of, read, select
from callbacks.services import Services
from layouts.columns import COLUMNS, Reader

FORMATS = {
    "csv": (csv_file.MEDIA_TYPE, csv_file.write),
    "xlsx": (xlsx_file.MEDIA_TYPE, xlsx_file.write),
    "geojson": (geojson_file.MEDIA_TYPE, geojson_file.write),
}
MOST_EXPORTED = 50_000
"""Rows of a file. More is no list for people; the API has pages for machines. The file's name says what is missing."""

AT_ONCE = 2
"""Exports running at the same time: they share the processor with the wall."""

ROWS_AT_ONCE = 1_000
FILTERS = ("bbox", "area", "department", "source", "status", "since", "until", "number", "polygon", "circle")
"""What is told of a file's filters; other keys of an address mean nothing here and get nowhere."""

BUSY = {"error": "two exports are being written; try again in a moment"}

Asked = Annotated[Filters, Depends(filters_of)]
Language = Annotated[str, Parameter(description="language of headings and words: zh, en", max_length=8)]


def routes(services: Services) -> APIRouter:
    """Three routes for every collection that has columns."""
    router = APIRouter(prefix="/api/v1", tags=["exports"])
    turns = asyncio.Semaphore(AT_ONCE)
    for name, kind in COLLECTIONS.items():
        if kind not in COLUMNS:
            continue
        for ending, (media_type, _) in FORMATS.items():
            router.add_api_route(
                f"/{name}/export.{ending}",
                _handler(services, turns, name, kind, ending),
                name=f"export_{name}_{ending}",
                summary=f"{name} as a {ending.upper()} file, with the list's filters",
                response_class=Response,
                responses={200: {"content": {media_type: {}}}, 503: {}},
            )
    return router


def _handler(
    services: Services, turns: asyncio.Semaphore, name: str, kind: str, ending: str
) -> Callable[..., Awaitable[Response]]:
    media_type, write = FORMATS[ending]

    async def export(request: Request, filters: Asked, lang: Language = "") -> Response:
        if turns.locked():
            return JSONResponse(BUSY, 503, headers={"retry-after": "5"})
        selection = await select(services, kind, filters)
        chosen = {key: value for key in FILTERS if (value := request.query_params.get(key))}
        reader = await reader_of(services, lang)
        made = await services.readers.run(_prepare, services, name, selection, reader, chosen)
        headers = {
            "content-disposition": _disposition(made, ending),
            "x-total-count": str(made.total),
            "x-row-count": str(made.count),
            "cache-control": "no-store",
        }
        return StreamingResponse(streamed(services, turns, write(made)), media_type=media_type, headers=headers)

    return export


async def streamed(services: Services, turns: asyncio.Semaphore, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, each made in a reader's thread, when it is their turn."""
    async with turns:
        while (piece := await services.readers.run(next, pieces, None)) is not None:
            yield piece


def _prepare(services: Services, name: str, selection: Selection, reader: Reader, filters: dict[str, str]) -> Export:
    """The export, its first piece read so that the total is known. Blocking."""
    first, total = read(services, selection, ROWS_AT_ONCE)
    return Export(
        collection=name,
        kind=selection.kind,
        reader=reader,
        district=services.settings.district.name,
        total=total,
        count=min(total, MOST_EXPORTED),
        filters=filters,
        pieces=_pieces(services, selection, first, min(total, MOST_EXPORTED)),
    )


def _pieces(services: Services, selection: Selection, first: Items, count: int) -> Iterator[Items]:
    yield first[:count]
    for offset in range(ROWS_AT_ONCE, count, ROWS_AT_ONCE):
        yield read(services, selection, min(ROWS_AT_ONCE, count - offset), offset)[0]


def _disposition(export: Export, ending: str) -> str:
    """A file name that says what, of when, how much and chosen how."""
    at = export.reader.at.astimezone(export.reader.zone).strftime("%Y%m%d-%H%M%S")
    missing = f"first-{export.count}-of-{export.total}" if export.count < export.total else f"{export.total}"
    chosen = [f"{key}-{_short(value)}" for key, value in export.filters.items()]
    name = "_".join([export.collection, at, missing, *chosen])[:150]
    return f'attachment; filename="{name}.{ending}"'


def _short(value: str) -> str:
    """A filter's value as part of a file name: a polygon's corners are no name."""
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in value)
    return safe if len(safe) <= 24 else f"{safe[:21]}---"
