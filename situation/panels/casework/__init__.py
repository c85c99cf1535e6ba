"""Panels of the cases scene: every one is built from the same selection of cases, so that all filter one another.

The whole selection gives the numbers every screen shows (`situation.numbers`); a choice gives parts of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from situation.live import Moment
from situation.panels.casework.ageing import build_ageing
from situation.panels.casework.breakdowns import build_categories, build_departments, build_origins, build_streets
from situation.panels.casework.flow import build_flow
from situation.panels.casework.hotspots import build_hotspots
from situation.panels.casework.important import build_important
from situation.panels.casework.rows import build_list
from situation.panels.casework.selection import Selection
from situation.panels.casework.sums import build_sum
from situation.panels.definition import Choice, PanelDefinition, Values

__all__ = ["PANELS"]

CASE = frozenset({"case"})
Build = Callable[[Moment, Selection], Values]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A panel of this scene; `unknown` are its values before any case was delivered.

    Panels that rest equally long and wait for the same kinds are built in the same frame: their sums agree on a screen
    at every moment.
    """

    key: str
    build: Build
    unknown: Values
    tick_s: float = 10.0
    rest_s: float = 2.0
    kinds: frozenset[str] = CASE


_ROWS = (
    _Row(key="cases-sum", build=build_sum, unknown={"whole": {}}),
    _Row(key="cases-flow", build=build_flow, unknown={"steps": []}),
    _Row(key="cases-categories", build=build_categories, unknown={"rows": []}),
    _Row(key="cases-origins", build=build_origins, unknown={"rows": []}),
    _Row(key="cases-departments", build=build_departments, unknown={"rows": []}),
    _Row(key="cases-streets", build=build_streets, unknown={"rows": []}),
    _Row(key="cases-ageing", build=build_ageing, unknown={"ages": [], "dues": []}),
    _Row(key="cases-list", build=build_list, unknown={"rows": [], "total": None}),
    _Row(
        key="cases-important",
        build=build_important,
        unknown={"rows": [], "total": None},
        kinds=frozenset({"case", "alarm"}),
    ),
    _Row(
        key="cases-hotspots",
        build=build_hotspots,
        unknown={"grids": [], "places": [], "density": None},
        tick_s=60.0,
        rest_s=30.0,
    ),
)


def _definition(row: _Row) -> PanelDefinition:
    def choose(moment: Moment, choice: Choice) -> Values:
        selection = Selection(moment, choice)
        return row.build(moment, selection) if moment.has_delivered("case") else row.unknown

    return PanelDefinition(
        key=row.key,
        scene="cases",
        kinds=row.kinds,
        fed_by=CASE,
        build=lambda moment: choose(moment, {}),
        choose=choose,
        tick_s=row.tick_s,
        rest_s=row.rest_s,
    )


PANELS: tuple[PanelDefinition, ...] = tuple(_definition(row) for row in _ROWS)
