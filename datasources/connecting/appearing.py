"""What records of a kind become on the wall: marks of the map, panels of scenes."""

from __future__ import annotations

from collections.abc import Iterable

from situation.feed.marks import MARK_KINDS
from situation.panels import PANELS_BY_KEY

_BESIDES = {
    "basemap": "the base map",
    "area": "outlines, plans, all counts by area",
    "department": "names of departments",
    "component": "search and pages of their own",
}
OFF_AT_FIRST = frozenset({"officer", "place"})
"""Kinds whose layer of the map is switched on by hand (assets/37-legend.js)."""

_ON_THE_MAP = {each.kind for each in MARK_KINDS}


def appearing(kinds: Iterable[str]) -> dict[str, list[str]]:
    """For each kind: where it appears, as `map` and keys of panels by scene."""
    return {kind: _of(kind) for kind in kinds}


def _of(kind: str) -> list[str]:
    where = ["map"] if kind in _ON_THE_MAP else []
    where += [_BESIDES[kind]] if kind in _BESIDES else []
    panels = [panel for panel in PANELS_BY_KEY.values() if kind in panel.fed_by]
    scenes: dict[str, list[str]] = {}
    for panel in panels:
        scenes.setdefault(panel.scene, []).append(panel.key)
    return where + [f"{scene}: {', '.join(keys)}" for scene, keys in scenes.items()]
