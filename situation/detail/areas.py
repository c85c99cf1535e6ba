"""An area's numbers, its place among its like, the way up and down. Numbers are those of the wall, cut by ground."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
import numpy.typing as npt
import shapely

from situation.live import Moment
from situation.live.moment import OFFLINE, ONLINE, Mask
from situation.panels.warnings import inside
from situation.records import Area, AreaKind, GridScheme

MOST_CHILDREN = 120
RANKED = ("cases_open", "cases_overdue", "alarms")
_LEVELS = (AreaKind.CITY, AreaKind.DISTRICT, AreaKind.STREET, AreaKind.COMMUNITY, AreaKind.GRID, AreaKind.BUILDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaNumbers:
    """What an area holds now; None is unknown. Device counts are (online, offline, all)."""

    area: Area
    cases_open: int | None
    cases_overdue: int | None
    cases_today: int | None
    alarms: int | None
    cameras: tuple[int, int, int] | None
    sensors: tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Rank:
    """Place `place` of `of` by a number (1: the most; equal ones share the better place)."""

    number: str
    place: int
    of: int


Masker = Callable[[str], Mask]


def area_numbers(moment: Moment, areas: Sequence[Area]) -> list[AreaNumbers]:
    """The numbers of each area, in their order."""
    return [_numbers(moment, area, _masker(moment, area)) for area in areas]


def area_cases(moment: Moment, area: Area) -> Mask:
    """The cases of an area."""
    return _masker(moment, area)("case")


def _masker(moment: Moment, area: Area) -> Masker:
    """Which rows of a table lie in an area: by the codes the store gave them where it has a column for them."""
    if area.area_kind in (AreaKind.CITY, AreaKind.DISTRICT):
        return lambda kind: np.ones(len(moment.live.tables[kind]), dtype=np.bool_)
    if area.area_kind is AreaKind.STREET:
        return lambda kind: np.asarray(moment.live.tables[kind]["street"] == moment.live.words.find(area.code))
    return lambda kind: _on_ground(moment, kind, area)


def _on_ground(moment: Moment, kind: str, area: Area) -> Mask:
    """By position; the positions in the area's bounding box are found first."""
    table = moment.live.tables[kind]
    mask = np.zeros(len(table), dtype=np.bool_)
    geometry = moment.area_index.geometry(area.code)
    if geometry is None:
        return mask
    west, south, east, north = geometry.bounds
    lons, lats = table["lon"], table["lat"]
    rows = np.flatnonzero((lons >= west) & (lons <= east) & (lats >= south) & (lats <= north))
    mask[rows] = inside(geometry, lons[rows], lats[rows])
    return mask


def _numbers(moment: Moment, area: Area, mask_of: Masker) -> AreaNumbers:
    cases = mask_of("case") if moment.has_delivered("case") else None
    alarms = moment.live.tables["alarm"]
    return AreaNumbers(
        area=area,
        cases_open=None if cases is None else int(np.count_nonzero(cases & moment.is_open)),
        cases_overdue=None if cases is None else int(np.count_nonzero(cases & moment.is_overdue)),
        cases_today=None if cases is None else int(np.count_nonzero(cases & moment.is_registered_today)),
        alarms=int(np.count_nonzero(mask_of("alarm") & alarms["is_active"]))
        if moment.has_delivered("alarm", "sensor", "camera")
        else None,
        cameras=count_devices(moment.camera_states, mask_of("camera")) if moment.has_delivered("camera") else None,
        sensors=count_devices(moment.sensor_states, mask_of("sensor")) if moment.has_delivered("sensor") else None,
    )


def count_devices(states: npt.NDArray[np.uint8], mask: Mask) -> tuple[int, int, int]:
    """(online, offline, all) of the devices in a mask; what is neither is unknown."""
    mine = states[mask]
    return int(np.count_nonzero(mine == ONLINE)), int(np.count_nonzero(mine == OFFLINE)), len(mine)


def ranks(all_of_a_kind: Iterable[AreaNumbers], code: str) -> tuple[Rank, ...]:
    """The place of an area among its like by each number of `RANKED`; what is unknown has no place."""
    rows = list(all_of_a_kind)
    found = []
    for number in RANKED:
        read = attrgetter(number)
        known = {row.area.code: read(row) for row in rows if read(row) is not None}
        if code in known and len(known) > 1:
            found.append(Rank(number, 1 + sum(value > known[code] for value in known.values()), len(known)))
    return tuple(found)


def path_of(moment: Moment, codes: Iterable[str]) -> tuple[Area, ...]:
    """The areas of these codes, the largest first; unknown codes are left out."""
    found = {code: area for code in codes if code and (area := moment.area_index.area(code)) is not None}
    return tuple(sorted(found.values(), key=lambda area: _LEVELS.index(area.area_kind)))


def children_of(moment: Moment, area: Area) -> tuple[Area, ...]:
    """The areas directly below: the next level that exists, of its own scheme; unit grids below communities."""
    below = [row for row in moment.live.whole["area"].values() if isinstance(row, Area) and area.code in row.parents]
    schemes = (GridScheme.ADMINISTRATIVE, GridScheme.UNIT_GRID, area.scheme)
    levels = [row for row in below if row.scheme in schemes and _LEVELS.index(row.area_kind) > _level(area)]
    if not levels:
        return ()
    next_level = min(_LEVELS.index(row.area_kind) for row in levels)
    found = [row for row in levels if _LEVELS.index(row.area_kind) == next_level]
    return tuple(sorted(found, key=lambda row: row.code))[:MOST_CHILDREN]


def _level(area: Area) -> int:
    return _LEVELS.index(area.area_kind)


def siblings_of(moment: Moment, area: Area) -> tuple[Area, ...]:
    """The areas of the same level and scheme: of a street all streets, of a smaller area those of its street."""
    peers = moment.areas(area.area_kind, area.scheme)
    if area.area_kind in (AreaKind.COMMUNITY, AreaKind.GRID, AreaKind.BUILDING) and area.parents:
        peers = [peer for peer in peers if peer.parents[:1] == area.parents[:1]]
    return tuple(peers)


def covering(moment: Moment, lon: float, lat: float) -> tuple[Area, ...]:
    """The small areas of every scheme that a position lies in, by scheme: who else answers here."""
    token = (moment.live.version("area"), moment.local_date)
    grids, tree = moment.cache.get("detail/grids", token, lambda: _other_grids(moment))
    found = tree.query(shapely.Point(lon, lat), predicate="intersects")
    return tuple(grids[place] for place in sorted(found.tolist()))


def _other_grids(moment: Moment) -> tuple[tuple[Area, ...], shapely.STRtree]:
    index = moment.area_index
    known = [(area, index.geometry(area.code)) for area in index.of_kind(AreaKind.GRID)]
    grids = [(area, shape) for area, shape in known if area.scheme is not GridScheme.UNIT_GRID and shape is not None]
    return tuple(area for area, _ in grids), shapely.STRtree([shape for _, shape in grids])
