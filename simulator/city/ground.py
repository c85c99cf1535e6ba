"""Puts things on the ground: positions in metres become codes of areas, coordinates and addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np
import shapely
from shapely import STRtree

from simulator.city.blocks import Ints
from simulator.city.divisions import Divisions, Terrain
from simulator.city.plane import Floats, Plane
from simulator.city.roads import ROAD_KINDS, Network
from simulator.model import Line

ADDRESS_KINDS = ROAD_KINDS - {"expressway"}  # nobody lives at a number of an expressway


class Where(TypedDict):
    """The part of `Sited` that follows from a position."""

    lon: float
    lat: float
    street: str
    community: str
    grid: str
    address: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Terrain, divisions and roads together."""

    plane: Plane
    terrain: Terrain
    divisions: Divisions
    network: Network
    street_names: dict[str, str]
    roads: tuple[Line, ...] = field(init=False)
    road_tree: STRtree = field(init=False)

    def __post_init__(self) -> None:
        roads = tuple(line for line in self.network.lines if line.kind in ADDRESS_KINDS and line.name)
        object.__setattr__(self, "roads", roads)
        object.__setattr__(self, "road_tree", STRtree([road.shape for road in roads]))

    def where(self, xy: Floats) -> list[Where]:
        """Everything that follows from each position."""
        blocks = self.terrain.locate(xy)
        lonlat = self.plane.to_lonlat(xy).tolist()
        roads, numbers = self._road_and_number(xy)
        codes = zip(
            self.terrain.street[blocks].tolist(),
            self.terrain.community[blocks].tolist(),
            self.terrain.grid[blocks].tolist(),
            strict=True,
        )
        result: list[Where] = []
        for (lon, lat), (street, community, grid), road, number in zip(lonlat, codes, roads, numbers, strict=True):
            code = self.divisions.streets[street]
            result.append(
                {
                    "lon": lon,
                    "lat": lat,
                    "street": code,
                    "community": self.divisions.communities[community],
                    "grid": self.divisions.grids[grid],
                    "address": f"{self.street_names[code]}{self.roads[road].name}{number}号",
                }
            )
        return result

    def road_names(self, xy: Floats) -> list[str]:
        """The named road nearest to each position."""
        return [self.roads[index].name for index in np.asarray(self.road_tree.nearest(shapely.points(xy)))]

    def _road_and_number(self, xy: Floats) -> tuple[list[int], list[int]]:
        """House numbers grow along the road: even on one side, odd on the other."""
        points = shapely.points(xy)
        nearest = np.asarray(self.road_tree.nearest(points))
        along = shapely.line_locate_point(np.array([road.shape for road in self.roads], dtype=object)[nearest], points)
        numbers = (along / 6).astype(int) * 2 + (np.arange(len(xy)) % 2) + 1
        return nearest.tolist(), numbers.tolist()

    def in_blocks(self, weight: Floats, count: int, rng: np.random.Generator) -> Floats:
        """`count` positions in blocks chosen by weight."""
        chosen: Ints = rng.choice(len(weight), count, p=weight / weight.sum())
        reach = np.sqrt(self.terrain.area_m2[chosen]) * 0.3
        result: Floats = self.terrain.centre[chosen] + rng.uniform(-1, 1, (count, 2)) * reach[:, None]
        return result

    def along(self, lines: list[Line], count: int, aside_m: float, rng: np.random.Generator) -> Floats:
        """`count` positions along lines, by length, `aside_m` to either side."""
        shapes = np.array([line.shape for line in lines], dtype=object)
        length = shapely.length(shapes)
        chosen = rng.choice(len(lines), count, p=length / length.sum())
        at = rng.uniform(0, 1, count) * length[chosen]
        here = shapely.get_coordinates(shapely.line_interpolate_point(shapes[chosen], at))
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(shapes[chosen], at + 1.0))
        forward = ahead - here
        norm = np.maximum(np.hypot(forward[:, 0], forward[:, 1]), 1e-9)[:, None]
        side = np.where(rng.uniform(size=(count, 1)) < 0.5, 1.0, -1.0) * aside_m
        result: Floats = here + np.column_stack([-forward[:, 1], forward[:, 0]]) / norm * side
        return result
