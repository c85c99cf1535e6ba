"""The sources scene, the catalogue: its frames."""

from __future__ import annotations

from layouts.panels import PanelView
from layouts.scenes.scene import Scene

SCENE = Scene(
    key="sources",
    panels=(
        PanelView(key="sources-sum", title="panel.sources-sum", tab="sources"),
        PanelView(key="sources-board", title="panel.sources-board", tab="sources"),
        PanelView(key="sources-needs", title="panel.sources-needs", tab="needs"),
    ),
    shared=("alarms",),
    main="sources",
)
