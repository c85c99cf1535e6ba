"""Conditions now: the extremes of the stations and where they are, each with what it is compared with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from situation.live import Moment
from situation.live.columns import epoch_ms
from situation.panels.definition import Values
from situation.panels.weather.gauges import limit_of
from situation.panels.weather.stations import Extreme, StationNow, extreme, mean, stations
from situation.records import Conditions

MOST_LATE = 6


def build_now(moment: Moment) -> Values:
    """The six figures of the district's weather; a station that fell silent is named and left out of them."""
    found = stations(moment)
    late = [station for station in found if not station.is_fresh]
    return {
        "stations": [len(found) - len(late), len(found)],
        "late": [_late(station) for station in late[:MOST_LATE]],
        "rain": _extreme(extreme(found, lambda now: now.rain_mm), limit_of(moment, "rain_gauge"), rain_before),
        "rain_today": _rain_today(found),
        "gust": _extreme(extreme(found, lambda now: now.gust_mps), limit_of(moment, "wind")),
        "visibility": _extreme(extreme(found, lambda now: now.visibility_km, min), limit_of(moment, "visibility")),
        "pressure": _mean(found, lambda now: now.pressure_hpa, lambda now: now.pressure_change_hpa),
        "temperature": _mean(found, lambda now: now.temperature_c, lambda now: now.temperature_change_c),
    }


def rain_before(now: Conditions) -> float | None:
    """What fell in the hour before the last one."""
    return now.rain_before_mm


def station_values(station: StationNow) -> Values:
    """Who a station is, for a panel that names it."""
    record = station.record
    return {"id": record.id, "name": record.name, "name_en": record.name_en}


def _late(station: StationNow) -> Values:
    return {**station_values(station), "at": epoch_ms(station.now.at)}


def _extreme(
    found: Extreme | None, limit: float | None, before: Callable[[Conditions], float | None] | None = None
) -> Values | None:
    if found is None:
        return None
    values: dict[str, Any] = {"value": found.value, **station_values(found.station), "limit": limit}
    if before is not None:
        values["before"] = before(found.station.now)
    return values


def _rain_today(found: list[StationNow]) -> Values | None:
    average = mean(found, lambda now: now.rain_today_mm)
    most = extreme(found, lambda now: now.rain_today_mm)
    if average is None or most is None:
        return None
    return {"value": round(average, 1), **station_values(most.station), "most": most.value}


def _mean(
    found: list[StationNow],
    read: Callable[[Conditions], float | None],
    read_change: Callable[[Conditions], float | None],
) -> Values | None:
    average, change = mean(found, read), mean(found, read_change)
    if average is None:
        return None
    return {"value": round(average, 1), "change": None if change is None else round(change, 1)}
