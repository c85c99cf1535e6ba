"""Settings: one TOML file that describes a district, checked as a whole before anything starts."""

from situation.settings.errors import Problem, SettingsError
from situation.settings.loading import load_settings
from situation.settings.model import (
    District,
    FeedSettings,
    MapSettings,
    MediaSettings,
    NumberSettings,
    PanelSettings,
    Retention,
    Settings,
    SourceSettings,
    StoreSettings,
    Tiles,
)
from situation.settings.screens import Screen, part_of
from situation.settings.secret import Secret

__all__ = [
    "District",
    "FeedSettings",
    "MapSettings",
    "MediaSettings",
    "NumberSettings",
    "PanelSettings",
    "Problem",
    "Retention",
    "Screen",
    "Secret",
    "Settings",
    "SettingsError",
    "SourceSettings",
    "StoreSettings",
    "Tiles",
    "load_settings",
    "part_of",
]
