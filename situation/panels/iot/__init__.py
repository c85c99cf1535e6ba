"""The panels of the iot scene."""

from __future__ import annotations

from situation.panels.definition import PanelDefinition
from situation.panels.iot.explorer import build_explorer, choose_explorer
from situation.panels.iot.matrix import build_matrix
from situation.panels.iot.over import build_over, choose_over
from situation.panels.iot.silent import build_silent, choose_silent
from situation.panels.iot.watched import build_watched_many, choose_watched_many

_KINDS = frozenset({"sensor", "source", "area"})
_FED_BY = frozenset({"sensor"})

PANELS: tuple[PanelDefinition, ...] = (
    PanelDefinition(
        key="iot-matrix", kinds=_KINDS, fed_by=_FED_BY, build=build_matrix, tick_s=10.0, rest_s=1.0, scene="iot"
    ),
    PanelDefinition(
        key="iot-alarms",
        kinds=_KINDS,
        fed_by=_FED_BY,
        build=build_over,
        choose=choose_over,
        tick_s=10.0,
        rest_s=2.0,
        scene="iot",
    ),
    PanelDefinition(
        key="iot-watched",
        kinds=frozenset({"sensor"}),
        fed_by=_FED_BY,
        build=build_watched_many,
        choose=choose_watched_many,
        tick_s=5.0,
        rest_s=5.0,
        scene="iot",
    ),
    PanelDefinition(
        key="iot-explorer",
        kinds=_KINDS,
        fed_by=_FED_BY,
        build=build_explorer,
        choose=choose_explorer,
        tick_s=10.0,
        rest_s=5.0,
        scene="iot",
    ),
    PanelDefinition(
        key="iot-silent",
        kinds=_KINDS,
        fed_by=_FED_BY,
        build=build_silent,
        choose=choose_silent,
        tick_s=30.0,
        rest_s=5.0,
        scene="iot",
    ),
)
"""In reading order. All count from `fleet.Fleet`, so that their sums agree with each other and with the KPI."""
