"""Named lines of the city: main roads, rivers and railways from the plan, side streets from the division of blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon

from simulator.city.blocks import Cut
from simulator.city.plan import Plan
from simulator.city.plane import Floats, Plane
from simulator.model import Line

DIVIDING_KINDS = frozenset({"expressway", "major_road", "river", "canal"})
ROAD_KINDS = frozenset({"expressway", "major_road", "minor_road"})
NAMED_FROM_M = 260.0
_SYLLABLES = "安 宝 昌 德 富 广 和 华 嘉 锦 康 联 茂 宁 鹏 庆 荣 盛 泰 文 祥 兴 学 永 裕 云 泽 振 竹 梅"


def curve(points: Floats) -> LineString:
    """A smooth line through hand-drawn points (one round of corner cutting, ends kept)."""
    for _ in range(2):
        first, second = points[:-1], points[1:]
        inner = np.stack([0.75 * first + 0.25 * second, 0.25 * first + 0.75 * second], axis=1).reshape(-1, 2)
        points = np.vstack([points[:1], inner, points[-1:]])
    return LineString(points)


@dataclass(frozen=True, slots=True)
class Network:
    """All lines in metres, with the junctions of its roads."""

    lines: tuple[Line, ...]
    junctions: Floats
    junction_names: tuple[str, ...]
    junction_ranks: Floats  # 3 where main roads cross … 1


def main_lines(plan: Plan, plane: Plane, outline: Polygon) -> list[Line]:
    """The plan's lines, smoothed and cut off at the border of the district."""
    reach = outline.buffer(40)
    lines = []
    for line in plan.lines:
        shape = shapely.intersection(curve(plane.to_metres(line.points)), reach)
        lines += [
            Line(name=line.name, kind=line.kind, shape=part, width_m=line.width_m)
            for part in shapely.get_parts(shape)
            if isinstance(part, LineString) and part.length > 60
        ]
    return lines


def network(plan: Plan, main: list[Line], cuts: list[Cut], rng: np.random.Generator) -> Network:
    """Main lines and side streets, longest side streets named first."""
    order = sorted(cuts, key=lambda cut: -cut.shape.length)
    main_names = {line.name for line in main}
    names = iter(_street_names([name for name in plan.road_names if name not in main_names], rng))
    streets = []
    for cut in order:
        is_major = cut.depth == 0 and cut.shape.length > 1500
        name = next(names, "") if cut.shape.length >= NAMED_FROM_M else ""
        kind = "major_road" if is_major else "minor_road"
        width = 22.0 if is_major else 14.0 if cut.depth < 3 else 9.0
        streets.append(Line(name=name, kind=kind, shape=cut.shape, width_m=width))
    lines = (*main, *streets)
    roads = [line for line in lines if line.kind in ROAD_KINDS]
    junctions, titles, ranks = _junctions(roads)
    return Network(lines, junctions, titles, ranks)


def _street_names(known: list[str], rng: np.random.Generator) -> list[str]:
    parts = _SYLLABLES.split()
    invented = [f"{a}{b}{end}" for end in ("路", "支路") for a in parts for b in parts if a != b]
    unknown = [name for name in invented if name not in set(known)]
    rng.shuffle(unknown[:870])
    return known + [
        str(name) for name in np.concatenate([rng.permutation(unknown[:870]), rng.permutation(unknown[870:])])
    ]


def _junctions(roads: list[Line]) -> tuple[Floats, tuple[str, ...], Floats]:
    """Where roads meet: ends of side streets on other roads, and crossings of main roads."""
    shapes = np.array([road.shape for road in roads], dtype=object)
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="dwithin", distance=1.0)
    keep = left < right
    left, right = left[keep], right[keep]
    crossing = shapely.shortest_line(shapes[left], shapes[right])
    points = shapely.get_coordinates(crossing)[::2]
    cells = np.round(points / 12.0)
    _, unique = np.unique(cells, axis=0, return_index=True)
    titles, ranks = [], []
    for index in unique:
        one, other = roads[left[index]], roads[right[index]]
        titles.append(junction_name(one.name, other.name))
        majors = (one.kind != "minor_road") + (other.kind != "minor_road")
        ranks.append(1.0 + majors)
    return points[unique], tuple(titles), np.array(ranks)


def junction_name(one: str, other: str) -> str:
    """How people call the junction of two roads; nameless lanes are a road's 支弄."""
    if one and other and one != other:
        return f"{one}{other}路口"
    return f"{one or other}支弄口" if one or other else "小区道路口"
