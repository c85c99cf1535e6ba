"""Areas of every scheme: unions of city blocks, so that their borders follow roads and rivers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from simulator.city.blocks import Ints, Land
from simulator.city.plan import Plan
from simulator.city.plane import Floats, Plane
from simulator.model import CityArea

COMMUNITIES, GRIDS = 570, 1_200
SCHEME_SIZES = {"responsibility": 340, "police": 96, "social_governance": 720}
SCHEME_NAMES = {"responsibility": "责任网格", "police": "警务网格", "social_governance": "综治网格"}
SCHEME_NAMES_EN = {
    "responsibility": "responsibility grid",
    "police": "police grid",
    "social_governance": "governance grid",
}
_SUFFIXES = (
    "一村",
    "二村",
    "三村",
    "四村",
    "新村",
    "家园",
    "苑",
    "花园",
    "五村",
    "六村",
    "七村",
    "名邸",
    "雅苑",
    "佳苑",
    "北苑",
    "南苑",
    "东苑",
    "西苑",
    "八村",
    "九村",
)


@dataclass(frozen=True, slots=True)
class Terrain:
    """All blocks as columns. `street`, `community`, `grid` are indices into the lists of codes of `Divisions`."""

    shapes: tuple[Polygon, ...]
    tree: shapely.STRtree
    centre: Floats
    area_m2: Floats
    density: Floats
    elevation_m: Floats
    street: Ints
    community: Ints
    grid: Ints
    people: Floats

    def locate(self, xy: Floats) -> Ints:
        """The block of every position, the nearest one for positions outside."""
        found: Ints = np.asarray(self.tree.nearest(shapely.points(xy)), dtype=np.int64)
        return found


@dataclass(frozen=True, slots=True)
class Divisions:
    """The codes that a Terrain's indices mean, and all areas with their shapes in lon, lat."""

    streets: tuple[str, ...]
    communities: tuple[str, ...]
    grids: tuple[str, ...]
    areas: tuple[CityArea, ...]


def elevation(xy: Floats, size_m: float) -> Floats:
    """Height above the city's zero: 2.2–4.8 m as in the delta, low towards the south and in a few hollows."""
    x, y = (xy / size_m * 6.3).T
    waves = 0.5 * np.sin(1.7 * x + 0.6) * np.cos(1.3 * y - 0.4) + 0.35 * np.sin(3.9 * x - 2.1 * y) + 0.12 * y
    hollows = 0.55 * np.sin(8.3 * x + 1.0) * np.sin(7.1 * y + 2.0)
    result: Floats = np.clip(3.5 + 0.6 * waves + hollows, 2.2, 4.8)
    return result


def settle(blocks: list[Polygon], plan: Plan, plane: Plane, land: Land, rng: np.random.Generator) -> Terrain:
    """Give every block its people, street, community and grid."""
    shapes = np.array(blocks, dtype=object)
    centre = shapely.get_coordinates(shapely.point_on_surface(shapes))
    area = shapely.area(shapes)
    density = land.density(centre)
    street = _nearest_street(centre, plan, plane)
    people = np.zeros(len(blocks))
    for index, street_plan in enumerate(plan.streets):
        inside = street == index
        weight = area * density**1.4 * inside
        people += street_plan.population * weight / max(weight.sum(), 1e-9)
    community = _parts(centre, street, people, COMMUNITIES, rng)
    grid = _parts(centre, community, people + 300 * area / area.mean(), GRIDS, rng)
    height = elevation(centre, float(np.sqrt(area.sum())))
    return Terrain(
        tuple(blocks), shapely.STRtree(shapes), centre, area, density, height, street, community, grid, people
    )


def _nearest_street(centre: Floats, plan: Plan, plane: Plane) -> Ints:
    far = [
        np.min([np.hypot(*(centre - seed).T) for seed in plane.to_metres(street.seeds)], axis=0) - street.reach_m
        for street in plan.streets
    ]
    result: Ints = np.argmin(far, axis=0)
    return result


