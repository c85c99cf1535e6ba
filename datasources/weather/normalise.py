"""Weather JSON of the widespread `now` / `hourly` shape (QWeather v7: numbers as text, wind in km/h) to a Forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasources.contract import RecordRejected, Rejection, SourceAuthFailed, SourceDataError
from datasources.coordinates import locate
from datasources.fields import Raw, each, identifier, instant, number, text
from situation.records import Conditions, Forecast, ForecastForm, ForecastStep, TideTurn

_KMPH_PER_MPS = 3.6
_OK = "200"
_REFUSALS = frozenset({"401", "402", "403"})


def opened(document: Any, what: str) -> dict[str, Any]:
    """The object of a reply whose inner code says ok; raises SourceAuthFailed or SourceDataError."""
    if not isinstance(document, dict):
        raise SourceDataError("wrong_shape", f"{what}: not an object")
    code = str(document.get("code", _OK))
    if code in _REFUSALS:
        raise SourceAuthFailed(f"auth_failed:{code}")
    if code != _OK:
        raise SourceDataError(f"upstream_code:{code[:20]}", f"{what}: code {code}")
    return document


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """How one weather office's replies are read."""

    key: str
    department: str
    crs: str
    zone: str | None


def normalise(now: Raw, hourly: Raw, office: Office) -> tuple[Forecast, list[Rejection]]:
    """One forecast of two replies; steps that can't be read are left out and counted."""
    steps, rejected = each(_list(hourly, "hourly"), lambda row: _step(row, office.zone))
    place = _place(now)
    lon, lat = _position(place, office)
    conditions = now.get("now")
    return (
        Forecast(
            id=f"{office.key}.{text(place, 'id', limit=40) or 'here'}",
            source=office.key,
            name=text(place, "name", limit=100),
            name_en=text(place, "nameEn", limit=100),
            department=office.department,
            lon=lon,
            lat=lat,
            issued_at=instant(hourly.get("updateTime") or now.get("updateTime"), office.zone),
            next_issue_at=instant(hourly.get("nextUpdateTime"), office.zone),
            now=_conditions(conditions, office.zone) if isinstance(conditions, dict) else None,
            steps=tuple(sorted(steps, key=lambda step: step.at)),
        ),
        rejected,
    )


def normalise_stations(reply: Raw, office: Office) -> tuple[list[Forecast], list[Rejection]]:
    """The report of every station; one without an id or a time is left out and counted."""
    return each(_list(reply, "stations"), lambda row: _station(row, office))


def normalise_tides(days: Sequence[Raw], office: Office) -> tuple[Forecast | None, list[Rejection]]:
    """One tide table of the tables of several days, None when they hold no height."""
    steps, rejected = each([row for day in days for row in _list(day, "tideHourly")], lambda row: _tide(row, office))
    turns, wrong = each([row for day in days for row in _list(day, "tideTable")], lambda row: _turn(row, office))
    if not steps:
        return None, rejected + wrong
    place = _place(days[0])
    lon, lat = _position(place, office)
    heights = {step.at: step for step in steps}
    table = Forecast(
        id=f"{office.key}.tide.{text(place, 'id', limit=40) or 'here'}",
        source=office.key,
        form=ForecastForm.TIDE,
        name=text(place, "name", limit=100),
        name_en=text(place, "nameEn", limit=100),
        department=office.department,
        lon=lon,
        lat=lat,
        steps=tuple(heights[at] for at in sorted(heights)),
        turns=tuple(sorted(set(turns), key=lambda turn: turn.at)),
    )
    return table, rejected + wrong


def _step(row: Raw, zone: str | None) -> ForecastStep:
    at = _time(row, "fxTime", zone)
    return ForecastStep(
        at=at,
        temperature_c=number(row.get("temp")),
        rain_mm=number(row.get("precip")),
        rain_low_mm=number(row.get("precipLow")),
        rain_high_mm=number(row.get("precipHigh")),
        wind_mps=_mps(row, "windSpeed"),
        wind_low_mps=_mps(row, "windSpeedLow"),
        wind_high_mps=_mps(row, "windSpeedHigh"),
        wind_from_deg=number(row.get("wind360")),
        gust_mps=_mps(row, "windGust"),
        visibility_km=number(row.get("vis")),
        text=text(row, "text", limit=50),
    )


def _conditions(row: Raw, zone: str | None) -> Conditions:
    return Conditions(
        at=_time(row, "obsTime", zone),
        temperature_c=number(row.get("temp")),
        temperature_change_c=number(row.get("tempChange24h")),
        rain_mm=number(row.get("precip")),
        rain_before_mm=number(row.get("precipBefore")),
        rain_today_mm=number(row.get("precipToday")),
        wind_mps=_mps(row, "windSpeed"),
        wind_from_deg=number(row.get("wind360")),
        gust_mps=_mps(row, "windGust"),
        visibility_km=number(row.get("vis")),
        pressure_hpa=number(row.get("pressure")),
        pressure_change_hpa=number(row.get("pressureChange3h")),
        humidity_percent=number(row.get("humidity")),
        text=text(row, "text", limit=50),
    )


def _station(row: Raw, office: Office) -> Forecast:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    own_id = identifier(row, "id")
    lon, lat = _position(row, office)
    try:
        now = _conditions(row, office.zone)
    except RecordRejected as bad:  # by the id of the station, which the store knows: it is bad, not gone
        raise RecordRejected(f"{office.key}.{own_id}", bad.reason) from bad
    return Forecast(
        id=f"{office.key}.{own_id}",
        source=office.key,
        form=ForecastForm.STATION,
        name=text(row, "name", limit=100) or own_id,
        name_en=text(row, "nameEn", limit=100),
        department=office.department,
        lon=lon,
        lat=lat,
        issued_at=now.at,
        now=now,
    )


def _tide(row: Raw, office: Office) -> ForecastStep:
    return ForecastStep(at=_time(row, "fxTime", office.zone), tide_m=_height(row))


def _turn(row: Raw, office: Office) -> TideTurn:
    return TideTurn(at=_time(row, "fxTime", office.zone), height_m=_height(row), is_high=row.get("type") == "H")


def _height(row: Raw) -> float:
    height_m = number(row.get("height"))
    if height_m is None:
        raise RecordRejected("?", "no height")
    return height_m


def _time(row: Raw, field: str, zone: str | None) -> datetime:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    at = instant(row.get(field), zone)
    if at is None:
        raise RecordRejected("?", f"no {field}")
    return at


def _mps(row: Raw, field: str) -> float | None:
    kmph = number(row.get(field))
    return None if kmph is None else round(kmph / _KMPH_PER_MPS, 2)


def _list(reply: Raw, field: str) -> list[Any]:
    value = reply.get(field)
    if not isinstance(value, list):
        raise SourceDataError("wrong_shape", f"{field} is not a list")
    return value


def _place(reply: Raw) -> dict[str, Any]:
    place = reply.get("location")
    return place if isinstance(place, dict) else {}


def _position(place: Raw, office: Office) -> tuple[float | None, float | None]:
    return locate([number(place.get("lon"))], [number(place.get("lat"))], office.crs)[0]
