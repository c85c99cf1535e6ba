"""The weather: seasons, days, showers, and the storms of the schedule."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np

from simulator.behaviour.noise import Floats, key_of, smooth, uniform
from simulator.behaviour.storm import Storm, storms
from simulator.model import City, Schedule, Weather

ZONE_S = 8 * 3600.0  # Asia/Shanghai has had no summer time since 1991
_SHOWER_S = 6 * 3600.0
_SHOWER_CHANCE = 0.10


class Sky:
    """Weather at any place and moment."""

    def __init__(self, city: City, schedule: Schedule) -> None:
        self.storms = storms(city, schedule)
        self._middle = (city.outline.centroid.x, city.outline.centroid.y)
        self._key = np.array([key_of(f"sky {city.adcode} {city.seed}")], dtype=np.uint64)

    def active(self, time_s: float) -> list[Storm]:
        """Storms whose rain or water is still about."""
        return [storm for storm in self.storms if not storm.is_over(time_s)]

    def strength(self, time_s: Floats) -> Floats:
        """How much of a storm it is anywhere in the district: 0 … 1."""
        result: Floats = np.zeros(np.shape(time_s))
        for storm in self.storms:
            result = np.maximum(result, storm.strength(time_s))
        return result

    def rain(self, time_s: Floats, lon: Floats, lat: Floats) -> Floats:
        """mm/h: storms and now and then a light shower."""
        slot = np.floor(time_s / _SHOWER_S)
        slots = slot.astype(np.int64).astype(np.uint64)
        part = time_s / _SHOWER_S - slot
        heart = 4.0 * uniform(self._key, slots, 2) * np.sin(np.pi * part) ** 2
        result: Floats = np.where(uniform(self._key, slots, 1) < _SHOWER_CHANCE, heart, 0.0)
        for storm in self.storms:
            near = (time_s >= storm.start_s - 3600) & (time_s <= storm.start_s + 18_000)
            if np.any(near):
                result = result + storm.rain(time_s, lon, lat)
        return result

    def weather(self, at: datetime, lon: float | None = None, lat: float | None = None) -> Weather:
        """Conditions at a place, the middle of the district when none is given."""
        time_s = at.timestamp()
        times = np.array([time_s])
        here = (self._middle[0] if lon is None else lon, self._middle[1] if lat is None else lat)
        rain = float(self.rain(times, np.array([here[0]]), np.array([here[1]]))[0])
        storm = float(self.strength(times)[0])
        mood, breeze = (float(smooth(i, self._key, times, 30_000.0)[0]) for i in (3, 4))
        hour = (time_s + ZONE_S) / 3600 % 24
        season = math.cos((at.timetuple().tm_yday - 205) / 365.25 * 2 * math.pi)
        warmth = 17.2 + 11.5 * season + 3.6 * math.cos((hour - 14.5) / 24 * 2 * math.pi) + 1.6 * mood
        wind = max(0.6, 3.4 + 1.1 * breeze + 1.2 * math.sin((hour - 9) / 24 * 2 * math.pi) + 7.0 * storm)
        visibility = max(0.9, (16 + 4 * mood) / (1 + rain / 6))
        text, text_en = _words(rain, mood)
        return Weather(
            at=at,
            temperature_c=round(warmth - 4.2 * storm, 1),
            rain_mmph=round(rain, 1),
            wind_mps=round(wind, 1),
            gust_mps=round(wind * 1.45 + 2.0 * storm, 1),
            wind_from_deg=round((135 + 40 * breeze - 25 * storm) % 360, 0),
            pressure_hpa=round(1012 - 7 * season + 3 * mood - 5 * storm, 1),
            visibility_km=round(visibility, 1),
            humidity_percent=round(min(99.0, 68 - 8 * mood + 26 * storm + (8 if rain > 0.2 else 0)), 0),
            text=text,
            text_en=text_en,
        )


_RAIN_WORDS = (
    (30.0, "大暴雨", "Torrential rain"),
    (15.0, "暴雨", "Heavy rain"),
    (7.0, "大雨", "Rain"),
    (2.5, "中雨", "Moderate rain"),
    (0.1, "小雨", "Light rain"),
)


def _words(rain: float, mood: float) -> tuple[str, str]:
    for limit, text, text_en in _RAIN_WORDS:
        if rain >= limit:
            return text, text_en
    if mood > 0.5:
        return "晴", "Clear"
    return ("多云", "Partly cloudy") if mood > -0.5 else ("阴", "Overcast")
