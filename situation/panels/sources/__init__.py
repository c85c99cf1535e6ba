"""The panels of the scene sources, the catalogue: what each delivers, how fresh, how complete, how reliable."""

from __future__ import annotations

from situation.health import COLLECTOR, PanelState, Standing, source_state
from situation.live import Moment
from situation.panels.definition import NOBODY_SAYS, PanelDefinition, Values
from situation.panels.sources.board import build_board
from situation.panels.sources.needs import build_needs
from situation.panels.sources.sums import build_sum
from situation.records import SourceHealth

SCENE = "sources"
KINDS = frozenset({"source", "department"})


def stand(moment: Moment, _values: Values) -> Standing:
    """These panels are as true as the collector is alive: dead sources are what they are about."""
    beats = (row for row in moment.live.whole["source"].values() if isinstance(row, SourceHealth))
    beat = next((row for row in beats if row.id == COLLECTOR), None)
    if beat is None:
        return NOBODY_SAYS
    state = source_state(beat, moment.at, moment.context.least_age_s)
    return Standing(PanelState.LIVE if state is PanelState.LIVE else PanelState.STALE, beat.succeeded_at)


PANELS: tuple[PanelDefinition, ...] = tuple(
    PanelDefinition(
        key=key,
        scene=SCENE,
        kinds=KINDS,
        fed_by=frozenset({"source"}),
        build=build,
        stand=stand,
        tick_s=15.0,
        rest_s=2.0,
    )
    for key, build in (("sources-sum", build_sum), ("sources-board", build_board), ("sources-needs", build_needs))
)
