"""GeoJSON geometry (RFC 7946) of upstreams: positions found however deep, converted to WGS-84 in one go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from datasources.coordinates import Position
from datasources.fields import number
from situation.crs import Crs, to_wgs84
from situation.records import LonLat

GEOMETRIES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})
_COORDINATE_DECIMALS = 7  # a centimetre
_FARTHEST = 1e7  # degrees or metres: beyond it there is no place on earth in any system


def geometry_text(geometry: Any, crs: Crs) -> str:
    """A geometry as GeoJSON text in WGS-84; "" when it is none or malformed."""
    converted = convert_geometry(geometry, crs)
    return "" if converted is None else json.dumps(converted, separators=(",", ":"))


def convert_geometry(geometry: Any, crs: Crs) -> dict[str, Any] | None:
    """A geometry with every position converted from `crs`; None when it is none, or lies nowhere."""
    if not isinstance(geometry, dict) or geometry.get("type") not in GEOMETRIES:
        return None
    flat = list(positions_of(geometry.get("coordinates")))
    if not flat or any(abs(x) > _FARTHEST or abs(y) > _FARTHEST for x, y in flat):
        return None
    lons, lats = to_wgs84(crs, np.array([x for x, _ in flat]), np.array([y for _, y in flat]))
    pairs = iter(zip(lons.round(_COORDINATE_DECIMALS).tolist(), lats.round(_COORDINATE_DECIMALS).tolist(), strict=True))
    return {"type": geometry["type"], "coordinates": _rebuilt(geometry["coordinates"], pairs)}


def rings_of(geometry: Any, crs: Crs) -> tuple[tuple[LonLat, ...], ...]:
    """The outer rings of a Polygon or MultiPolygon in WGS-84; () for anything else."""
    converted = convert_geometry(geometry, crs) or {"type": ""}
    if converted["type"] not in ("Polygon", "MultiPolygon"):
        return ()
    polygons = converted["coordinates"] if converted["type"] == "MultiPolygon" else [converted["coordinates"]]
    rings = (
        tuple((x, y) for x, y, *_ in positions_of(polygon[0]))
        for polygon in polygons
        if polygon and isinstance(polygon, list)
    )
    return tuple(ring for ring in rings if len(ring) >= 4)


def middle_of(geometry: Any) -> Position:
    """Where the mark of a geometry goes, in its own coordinates: a point itself, else the middle of its corners."""
    flat = list(positions_of(geometry.get("coordinates"))) if isinstance(geometry, dict) else []
    if not flat:
        return None, None
    return sum(x for x, _ in flat) / len(flat), sum(y for _, y in flat) / len(flat)


def positions_of(coordinates: Any) -> Iterator[LonLat]:
    """Every position of a coordinates array, however deep."""
    if not isinstance(coordinates, list):
        return
    if _is_position(coordinates):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from positions_of(part)


def _rebuilt(coordinates: Any, pairs: Iterator[tuple[float, float]]) -> list[Any]:
    if _is_position(coordinates):
        return list(next(pairs))
    return [_rebuilt(part, pairs) for part in coordinates if isinstance(part, list) and part]


def _is_position(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 2
        and number(value[0]) is not None
        and number(value[1]) is not None
        and not isinstance(value[0], str)
        and not isinstance(value[1], str)
    )
