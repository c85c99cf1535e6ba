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
    """One step of a forecast, valid from `at`. `*_low` and `*_high` bound what is likely (10 to 90 %).

    `rain_mm` is what falls within the step, in conditions what fell in the last hour; `tide_m` is metres above datum.
    """

    at: datetime
    temperature_c: float | None = None
    rain_mm: float | None = None
    rain_low_mm: float | None = None
    rain_high_mm: float | None = None
    wind_mps: float | None = None
    wind_low_mps: float | None = None
    wind_high_mps: float | None = None
    wind_from_deg: float | None = None
    gust_mps: float | None = None
    visibility_km: float | None = None
    tide_m: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions(ForecastStep):
    """What was observed at `at`, and how it differs from before."""

    rain_before_mm: float | None = None  # in the hour before the last one
    rain_today_mm: float | None = None  # since midnight in the city
    temperature_change_c: float | None = None  # against the same time yesterday
    pressure_hpa: float | None = None
    pressure_change_hpa: float | None = None  # in the last three hours
    humidity_percent: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TideTurn:
    """High or low water as predicted, in metres above datum."""

    at: datetime
    height_m: float
    is_high: bool


class ForecastForm(StrEnum):
    """What a weather office says of a place: conditions and forecast, a station's report, or a tide table."""

    FORECAST = "forecast"
    STATION = "station"
    TIDE = "tide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(PlacedRecord):
    """Current conditions (`now`) and a forecast for a place, as issued at `issued_at`; stations have no `steps`."""

    kind: ClassVar[str] = "forecast"
    form: ForecastForm = ForecastForm.FORECAST
    name_en: str = ""
    issued_at: datetime | None = None
    next_issue_at: datetime | None = None  # as announced
    now: Conditions | None = None
    steps: tuple[ForecastStep, ...] = ()
    turns: tuple[TideTurn, ...] = ()
