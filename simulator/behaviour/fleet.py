"""The sensors of one kind as columns, and what reaches them of storms and storylines."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.behaviour.noise import Floats, Keys
from simulator.behaviour.sky import Sky
from simulator.behaviour.storm import Runoff
from simulator.model import CitySensor, Schedule, StorylineKind

Ints = NDArray[np.int64]
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Fleet:
    """All sensors of one kind as columns. `seat` is the code of the place they stand at, `height_m` their ground."""

    sky: Sky
    schedule: Schedule
    kind: str
    keys: Keys
    lon: Floats
    lat: Floats
    height_m: Floats
    codes: NDArray[np.str_]
    seat: NDArray[np.str_]
    is_sluice: NDArray[np.bool_]
    _runoffs: dict[int, Runoff] = field(default_factory=dict)

    @classmethod
    def of(
        cls, kind: str, sensors: list[CitySensor], keys: Keys, heights: list[float], sky: Sky, schedule: Schedule
    ) -> Fleet:
        """From the city's sensors of this kind."""
        return cls(
            sky,
            schedule,
            kind,
            keys,
            np.array([sensor.lon for sensor in sensors]),
            np.array([sensor.lat for sensor in sensors]),
            np.array(heights),
            np.array([sensor.code for sensor in sensors]),
            np.array([sensor.place for sensor in sensors]),
            np.array(["闸水位" in sensor.name for sensor in sensors]),
        )

    def runoff(self, row: Ints, time_s: Floats, lag_s: float, drain_s: float) -> Floats:
        """Smoothed rain, mm/h."""
        total = np.zeros(np.broadcast(row, time_s).shape)
        for number, storm in enumerate(self.sky.storms):
            if np.all((time_s < storm.start_s) | (time_s > storm.start_s + 10 * HOUR)):
                continue
            if number not in self._runoffs:
                self._runoffs[number] = Runoff.of(storm, self.lon, self.lat, lag_s, drain_s)
            total = total + self._runoffs[number].at(row, time_s)
        return total

    def strikes(self, kind: StorylineKind, row: Ints, time_s: Floats) -> Floats:
        """Seconds since the storyline of this kind that hit this sensor or its place began; NaN when none did."""
        since = np.full(np.broadcast(row, time_s).shape, np.nan)
        for storyline in self.schedule.storylines:
            if storyline.kind is not kind or not storyline.target:
                continue
            after = time_s - storyline.start_at.timestamp()
            is_hit = (self.codes[row] == storyline.target) | (self.seat[row] == storyline.target)
            since = np.where(is_hit & (after >= 0) & (after < 6 * HOUR), after, since)
        return since
