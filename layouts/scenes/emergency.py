"""The emergency scene: its frames."""

from __future__ import annotations

from layouts.panels import PanelView
from layouts.scenes.scene import Scene

SCENE = Scene(
    key="emergency",
    panels=(
        PanelView(key="emergency-head", title="panel.emergency-head", tab="incident"),
        PanelView(key="emergency-plan", title="panel.emergency-plan", tab="plan"),
        PanelView(key="emergency-cameras", title="panel.emergency-cameras", tab="pictures"),
        PanelView(key="emergency-sensors", title="panel.emergency-sensors", tab="pictures"),
        PanelView(key="emergency-people", title="panel.emergency-people", tab="help"),
        PanelView(key="emergency-resources", title="panel.emergency-resources", tab="help"),
        PanelView(key="emergency-timeline", title="panel.emergency-timeline", tab="incident"),
    ),
    shared=("warnings",),
    shared_tabs={"warnings": "weather"},
    main="plan",
)
