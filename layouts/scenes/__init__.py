"""The scenes beside the overview, in the order of the navigation."""

from __future__ import annotations

from layouts.scenes.cases import SCENE as CASES
from layouts.scenes.departments import SCENE as DEPARTMENTS
from layouts.scenes.emergency import SCENE as EMERGENCY
from layouts.scenes.grid import SCENE as GRID
from layouts.scenes.iot import SCENE as IOT
from layouts.scenes.scene import Scene
from layouts.scenes.sources import SCENE as SOURCES
from layouts.scenes.video import SCENE as VIDEO
from layouts.scenes.weather import SCENE as WEATHER

__all__ = ["SCENES", "SCENES_BY_KEY", "Scene"]

SCENES: tuple[Scene, ...] = (VIDEO, IOT, WEATHER, CASES, GRID, DEPARTMENTS, EMERGENCY, SOURCES)
SCENES_BY_KEY: dict[str, Scene] = {scene.key: scene for scene in SCENES}
