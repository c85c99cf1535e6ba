"""The panels of the scene grid: areas compared, and who answers for them."""

from __future__ import annotations

from collections.abc import Callable

from situation.live import Moment
from situation.panels.definition import Choice, PanelDefinition, Values
from situation.panels.grid.areas import build_area, build_map, build_peers, build_rank, build_trend
from situation.panels.grid.choosing import Looking, looking
from situation.panels.grid.people import build_duty, build_officers, build_open

SCENE = "grid"
NUMBERED = frozenset({"case", "camera", "sensor", "alarm", "officer", "area", "source"})
"""Kinds that some number of an area is made of."""

FED = frozenset({"case", "camera", "sensor", "officer"})


def _panel(
    key: str,
    build: Callable[[Moment, Looking], Values],
    kinds: frozenset[str] = NUMBERED,
    fed_by: frozenset[str] = FED,
    rest_s: float = 2.0,
) -> PanelDefinition:
    def choose(moment: Moment, choice: Choice) -> Values:
        return build(moment, looking(moment, choice))

    return PanelDefinition(
        key=key,
        scene=SCENE,
        kinds=kinds,
        fed_by=fed_by,
        build=lambda moment: choose(moment, {}),
        choose=choose,
        tick_s=15.0,
        rest_s=rest_s,
    )


_OFFICERS = frozenset({"officer"})

PANELS: tuple[PanelDefinition, ...] = (
    _panel("grid-map", build_map),
    _panel("grid-rank", build_rank),
    _panel("grid-area", build_area),
    _panel("grid-trend", build_trend, rest_s=5.0),
    _panel("grid-peers", build_peers, rest_s=5.0),
    _panel("grid-duty", build_duty, _OFFICERS | {"case", "department", "area"}, _OFFICERS | {"case"}),
    _panel("grid-officers", build_officers, _OFFICERS | {"area", "source"}, _OFFICERS, rest_s=10.0),
    _panel("grid-open", build_open, frozenset({"case", "alarm", "area", "department"}), frozenset({"case", "sensor"})),
)
