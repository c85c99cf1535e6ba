"""`/api/rows/<collection>` and `/api/within`: lists as screens show them, and what lies inside a shape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, HTTPException
from fastapi import Query as Parameter
from fastapi.responses import Response

from callbacks.encode import JSON_TYPE
from callbacks.reading import reader_of
from callbacks.routes.collections import COLLECTIONS, Offset
from callbacks.selection import Filters, Items, filters_of, read, select
from callbacks.services import Services
from layouts.columns import COLUMNS, Cell, Column, Reader
from situation.numbers import AMONG, NUMBERS
from situation.plain import to_plain
from situation.records import Record

NO_STORE = {"cache-control": "no-store"}
SAMPLED = 5

Asked = Annotated[Filters, Depends(filters_of)]
Few = Annotated[int, Parameter(ge=1, le=500, description="rows of this page")]
Language = Annotated[str, Parameter(description="language of words: zh, en", max_length=8)]


@dataclass(frozen=True, slots=True)
class Inside:
    """One kind that can lie inside a shape; `number`: only the rows behind it, such as cases that are open."""

    collection: str
    number: str = ""


INSIDE = (
    Inside("alarms", "alarms_active"),
    Inside("cases", "cases_open"),
    Inside("cameras"),
    Inside("sensors"),
    Inside("officers"),
    Inside("places"),
    Inside("components"),
)
"""What is told of a shape, in this order."""


COLLECTION_OF = {kind: name for name, kind in COLLECTIONS.items()}


def number_settings() -> dict[str, dict[str, Any]]:
    """What pages must know of every number to explain it: its unit, and in which collection the rows behind it are."""
    return {
        number.key: {
            "unit": number.unit,
            "collection": None if number.of is None else COLLECTION_OF[number.of.kind],
            "among": None if number.among is None else number.key + AMONG,
        }
        for number in NUMBERS
    }


def routes(services: Services) -> APIRouter:
    """The two routes."""
    router = APIRouter(prefix="/api", tags=["records"])

    @router.get("/rows/{collection}", responses={200: {"content": {JSON_TYPE: {}}}}, response_class=Response)
    async def rows(
        collection: str, filters: Asked, limit: Few = 100, offset: Offset = 0, lang: Language = ""
    ) -> Response:
        """A list with its columns and words, filtered as the collection is; times are epoch milliseconds."""
        kind = COLLECTIONS.get(collection)
        if kind is None or kind not in COLUMNS:
            raise HTTPException(404, f"there is no list {collection}; lists are {', '.join(COLLECTIONS)}")
        selection = await select(services, kind, filters)
        reader = await reader_of(services, lang)
        items, total = await services.readers.run(read, services, selection, limit, offset)
        columns = [column for column in COLUMNS[kind] if column.is_listed]
        body = {
            "collection": collection,
            "total": total,
            "offset": offset,
            "at": reader.at,
            "columns": [{"key": column.field, "title": column.title(reader.language)} for column in columns],
            "rows": _rows(items, columns, reader),
        }
        return _answer(body)

    @router.get("/within", responses={200: {"content": {JSON_TYPE: {}}}}, response_class=Response)
    async def within(filters: Asked, lang: Language = "") -> Response:
        """What lies inside `circle` or `polygon`, by kind: how many, and the first few."""
        if filters.shape is None:
            raise HTTPException(422, "give a circle=lon,lat,metres or a polygon=lon,lat;lon,lat;…")
        reader = await reader_of(services, lang)
        groups = [await _inside(services, one, filters, reader) for one in INSIDE]
        return _answer({"at": reader.at, "groups": groups})

    return router


async def _inside(services: Services, one: Inside, filters: Filters, reader: Reader) -> dict[str, Any]:
    kind = COLLECTIONS[one.collection]
    selection = await select(services, kind, replace(filters, number=one.number))
    items, total = await services.readers.run(read, services, selection, SAMPLED)
    columns = [column for column in COLUMNS[kind] if column.is_listed]
    return {
        "collection": one.collection,
        "number": one.number or None,
        "total": total,
        "rows": _rows(items, columns[:3], reader),
    }


def _rows(items: Items, columns: list[Column], reader: Reader) -> list[dict[str, Any]]:
    return [
        {
            "href": f"/{record.kind}/{quote(_page_id(record), safe='')}",
            "lon": getattr(record, "lon", None),
            "lat": getattr(record, "lat", None),
            "cells": _cells(record, columns, reader),
        }
        for _, record in items
    ]


def _page_id(record: Record) -> str:
    return record.id.removeprefix("administrative/")


def _cells(record: Record, columns: list[Column], reader: Reader) -> list[Cell | dict[str, int]]:
    plain = to_plain(record)
    return [_wire(column.read(record, plain, reader), reader.zone) for column in columns]


def _wire(value: Cell, zone: tzinfo) -> Cell | dict[str, int]:
    """Times as `{"at": epoch ms}`, so that a screen can tell them from numbers and show them its way."""
    if isinstance(value, datetime):
        return {"at": round(value.replace(tzinfo=zone).timestamp() * 1000)}
    return value


def _answer(body: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(body), media_type=JSON_TYPE, headers=NO_STORE)
