"""Panels of the video scene: the camera wall, what it can show, and which cameras can't be trusted or seen."""

from __future__ import annotations

from situation.panels.definition import PanelDefinition
from situation.panels.video.dead import build_dead
from situation.panels.video.outages import build_outages
from situation.panels.video.rates import build_rates
from situation.panels.video.search import build_search, choose_search
from situation.panels.video.wall import build_wall, choose_wall

_CAMERA = frozenset({"camera"})
_SCENE = "video"

PANELS: tuple[PanelDefinition, ...] = (
    PanelDefinition(
        key="video-wall",
        kinds=frozenset({"alarm", "warning", "camera", "source", "area"}),
        fed_by=_CAMERA,
        build=build_wall,
        choose=choose_wall,
        tick_s=3.0,  # what is found of pictures is no record and makes nothing due
        rest_s=1.0,
        scene=_SCENE,
    ),
    PanelDefinition(
        key="video-search",
        kinds=frozenset({"alarm", "warning", "camera", "source", "area"}),
        fed_by=_CAMERA,
        build=build_search,
        choose=choose_search,
        tick_s=3.0,
        rest_s=1.0,
        scene=_SCENE,
    ),
    PanelDefinition(
        key="video-rates",
        kinds=frozenset({"camera", "source", "area", "department"}),
        fed_by=_CAMERA,
        build=build_rates,
        tick_s=5.0,
        rest_s=1.0,
        scene=_SCENE,
    ),
    PanelDefinition(
        key="video-outages",
        kinds=frozenset({"camera", "source", "alarm", "area", "department"}),
        fed_by=_CAMERA,
        build=build_outages,
        tick_s=30.0,
        rest_s=2.0,
        scene=_SCENE,
    ),
    PanelDefinition(
        key="video-dead",
        kinds=frozenset({"source"}),
        fed_by=_CAMERA,
        build=build_dead,
        tick_s=2.0,
        rest_s=1.0,
        scene=_SCENE,
    ),
)
