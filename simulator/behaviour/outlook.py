"""What the weather office expects: the weather as it will be, less certain the further ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from simulator.behaviour.noise import keys_of, smooth
from simulator.behaviour.sky import ZONE_S, Sky
from simulator.model import City, Weather

ISSUED_EVERY_S = 3 * 3600.0
HOURS = 72
_SAMPLES = 6  # of the rain within an hour
_WIND, _RAIN = 171, 172


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One hour from `weather.at`; low and high bound what is likely (10 to 90 %). Rain in mm of that hour."""

    weather: Weather
    rain_mm: float
    rain_low_mm: float
    rain_high_mm: float
    wind_mps: float
    wind_low_mps: float
    wind_high_mps: float
    gust_mps: float


class Outlook:
    """The forecasts of a district's weather office."""

    def __init__(self, city: City, sky: Sky) -> None:
        self._sky = sky
        self._key = keys_of([f"outlook {city.adcode} {city.seed}"])
        self._middle = (city.outline.centroid.x, city.outline.centroid.y)

    @staticmethod
    def issued_at(at: datetime) -> datetime:
        """When the forecast that holds at a moment was issued: every three hours from 02:00 local time."""
        local_s = at.timestamp() + ZONE_S - 2 * 3600
        return datetime.fromtimestamp(local_s // ISSUED_EVERY_S * ISSUED_EVERY_S - ZONE_S + 2 * 3600, UTC)

    def expected(self, at: datetime) -> list[Expected]:
        """72 hours from the next full hour on, as of the newest issue."""
        issued_at = self.issued_at(at)
        first = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        hours = [first + timedelta(hours=step) for step in range(HOURS)]
        times = np.array([hour.timestamp() for hour in hours])
        ahead_h = (times - issued_at.timestamp()) / 3600
        spread = np.minimum(0.07 + 0.009 * ahead_h, 0.6)
        rain = self._rain(times)
        issue = np.uint64(issued_at.timestamp() // ISSUED_EVERY_S)
        error = spread * smooth(_WIND, self._key + issue, times, 6 * 3600.0)
        rain_error = 1.6 * spread * smooth(_RAIN, self._key + issue, times, 5 * 3600.0)
        result = []
        for index, hour in enumerate(hours):
            truth = self._sky.weather(hour)
            wind = max(0.5, truth.wind_mps * (1 + 0.4 * float(error[index])))
            fall = max(0.0, float(rain[index]) * (1 + 0.5 * float(rain_error[index])))
            wide = 1.28 * float(spread[index])
            result.append(
                Expected(
                    weather=truth,
                    rain_mm=round(fall, 1),
                    rain_low_mm=round(max(0.0, fall * (1 - 1.5 * wide)), 1),
                    rain_high_mm=round(fall * (1 + 1.5 * wide), 1),
                    wind_mps=round(wind, 1),
                    wind_low_mps=round(wind * (1 - wide), 1),
                    wind_high_mps=round(wind * (1 + wide), 1),
                    gust_mps=round(wind * truth.gust_mps / max(truth.wind_mps, 0.1), 1),
                )
            )
        return result

    def _rain(self, times: np.typing.NDArray[np.float64]) -> np.typing.NDArray[np.float64]:
        inside = times[:, None] + (np.arange(_SAMPLES) + 0.5) * 3600 / _SAMPLES
        lon, lat = (np.full(inside.size, part) for part in self._middle)
        rates = self._sky.rain(inside.ravel(), lon, lat).reshape(inside.shape)
        result: np.typing.NDArray[np.float64] = rates.mean(axis=1)
        return result
