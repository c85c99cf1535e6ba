"""A plausible plan for a district about which only its outline is known."""

from __future__ import annotations

import math

import numpy as np
import shapely

from simulator.city.districts import District
from simulator.city.plan import LandmarkPlan, LinePlan, Plan, SpotPlan, StreetPlan
from simulator.city.plane import Floats, Plane
from simulator.model import LonLat

STREET_COUNT = 13
PEOPLE_PER_M2 = 2_000 / 1_000_000
_FIRST = (
    "安平 长兴 东风 凤凰 福兴 光明 和平 红星 建设 解放 金山 开元 龙泉 明德 南湖 青年 清河 人民 "
    "胜利 泰山 文昌 西湖 向阳 新华 兴业 阳光 迎宾 永安 友好 中兴"
)
_PINYIN = (
    "Anping Changxing Dongfeng Fenghuang Fuxing Guangming Heping Hongxing Jianshe Jiefang Jinshan Kaiyuan Longquan "
    "Mingde Nanhu Qingnian Qinghe Renmin Shengli Taishan Wenchang Xihu Xiangyang Xinhua Xingye Yangguang Yingbin "
    "Yong'an Youhao Zhongxing"
)
_SIDES = ("", "东", "西", "南", "北", "中")


def plan(district: District, seed: int) -> Plan:
    """Streets spread over the outline, a warped net of main roads, a ring, one river, one metro line."""
    plane = Plane(district.outline.centroid.x, district.outline.centroid.y)
    outline = max(shapely.get_parts(plane.shape_to_metres(district.outline)), key=lambda part: part.area)
    rng = np.random.default_rng([seed, int(district.adcode), 1])
    first = _FIRST.split()
    centres = _spread(outline, STREET_COUNT, rng)
    core = centres[int(np.argmin(np.hypot(*(centres - _middle(outline)).T)))]
    lines = _net(outline, rng, core)
    stops = _stops(outline, core)
    return Plan(
        name_en=f"District {district.adcode}",
        streets=_streets(district.adcode, outline.area, centres, core, plane),
        lines=tuple(LinePlan(kind, name, width, _lonlat(plane, points)) for kind, name, width, points in lines),
        parks=tuple(
            _spot(f"{first[i]}公园", plane, point, float(rng.uniform(180, 500)))
            for i, point in enumerate(_spread(outline, 14, rng))
        ),
        industry=tuple(
            _spot(f"{first[-1 - i]}工业园", plane, point, math.sqrt(outline.area) / 12)
            for i, point in enumerate(_spread(outline, 3, rng))
        ),
        landmarks=tuple(
            LandmarkPlan("metro_station", f"{first[i]}站", f"{_PINYIN.split()[i]} station", *map(float, lonlat))
            for i, lonlat in enumerate(plane.to_lonlat(stops))
        ),
        road_names=tuple(f"{name}{side}路" for side in _SIDES for name in first),
        place_stems=tuple(first) + tuple(f"{name}{side}" for side in "东西南北" for name in first[:12]),
    )


def _spot(name: str, plane: Plane, point: Floats, radius_m: float) -> SpotPlan:
    lon, lat = plane.to_lonlat(point).tolist()
    return SpotPlan(name, lon, lat, radius_m)


def _middle(outline: shapely.Polygon) -> Floats:
    return np.array([outline.centroid.x, outline.centroid.y])


def _lonlat(plane: Plane, points: Floats) -> tuple[LonLat, ...]:
    return tuple((float(lon), float(lat)) for lon, lat in plane.to_lonlat(points))


def _spread(outline: shapely.Polygon, count: int, rng: np.random.Generator) -> Floats:
    """`count` points inside, far from each other: a few rounds of k-means over random points."""
    low, high = np.array(outline.bounds[:2]), np.array(outline.bounds[2:])
    points = rng.uniform(low, high, (6000, 2))
    points = points[shapely.contains_xy(outline, points[:, 0], points[:, 1])]
    centres: Floats = points[:count].copy()
    for _ in range(8):
        nearest = np.argmin(((points[:, None] - centres[None]) ** 2).sum(axis=2), axis=1)
        centres = np.array([points[nearest == i].mean(axis=0) for i in range(count)])
    return centres


def _streets(adcode: str, area_m2: float, centres: Floats, core: Floats, plane: Plane) -> tuple[StreetPlan, ...]:
    """Denser towards the core; subdistricts (街道) near it, towns (镇) farther out."""
    far = np.hypot(*(centres - core).T)
    order = np.argsort(far)
    weight = 1.0 / (1.0 + far / far.mean())
    people = np.minimum(area_m2 * PEOPLE_PER_M2, 2_500_000) * weight / weight.sum()
    result = []
    for rank, index in enumerate(order):
        is_town = rank > STREET_COUNT // 2
        name, pinyin = _FIRST.split()[rank * 2], _PINYIN.split()[rank * 2]
        lon, lat = plane.to_lonlat(centres[index])
        result.append(
            StreetPlan(
                code=f"{adcode}{100 + rank if is_town else rank + 1:03d}",
                name=f"{name}{'镇' if is_town else '街道'}",
                name_en=f"{pinyin} {'Town' if is_town else 'Subdistrict'}",
                population=int(people[index]),
                seeds=((float(lon), float(lat)),),
            )
        )
    return tuple(result)


def _net(outline: shapely.Polygon, rng: np.random.Generator, core: Floats) -> list[tuple[str, str, float, Floats]]:
    """Main roads every 1–2 km, gently waved, turned to the outline's own axis; a ring; a river."""
    size = math.sqrt(outline.area)
    spacing = size / 9
    axis = np.asarray(outline.minimum_rotated_rectangle.exterior.coords)
    turn = math.atan2(*(axis[1] - axis[0])[::-1])
    along = np.linspace(-1.2 * size, 1.2 * size, 40)
    names = iter(f"{name}{kind}" for kind in ("大道", "大街") for name in _FIRST.split())
    lines: list[tuple[str, str, float, Floats]] = []
    for direction in (turn, turn + math.pi / 2):
        forward = np.array([math.cos(direction), math.sin(direction)])
        aside = np.array([-forward[1], forward[0]])
        for step in range(-9, 10):
            wave = spacing * 0.25 * np.sin(along / size * 4 + rng.uniform(0, 6))
            offset = step * spacing + rng.uniform(-0.2, 0.2) * spacing + wave
            points = core + along[:, None] * forward + offset[:, None] * aside
            if outline.intersects(shapely.LineString(points)):
                lines.append(("major_road", next(names), 26, points))
    ring = np.asarray(outline.buffer(-0.16 * size).simplify(0.02 * size).convex_hull.exterior.coords)
    if len(ring) > 3:
        lines.append(("expressway", "绕城高速", 44, ring))
    aslant = np.array([math.cos(turn + 0.6), math.sin(turn + 0.6)])
    bend = np.column_stack([np.zeros(40), 0.08 * size * np.sin(along / size * 5)])
    lines.append(("river", "清河", 60, core + (0.12 * size, -0.1 * size) + along[:, None] * aslant + bend))
    lines.append(("metro", "轨道交通1号线", 10, _stops(outline, core)))
    return lines


def _stops(outline: shapely.Polygon, core: Floats) -> Floats:
    size = math.sqrt(outline.area)
    steps = np.linspace(-0.6, 0.6, 13)
    points = core + np.column_stack([steps * size, 0.1 * size * np.sin(steps * 5)])
    inside = shapely.contains_xy(outline, points[:, 0], points[:, 1])
    return np.asarray(points[inside])
