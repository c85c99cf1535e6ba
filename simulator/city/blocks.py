"""City blocks: the land between roads and rivers. Finer streets come from dividing large blocks again and again,
so every border of a grid or community later follows a road or a river."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.ops import split

from simulator.city.plan import Plan
from simulator.city.plane import Floats, Plane

Ints = NDArray[np.int64]
DENSE_M2, SPARSE_M2, PARK_M2, INDUSTRY_M2 = 40_000.0, 270_000.0, 500_000.0, 330_000.0
MAX_DEPTH = 14


@dataclass(frozen=True, slots=True)
class Land:
    """How the land is used, as smooth functions of a position in metres."""

    centres: Floats
    weights: Floats
    spread_m: float
    parks: Floats  # x, y, radius
    industry: Floats  # x, y, radius

    @classmethod
    def of(cls, plan: Plan, plane: Plane, size_m: float) -> Land:
        """From the plan: people live near metro stations and town centres."""
        people = sum(street.population for street in plan.streets) / sum(len(street.seeds) for street in plan.streets)
        seeds = [(s, street.population / len(street.seeds) / people) for street in plan.streets for s in street.seeds]
        seeds += [((mark.lon, mark.lat), 0.55) for mark in plan.landmarks if mark.kind == "metro_station"]
        spots = [
            np.column_stack([plane.to_metres([(spot.lon, spot.lat) for spot in group]), [s.radius_m for s in group]])
            for group in (plan.parks, plan.industry)
        ]
        centres, weights = plane.to_metres([seed for seed, _ in seeds]), np.array([weight for _, weight in seeds])
        return cls(centres, weights, min(max(size_m / 16, 700.0), 1600.0), spots[0], spots[1])

    def density(self, xy: Floats) -> Floats:
        """How built-up it is: 0 open country … 1 centre."""
        squared = ((xy[:, None] - self.centres[None]) ** 2).sum(axis=2) / (2 * self.spread_m**2)
        built: Floats = 1 - np.exp(-0.9 * (np.exp(-squared) * self.weights).sum(axis=1))
        built = built * np.where(self.in_industry(xy), 0.08, 1.0)
        result: Floats = np.where(self.in_park(xy), 0.01, np.maximum(built, 0.03))
        return result

    def in_park(self, xy: Floats) -> NDArray[np.bool_]:
        """Whether it is a park."""
        return _inside(xy, self.parks)

    def in_industry(self, xy: Floats) -> NDArray[np.bool_]:
        """Whether it is an industrial site."""
        return _inside(xy, self.industry)

    def block_m2(self, xy: Floats) -> Floats:
        """How large blocks are here."""
        density = np.clip(self.density(xy) * 1.15, 0, 1)
        size = SPARSE_M2 * (DENSE_M2 / SPARSE_M2) ** density
        size = np.where(self.in_industry(xy), INDUSTRY_M2, size)
        result: Floats = np.where(self.in_park(xy), PARK_M2, size)
        return result


def _inside(xy: Floats, spots: Floats) -> NDArray[np.bool_]:
    if not len(spots):
        return np.zeros(len(xy), dtype=bool)
    far = np.hypot(xy[:, None, 0] - spots[None, :, 0], xy[:, None, 1] - spots[None, :, 1])
    return np.asarray((far < spots[None, :, 2]).any(axis=1), dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Cut:
    """A street made by dividing a block; `depth` 0 is the first division of a block between main lines."""

    shape: LineString
    depth: int


def divide(
    outline: Polygon, main_lines: list[LineString], land: Land, rng: np.random.Generator
) -> tuple[list[Polygon], list[Cut]]:
    """All blocks inside `outline` and the streets between them."""
    edges = shapely.union_all([*main_lines, outline.boundary], grid_size=0.01)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    inside = shapely.covers(outline.buffer(1.0), shapely.point_on_surface(faces))
    waiting = [(face, 0) for face in faces[inside]]
    blocks: list[Polygon] = []
    cuts: list[Cut] = []
    while waiting:
        block, depth = waiting.pop()
        middle = np.array([[block.centroid.x, block.centroid.y]])
        if depth >= MAX_DEPTH or block.area < land.block_m2(middle)[0] * rng.uniform(0.9, 1.9):
            blocks.append(block)
            continue
        street = _street_through(block, rng)
        parts = [part for part in split(block, street).geoms if isinstance(part, Polygon)]
        if len(parts) < 2:
            blocks.append(block)
            continue
        inner = shapely.intersection(street, block)
        cuts.extend(Cut(part, depth) for part in shapely.get_parts(inner) if isinstance(part, LineString))
        waiting.extend((part, depth + 1) for part in parts)
    return blocks, cuts


def _street_through(block: Polygon, rng: np.random.Generator) -> LineString:
    """A slightly bent line across the short way of a block, near its middle."""
    frame = np.asarray(shapely.oriented_envelope(block).exterior.coords)
    sides = np.diff(frame[:3], axis=0)
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    long_way = sides[int(np.argmax(lengths))] / lengths.max()
    across = np.array([-long_way[1], long_way[0]])
    turn = rng.normal(0, 0.05)
    across = np.array(
        [
            across[0] * math.cos(turn) - across[1] * math.sin(turn),
            across[0] * math.sin(turn) + across[1] * math.cos(turn),
        ]
    )
    reach = float(lengths.sum())
    middle = frame[:4].mean(axis=0) + long_way * lengths.max() * rng.uniform(-0.12, 0.12)
    bend = long_way * lengths.min() * rng.normal(0, 0.02)
    return LineString([middle - across * reach, middle + bend, middle + across * reach])
