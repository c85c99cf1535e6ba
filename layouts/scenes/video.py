"""The video scene: its frames."""

from __future__ import annotations

from layouts.panels import PanelView
from layouts.scenes.scene import Scene

SCENE = Scene(
    key="video",
    panels=(
        PanelView(key="video-wall", title="panel.video-wall", tab="video"),
        PanelView(key="video-outages", title="panel.video-outages", tab="outages"),
        PanelView(key="video-dead", title="panel.video-dead", tab="outages"),
        PanelView(key="video-rates", title="panel.video-rates", tab="rates"),
        PanelView(key="video-search", title="panel.video-search", tab="search"),
    ),
    shared=("map",),
    main="video",
)
