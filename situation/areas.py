"""Areas: which street, community and grid a position lies in, and which ground a warning means. WGS-84 throughout."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from situation.records import Area, AreaClaim, AreaKind, GridScheme

Codes = tuple[str, str, str]
_NOWHERE: Codes = ("", "", "")
_LEVELS = (AreaKind.GRID, AreaKind.COMMUNITY, AreaKind.STREET)
_SCHEME_OF_LEVEL = {AreaKind.GRID: GridScheme.UNIT_GRID}
_KM_PER_DEG = 111.32
_CIRCLE_SIDES = 64


@dataclass(frozen=True, slots=True)
class ClaimedGround:
    """Where a claim holds. `codes` are the streets it touches and every smaller area named outright.

    `geometry` is None when the claim names no ground known here: elsewhere, or a name nobody knows.
    """

    geometry: BaseGeometry | None
    codes: tuple[str, ...]
    is_whole_district: bool = False


class AreaIndex:
    """An immutable index of areas. Positions are located by the unit grid, then community, then street."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._areas = tuple(areas)
        self._by_code: dict[str, Area] = {}
        for area in self._areas:
            known = self._by_code.get(area.code)
            if known is None or area.scheme is GridScheme.ADMINISTRATIVE:
                self._by_code[area.code] = area
        self._shapes = {area.code: _shape(area) for area in self._by_code.values()}
        self._levels = [self._level(kind) for kind in _LEVELS]

    @classmethod
    def build(cls, areas: Iterable[Area]) -> AreaIndex:
        """Index these areas; unreadable geometry costs its area the geometry only."""
        return cls(areas)

    def valid_at(self, at: datetime) -> AreaIndex:
        """The index of the areas that held at a moment."""
        return AreaIndex(
            area
            for area in self._areas
            if (area.valid_from is None or area.valid_from <= at) and (area.valid_to is None or at < area.valid_to)
        )

    def area(self, code: str) -> Area | None:
        """The area with a code, None when unknown."""
        return self._by_code.get(code)

    def geometry(self, code: str) -> BaseGeometry | None:
        """The ground of an area, None when unknown."""
        return self._shapes.get(code)

    def of_kind(self, kind: AreaKind, scheme: GridScheme | None = None) -> tuple[Area, ...]:
        """All areas of a level (of one scheme), in the order given."""
        return tuple(a for a in self._areas if a.area_kind is kind and (scheme is None or a.scheme is scheme))

    def parents(self, code: str) -> tuple[str, ...]:
        """Codes from the parent up, empty when unknown."""
        area = self._by_code.get(code)
        return area.parents if area else ()

    def carried(self, code: str) -> tuple[str, ...]:
        """The codes that records in an area carry: its own, else those of the largest areas below it that are located
        by. Empty where there are none: only the ground tells. A code nobody knows is taken at its word.
        """
        area = self._by_code.get(code)
        if area is None or _is_located_by(area):
            return (code,)
        below = [each for each in self._areas if code in each.parents and _is_located_by(each)]
        known = {each.code for each in below}
        return tuple(sorted(each.code for each in below if known.isdisjoint(each.parents)))

    def locate(self, lons: ArrayLike, lats: ArrayLike) -> list[Codes]:
        """(street, community, grid) code of each position; "" where it lies in none. NaN lies nowhere."""
        points = shapely.points(np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64))
        found: list[Codes] = [_NOWHERE] * len(points)
        open_indices: NDArray[np.intp] = np.arange(len(points))
        for areas, tree in self._levels:
            if not len(open_indices) or not areas:
                continue
            pairs = tree.query(points[open_indices], predicate="intersects")
            order = np.lexsort((pairs[1], pairs[0]))  # on a shared border the first area wins, always the same one
            hit, first = np.unique(pairs[0][order], return_index=True)
            for point, area in zip(open_indices[hit], pairs[1][order][first], strict=True):
                found[int(point)] = _filled(found[int(point)], self._codes(areas[int(area)]))
            open_indices = np.array([i for i in open_indices if not found[i][0]], dtype=np.intp)
        return found

    def _codes(self, area: Area) -> Codes:
        levels = {area.area_kind: area.code}
        for parent in area.parents:
            known = self._by_code.get(parent)
            if known is not None:
                levels.setdefault(known.area_kind, parent)
        return (
            levels.get(AreaKind.STREET, ""),
            levels.get(AreaKind.COMMUNITY, ""),
            levels.get(AreaKind.GRID, ""),
        )

    def _level(self, kind: AreaKind) -> tuple[tuple[Area, ...], STRtree]:
        located_by = (area for area in self.of_kind(kind) if _is_located_by(area))
        areas = tuple(area for area in located_by if self._shapes.get(area.code) is not None)
        return areas, STRtree([self._shapes[area.code] for area in areas])

    def district(self) -> BaseGeometry | None:
        """The ground of the whole district: its own outline, else its streets together."""
        outlines = [self._shapes[area.code] for area in self.of_kind(AreaKind.DISTRICT)]
        drawn = [shape for shape in outlines if shape is not None]
        if not drawn:
            drawn = [shape for area in self._levels[2][0] if (shape := self._shapes[area.code]) is not None]
        return shapely.union_all(drawn) if drawn else None

    def resolve(self, claim: AreaClaim) -> ClaimedGround:
        """The ground a warning's area means here: its shapes, else its codes, else its name."""
        shapes = [shapely.Polygon(ring) for ring in claim.polygons if len(ring) >= 4]
        shapes += [_circle(*circle) for circle in claim.circles]
        if shapes:
            return self._ground(shapely.union_all([shapely.make_valid(shape) for shape in shapes]))
        by_code = self._resolve_codes([_short_code(code) for code in claim.codes])
        return by_code if by_code.geometry is not None or claim.codes else self._resolve_name(claim.name)

    def _ground(self, geometry: BaseGeometry) -> ClaimedGround:
        streets, tree = self._levels[2]
        touched = sorted(streets[int(i)].code for i in tree.query(geometry, predicate="intersects"))
        return ClaimedGround(geometry, tuple(touched))

    def _resolve_codes(self, codes: Sequence[str]) -> ClaimedGround:
        if any(self._covers_district(code) for code in codes):
            return self._whole_district()
        named = [code for code in codes if self._shapes.get(code) is not None]
        return self._named(named)

    def _resolve_name(self, name: str) -> ClaimedGround:
        """A name is looked for among the streets and communities first: 宝山区杨行镇 means the town."""
        if not name:
            return ClaimedGround(None, ())
        smaller = [*self.of_kind(AreaKind.STREET), *self.of_kind(AreaKind.COMMUNITY)]
        named = [area.code for area in smaller if area.name and area.name in name]
        if named:
            return self._named(named)
        for area in (*self.of_kind(AreaKind.DISTRICT), *self.of_kind(AreaKind.CITY)):
            if name in {area.name, area.name.rstrip("区县市")} or (area.name and area.name in name):
                return self._whole_district()
        return ClaimedGround(None, ())

    def _named(self, codes: Sequence[str]) -> ClaimedGround:
        shapes = [shape for code in codes if (shape := self._shapes.get(code)) is not None]
        if not shapes:
            return ClaimedGround(None, ())
        streets = [self._street_of(code) for code in codes]
        distinct = tuple(dict.fromkeys([*(street for street in streets if street), *codes]))
        return ClaimedGround(shapely.union_all(shapes), distinct)

    def _street_of(self, code: str) -> str:
        area = self._by_code.get(code)
        return self._codes(area)[0] if area else ""

    def _whole_district(self) -> ClaimedGround:
        return ClaimedGround(self.district(), tuple(sorted(a.code for a in self._levels[2][0])), True)

    def _covers_district(self, code: str) -> bool:
        """Whether a 6-digit code is that of our district, its city or its province (whose codes end in zeros)."""
        if len(code) != 6:
            return False
        prefix = code
        while len(prefix) > 2 and prefix.endswith("00"):
            prefix = prefix[:-2]
        return any(district.code.startswith(prefix) for district in self.of_kind(AreaKind.DISTRICT))


