"""Storms: cells of rain that cross the district from south-west to north-east, and the water they leave behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.behaviour.noise import Floats
from simulator.behaviour.schedule import LASTS_S
from simulator.model import City, Schedule, StorylineKind

MINUTE = 60.0
RAIN_LASTS_S = 270 * MINUTE
_CELLS = (
    # when it passes the target (minutes), how far beside it passes, radius (both in district radii), mm/h at its heart
    (32.0, 0.00, 0.22, 37.0),
    (78.0, 0.45, 0.25, 36.0),
    (112.0, -0.28, 0.22, 42.0),
    (165.0, 0.70, 0.30, 28.0),
    (215.0, 0.10, 0.35, 14.0),
)
_CROSSES_IN_S = 75 * MINUTE  # a cell needs this long for one district radius
_STEP_S = 120.0


@dataclass(frozen=True, slots=True)
class Storm:
    """One storm. `lon`/`lat` is its target, where it is first at its worst; `radius_deg` half the district."""

    start_s: float
    lon: float
    lat: float
    radius_deg: float
    target: str

    def strength(self, time_s: Floats) -> Floats:
        """0 before and after, 1 at its height."""
        minutes = (time_s - self.start_s) / MINUTE
        rise, fall = np.clip(minutes / 25, 0, 1), np.clip((270 - minutes) / 120, 0, 1)
        result: Floats = rise * rise * (3 - 2 * rise) * fall * fall * (3 - 2 * fall)
        return result

    def rain(self, time_s: Floats, lon: Floats, lat: Floats) -> Floats:
        """mm/h at places and moments (arrays broadcast)."""
        east = (lon - self.lon) * np.cos(np.radians(self.lat)) / self.radius_deg
        north = (lat - self.lat) / self.radius_deg
        along, aside = (east + north) / np.sqrt(2), (north - east) / np.sqrt(2)
        total = 5.0 + np.zeros(np.broadcast(time_s, lon).shape)
        for minutes, beside, radius, heart in _CELLS:
            passed = (time_s - self.start_s - minutes * MINUTE) / _CROSSES_IN_S
            far = ((along - passed) ** 2 + (aside - beside) ** 2) / (2 * radius**2)
            total = total + heart * np.exp(-far)
        result: Floats = total * self.strength(time_s)
        return result

    def is_over(self, time_s: float) -> bool:
        """Whether even the rivers have gone down."""
        return not self.start_s <= time_s <= self.start_s + LASTS_S[StorylineKind.STORM]


def storms(city: City, schedule: Schedule) -> tuple[Storm, ...]:
    """Every storm of the schedule; one without a target has the middle of the district."""
    west, south, east, north = city.outline.bounds
    places = {place.code: (place.lon, place.lat) for place in city.places}
    middle = (city.outline.centroid.x, city.outline.centroid.y)
    radius = max(north - south, east - west) / 2
    result = []
    for storyline in schedule.storylines:
        if storyline.kind is StorylineKind.STORM:
            lon, lat = places.get(storyline.target, middle)
            result.append(Storm(storyline.start_at.timestamp(), lon, lat, radius, storyline.target))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Runoff:
    """Rain that has run together at each place: the rain of a storm, late by `lag_s` and smoothed over `drain_s`."""

    start_s: float
    table: Floats  # (places, steps), mm/h

    @classmethod
    def of(cls, storm: Storm, lon: Floats, lat: Floats, lag_s: float, drain_s: float) -> Runoff:
        """The whole storm for these places."""
        steps = np.arange(0, LASTS_S[StorylineKind.STORM] + _STEP_S, _STEP_S)
        rain = storm.rain(storm.start_s + steps[None, :] - lag_s, lon[:, None], lat[:, None])
        table = np.zeros_like(rain)
        keep = np.exp(-_STEP_S / drain_s)
        for step in range(1, len(steps)):
            table[:, step] = table[:, step - 1] * keep + rain[:, step] * (1 - keep)
        return cls(storm.start_s, table)

    def at(self, row: NDArray[np.int64], time_s: Floats) -> Floats:
        """mm/h at rows of the table and moments, interpolated; 0 outside the storm."""
        position = (time_s - self.start_s) / _STEP_S
        inside = (position >= 0) & (position < self.table.shape[1] - 1)
        step = np.where(inside, np.floor(position), 0).astype(int)
        part = position - step
        value = self.table[row, step] * (1 - part) + self.table[row, step + 1] * part
        result: Floats = np.where(inside, value, 0.0)
        return result
