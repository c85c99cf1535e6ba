"""The cases scene: its frames."""

from __future__ import annotations

from layouts.panels import PanelView
from layouts.scenes.scene import Scene

SCENE = Scene(
    key="cases",
    main="main",
    panels=(
        PanelView(key="cases-sum", title="panel.cases-sum", tab="main"),
        PanelView(key="cases-flow", title="panel.cases-flow", tab="main"),
        PanelView(key="cases-list", title="panel.cases-list", tab="list"),
        PanelView(key="cases-important", title="panel.cases-important", tab="list"),
        PanelView(key="cases-categories", title="panel.cases-categories", tab="kinds"),
        PanelView(key="cases-origins", title="panel.cases-origins", tab="kinds"),
        PanelView(key="cases-hotspots", title="panel.cases-hotspots", tab="main"),
        PanelView(key="cases-streets", title="panel.cases-streets", tab="who"),
        PanelView(key="cases-departments", title="panel.cases-departments", tab="who"),
        PanelView(key="cases-ageing", title="panel.cases-ageing", tab="kinds"),
    ),
)
