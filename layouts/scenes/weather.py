"""The weather scene: its frames."""

from __future__ import annotations

from layouts.panels import PanelView
from layouts.scenes.scene import Scene

SCENE = Scene(
    key="weather",
    panels=(
        PanelView(key="weather-now", title="panel.weather-now", tab="conditions"),
        PanelView(key="weather-history", title="panel.weather-history", tab="conditions"),
        PanelView(key="weather-next", title="panel.weather-next", tab="conditions"),
        PanelView(key="weather-map", title="panel.weather-map", tab="map"),
        PanelView(key="weather-forecast", title="panel.weather-forecast", tab="forecast"),
        PanelView(key="weather-exposure", title="panel.weather-exposure", tab="exposure"),
        PanelView(key="weather-port", title="panel.weather-port", tab="port"),
    ),
    shared=("warnings", "alarms", "cameras", "watched"),
    shared_tabs={"warnings": "warnings", "alarms": "warnings", "cameras": "warnings", "watched": "warnings"},
)
"""The shared panels are for wide walls, where there is room for what the weather does."""
