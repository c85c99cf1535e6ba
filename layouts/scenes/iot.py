"""The iot scene: its frames."""

from __future__ import annotations

from layouts.panels import PanelView
from layouts.scenes.scene import Scene

SCENE = Scene(
    key="iot",
    panels=(
        PanelView(key="iot-matrix", title="panel.iot-matrix", tab="matrix"),
        PanelView(key="iot-alarms", title="panel.iot-alarms", tab="over"),
        PanelView(key="iot-watched", title="panel.iot-watched", tab="watched"),
        PanelView(key="iot-explorer", title="panel.iot-explorer", tab="explorer"),
        PanelView(key="iot-silent", title="panel.iot-silent", tab="silent"),
    ),
    main="matrix",
)
