"""Current conditions and a 72-hour forecast as a weather office's JSON service gives them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.model import Weather
from simulator.upstreams.context import Upstream, zoned_text
from simulator.upstreams.reply import json_reply

_REPORTS_EVERY = timedelta(minutes=5)


def routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """`/v7/weather/now` and `/v7/weather/72h`, for the middle of the district."""
    centre = upstream.city.outline.representative_point()

    def now(request: Request) -> Response:
        at = _report_time(upstream)
        weather = upstream.behaviour.weather(at)
        return json_reply(
            {**_envelope(upstream), "location": _location(upstream, centre.x, centre.y), "now": _observed(weather)}
        )

    def forecast(request: Request) -> Response:
        steps = upstream.behaviour.forecast(_report_time(upstream))
        return json_reply(
            {
                **_envelope(upstream),
                "location": _location(upstream, centre.x, centre.y),
                "hourly": [_step(weather) for weather in steps],
            }
        )

    return [Route("/v7/weather/now", now), Route("/v7/weather/72h", forecast)]


def _report_time(upstream: Upstream) -> Any:
    at = upstream.now()
    return at - timedelta(seconds=at.timestamp() % _REPORTS_EVERY.total_seconds())


def _envelope(upstream: Upstream) -> dict[str, Any]:
    return {"code": "200", "updateTime": zoned_text(_report_time(upstream))}


def _location(upstream: Upstream, lon: float, lat: float) -> dict[str, Any]:
    return {"id": upstream.city.adcode, "name": upstream.city.name, "lon": f"{lon:.4f}", "lat": f"{lat:.4f}"}


def _observed(weather: Weather) -> dict[str, str]:
    return {
        "obsTime": zoned_text(weather.at),
        "temp": f"{weather.temperature_c:.1f}",
        "text": weather.text,
        "textEn": weather.text_en,
        "wind360": f"{weather.wind_from_deg:.0f}",
        "windSpeed": f"{weather.wind_mps * 3.6:.1f}",
        "windGust": f"{weather.gust_mps * 3.6:.1f}",
        "humidity": f"{weather.humidity_percent:.0f}",
        "precip": f"{weather.rain_mmph:.1f}",
        "pressure": f"{weather.pressure_hpa:.1f}",
        "vis": f"{weather.visibility_km:.1f}",
    }


def _step(weather: Weather) -> dict[str, str]:
    observed = _observed(weather)
    return {"fxTime": observed.pop("obsTime"), **observed}
