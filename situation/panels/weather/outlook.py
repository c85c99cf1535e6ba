"""The next 72 hours: rain, wind and tide as forecast, with what is likely around them and the limits that matter."""

from __future__ import annotations

from datetime import datetime, timedelta

from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.panels.definition import Values
from situation.panels.weather.gauges import limit_of
from situation.panels.weather.stations import forecasts
from situation.records import Forecast, ForecastForm, ForecastStep

AHEAD = timedelta(hours=72)
DAY = timedelta(hours=24)
WARNING_TIDE = 2
"""Level of the tide gauges' limit that is drawn: the warning level 警戒潮位."""


def build_forecast(moment: Moment) -> Values:
    """The forecast with most hours ahead, and the first tide table; what nobody forecasts is empty."""
    offered = forecasts(moment, ForecastForm.FORECAST)
    forecast = max(offered, key=lambda row: len(_ahead(row, moment.at)), default=None)
    steps = _ahead(forecast, moment.at) if forecast else []
    table = next(iter(forecasts(moment, ForecastForm.TIDE)), None)
    return {
        "name": forecast.name if forecast else "",
        "name_en": forecast.name_en if forecast else "",
        "issued_at": _ms(forecast.issued_at) if forecast else None,
        "steps": [_step(step) for step in steps],
        "days": [_day(steps, moment.at + day * DAY) for day in range(3)] if steps else [],
        "tide": _tide(table, moment.at),
        "limits": {
            "rain": limit_of(moment, "rain_gauge"),
            "gust": limit_of(moment, "wind"),
            "tide": limit_of(moment, "tide_level", WARNING_TIDE),
        },
    }


def _ahead(forecast: Forecast, at: datetime) -> list[ForecastStep]:
    return [step for step in forecast.steps if at - timedelta(hours=1) < step.at <= at + AHEAD]


def _step(step: ForecastStep) -> list[float | int | None]:
    """Time; rain with its low and high; wind with its low and high; gust; direction."""
    return [
        epoch_ms(step.at),
        step.rain_mm,
        step.rain_low_mm,
        step.rain_high_mm,
        step.wind_mps,
        step.wind_low_mps,
        step.wind_high_mps,
        step.gust_mps,
        step.wind_from_deg,
    ]


def _day(steps: list[ForecastStep], since: datetime) -> list[float | int | None]:
    """The rain of 24 hours, and of how many of them it is known."""
    known = [step.rain_mm for step in steps if since <= step.at < since + DAY and step.rain_mm is not None]
    return [round(sum(known), 1) if known else None, len(known)]


def _tide(table: Forecast | None, at: datetime) -> Values | None:
    if table is None:
        return None
    since, until = at - timedelta(hours=1), at + AHEAD
    return {
        "name": table.name,
        "name_en": table.name_en,
        "steps": [[epoch_ms(step.at), step.tide_m] for step in table.steps if since <= step.at <= until],
        "turns": [[epoch_ms(turn.at), turn.height_m, turn.is_high] for turn in table.turns if at <= turn.at <= until],
    }


def _ms(at: datetime | None) -> int | None:
    value = epoch_ms(at)
    return None if value == NO_TIME else value
