"""Automatic weather stations: one in each street and one where the river is widest; now and then one falls silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from simulator.behaviour.noise import Floats, happening, keys_of, normal, uniform
from simulator.behaviour.sky import ZONE_S, Sky
from simulator.model import City, Weather

REPORTS_EVERY_S = 300.0
HOUR_S = 3600.0
_SILENT_IN_STORM_S = (22 * 60.0, 170 * 60.0)  # after it began: from, to
_OPEN_WATER = 1.28  # how much more the wind blows there
_SILENCE = 161
_EXPOSURE = 162
_UNRULY = 163


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """Where a station stands."""

    code: str
    name: str
    name_en: str
    lon: float
    lat: float
    is_on_water: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StationReport:
    """What a station says at `weather.at`: rain in mm of the hours before, changes against three hours and a day."""

    station: Station
    weather: Weather
    rain_mm: float
    rain_before_mm: float
    rain_today_mm: float
    pressure_change_hpa: float
    temperature_change_c: float


class Stations:
    """The stations of a district and what each last reported."""

    def __init__(self, city: City, sky: Sky) -> None:
        self._sky = sky
        self.stations = _stations(city)
        self._keys = keys_of(f"station {station.code} {city.seed}" for station in self.stations)
        self._lon = np.array([station.lon for station in self.stations])
        self._lat = np.array([station.lat for station in self.stations])

    def reports(self, at: datetime) -> list[StationReport]:
        """The last report of every station; one that is silent still has its last one."""
        now_s = at.timestamp()
        until = np.fmin(self._silent_since(now_s), now_s)
        times = np.floor(until / REPORTS_EVERY_S) * REPORTS_EVERY_S
        return [self._report(index, time_s) for index, time_s in enumerate(times.tolist())]

    def _silent_since(self, now_s: float) -> Floats:
        since = happening(_SILENCE, self._keys, np.full(len(self._keys), now_s), 0.02, (1 * HOUR_S, 6 * HOUR_S))
        first, last = _SILENT_IN_STORM_S
        for storm in self._sky.storms:
            if len(since) > 1 and first <= now_s - storm.start_s < last:
                struck = len(since) // 2
                since[struck] = np.fmin(since[struck], storm.start_s + first)
        return since

    def _report(self, index: int, time_s: float) -> StationReport:
        station = self.stations[index]
        at = datetime.fromtimestamp(time_s, UTC)
        weather = self._weather(index, at)
        rain = self._rain(index, time_s)
        per_hour = int(HOUR_S / REPORTS_EVERY_S)
        return StationReport(
            station=station,
            weather=weather,
            rain_mm=round(float(rain[-per_hour:].sum()), 1),
            rain_before_mm=round(float(rain[-2 * per_hour : -per_hour].sum()), 1),
            rain_today_mm=round(float(rain[-_slots_today(time_s) :].sum()), 1),
            pressure_change_hpa=round(
                weather.pressure_hpa - self._weather(index, at - timedelta(hours=3)).pressure_hpa, 1
            ),
            temperature_change_c=round(
                weather.temperature_c - self._weather(index, at - timedelta(days=1)).temperature_c, 1
            ),
        )

    def _rain(self, index: int, time_s: float) -> Floats:
        """mm in each slot of the last day, the newest last."""
        slots = int(26 * HOUR_S / REPORTS_EVERY_S)
        times: Floats = time_s - (np.arange(slots, 0, -1, dtype=np.float64) - 0.5) * REPORTS_EVERY_S
        rates = self._sky.rain(times, np.full(slots, self._lon[index]), np.full(slots, self._lat[index]))
        result: Floats = rates * REPORTS_EVERY_S / HOUR_S
        return result

    def _weather(self, index: int, at: datetime) -> Weather:
        station, key = self.stations[index], self._keys[index : index + 1]
        here = self._sky.weather(at, station.lon, station.lat)
        exposure = _OPEN_WATER if station.is_on_water else 0.74 + 0.34 * float(uniform(_EXPOSURE, key)[0])
        slot = int(at.timestamp() // REPORTS_EVERY_S)
        draws = [float(normal(_UNRULY, key, slot, part)[0]) for part in range(4)]
        return Weather(
            at=at,
            temperature_c=round(here.temperature_c + 0.25 * draws[0], 1),
            rain_mmph=here.rain_mmph,
            wind_mps=round(max(0.2, here.wind_mps * exposure * (1 + 0.05 * draws[1])), 1),
            gust_mps=round(max(0.4, here.gust_mps * exposure * (1 + 0.06 * draws[2])), 1),
            wind_from_deg=round((here.wind_from_deg + 9 * draws[3]) % 360),
            pressure_hpa=here.pressure_hpa,
            visibility_km=here.visibility_km,
            humidity_percent=here.humidity_percent,
            text=here.text,
            text_en=here.text_en,
        )


def _slots_today(time_s: float) -> int:
    """How many slots of today are over; at least one, so that midnight has an answer."""
    return max(1, round(((time_s + ZONE_S) % 86_400) / REPORTS_EVERY_S))


def _stations(city: City) -> tuple[Station, ...]:
    inland = [
        Station(
            code=f"A{area.code[-6:]}",
            name=area.name,
            name_en=area.name_en,
            lon=round(area.shape.representative_point().x, 4),
            lat=round(area.shape.representative_point().y, 4),
            is_on_water=False,
        )
        for area in city.areas
        if area.kind == "street"
    ]
    wharf = next((place for place in city.places if place.kind == "wharf"), None)
    if wharf is None:
        return tuple(inland)
    east = round(wharf.lon + 0.004, 4)
    at_water = Station(
        code=f"B{wharf.code}",
        name=f"{wharf.name}站",
        name_en=f"{wharf.name_en} station",
        lon=east,
        lat=round(wharf.lat, 4),
        is_on_water=True,
    )
    return (*inland, at_water)
