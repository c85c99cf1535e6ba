"""The frames of a scene, put into the page when the scene is first opened or fetched ahead."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output
from dash.development.base_component import Component

from layouts import ids
from layouts.frames import scene_frames
from layouts.scenes import SCENES, Scene


def register(app: Dash, language: str) -> None:
    """Wire every scene's container to the store by which the browser asks for it."""
    for scene in SCENES:
        _register(app, scene, language)


def _register(app: Dash, scene: Scene, language: str) -> None:
    @app.callback(
        Output(ids.scene_frames(scene.key), "children"),
        Input(ids.scene_wanted(scene.key), "data"),
        prevent_initial_call=True,
    )
    async def on_wanted(_asked: Any) -> list[Component]:
        return scene_frames(language, scene)
