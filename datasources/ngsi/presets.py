"""Mappings for entities of the Smart Data Models (https://smartdatamodels.org), by what they are here.

Each is what a department would write into `[sources.options]`; what it writes there itself comes on top.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from datasources.ngsi.entities import OF_ENTITY

PresetName = Literal["air_quality", "weather", "noise", "water_level", "point_of_interest", "camera", "vehicle"]

_NAMED: Mapping[str, str] = {
    "id": "id",
    "name": "name || alternateName || stationName || id",
    "address": "address_text",
}


def _reading(name: str, unit: str, label: str, *formerly: str) -> dict[str, Any]:
    """One attribute as a quantity; `formerly`: its older names.

    At its own time, else at its entity's. What the broker only wrote some time dates it before what another attribute
    tells: a value of this morning isn't fresh because the position was told a minute ago.
    """
    names = (name, *formerly)
    own, changed = ([f'"{times}".{each}' for each in names] for times in ("@at", "@changed"))
    at = " || ".join([*own, *OF_ENTITY, *changed, "observed_at", "changed_at"])
    return {"value": " || ".join(names), "observed_at": at, "unit": unit, "name": label}


def _sensors(kind: str, **readings: dict[str, Any]) -> dict[str, Any]:
    return {
        "record": "sensor",
        "fields": {**_NAMED, "battery": "batteryLevel"},
        "constants": {"sensor_kind": kind},
        "readings": readings,
    }


PRESETS: Mapping[PresetName, Mapping[str, Any]] = {
    "air_quality": _sensors(
        "pm25",
        pm25=_reading("pm25", "µg/m³", "PM2.5", "PM25"),
        pm10=_reading("pm10", "µg/m³", "PM10", "PM10"),
        no2=_reading("no2", "µg/m³", "NO₂", "NO2"),
        o3=_reading("o3", "µg/m³", "O₃", "O3"),
        so2=_reading("so2", "µg/m³", "SO₂", "SO2"),
        co=_reading("co", "mg/m³", "CO", "CO"),
    ),
    "weather": _sensors(
        "wind",
        windSpeed=_reading("windSpeed", "m/s", "风速"),
        temperature=_reading("temperature", "°C", "气温"),
        relativeHumidity=_reading("relativeHumidity", "", "相对湿度"),
        precipitation=_reading("precipitation", "mm", "降水"),
        atmosphericPressure=_reading("atmosphericPressure", "hPa", "气压"),
    ),
    "noise": _sensors("noise", LAeq=_reading("LAeq", "dB", "等效声级")),
    "water_level": _sensors(
        "river_level", height=_reading("height", "m", "水位"), flow=_reading("flow", "m³/s", "流量")
    ),
    "point_of_interest": {
        "record": "place",
        "fields": {**_NAMED, "place_kind": "category", "phone": "contactPoint.telephone", "capacity": "capacity"},
    },
    "camera": {
        "record": "camera",
        "fields": {**_NAMED, "seen_at": "observed_at", "form": "cameraType"},
        "media": {"hls": "streamURL", "snapshot": "imageSnapshot"},
    },
    "vehicle": {
        "record": "officer",
        "fields": {
            **_NAMED,
            "role": "vehicleType",
            "positioned_at": '"@at".location || observed_at || "@changed".location || changed_at',
            "speed_mps": "speed",
            "heading_deg": "heading || bearing",
        },
        "scale": {"speed_mps": 1 / 3.6},
    },
}


def with_preset(name: PresetName | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options with a preset beneath them; tables are merged key by key, however deep, lists are not."""
    return _laid_over({} if name is None else PRESETS[name], given)


def _laid_over(below: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in given.items():
        lower = merged.get(key)
        if isinstance(lower, Mapping) and isinstance(value, Mapping):
            merged[key] = _laid_over(lower, value)
        else:
            merged[key] = value
    return merged
