"""Settings: one TOML file that describes a district, checked as a whole before anything starts."""

from situation.settings.district import (
    AreaFile,
    DepartmentSettings,
    District,
    LayerFile,
    Limit,
    ThresholdSettings,
)
from situation.settings.errors import Finding, Problem, SettingsError, as_toml
from situation.settings.kinds import nearest
from situation.settings.loading import Check, Load, load_settings, read_text
from situation.settings.model import (
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
from situation.settings.references import is_secret
from situation.settings.screens import Screen, part_of
from situation.settings.secret import Secret
from situation.settings.shares import SHARED, ShareSettings, WebhookSettings
from situation.settings.unknown import suggestion
from situation.settings.wording import said_of

__all__ = [
    "SHARED",
    "AreaFile",
    "Check",
    "DepartmentSettings",
    "District",
    "FeedSettings",
    "Finding",
    "LayerFile",
    "Limit",
    "Load",
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
    "ShareSettings",
    "SourceSettings",
    "StoreSettings",
    "ThresholdSettings",
    "Tiles",
    "WebhookSettings",
    "as_toml",
    "is_secret",
    "load_settings",
    "nearest",
    "part_of",
    "read_text",
    "said_of",
    "suggestion",
]
