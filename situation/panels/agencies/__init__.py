"""The panels of the scene departments: what each delivers, how fresh, its cases, its sensors."""

from __future__ import annotations

from collections.abc import Callable

from situation.live import Moment
from situation.panels.agencies.boards import build_board, build_one, build_sources, chosen
from situation.panels.definition import Choice, PanelDefinition, Values
from situation.records import Department

SCENE = "departments"
KINDS = frozenset({"case", "sensor", "camera", "alarm", "officer", "department", "source"})


def _panel(
    key: str,
    build: Callable[[Moment, Department | None], Values],
    kinds: frozenset[str] = KINDS,
    fed_by: frozenset[str] = frozenset({"case", "sensor", "department"}),
) -> PanelDefinition:
    def choose(moment: Moment, choice: Choice) -> Values:
        return build(moment, chosen(moment, choice))

    return PanelDefinition(
        key=key,
        scene=SCENE,
        kinds=kinds,
        fed_by=fed_by,
        build=lambda moment: build(moment, None),
        choose=choose,
        tick_s=15.0,
        rest_s=5.0,
    )


PANELS: tuple[PanelDefinition, ...] = (
    _panel("departments-board", build_board),
    _panel("departments-one", build_one),
    _panel("departments-sources", build_sources, frozenset({"source", "department"})),
)