def _parts(centre: Floats, parent: Ints, weight: Floats, total: int, rng: np.random.Generator) -> Ints:
    """Divide every parent into compact parts, `total` of them in all, shared out by weight; numbered by parent."""
    result = np.zeros(len(centre), dtype=np.int64)
    parents = int(parent.max()) + 1
    heavy: Floats = np.bincount(parent, weights=weight, minlength=parents).astype(float)
    blocks = np.bincount(parent, minlength=parents)
    share = np.maximum(1, np.minimum(blocks, np.round(total * heavy / heavy.sum()).astype(int)))
    if parents < total:
        share = _top_up(share, blocks, heavy, total)
    start = 0
    for index in range(parents):
        members = np.flatnonzero(parent == index)
        labels = _clusters(centre[members], weight[members], int(share[index]), rng)
        result[members] = start + labels
        start += int(labels.max(initial=-1)) + 1
    return result


def _top_up(share: Ints, blocks: Ints, heavy: Floats, total: int) -> Ints:
    """Rounding leaves a few parts over or missing: give them to (take them from) whoever deviates most."""
    share = share.copy()
    while share.sum() != total:
        missing = share.sum() < total
        can = share < blocks if missing else share > 1
        if not can.any():
            break
        lack = heavy / heavy.sum() * total - share
        share[int(np.argmax(np.where(can, lack, -np.inf) if missing else np.where(can, -lack, -np.inf)))] += (
            1 if missing else -1
        )
    return share


def _clusters(points: Floats, weight: Floats, count: int, rng: np.random.Generator) -> Ints:
    """k-means labels 0 … without gaps, north to south."""
    if count <= 1:
        return np.zeros(len(points), dtype=np.int64)
    chance = weight + weight.mean() * 0.3 + 1e-9
    centres = points[rng.choice(len(points), count, replace=False, p=chance / chance.sum())]
    for _ in range(12):
        labels = np.argmin(((points[:, None] - centres[None]) ** 2).sum(axis=2), axis=1)
        sums = np.bincount(labels, minlength=count)
        for axis in (0, 1):
            totals = np.bincount(labels, weights=points[:, axis], minlength=count)
            centres[:, axis] = np.where(sums > 0, totals / np.maximum(sums, 1), centres[:, axis])
    labels = np.argmin(((points[:, None] - centres[None]) ** 2).sum(axis=2), axis=1)
    used = np.unique(labels)
    order = used[np.argsort(-centres[used, 1])]
    rank = np.zeros(count, dtype=np.int64)
    rank[order] = np.arange(len(order))
    result: Ints = rank[labels]
    return result


