"""Which panels a source feeds, from the tables of panels."""

from __future__ import annotations

from collections.abc import Iterable

from situation.panels.table import PANELS, SCENE_PANELS


def panels_fed_by(kinds: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(scene, keys of its panels) that show any of these kinds, the overview first."""
    wanted = frozenset(kinds)
    tables = {"overview": PANELS, **SCENE_PANELS}
    found = {
        scene: tuple(panel.key for panel in panels if wanted & (panel.fed_by - {"source"}))
        for scene, panels in tables.items()
    }
    return tuple((scene, keys) for scene, keys in found.items() if keys)
