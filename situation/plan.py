"""Plan: the ground of areas as a small drawing. Outlines keep their shared borders and are sent as whole numbers.

Coordinates are WGS-84, counted in steps of `STEP_DEG` east and north of `origin`; a ring or line is one flat list
`[x, y, dx, dy, dx, dy, …]`: its first point, then the way from each point to the next. Rings are not closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from situation.areas import AreaIndex
from situation.records import Area, AreaKind, BaseMapLayer, GridScheme

STEP_DEG = 1e-5
"""One step of a coordinate: about a metre."""

_OUTLINE_M = 12.0

_M_PER_DEG = 111_195.0
_KM2_PER_DEG2 = (_M_PER_DEG / 1000) ** 2
Flat = list[int]


@dataclass(frozen=True, slots=True)
class PlanLevel:
    """Which areas a level shows, and how far (metres) a border may be moved to be drawn with fewer points."""

    kind: AreaKind
    scheme: GridScheme
    tolerance_m: float


LEVELS: dict[str, PlanLevel] = {
    "street": PlanLevel(AreaKind.STREET, GridScheme.ADMINISTRATIVE, 40.0),
    "community": PlanLevel(AreaKind.COMMUNITY, GridScheme.ADMINISTRATIVE, 20.0),
    "grid": PlanLevel(AreaKind.GRID, GridScheme.UNIT_GRID, 16.0),
}
"""Levels of a plan, from the largest areas to the smallest."""

_GROUND: dict[str, float] = {"water": 30.0, "expressway": 25.0, "major_road": 30.0, "rail": 30.0}
"""Layers of the base map that a plan shows faintly, and the metres they may be simplified by."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Where the numbers of a drawing are counted from: longitude and latitude of its south-western corner."""

    west: float
    south: float

    @classmethod
    def under(cls, shapes: Iterable[BaseGeometry]) -> Paper:
        """Paper that begins where these shapes begin."""
        found = list(shapes)
        if not found:
            return cls(0.0, 0.0)
        west, south, _, _ = shapely.total_bounds(found)
        return cls(round(float(west), 5), round(float(south), 5))

    def flat(self, coordinates: NDArray[np.float64], is_ring: bool) -> Flat:
        """A line or ring as steps; points that fall on their neighbour are left out."""
        steps = np.rint((coordinates[:, :2] - (self.west, self.south)) / STEP_DEG).astype(np.int64)
        ways = np.diff(steps, axis=0)
        ways = ways[np.any(ways != 0, axis=1)]
        if is_ring:
            ways = ways[:-1]
        return [*steps[0].tolist(), *ways.ravel().tolist()]

    def rings(self, shape: BaseGeometry) -> list[Flat]:
        """Every ring of the polygons of a shape: fill them by the even-odd rule."""
        polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        found = [self.flat(shapely.get_coordinates(ring), True) for part in polygons for ring in _rings_of(part)]
        return [flat for flat in found if len(flat) >= 6]

    def lines(self, shape: BaseGeometry) -> list[Flat]:
        """Every line of a shape."""
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
        found = [self.flat(shapely.get_coordinates(part), False) for part in parts]
        return [flat for flat in found if len(flat) >= 4]

    def point(self, lon: float, lat: float) -> tuple[int, int]:
        """One position as steps."""
        return round((lon - self.west) / STEP_DEG), round((lat - self.south) / STEP_DEG)


def areas_of(index: AreaIndex, level: str, within: str = "") -> list[Area]:
    """The areas of a level, by code; `within` keeps those inside an area and that area itself. Raises KeyError."""
    wanted = LEVELS[level]
    areas = index.of_kind(wanted.kind, wanted.scheme)
    inside = [area for area in areas if not within or within == area.code or within in area.parents]
    return sorted(inside, key=lambda area: area.code)


def draw_areas(index: AreaIndex, level: str, within: str = "") -> dict[str, Any]:
    """The areas of a level as a drawing: outlines, where a label has most room, size and people of each."""
    areas = areas_of(index, level, within)
    shapes = [index.geometry(area.code) for area in areas]
    drawn = [shape for shape in shapes if shape is not None]
    paper = Paper.under(drawn)
    simple = iter(_simplified(drawn, LEVELS[level].tolerance_m))
    rows = [
        _row(paper, area, shape, next(simple) if shape is not None else None)
        for area, shape in zip(areas, shapes, strict=True)
    ]
    return {**_head(paper, drawn), "level": level, "within": within, "areas": rows}