def _filled(known: Codes, found: Codes) -> Codes:
    """What is known, completed: an area that names no parents leaves its street to be found by position."""
    return (known[0] or found[0], known[1] or found[1], known[2] or found[2])


def _short_code(code: str) -> str:
    """Statistics write 310113101000 for the street 310113101 and 310113000000 for the district."""
    short = code.strip()
    while len(short) > 6 and len(short) % 3 == 0 and short.endswith("000"):
        short = short[:-3]
    return short


def _is_located_by(area: Area) -> bool:
    """Whether records carry the code of such an area."""
    scheme = _SCHEME_OF_LEVEL.get(area.area_kind, GridScheme.ADMINISTRATIVE)
    return area.area_kind in _LEVELS and area.scheme is scheme


def _shape(area: Area) -> BaseGeometry | None:
    if not area.geometry:
        return None
    shape = shapely.from_geojson(area.geometry, on_invalid="ignore")
    if shape is None or shape.is_empty:
        return None
    valid = shape if shape.is_valid else shapely.make_valid(shape)
    shapely.prepare(valid)
    return valid


def _circle(lon: float, lat: float, radius_km: float) -> BaseGeometry:
    """A circle on the ground as a polygon; CAP allows radius 0, a point."""
    angles = np.linspace(0.0, 2.0 * math.pi, _CIRCLE_SIDES, endpoint=False)
    north_deg = max(radius_km, 0.001) / _KM_PER_DEG
    east_deg = north_deg / max(math.cos(math.radians(lat)), 1e-6)
    return shapely.Polygon(np.column_stack((lon + east_deg * np.cos(angles), lat + north_deg * np.sin(angles))))
