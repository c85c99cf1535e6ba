"""Panels of the weather scene."""

from __future__ import annotations

from situation.panels.definition import PanelDefinition
from situation.panels.weather.board import build_port, stand_port
from situation.panels.weather.chart import build_map
from situation.panels.weather.current import build_now
from situation.panels.weather.exposure import build_exposure, choose_exposure, stand_exposure
from situation.panels.weather.history import build_history
from situation.panels.weather.outlook import build_forecast
from situation.panels.weather.upcoming import build_next

SCENE = "weather"
FORECAST = frozenset({"forecast"})
WARNING = frozenset({"warning"})
MINUTELY_S = 5.0
"""Real seconds after which what only time moves (ages, what lies ahead) is looked at again."""

PANELS: tuple[PanelDefinition, ...] = (
    PanelDefinition(
        key="weather-now", scene=SCENE, kinds=FORECAST, fed_by=FORECAST, build=build_now, tick_s=MINUTELY_S, rest_s=1.0
    ),
    PanelDefinition(
        key="weather-history",
        scene=SCENE,
        kinds=frozenset({"warning", "area"}),
        fed_by=WARNING,
        build=build_history,
        tick_s=MINUTELY_S,
        rest_s=1.0,
    ),
    PanelDefinition(
        key="weather-next",
        scene=SCENE,
        kinds=frozenset({"warning", "forecast"}),
        fed_by=frozenset({"warning", "forecast"}),
        build=build_next,
        tick_s=1.0,
        rest_s=1.0,
    ),
    PanelDefinition(
        key="weather-map",
        scene=SCENE,
        kinds=frozenset({"forecast", "warning", "area"}),
        fed_by=frozenset({"forecast", "warning"}),
        build=build_map,
        tick_s=MINUTELY_S,
        rest_s=1.0,
    ),
    PanelDefinition(
        key="weather-forecast",
        scene=SCENE,
        kinds=FORECAST,
        fed_by=FORECAST,
        build=build_forecast,
        tick_s=30.0,
        rest_s=2.0,
    ),
    PanelDefinition(
        key="weather-exposure",
        scene=SCENE,
        kinds=frozenset({"warning", "area", "place", "sensor"}),
        fed_by=frozenset({"warning", "place", "sensor"}),
        build=build_exposure,
        choose=choose_exposure,
        stand=stand_exposure,
        tick_s=MINUTELY_S,
        rest_s=MINUTELY_S,
    ),
    PanelDefinition(
        key="weather-port",
        scene=SCENE,
        kinds=frozenset({"sensor", "forecast", "source"}),
        fed_by=frozenset({"sensor"}),
        build=build_port,
        stand=stand_port,
        tick_s=MINUTELY_S,
        rest_s=2.0,
    ),
)
