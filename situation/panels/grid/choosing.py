"""What a reader of the scene looks at: an area, the level its parts are shown at, a number, what it is divided by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from situation.live import Moment
from situation.panels.definition import Choice, ChoiceError
from situation.panels.grid.figures import FIGURES, FIGURES_BY_KEY, Figure
from situation.panels.grid.levels import LEVEL_KEYS, LEVEL_OF_KIND, level_table
from situation.panels.grid.values import PER
from situation.records import Area, AreaKind

KEYS = ("area", "level", "number", "per")
FEW = 3
"""With fewer neighbours there is nothing to compare an area with: those of the next larger area are shown."""


@dataclass(frozen=True, slots=True)
class Looking:
    """A valid choice. `area` is None for the whole district; `within` the code of the area that fills the map."""

    area: Area | None
    level: str
    within: str
    figure: Figure
    per: str

    @property
    def own_level(self) -> str | None:
        """The level the area itself belongs to, None for the district."""
        return None if self.area is None else LEVEL_OF_KIND.get(self.area.area_kind)


def looking(moment: Moment, choice: Choice) -> Looking:
    """The choice, checked against what there is; raises ChoiceError."""
    for key, value in choice.items():
        if key not in KEYS:
            raise ChoiceError(key, value, KEYS)
    figure = FIGURES_BY_KEY[_one_of("number", choice.get("number", FIGURES[0].key), tuple(FIGURES_BY_KEY))]
    per = _one_of("per", choice.get("per", ""), PER)
    area = _area(moment, choice.get("area", ""))
    level = _one_of("level", choice.get("level", "") or _level_below(area), LEVEL_KEYS)
    return Looking(area, level, _within(moment, area, level), figure, per)


def _one_of(key: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise ChoiceError(key, value, allowed)
    return value


def _area(moment: Moment, code: str) -> Area | None:
    if not code:
        return None
    area = moment.area_index.area(code)
    if area is not None and area.area_kind in (AreaKind.CITY, AreaKind.DISTRICT):
        return None
    if area is None or area.area_kind not in LEVEL_OF_KIND or not _is_counted(moment, area):
        raise ChoiceError("area", code, [street.code for street in moment.streets])
    return area


def _is_counted(moment: Moment, area: Area) -> bool:
    """Whether records are counted by it: other divisions have grids too."""
    return area.code in level_table(moment, LEVEL_OF_KIND[area.area_kind]).place


def _level_below(area: Area | None) -> str:
    if area is None:
        return LEVEL_KEYS[0]
    own = LEVEL_KEYS.index(LEVEL_OF_KIND[area.area_kind])
    return LEVEL_KEYS[min(own + 1, len(LEVEL_KEYS) - 1)]


def _within(moment: Moment, area: Area | None, level: str) -> str:
    """The smallest of the area and what it lies in that has a few areas of the level; "" is the whole district."""
    table = level_table(moment, level)
    if area is None:
        return ""
    for code in (area.code, *area.parents):
        found = moment.area_index.area(code)
        own = None if found is None else LEVEL_OF_KIND.get(found.area_kind)
        is_larger = own is not None and LEVEL_KEYS.index(own) < LEVEL_KEYS.index(level)
        if is_larger and (code == area.code or len(table.inside(code)) >= FEW):
            return code
    return ""


def path_to(moment: Moment, area: Area | None) -> list[list[str]]:
    """From the district down to the area: [code, name, English name, level]; the district's level is ""."""
    codes = [] if area is None else [area.code, *area.parents]
    found = [known for code in codes if (known := moment.area_index.area(code)) is not None]
    below = [each for each in reversed(found) if each.area_kind in LEVEL_OF_KIND]
    districts = moment.area_index.of_kind(AreaKind.DISTRICT)
    top = [[districts[0].code, districts[0].name, districts[0].name_en, ""]] if districts else [["", "", "", ""]]
    return top + [[each.code, each.name, each.name_en, LEVEL_OF_KIND[each.area_kind]] for each in below]
