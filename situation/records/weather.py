"""Weather: warnings as issued, conditions and forecasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from situation.records.base import LonLat, PlacedRecord, Record


class WarningLevel(StrEnum):
    """Colour of a weather warning: Ⅳ blue … Ⅰ red. UNKNOWN is shown as given and ranked as serious."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaClaim:
    """Where a warning holds: polygons/circles if given, else area codes (6-digit adcode or longer), else a name."""

    name: str = ""
    codes: tuple[str, ...] = ()
    polygons: tuple[tuple[LonLat, ...], ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()  # lon, lat, radius in km


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherWarning(Record):
    """A warning as issued (OASIS CAP 1.2). Active: actual, not expired, not superseded by an Update or Cancel."""

    kind: ClassVar[str] = "warning"
    event: str = ""
    level: WarningLevel = WarningLevel.UNKNOWN
    level_text: str = ""  # as given
    headline: str = ""
    description: str = ""
    instruction: str = ""
    headline_en: str = ""
    sender: str = ""
    is_actual: bool = True  # False: Exercise, Test, Draft, System
    message_type: str = "Alert"
    severity: str = ""
    sent_at: datetime | None = None
    onset_at: datetime | None = None
    expires_at: datetime | None = None
    references: tuple[str, ...] = ()  # identifiers of the messages it replaces
    superseded_by: str = ""
    areas: tuple[AreaClaim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastStep:
    """One step of a forecast, valid from `at`."""

    at: datetime
    temperature_c: float | None = None
    rain_mm: float | None = None
    wind_mps: float | None = None
    wind_from_deg: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(PlacedRecord):
    """Current conditions (`now`) and a forecast for a place, as issued at `issued_at`."""

    kind: ClassVar[str] = "forecast"
    issued_at: datetime | None = None
    now: ForecastStep | None = None
    steps: tuple[ForecastStep, ...] = ()
