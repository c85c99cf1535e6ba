"""A weather office's JSON service: conditions, a 72-hour forecast, the reports of its stations, a tide table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.behaviour import tide
from simulator.behaviour.outlook import ISSUED_EVERY_S, Expected, Outlook
from simulator.behaviour.stations import StationReport
from simulator.model import Weather
from simulator.upstreams.context import SHANGHAI, Upstream, zoned_text
from simulator.upstreams.reply import json_reply

_REPORTS_EVERY = timedelta(minutes=5)
_HOURS = 24


def routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """`/v7/weather/now` and `/v7/weather/72h` for the middle of the district, its stations, and the tide of a day."""
    centre = upstream.city.outline.representative_point()

    def now(request: Request) -> Response:
        weather = upstream.behaviour.weather(_report_time(upstream))
        return json_reply(
            {**_envelope(upstream), "location": _location(upstream, centre.x, centre.y), "now": _observed(weather)}
        )

    def forecast(request: Request) -> Response:
        at = upstream.now()
        issued_at = Outlook.issued_at(at)
        return json_reply(
            {
                **_envelope(upstream),
                "updateTime": zoned_text(issued_at),
                "nextUpdateTime": zoned_text(issued_at + timedelta(seconds=ISSUED_EVERY_S)),
                "location": _location(upstream, centre.x, centre.y),
                "hourly": [_expected(hour) for hour in upstream.behaviour.expected(at)],
            }
        )

    def stations(request: Request) -> Response:
        reports = upstream.behaviour.station_reports(upstream.now())
        return json_reply({**_envelope(upstream), "stations": [_report(report) for report in reports]})

    def tides(request: Request) -> Response:
        day = _day(request.query_params.get("date"), upstream.now())
        wharf = next((place for place in upstream.city.places if place.kind == "wharf"), None)
        if wharf is None or day is None:
            return json_reply({"code": "404" if wharf is None else "400"})
        place = {
            "id": f"T{upstream.city.adcode}",
            "name": wharf.name,
            "nameEn": wharf.name_en,
            "lon": f"{wharf.lon:.4f}",
            "lat": f"{wharf.lat:.4f}",
        }
        return json_reply({**_envelope(upstream), "location": place, **_tide(day)})

    return [
        Route("/v7/weather/now", now),
        Route("/v7/weather/72h", forecast),
        Route("/v7/weather/stations", stations),
        Route("/v7/ocean/tide", tides),
    ]


def _report_time(upstream: Upstream) -> Any:
    at = upstream.now()
    return at - timedelta(seconds=at.timestamp() % _REPORTS_EVERY.total_seconds())


def _envelope(upstream: Upstream) -> dict[str, Any]:
    return {"code": "200", "updateTime": zoned_text(_report_time(upstream))}


def _location(upstream: Upstream, lon: float, lat: float) -> dict[str, Any]:
    city = upstream.city
    names = {"id": city.adcode, "name": city.name, "nameEn": city.name_en}
    return {**names, "lon": f"{lon:.4f}", "lat": f"{lat:.4f}"}


def _observed(weather: Weather) -> dict[str, str]:
    return {
        "obsTime": zoned_text(weather.at),
        "temp": f"{weather.temperature_c:.1f}",
        "text": weather.text,
        "textEn": weather.text_en,
        "wind360": f"{weather.wind_from_deg:.0f}",
        "windSpeed": _kmph(weather.wind_mps),
        "windGust": _kmph(weather.gust_mps),
        "humidity": f"{weather.humidity_percent:.0f}",
        "precip": f"{weather.rain_mmph:.1f}",
        "pressure": f"{weather.pressure_hpa:.1f}",
        "vis": f"{weather.visibility_km:.1f}",
    }


def _kmph(mps: float) -> str:
    return f"{mps * 3.6:.1f}"


def _expected(hour: Expected) -> dict[str, str]:
    observed = _observed(hour.weather)
    return {
        "fxTime": observed.pop("obsTime"),
        **observed,
        "windSpeed": _kmph(hour.wind_mps),
        "windSpeedLow": _kmph(hour.wind_low_mps),
        "windSpeedHigh": _kmph(hour.wind_high_mps),
        "windGust": _kmph(hour.gust_mps),
        "precip": f"{hour.rain_mm:.1f}",
        "precipLow": f"{hour.rain_low_mm:.1f}",
        "precipHigh": f"{hour.rain_high_mm:.1f}",
    }


def _report(report: StationReport) -> dict[str, str]:
    station = report.station
    return {
        "id": station.code,
        "name": station.name,
        "nameEn": station.name_en,
        "lon": f"{station.lon:.4f}",
        "lat": f"{station.lat:.4f}",
        **_observed(report.weather),
        "precip": f"{report.rain_mm:.1f}",
        "precipBefore": f"{report.rain_before_mm:.1f}",
        "precipToday": f"{report.rain_today_mm:.1f}",
        "pressureChange3h": f"{report.pressure_change_hpa:.1f}",
        "tempChange24h": f"{report.temperature_change_c:.1f}",
    }


def _day(text: str | None, now: datetime) -> datetime | None:
    """Local midnight of `20261122`, of today without it; None when it is no date."""
    if text is None:
        return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


def _tide(day: datetime) -> dict[str, Any]:
    hours = [day + timedelta(hours=hour) for hour in range(_HOURS)]
    heights = tide.height(np.array([hour.timestamp() for hour in hours])).tolist()
    turns = tide.turns(hours[0].timestamp(), (day + timedelta(days=1)).timestamp())
    return {
        "tideTable": [
            {
                "fxTime": zoned_text(datetime.fromtimestamp(at_s, UTC)),
                "height": f"{height_m:.2f}",
                "type": "H" if is_high else "L",
            }
            for at_s, height_m, is_high in turns
        ],
        "tideHourly": [
            {"fxTime": zoned_text(hour), "height": f"{height_m:.2f}"}
            for hour, height_m in zip(hours, heights, strict=True)
        ],
    }
