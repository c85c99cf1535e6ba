"""Places, areas and the base map as GeoJSON (RFC 7946: WGS-84, lon before lat)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.city.waters import WATER_NAMES_EN
from simulator.model import City, CityArea, CityPlace, Line
from simulator.upstreams.context import Upstream
from simulator.upstreams.reply import StaticReply, json_reply, to_json

GEOJSON = "application/geo+json"
_BUILT_AT = "2026-01-01T00:00:00+08:00"  # areas are valid from the year's first day


def place_routes(upstream: Upstream, kinds: Sequence[str]) -> Sequence[BaseRoute]:
    """Places of `kinds` as one FeatureCollection at `/features.geojson`."""
    wanted = frozenset(kinds)
    features = (_place(place) for place in upstream.city.places if place.kind in wanted)
    return [Route("/features.geojson", StaticReply(_collection(features), GEOJSON))]


def area_routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """Areas of every scheme at `/features.geojson`, parents before children."""
    parents = _Parents(upstream.city.areas)
    features = (_area(area, parents.of(area)) for area in upstream.city.areas)
    return [Route("/features.geojson", StaticReply(_collection(features), GEOJSON))]


def base_map_routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """`/index.json` lists the layers, each at `/<layer>.geojson`."""
    layers = {key: _collection(features) for key, features in _layers(upstream.city).items()}

    def index(request: Request) -> Response:
        url = upstream.url(request)
        return json_reply({"layers": [{"id": key, "url": f"{url}/{key}.geojson"} for key in layers]})

    return [
        Route("/index.json", index),
        *(Route(f"/{key}.geojson", StaticReply(body, GEOJSON)) for key, body in layers.items()),
    ]


def _collection(features: Iterable[dict[str, Any]]) -> bytes:
    return to_json({"type": "FeatureCollection", "features": list(features)})


def _geometry(shape: BaseGeometry, digits: int = 6) -> dict[str, Any]:
    mapping: dict[str, Any] = shapely.geometry.mapping(shapely.set_precision(shape, 10**-digits, mode="pointwise"))
    return mapping


def _feature(shape: BaseGeometry, properties: dict[str, Any], identity: str | None = None) -> dict[str, Any]:
    feature = {"type": "Feature", "geometry": _geometry(shape), "properties": properties}
    return feature if identity is None else {**feature, "id": identity}


def _place(place: CityPlace) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": place.code,
        "geometry": {"type": "Point", "coordinates": [round(place.lon, 6), round(place.lat, 6)]},
        "properties": {
            "code": place.code,
            "name": place.name,
            "name_en": place.name_en,
            "kind": place.kind,
            "address": place.address,
            "capacity": place.capacity,
            "phone": place.phone,
            "street_code": place.street,
            "department": place.department,
        },
    }


class _Parents:
    """Codes of the areas above an area, nearest first."""

    def __init__(self, areas: Sequence[CityArea]) -> None:
        self._parent_of = {area.code: area.parent for area in areas}

    def of(self, area: CityArea) -> list[str]:
        """From the parent up; a code that leads back to itself ends the line."""
        codes: list[str] = []
        code = area.parent
        while code and code not in codes:
            codes.append(code)
            code = self._parent_of.get(code, "")
        return codes


def _area(area: CityArea, parents: list[str]) -> dict[str, Any]:
    properties = {
        "code": area.code,
        "name": area.name,
        "name_en": area.name_en,
        "kind": area.kind,
        "scheme": area.scheme,
        "parents": parents,
        "population": area.population,
        "elevation_m": round(area.elevation_m, 2),
        "valid_from": _BUILT_AT,
    }
    return _feature(area.shape, properties, f"{area.scheme}/{area.code}")


_LINE_LAYERS = {
    "expressway": ("expressway",),
    "major_road": ("major_road",),
    "minor_road": ("minor_road",),
    "rail": ("rail", "metro"),
}


def _layers(city: City) -> dict[str, list[dict[str, Any]]]:
    layers = {
        "outline": [_feature(city.outline, {"name": city.name, "name_en": city.name_en, "code": city.adcode})],
        "water": [_feature(shape, _water_names(name)) for name, shape in city.water],
        "green": [_feature(shape, {"name": name}) for name, shape in city.green],
        "building": [_feature(shape, {}) for shape in city.buildings],
    }
    layers["water"] += [_line(line) for line in city.lines if line.kind in ("river", "canal")]
    for layer, kinds in _LINE_LAYERS.items():
        layers[layer] = [_line(line) for line in city.lines if line.kind in kinds]
    return layers


def _water_names(name: str) -> dict[str, str]:
    return {"name": name, "name_en": WATER_NAMES_EN.get(name, "")}


def _line(line: Line) -> dict[str, Any]:
    return _feature(line.shape, {"name": line.name, "kind": line.kind, "width_m": round(line.width_m, 1)})
