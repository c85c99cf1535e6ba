"""Texts of all scenes, joined."""

from __future__ import annotations

from layouts.scenes.text_cases import TEXTS as CASES
from layouts.scenes.text_departments import TEXTS as DEPARTMENTS
from layouts.scenes.text_emergency import TEXTS as EMERGENCY
from layouts.scenes.text_grid import TEXTS as GRID
from layouts.scenes.text_iot import TEXTS as IOT
from layouts.scenes.text_sources import TEXTS as SOURCES
from layouts.scenes.text_video import TEXTS as VIDEO
from layouts.scenes.text_weather import TEXTS as WEATHER

SCENE_TEXTS: dict[str, tuple[str, str]] = {
    **VIDEO,
    **IOT,
    **WEATHER,
    **CASES,
    **GRID,
    **DEPARTMENTS,
    **EMERGENCY,
    **SOURCES,
}
"""Key → (Chinese, English)."""