def divisions(
    terrain: Terrain, plan: Plan, plane: Plane, adcode: str, name: str, rng: np.random.Generator
) -> Divisions:
    """Codes, names and shapes of the district, its streets, communities and grids, and of the other schemes."""
    streets = tuple(street.code for street in plan.streets)
    communities = tuple(_codes(terrain.community, terrain.street, streets))
    grids = tuple(_codes(terrain.grid, terrain.community, communities))
    names = _community_names(plan, communities, rng)
    areas = [_district(terrain, plan, plane, adcode, name)]
    draw = _Drawing(terrain, plane)
    areas += [
        draw.area(terrain.street, index, street.code, street.name, street.name_en, "street", adcode, "administrative")
        for index, street in enumerate(plan.streets)
    ]
    areas += [
        draw.area(
            terrain.community,
            index,
            code,
            f"{names[index]}居委会",
            f"Community {code[9:]}",
            "community",
            code[:9],
            "administrative",
        )
        for index, code in enumerate(communities)
    ]
    areas += [
        draw.area(
            terrain.grid,
            index,
            code,
            f"{names[communities.index(code[:12])]}{code[12:]}网格",
            f"Grid {code[9:]}",
            "grid",
            code[:12],
            "unit_grid",
        )
        for index, code in enumerate(grids)
    ]
    for scheme in SCHEME_SIZES:
        areas += _scheme(terrain, plan, draw, scheme, rng)
    return Divisions(streets, communities, grids, tuple(areas))


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Draws areas as unions of blocks."""

    terrain: Terrain
    plane: Plane

    def area(
        self, part: Ints, index: int, code: str, name: str, name_en: str, kind: str, parent: str, scheme: str
    ) -> CityArea:
        """The area of the blocks whose `part` is `index`."""
        members = np.flatnonzero(part == index)
        shape = shapely.union_all([self.terrain.shapes[i] for i in members], grid_size=0.05)
        weight = self.terrain.area_m2[members]
        return CityArea(
            code=code,
            name=name,
            name_en=name_en,
            kind=kind,
            scheme=scheme,
            parent=parent,
            shape=_polygonal(self.plane.shape_to_lonlat(_without_splinters(shape))),
            population=round(float(self.terrain.people[members].sum())),
            elevation_m=round(float(np.average(self.terrain.elevation_m[members], weights=weight)), 2),
        )


def _without_splinters(shape: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    """Without the pinholes that snapping leaves."""
    parts = [
        Polygon(part.exterior, [ring for ring in part.interiors if Polygon(ring).area > 400])
        for part in shapely.get_parts(shape)
        if part.area > 50
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _polygonal(shape: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    """Valid after rounding of its coordinates, and nothing but polygons."""
    if shape.is_valid:
        return shape
    parts = [part for part in shapely.get_parts(shapely.make_valid(shape)) if isinstance(part, Polygon)]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _district(terrain: Terrain, plan: Plan, plane: Plane, adcode: str, name: str) -> CityArea:
    return _Drawing(terrain, plane).area(
        np.zeros(len(terrain.shapes), dtype=np.int64), 0, adcode, name, plan.name_en, "district", "", "administrative"
    )


def _scheme(terrain: Terrain, plan: Plan, draw: _Drawing, scheme: str, rng: np.random.Generator) -> Iterator[CityArea]:
    """A coarser division of its own inside every street; codes are the street's and a three-digit number."""
    parts = _parts(terrain.centre, terrain.street, terrain.people + terrain.area_m2 / 400, SCHEME_SIZES[scheme], rng)
    codes = list(_codes(parts, terrain.street, [street.code for street in plan.streets]))
    names = {street.code: street.name for street in plan.streets}
    for index, code in enumerate(codes):
        title = f"{names[code[:9]]}{SCHEME_NAMES[scheme]}{code[9:]}"
        yield draw.area(parts, index, code, title, f"{SCHEME_NAMES_EN[scheme]} {code[9:]}", "grid", code[:9], scheme)


def _codes(part: Ints, parent: Ints, parent_codes: list[str] | tuple[str, ...]) -> Iterator[str]:
    """Code of every part: its parent's and a serial 001 …"""
    serial: dict[int, int] = {}
    first = np.unique(part, return_index=True)[1]
    for block in first:
        of = int(parent[block])
        serial[of] = serial.get(of, 0) + 1
        yield f"{parent_codes[of]}{serial[of]:03d}"


def _community_names(plan: Plan, codes: tuple[str, ...], rng: np.random.Generator) -> list[str]:
    """A name of its own for every community, from what its street's places are named after."""
    used: set[str] = set()
    free: dict[str, list[str]] = {}
    for street in plan.streets:
        stems = plan.local_stems.get(street.code, plan.place_stems)
        names = [f"{stem}{suffix}" for suffix in _SUFFIXES for stem in stems]
        free[street.code] = [names[i] for i in rng.permutation(len(names))]
    result = []
    for code in codes:
        names = free[code[:9]]
        while names and names[-1] in used:
            names.pop()
        result.append(names.pop() if names else f"第{int(code[9:])}社区{code[:9]}")
        used.add(result[-1])
    return result
