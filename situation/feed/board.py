"""Boards: a table of panels as it stands, each built anew when it is due. Belongs to the composer's thread."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from situation.feed import wire
from situation.health import PanelState, Standing
from situation.live import Moment
from situation.panels import PanelDefinition, Values

_log = logging.getLogger(__name__)

FAILED = ("reason.panel-failed",)
NEVER_S = float("-inf")


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel as all screens have it."""

    values: Values = field(default_factory=dict)
    standing: Standing = field(default_factory=lambda: Standing(PanelState.NO_DATA))

    def to_wire(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The panel with some or all of its values."""
        return {
            "state": self.standing.state.value,
            "as_of": wire.to_ms(self.standing.as_of),
            "coverage": self.standing.coverage,
            "reason": self.standing.reason,
            "values": values,
        }


class Board:
    """What one table of panels shows, and when each of them must be looked at again. Times are real seconds."""

    def __init__(self, panels: tuple[PanelDefinition, ...]) -> None:
        self.panels = panels
        self._broken: set[str] = set()
        self.forget()

    def forget(self) -> None:
        """Everything must be built anew: the situation behind it was read again."""
        self._due = {panel.key for panel in self.panels}
        self._built_s: dict[str, float] = {}

    def note(self, dirty: set[str], now_s: float, *, is_tick: bool) -> None:
        """Make due what the kinds that changed, or on a tick time alone, concern."""
        for panel in self.panels:
            is_old = is_tick and now_s - self._built_s.get(panel.key, NEVER_S) >= panel.tick_s
            if is_old or panel.kinds & dirty:
                self._due.add(panel.key)

    def has_rested(self, now_s: float) -> bool:
        """Whether anything due may be built now."""
        return any(self.is_ripe(panel, now_s) for panel in self.panels)

    def is_ripe(self, panel: PanelDefinition, now_s: float) -> bool:
        """Whether it is due and has rested."""
        return panel.key in self._due and now_s - self._built_s.get(panel.key, NEVER_S) >= panel.rest_s

    def build(self, panel: PanelDefinition, moment: Moment, now_s: float, before: Shown) -> Shown:
        """The panel anew if it is due; one that fails costs itself, keeps its last values and says so."""
        try:
            values = before.values
            if self.is_ripe(panel, now_s):
                self._due.discard(panel.key)
                self._built_s[panel.key] = now_s
                values = panel.build(moment)
            elif panel.key in self._broken:
                return before
            standing = panel.standing(moment, values)
        except Exception:
            if panel.key not in self._broken:
                _log.exception("panel %s failed, the others go on", panel.key)
            self._broken.add(panel.key)
            return replace(before, standing=replace(before.standing, state=PanelState.ERROR, reason=FAILED))
        if panel.key in self._broken:
            self._broken.discard(panel.key)
            _log.info("panel %s works again", panel.key)
        return Shown(values, standing)


def panel_changes(before: Mapping[str, Shown], after: Mapping[str, Shown]) -> dict[str, dict[str, Any]]:
    """The panels that look different, each on the wire with only those of its values that changed."""
    return {
        key: shown.to_wire(_differing(before[key].values, shown.values) if key in before else shown.values)
        for key, shown in after.items()
        if key not in before or _is_visibly_different(before[key], shown)
    }


def _is_visibly_different(before: Shown, after: Shown) -> bool:
    """Ages alone travel with the beats."""
    same_standing = replace(before.standing, as_of=None) == replace(after.standing, as_of=None)
    return not same_standing or before.values != after.values


def _differing(before: Values, after: Values) -> Values:
    return {key: value for key, value in after.items() if key not in before or before[key] != value}
