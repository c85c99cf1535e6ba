"""`/api/plan` and `/api/plan/ground`: the areas of a level, and what lies under them, as small drawings."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi import Query as Parameter
from fastapi.responses import Response

from callbacks.encode import JSON_TYPE
from callbacks.services import Services
from situation import plan
from situation.areas import AreaIndex
from situation.records import Area, BaseMapLayer

KEEP_S = 60.0
INCOMPLETE_S = 1.0
"""Real seconds until areas are read again: soon while none are known yet."""

MOST_DRAWINGS = 64

Level = Annotated[Literal["street", "community", "grid"], Parameter(description="which areas are drawn")]
Within = Annotated[
    str, Parameter(description="code of the area they lie in, empty: all", pattern="^[0-9A-Za-z]{0,30}$")
]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing as sent: plain and gzip bytes, and the tag that names this content."""

    plain: bytes
    packed: bytes
    etag: str

    @classmethod
    def of(cls, body: Any) -> Sheet:
        """The sheet of a drawing."""
        plain = msgspec.json.encode(body)
        return cls(plain, gzip.compress(plain, 6), f'"{hashlib.sha256(plain).hexdigest()[:24]}"')


@dataclass(slots=True)
class Ground:
    """The areas and layers as last read, and what was drawn of them. `token` differs when they do."""

    token: int
    index: AreaIndex
    layers: tuple[BaseMapLayer, ...]
    is_complete: bool
    sheets: OrderedDict[tuple[str, ...], Sheet] = field(default_factory=OrderedDict)


class PlanCache:
    """Drawings, each made at most once per version of the areas."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = asyncio.Lock()
        self._ground: Ground | None = None
        self._due_s = 0.0

    async def areas(self, level: str, within: str) -> Sheet:
        """The areas of a level."""
        return await self._get((level, within), lambda ground: plan.draw_areas(ground.index, level, within))

    async def ground(self) -> Sheet:
        """What lies under all of them."""
        return await self._get(("ground",), lambda ground: plan.draw_ground(ground.index, ground.layers))

    async def _get(self, key: tuple[str, ...], draw: Callable[[Ground], dict[str, Any]]) -> Sheet:
        async with self._lock:
            return await self._services.readers.run(self._drawn, key, draw)

    def _drawn(self, key: tuple[str, ...], draw: Callable[[Ground], dict[str, Any]]) -> Sheet:
        ground = self._fresh()
        sheet = ground.sheets.get(key)
        if sheet is None:
            sheet = ground.sheets[key] = Sheet.of(draw(ground))
            if len(ground.sheets) > MOST_DRAWINGS:
                ground.sheets.popitem(last=False)
        ground.sheets.move_to_end(key)
        return sheet

    def _fresh(self) -> Ground:
        now_s = self._services.clock.monotonic()
        if self._ground is not None and now_s < self._due_s:
            return self._ground
        store = self._services.store
        areas = tuple(record for _, record in store.load("area") if isinstance(record, Area))
        layers = tuple(record for _, record in store.load("basemap") if isinstance(record, BaseMapLayer))
        at = self._services.clock.now()
        token = hash((areas, layers, at.date()))  # an area's span of validity begins and ends with a day
        if self._ground is None or self._ground.token != token:
            index = AreaIndex.build(areas).valid_at(at)
            self._ground = Ground(token, index, layers, is_complete=bool(areas and layers))
        self._due_s = now_s + (KEEP_S if self._ground.is_complete else INCOMPLETE_S)
        return self._ground


def routes(services: Services) -> APIRouter:
    """The two routes."""
    router = APIRouter(tags=["map"])
    cache = PlanCache(services)

    @router.get("/api/plan", response_class=Response, responses={200: {"content": {JSON_TYPE: {}}}, 404: {}})
    async def areas(request: Request, level: Level = "street", within: Within = "") -> Response:
        """`{"origin", "step", "bounds", "level", "within", "areas": [{"code", "name", "name_en", "parents",
        "population", "km2", "label": [x, y, radius], "rings"}]}`: outlines in steps from `origin` (WGS-84)."""
        sheet = await cache.areas(level, within)
        if within and b'"areas":[]' in sheet.plain:
            raise HTTPException(404, f"no {level} lies in {within}")
        return _reply(request, sheet)

    @router.get("/api/plan/ground", response_class=Response, responses={200: {"content": {JSON_TYPE: {}}}})
    async def ground(request: Request) -> Response:
        """`{"origin", "step", "bounds", "outline", "streets", "layers": {id: {"areas": [[name, rings]], "lines"}}}`."""
        return _reply(request, await cache.ground())

    return router


def _reply(request: Request, sheet: Sheet) -> Response:
    headers = {"etag": sheet.etag, "cache-control": "no-cache", "vary": "Accept-Encoding"}
    if sheet.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(sheet.packed, media_type=JSON_TYPE, headers=headers | {"content-encoding": "gzip"})
    return Response(sheet.plain, media_type=JSON_TYPE, headers=headers)
