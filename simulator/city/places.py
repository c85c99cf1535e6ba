"""Schools, hospitals, underpasses, pumping stations, wharves and all other places."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import shapely

from simulator.city.ground import Ground
from simulator.city.plan import Plan
from simulator.city.plane import Floats
from simulator.city.roads import ROAD_KINDS
from simulator.model import CityPlace

PLACES = 3_000


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """A kind of place: how many at scale 1, whose it is, how it is named and where it lies.

    `where`: people, green, industry, water, crossing (roads below or above rails and expressways).
    """

    kind: str
    count: int
    department: str
    names: tuple[str, ...]
    name_en: str
    where: str
    capacity: tuple[int, int]


KINDS = (
    PlaceKind("school", 340, "education", ("{}小学", "{}幼儿园", "{}中学", "{}实验学校"), "School",
              "people", (240, 2200)),
    PlaceKind("hospital", 64, "health", ("{}社区卫生服务中心", "{}医院", "{}门诊部"), "Clinic", "people", (30, 600)),
    PlaceKind("underpass", 46, "transport", ("{road}下立交",), "Underpass", "crossing", (2, 6)),
    PlaceKind("pumping_station", 112, "city-operations", ("{road}泵站", "{}泵站"), "Pumping station", "water", (2, 12)),
    PlaceKind("wharf", 38, "transport", ("{road}码头", "{}码头"), "Wharf", "water", (1, 8)),
    PlaceKind("hazardous_firm", 92, "emergency", ("{}化工有限公司", "{}气体有限公司", "{}加油站"),
              "Hazardous goods firm", "industry", (5, 400)),
    PlaceKind("shelter", 124, "emergency", ("{}应急避难场所", "{}社区避难点"), "Shelter", "people", (200, 5000)),
    PlaceKind("market", 136, "economy", ("{}菜市场", "{}农贸市场", "{}购物中心"), "Market", "people", (300, 9000)),
    PlaceKind("sight", 42, "culture-tourism", ("{}文化馆", "{}博物馆", "{}体育中心"), "Sight", "people", (500, 9000)),
    PlaceKind("park", 76, "greening-sanitation", ("{}绿地", "{}口袋公园"), "Park", "green", (300, 6000)),
    PlaceKind("site", 240, "economy", ("{}地块建设工地", "{road}道路改造工地"), "Building site", "people", (30, 400)),
    PlaceKind("metro_station", 0, "transport", ("{}站",), "Metro station", "people", (3000, 20000)),
    PlaceKind("residential", 0, "housing", ("{}小区", "{}新村", "{}花园", "{}苑", "{}公寓", "{}家园", "{}名邸"),
              "Residential compound", "people", (120, 4200)),
)  # fmt: skip
"""Residential compounds fill up to the total; metro stations all come from the plan."""


def places(ground: Ground, plan: Plan, scale: int, rng: np.random.Generator) -> tuple[CityPlace, ...]:
    """About 3,000 places per scale; landmarks of the plan first, names unique."""
    sited = [(kind, _positions(kind, ground, kind.count * scale, rng)) for kind in KINDS]
    lonlat = {kind.kind: [(m.lon, m.lat) for m in plan.landmarks if m.kind == kind.kind] for kind in KINDS}
    known = len(plan.landmarks) + sum(len(xy) for _, xy in sited)
    homes = _positions(KINDS[-1], ground, max(PLACES * scale - known, 1), rng)
    sited[-1] = (KINDS[-1], homes)
    used: Counter[str] = Counter()
    result: list[CityPlace] = []
    for kind, xy in sited:
        marks = [mark for mark in plan.landmarks if mark.kind == kind.kind]
        given = ground.plane.to_metres(lonlat[kind.kind]) if marks else np.empty((0, 2))
        spots = np.vstack([given, xy])
        names = [mark.name for mark in marks] + _names(kind, ground, plan, xy, rng)
        names_en = [mark.name_en for mark in marks] + [kind.name_en] * len(xy)
        result += _built(kind, ground, spots, [_unique(name, used) for name in names], names_en, len(result), rng)
    return tuple(result)


def _built(
    kind: PlaceKind,
    ground: Ground,
    spots: Floats,
    names: list[str],
    names_en: list[str],
    start: int,
    rng: np.random.Generator,
) -> list[CityPlace]:
    if not len(spots):
        return []
    low, high = kind.capacity
    capacity = np.exp(rng.uniform(np.log(low), np.log(high), len(spots))).astype(int)
    return [
        CityPlace(
            code=f"P{start + index + 1:06d}",
            name=names[index],
            name_en=names_en[index] if names_en[index] != kind.name_en else f"{kind.name_en} {index + 1}",
            department=kind.department,
            kind=kind.kind,
            capacity=int(capacity[index]),
            phone=f"021-{56000000 + (start + index) * 137 % 999983:08d}",
            **where,
        )
        for index, where in enumerate(ground.where(spots))
    ]


def _unique(name: str, used: Counter[str]) -> str:
    used[name] += 1
    return name if used[name] == 1 else f"{name}（{used[name]}）"


def _names(kind: PlaceKind, ground: Ground, plan: Plan, xy: Floats, rng: np.random.Generator) -> list[str]:
    if not len(xy):
        return []
    roads = ground.road_names(xy)
    stems = _stems(ground, plan, xy, rng)
    patterns = rng.integers(0, len(kind.names), len(xy))
    numbers = ("", "第一", "第二", "第三", "新", "北", "南", "东")
    extra = rng.integers(0, len(numbers), len(xy))
    return [kind.names[patterns[i]].format(f"{stems[i]}{numbers[extra[i]]}", road=roads[i]) for i in range(len(xy))]


def _stems(ground: Ground, plan: Plan, xy: Floats, rng: np.random.Generator) -> list[str]:
    """What places are named after where they lie; anything where the plan knows no local names."""
    streets = ground.terrain.street[ground.terrain.locate(xy)].tolist()
    chance = rng.uniform(size=len(xy))
    names = [plan.local_stems.get(plan.streets[street].code, plan.place_stems) for street in streets]
    return [stems[int(draw * len(stems))] for stems, draw in zip(names, chance, strict=True)]


def _positions(kind: PlaceKind, ground: Ground, count: int, rng: np.random.Generator) -> Floats:
    if not count:
        return np.empty((0, 2))
    if kind.where == "crossing":
        return _crossings(ground, count, rng)
    if kind.where == "water":
        rivers = [line for line in ground.network.lines if line.kind in ("river", "canal")]
        return ground.along(rivers, count, 45.0, rng)
    terrain = ground.terrain
    weight = {
        "people": terrain.people,
        "green": np.sqrt(terrain.area_m2) * terrain.density,
        "industry": terrain.area_m2 * (terrain.density < 0.1),
    }[kind.where]
    return ground.in_blocks(weight if weight.sum() else terrain.area_m2, count, rng)


def _crossings(ground: Ground, count: int, rng: np.random.Generator) -> Floats:
    """Where main roads pass rails and expressways; along main roads when there are too few."""
    lines = ground.network.lines
    below = np.array([line.shape for line in lines if line.kind == "major_road"], dtype=object)
    above = np.array([line.shape for line in lines if line.kind in ("rail", "expressway")], dtype=object)
    one, other = shapely.STRtree(above).query(below, predicate="crosses")
    points = shapely.get_coordinates(shapely.intersection(below[one], above[other]))
    points = points[rng.permutation(len(points))][:count]
    if len(points) < count:
        roads = [line for line in lines if line.kind in ROAD_KINDS and line.kind != "minor_road"]
        points = np.vstack([points, ground.along(roads, count - len(points), 0.0, rng)])
    result: Floats = points
    return result
