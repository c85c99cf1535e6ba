"""Weather JSON of the widespread `now` / `hourly` shape (QWeather v7: numbers as text, wind in km/h) to a Forecast."""

from __future__ import annotations

from typing import Any

from datasources.contract import RecordRejected, Rejection, SourceAuthFailed, SourceDataError
from datasources.coordinates import locate
from datasources.fields import Raw, each, instant, number, text
from situation.records import Forecast, ForecastStep

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


def normalise(
    now: dict[str, Any], hourly: dict[str, Any], *, key: str, department: str, crs: str, zone: str | None
) -> tuple[Forecast, list[Rejection]]:
    """One forecast of two replies; steps that can't be read are left out and counted."""
    steps, rejected = each(_list(hourly.get("hourly")), lambda row: _step(row, zone, "fxTime"))
    place = now.get("location") if isinstance(now.get("location"), dict) else {}
    lon, lat = locate([number(_get(place, "lon"))], [number(_get(place, "lat"))], crs)[0]
    conditions = now.get("now")
    return (
        Forecast(
            id=f"{key}.{text(place or {}, 'id', limit=40) or 'here'}",
            source=key,
            name=text(place or {}, "name", limit=100),
            department=department,
            lon=lon,
            lat=lat,
            issued_at=instant(hourly.get("updateTime") or now.get("updateTime"), zone),
            now=_step(conditions, zone, "obsTime") if isinstance(conditions, dict) else None,
            steps=tuple(sorted(steps, key=lambda step: step.at)),
        ),
        rejected,
    )


def _step(row: Raw, zone: str | None, time_field: str) -> ForecastStep:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    at = instant(row.get(time_field), zone)
    if at is None:
        raise RecordRejected("?", f"no {time_field}")
    wind_kmph = number(row.get("windSpeed"))
    return ForecastStep(
        at=at,
        temperature_c=number(row.get("temp")),
        rain_mm=number(row.get("precip")),
        wind_mps=None if wind_kmph is None else round(wind_kmph / _KMPH_PER_MPS, 2),
        wind_from_deg=number(row.get("wind360")),
        text=text(row, "text", limit=50),
    )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise SourceDataError("wrong_shape", "hourly is not a list")
    return value


def _get(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else None
