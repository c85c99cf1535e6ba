"""`/api/basemap`: the offline base map of the district in one GeoJSON bundle, made from the store's records."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import shapely
from fastapi import APIRouter, Request
from fastapi.responses import Response
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from callbacks.encode import JSON_TYPE
from callbacks.services import Services
from situation.records import Area, AreaKind, BaseMapLayer, GridScheme

log = logging.getLogger(__name__)

COMPLETE_S = 60.0
INCOMPLETE_S = 1.0
"""How long a bundle is kept (real seconds): briefly while the first layers are still coming in."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bundle as sent: plain and gzip bytes, and the tag that names this content."""

    plain: bytes
    packed: bytes
    etag: str
    bounds: tuple[float, float, float, float] | None
    is_complete: bool


def _geometry(text: str, what: str) -> dict[str, Any] | None:
    """GeoJSON text as an object; None (and one log line) when it is not JSON."""
    try:
        geometry: dict[str, Any] = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        log.warning("the geometry of %s is not JSON: %s", what, error)
        return None
    return geometry


def _areas(areas: list[Area], kind: AreaKind) -> Iterator[tuple[Area, dict[str, Any], BaseGeometry]]:
    for area in areas:
        is_meant = area.area_kind is kind and area.scheme is GridScheme.ADMINISTRATIVE and area.valid_to is None
        geometry = _geometry(area.geometry, f"area {area.id}") if is_meant and area.geometry else None
        if geometry is not None:
            yield area, geometry, shape(geometry)


def _street(area: Area, geometry: dict[str, Any], outline: BaseGeometry) -> dict[str, Any]:
    point = shapely.maximum_inscribed_circle(outline).coords[0] if outline.area else outline.centroid.coords[0]
    label = [round(point[0], 6), round(point[1], 6)]
    return {"code": area.code, "name": area.name, "name_en": area.name_en, "geometry": geometry, "label": label}


def _bounds(extent: list[BaseGeometry]) -> tuple[float, float, float, float] | None:
    if not extent:
        return None
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(extent))
    return west, south, east, north


def build(layers: list[BaseMapLayer], areas: list[Area]) -> Bundle:
    """The bundle of these records; `bounds` are west, south, east, north of the district, null while unknown."""
    drawn = {layer.id: _geometry(layer.geometry, f"layer {layer.id}") for layer in layers}
    districts = list(_areas(areas, AreaKind.DISTRICT))
    streets = list(_areas(areas, AreaKind.STREET))
    extent = [outline for _, _, outline in districts or streets]
    bounds = _bounds(extent)
    body = {
        "layers": {key: drawn[key] for key in sorted(drawn) if drawn[key] is not None},
        "outline": districts[0][1] if districts else None,
        "streets": [_street(*street) for street in sorted(streets, key=lambda street: street[0].code)],
        "bounds": bounds,
    }
    plain = msgspec.json.encode(body)
    etag = f'"{hashlib.sha256(plain).hexdigest()[:24]}"'
    return Bundle(plain, gzip.compress(plain, 6), etag, bounds, bool(layers and extent))


class BundleCache:
    """The bundle, built at most once at a time and kept for a while."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = asyncio.Lock()
        self._bundle: Bundle | None = None
        self._due_s = 0.0

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """Bounds of the district in the last bundle (west, south, east, north), None while unknown."""
        return self._bundle.bounds if self._bundle is not None else None

    async def get(self) -> Bundle:
        """The bundle of now."""
        async with self._lock:
            now_s = self._services.clock.monotonic()
            if self._bundle is None or now_s >= self._due_s:
                self._bundle = await self._services.readers.run(self._read)
                self._due_s = now_s + (COMPLETE_S if self._bundle.is_complete else INCOMPLETE_S)
            return self._bundle

    def _read(self) -> Bundle:
        store = self._services.store
        layers = [record for _, record in store.load("basemap") if isinstance(record, BaseMapLayer)]
        areas = [record for _, record in store.load("area") if isinstance(record, Area)]
        return build(layers, areas)


def routes(cache: BundleCache) -> APIRouter:
    """The base map route."""
    router = APIRouter(tags=["map"])

    @router.get("/api/basemap", response_class=Response, responses={200: {"content": {JSON_TYPE: {}}}})
    async def basemap(request: Request) -> Response:
        """`{"layers": {id: FeatureCollection}, "outline", "streets", "bounds"}` in WGS-84, with an ETag."""
        bundle = await cache.get()
        headers = {"etag": bundle.etag, "cache-control": "no-cache", "vary": "Accept-Encoding"}
        if bundle.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(bundle.packed, media_type=JSON_TYPE, headers=headers | {"content-encoding": "gzip"})
        return Response(bundle.plain, media_type=JSON_TYPE, headers=headers)

    return router
