"""The areas of each level as columns, and counting rows of any kind by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.moment import Mask
from situation.plan import LEVELS, area_km2, areas_of
from situation.records import Area, AreaKind

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

LEVEL_KEYS: tuple[str, ...] = tuple(LEVELS)
"""From the largest areas to the smallest; each is also the name of the column that holds a row's area of that level."""

LEVEL_OF_KIND = {AreaKind.STREET: "street", AreaKind.COMMUNITY: "community", AreaKind.GRID: "grid"}


@dataclass(frozen=True, slots=True)
class LevelTable:
    """The areas of a level, by code. `people` and `km2` are NaN where unknown; a population of 0 counts as unknown."""

    level: str
    areas: tuple[Area, ...]
    people: Floats
    km2: Floats
    place: dict[str, int]
    _inside: dict[str, Counts] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.areas)

    def inside(self, within: str) -> Counts:
        """Places of the areas inside an area (and of itself); all of them for ""."""
        if within not in self._inside:
            found = [i for i, area in enumerate(self.areas) if not within or within in (area.code, *area.parents)]
            self._inside[within] = np.array(found, dtype=np.int64)
        return self._inside[within]


def level_table(moment: Moment, level: str) -> LevelTable:
    """The table of a level; the same object until an area changes."""
    token = (moment.live.version("area"), moment.local_date)
    return moment.cache.get(f"grid.areas.{level}", token, lambda: _level_table(moment, level))


def _level_table(moment: Moment, level: str) -> LevelTable:
    index = moment.area_index
    areas = tuple(areas_of(index, level))
    shapes = [index.geometry(area.code) for area in areas]
    people = np.array([area.population or np.nan for area in areas], dtype=np.float64)
    km2 = np.array([np.nan if shape is None else area_km2(shape) for shape in shapes], dtype=np.float64)
    return LevelTable(level, areas, people, km2, {area.code: i for i, area in enumerate(areas)})


def count_by_area(moment: Moment, table: LevelTable, kind: str, mask: Mask) -> Counts:
    """How many rows of `mask` lie in each area of the table."""
    words = _words_of(moment, table)
    counts = np.bincount(moment.live.tables[kind][table.level][mask], minlength=len(moment.live.words))
    return np.where(words >= 0, counts[words], 0).astype(np.int64)


def _words_of(moment: Moment, table: LevelTable) -> Counts:
    """The word code of each area, -1 where no row ever named it."""
    token = (id(table), len(moment.live.words))
    return moment.cache.get(f"grid.words.{table.level}", token, lambda: _find(moment, table.areas))


def _find(moment: Moment, areas: Sequence[Area]) -> Counts:
    found = (moment.live.words.find(area.code) for area in areas)
    return np.array([-1 if code is None else code for code in found], dtype=np.int64)


def rows_in(moment: Moment, kind: str, area: Area | None) -> Mask:
    """Rows of a kind inside an area; all rows for the whole district."""
    table = moment.live.tables[kind]
    level = None if area is None else LEVEL_OF_KIND.get(area.area_kind)
    if area is None or level is None:
        return np.ones(len(table), dtype=np.bool_)
    code = moment.live.words.find(area.code)
    if code is None:
        return np.zeros(len(table), dtype=np.bool_)
    return np.asarray(table[level] == code)
