"""The grid scene: its frames."""

from __future__ import annotations

from layouts.panels import PanelView
from layouts.scenes.scene import Scene

SCENE = Scene(
    key="grid",
    panels=(
        PanelView(key="grid-area", title="panel.grid-area", tab="area"),
        PanelView(key="grid-trend", title="panel.grid-trend", tab="area"),
        PanelView(key="grid-map", title="panel.grid-map", tab="map"),
        PanelView(key="grid-officers", title="panel.grid-officers", tab="people"),
        PanelView(key="grid-open", title="panel.grid-open", tab="people"),
        PanelView(key="grid-rank", title="panel.grid-rank", tab="rank"),
        PanelView(key="grid-peers", title="panel.grid-peers", tab="rank"),
        PanelView(key="grid-duty", title="panel.grid-duty", tab="people"),
    ),
    shared=("alarms", "streets"),
    shared_tabs={"alarms": "open", "streets": "open"},
)
"""The shared panels are for wide walls."""
