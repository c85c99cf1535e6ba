"""What the base map shows besides lines: water, green land, buildings."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from simulator.city.divisions import Terrain
from simulator.city.plan import Plan
from simulator.city.plane import Floats, Plane
from simulator.city.waters import shape_of
from simulator.model import Line

BUILDINGS = 5_000


def water(plan: Plan, plane: Plane, outline: Polygon, lines: list[Line]) -> list[tuple[str, Polygon | MultiPolygon]]:
    """Rivers as wide as they are, and the open water beyond the shore."""
    result: list[tuple[str, Polygon | MultiPolygon]] = []
    for beyond in plan.waters:
        result.append((beyond.name, shapely.difference(shape_of(beyond, plane), outline.buffer(15))))
    for line in lines:
        if line.kind in ("river", "canal"):
            bank = line.shape.buffer(line.width_m / 2, cap_style="flat").simplify(1.0)
            result.append((line.name, shapely.intersection(bank, outline.buffer(60))))
    return [(name, shape) for name, shape in result if not shape.is_empty]


def green(plan: Plan, plane: Plane, terrain: Terrain) -> list[tuple[str, Polygon]]:
    """Parks fill whole blocks, a little inside their roads; small greens lie along the rest."""
    result: list[tuple[str, Polygon]] = []
    for spot in plan.parks:
        middle = plane.to_metres([(spot.lon, spot.lat)])[0]
        near = np.hypot(*(terrain.centre - middle).T) < spot.radius_m
        blocks = [terrain.shapes[i] for i in np.flatnonzero(near)] or [
            terrain.shapes[int(terrain.locate(middle[None])[0])]
        ]
        merged = shapely.union_all(blocks, grid_size=0.05).buffer(-12)
        result += [(spot.name, part) for part in shapely.get_parts(merged) if isinstance(part, Polygon)]
    small = np.flatnonzero((terrain.density < 0.22) & (np.arange(len(terrain.shapes)) % 5 == 0))
    for index in small:
        inner = terrain.shapes[index].buffer(-15)
        result += [("", part) for part in shapely.get_parts(inner) if isinstance(part, Polygon) and part.area > 4000]
    return result


def buildings(terrain: Terrain, waters: list[Polygon | MultiPolygon], rng: np.random.Generator) -> list[Polygon]:
    """Rows of slabs in the densest blocks, parallel to the block's long side as housing estates are."""
    wet = shapely.STRtree(waters)
    result: list[Polygon] = []
    rank = terrain.density * rng.uniform(0.55, 1.0, len(terrain.density))
    for index in np.argsort(-rank, kind="stable"):
        inner = terrain.shapes[index].buffer(-16)
        if inner.is_empty or inner.area < 3000 or len(wet.query(inner, predicate="intersects")):
            continue
        result += [part for part in _slabs(inner, rng) if part.area > 250]
        if len(result) >= BUILDINGS:
            break
    return result


def _slabs(inner: Polygon, rng: np.random.Generator) -> list[Polygon]:
    frame = np.asarray(shapely.oriented_envelope(inner).exterior.coords)
    corner, along, across = frame[0], frame[1] - frame[0], frame[3] - frame[0]
    if np.hypot(*along) < np.hypot(*across):
        along, across = across, along
    rows = max(1, int(np.hypot(*across) / 55))
    slabs = []
    for row in range(rows):
        left, right = rng.uniform(0, 0.12), rng.uniform(0.86, 1.0)
        gap = rng.uniform(0.42, 0.58)
        for start, end in ((left, gap - 0.03), (gap + 0.03, right)):
            slabs.append(_slab(corner, along, across, (start, end), ((row + 0.2) / rows, (row + 0.62) / rows)))
    cut = shapely.intersection(inner, np.array(slabs, dtype=object))
    return [part for part in shapely.get_parts(cut) if isinstance(part, Polygon)]


def _slab(
    corner: Floats, along: Floats, across: Floats, length: tuple[float, float], depth: tuple[float, float]
) -> Polygon:
    corners = ((length[0], depth[0]), (length[1], depth[0]), (length[1], depth[1]), (length[0], depth[1]))
    return Polygon([corner + along * u + across * v for u, v in corners])
