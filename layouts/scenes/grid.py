"""The grid scene: its frames."""

from __future__ import annotations

from layouts.scenes.scene import Scene

SCENE = Scene(key="grid")
