"""Scenes on the server: panels that are built only while somebody follows their scene. The composer's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from situation.clock import Clock
from situation.feed.board import Board, Shown, panel_changes
from situation.live import Moment
from situation.panels import SCENE_PANELS

AT_ONCE_S = 0.025
"""Real seconds after which building a scene goes on in the next step: the overview's frames come first."""


@dataclass(slots=True)
class Scene:
    """One scene that is followed: its board, what its followers have, whether there may be news for them."""

    board: Board
    shown: dict[str, Shown] = field(default_factory=dict)
    is_noted: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether every panel has been built at least once."""
        return len(self.shown) == len(self.board.panels)


class Scenes:
    """The scenes that are followed now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Scene] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def forget(self) -> None:
        """The situation was read anew: build everything anew."""
        for scene in self._open.values():
            scene.board.forget()
            scene.is_noted = True

    def note(self, dirty: set[str], now_s: float, *, is_tick: bool) -> None:
        """Kinds that changed, or a tick."""
        for scene in self._open.values():
            scene.board.note(dirty, now_s, is_tick=is_tick)
            scene.is_noted = True

    def is_due(self, key: str) -> bool:
        """Whether `build` would look at anything."""
        scene = self._open.get(key)
        return scene is None or scene.is_noted or scene.board.has_rested(self._clock.monotonic())

    def build(self, key: str, moment: Moment) -> dict[str, object]:
        """What changed in the panels of a scene, on the wire; only so much work as may be done at once."""
        if key not in self._open:
            self._open[key] = Scene(Board(SCENE_PANELS[key]))
        scene = self._open[key]
        scene.is_noted = False
        before, shown = scene.shown, dict(scene.shown)
        now_s = self._clock.monotonic()
        for panel in scene.board.panels:
            is_late = self._clock.monotonic() - now_s > AT_ONCE_S
            if is_late and scene.board.is_ripe(panel, now_s):
                scene.is_noted = True
                continue
            shown[panel.key] = scene.board.build(panel, moment, now_s, before.get(panel.key, Shown()))
        scene.shown = shown  # replaced as a whole: the event loop may be reading it
        return dict(panel_changes(before, shown))

    def shown(self, key: str) -> Mapping[str, Shown]:
        """The panels of a scene as its followers have them; empty when nobody follows."""
        scene = self._open.get(key)
        return {} if scene is None else scene.shown

    def is_whole(self, key: str) -> bool:
        """Whether all panels of a scene have been built."""
        scene = self._open.get(key)
        return scene is not None and scene.is_whole

    def close(self, key: str) -> None:
        """Nobody follows it any more."""
        self._open.pop(key, None)