def draw_ground(index: AreaIndex, layers: Iterable[BaseMapLayer]) -> dict[str, Any]:
    """What lies under every plan: the district, the borders of its streets, water, large roads and railways."""
    streets = [shape for area in areas_of(index, "street") if (shape := index.geometry(area.code)) is not None]
    district = index.district()
    paper = Paper.under([district] if district is not None else [])
    simple = _simplified(streets, LEVELS["street"].tolerance_m)
    body: dict[str, Any] = {
        **_head(paper, [district] if district is not None else []),
        "outline": [] if district is None else paper.rings(district.simplify(_OUTLINE_M / _M_PER_DEG)),
        "streets": [ring for shape in simple for ring in paper.rings(shape)],
        "layers": {key: {"areas": [], "lines": []} for key in _GROUND},
    }
    for layer in layers:
        if layer.id in _GROUND:
            body["layers"][layer.id] = _layer(paper, layer, _GROUND[layer.id])
    return body


def area_km2(shape: BaseGeometry) -> float:
    """Size of a ground, by the plane that touches the earth in its middle (good to 0.1 % for a district)."""
    return float(shape.area) * _KM2_PER_DEG2 * float(np.cos(np.radians(shape.centroid.y)))


def _head(paper: Paper, shapes: Sequence[BaseGeometry]) -> dict[str, Any]:
    bounds = [round(float(edge), 6) for edge in shapely.total_bounds(shapes)] if shapes else None
    return {"origin": [paper.west, paper.south], "step": STEP_DEG, "bounds": bounds}


def _row(paper: Paper, area: Area, shape: BaseGeometry | None, simple: BaseGeometry | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": area.code,
        "name": area.name,
        "name_en": area.name_en,
        "parents": area.parents,
        "population": area.population,
        "km2": None,
        "label": None,
        "rings": [],
    }
    if shape is None or simple is None:
        return row
    return row | {"km2": round(area_km2(shape), 3), "label": _label(paper, simple), "rings": paper.rings(simple)}


def _label(paper: Paper, shape: BaseGeometry) -> list[int]:
    """Where a label has most room: middle and radius (steps of latitude) of the largest circle inside."""
    narrow = float(np.cos(np.radians(shape.centroid.y)))  # circles are circles on the ground, not in degrees
    squeezed = shapely.transform(shape, lambda points: points * (narrow, 1.0))
    circle = shapely.get_coordinates(shapely.maximum_inscribed_circle(squeezed, tolerance=2e-4))
    (lon, lat), radius = circle[0], float(np.hypot(*(circle[1] - circle[0])))
    return [*paper.point(float(lon) / narrow, float(lat)), round(radius / STEP_DEG)]


def _simplified(shapes: Sequence[BaseGeometry], tolerance_m: float) -> list[BaseGeometry]:
    """Fewer points, but neighbours still share their border; a shape that would vanish stays as it is."""
    if not shapes:
        return []
    polygonal = np.asarray([_polygonal(shape) for shape in shapes], dtype=object)
    simple = shapely.coverage_simplify(polygonal, tolerance_m / _M_PER_DEG)
    return [after if not after.is_empty else before for before, after in zip(shapes, simple, strict=True)]


def _polygonal(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape: making an outline valid may leave loose lines beside them."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _rings_of(polygon: BaseGeometry) -> list[BaseGeometry]:
    return [
        shapely.get_exterior_ring(polygon),
        *(shapely.get_interior_ring(polygon, i) for i in range(shapely.get_num_interior_rings(polygon))),
    ]


def _layer(paper: Paper, layer: BaseMapLayer, tolerance_m: float) -> dict[str, Any]:
    """A layer's areas `[name, rings]` and lines; a layer that cannot be read is empty."""
    areas: list[Any] = []
    lines: list[Flat] = []
    for name, shape in _features(layer):
        simple = shape.simplify(tolerance_m / _M_PER_DEG, preserve_topology=True)
        if rings := paper.rings(simple):
            areas.append([name, rings])
        lines += paper.lines(simple)
    return {"areas": areas, "lines": lines}


def _features(layer: BaseMapLayer) -> list[tuple[str, BaseGeometry]]:
    try:
        collection = msgspec.json.decode(layer.geometry or "{}")
    except msgspec.DecodeError:
        return []  # the base map says so in its log; a plan is readable without it
    found = []
    for feature in collection.get("features", []):
        shape = shapely.from_geojson(msgspec.json.encode(feature.get("geometry")), on_invalid="ignore")
        if shape is not None and not shape.is_empty:
            found.append(((feature.get("properties") or {}).get("name") or "", shape))
    return found
