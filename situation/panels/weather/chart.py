"""Rain and wind on the map: every station's report, each street's hour of rain, and the warned ground."""

from __future__ import annotations

from collections import defaultdict

from situation.live import Moment
from situation.live.columns import epoch_ms
from situation.panels.definition import Values
from situation.panels.warnings import ground_of, ordered_warnings, polygons_of
from situation.panels.weather.gauges import limit_of
from situation.panels.weather.stations import StationNow, stations

RAIN_CLASSES_MM = (0.1, 2.5, 8.0, 16.0, 40.0)
"""Where the classes of an hour's rain begin in common use: moderate from 2.5, heavy 8, torrential 16."""


def build_map(moment: Moment) -> Values:
    """Stations, streets and warned areas; a street without a fresh station is unknown, not dry."""
    found = stations(moment)
    rain: dict[str, list[float]] = defaultdict(list)
    for station in found:
        if station.is_fresh and station.now.rain_mm is not None and station.record.street_code:
            rain[station.record.street_code].append(station.now.rain_mm)
    streets = [street.code for street in moment.streets]
    return {
        "stations": [_station(station) for station in found],
        "streets": {code: round(sum(rain[code]) / len(rain[code]), 1) if rain[code] else None for code in streets},
        "classes": list(RAIN_CLASSES_MM),
        "limits": {"rain": limit_of(moment, "rain_gauge"), "gust": limit_of(moment, "wind")},
        "areas": _areas(moment),
    }


def _station(station: StationNow) -> Values:
    record, now = station.record, station.now
    return {
        "id": record.id,
        "name": record.name,
        "name_en": record.name_en,
        "lon": record.lon,
        "lat": record.lat,
        "street": record.street_code,
        "at": epoch_ms(now.at),
        "is_fresh": station.is_fresh,
        "rain": now.rain_mm,
        "wind": now.wind_mps,
        "wind_from": now.wind_from_deg,
        "gust": now.gust_mps,
        "visibility": now.visibility_km,
    }


def _areas(moment: Moment) -> list[Values]:
    """Grounds of the warnings that do not hold for the whole district: an outline of everything says nothing."""
    streets = {street.code for street in moment.streets}
    found = []
    for warning in ordered_warnings(moment):
        ground = ground_of(moment, warning)
        if not warning.is_actual or ground.geometry is None or streets <= set(ground.codes):
            continue
        found.append(
            {
                "id": warning.id,
                "event": warning.event,
                "event_en": warning.headline_en,
                "level": warning.level.value,
                "codes": list(ground.codes),
                "polygons": polygons_of(ground.geometry),
            }
        )
    return found
