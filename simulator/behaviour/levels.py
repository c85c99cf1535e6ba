"""What each kind of sensor reads: one row of `LEVELS` per kind and quantity, one function of time each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.behaviour import tide
from simulator.behaviour.fleet import HOUR, Fleet, Ints
from simulator.behaviour.noise import Floats, happening, normal, smooth, uniform
from simulator.behaviour.sky import ZONE_S
from simulator.behaviour.storm import MINUTE
from simulator.model import StorylineKind

TARGET_DEPTH_CM, TARGET_AFTER_S = 42.0, 40 * MINUTE  # the storm's underpass when the demonstration begins
_FULL_CM = 85.0


Level = Callable[[Fleet, Ints, Floats], Floats]


def _rounded(values: Any, decimals: int = 0) -> Floats:
    """As a device reports it."""
    return np.asarray(np.round(values, decimals), dtype=np.float64)


def _hour(time_s: Floats) -> Floats:
    result: Floats = (time_s + ZONE_S) / HOUR % 24
    return result


def _jitter(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    return normal(71, fleet.keys[row], time_s.astype(np.int64).astype(np.uint64))


def _pulse(after_s: Floats, rise_s: float, hold_s: float, fall_s: float) -> Floats:
    """0 → 1 → 0; 0 where `after_s` is NaN."""
    up = np.clip(after_s / rise_s, 0, 1)
    down = np.clip((rise_s + hold_s + fall_s - after_s) / fall_s, 0, 1)
    result: Floats = np.nan_to_num(np.minimum(up, down))
    return result


def _blip(fleet: Fleet, row: Ints, time_s: Floats, chance: float, minutes: tuple[float, float]) -> NDArray[np.bool_]:
    """Now and then something happens by itself."""
    lasts = (minutes[0] * MINUTE, minutes[1] * MINUTE)
    result: NDArray[np.bool_] = ~np.isnan(happening(72, fleet.keys[row], time_s, chance, lasts))
    return result


def _ponding(fleet: Fleet, row: Ints, time_s: Floats, gain: float, drain_s: float) -> Floats:
    """Water on the road: none until the drains are full, deeper on low ground."""
    low = np.clip(1.7 - 0.5 * (fleet.height_m[row] - 2.4), 0.5, 1.8)
    gains = gain * low * np.exp(0.42 * normal(73, fleet.keys[row]))
    over = np.maximum(fleet.runoff(row, time_s, 4 * MINUTE, drain_s) - 5.0, 0.0)
    depth = gains * over
    for storm in fleet.sky.storms:
        is_target = (fleet.seat[row] == storm.target) & (storm.target != "")
        if not np.any(is_target):
            continue
        then = fleet.runoff(row, np.full(len(row), storm.start_s + TARGET_AFTER_S), 4 * MINUTE, drain_s)
        wanted = -_FULL_CM * np.log(1 - TARGET_DEPTH_CM / _FULL_CM)
        certain = wanted / np.maximum(then - 5.0, 0.5)
        near = np.abs(time_s - storm.start_s - 5 * HOUR) < 5.5 * HOUR
        depth = np.where(is_target & near, certain * over, depth)
    full = _FULL_CM * (1 - np.exp(-depth / _FULL_CM))
    damp = np.maximum(0.12 * _jitter(fleet, row, time_s), 0)
    return _rounded(full + damp + 0.25 * damp * (full > 1), 1)


def _underpass(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    return _ponding(fleet, row, time_s, 0.34, 35 * MINUTE)


def _road_water(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    return _ponding(fleet, row, time_s, 0.24, 25 * MINUTE)


def _river(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    """Tide near the mouth, rain late; sluices of the main river are the ones to watch."""
    keys = fleet.keys[row]
    base = np.where(fleet.is_sluice[row], 2.84, 2.45 + 0.11 * normal(75, keys))
    tide = 0.05 * np.sin(time_s / 44_714 * 2 * np.pi + 6 * uniform(76, keys))
    water = fleet.runoff(row, time_s, 15 * MINUTE, 140 * MINUTE)
    rise = 0.62 * np.exp(0.16 * normal(77, keys)) * (1 - np.exp(-water / 13))
    for storm in fleet.sky.storms:
        near = np.abs(time_s - storm.start_s - 5 * HOUR) < 5 * HOUR
        if not np.any(near & fleet.is_sluice[row]):
            continue
        then = fleet.runoff(row, np.full(len(row), storm.start_s + TARGET_AFTER_S), 15 * MINUTE, 140 * MINUTE)
        watched = 0.33 * (1 - np.exp(-water / 4)) / np.maximum(1 - np.exp(-then / 4), 0.12)
        rise = np.where(fleet.is_sluice[row] & near, watched, rise)
    return _rounded(base + tide + rise + 0.004 * _jitter(fleet, row, time_s), 3)


def _rain_gauge(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    rain = fleet.sky.rain(time_s, fleet.lon[row], fleet.lat[row])
    return _rounded(np.maximum(rain * (1 + 0.05 * _jitter(fleet, row, time_s)), 0), 1)


def _manhole_level(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    keys = fleet.keys[row]
    water = fleet.runoff(row, time_s, 6 * MINUTE, 45 * MINUTE)
    flow = 0.06 * np.sin((_hour(time_s) - 9) / 24 * 2 * np.pi)
    level = 0.62 + 0.12 * normal(78, keys) + flow + 0.030 * water * np.exp(0.2 * normal(79, keys))
    return _rounded(level + 0.01 * _jitter(fleet, row, time_s), 2)


def _pump_flow(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    keys = fleet.keys[row]
    water = fleet.runoff(row, time_s, 9 * MINUTE, 60 * MINUTE)
    turn = np.where(smooth(80, keys, time_s, 2400.0) > 0.2, 0.25 + 0.3 * uniform(81, keys), 0.0)
    return _rounded(np.maximum(turn, np.minimum(0.16 * water, 3.6) * (0.5 + uniform(82, keys))), 2)


def _pump_current(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    flow = _pump_flow(fleet, row, time_s)
    return _rounded(np.where(flow > 0, 18 + 46 * flow + 0.6 * _jitter(fleet, row, time_s), 0.0), 1)


def _gate(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    shut = np.round(np.clip(0.5 + 0.6 * smooth(83, fleet.keys[row], time_s, 6 * HOUR), 0, 1.4), 1)
    water = fleet.runoff(row, time_s, 15 * MINUTE, 90 * MINUTE)
    result: Floats = np.where(water > 4, np.round(2.0 + uniform(84, fleet.keys[row]), 1), shut)
    return result


def _tilt(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    moved = _blip(fleet, row, time_s, 0.006, (40, 300))
    rest = 1.2 + 0.8 * normal(85, fleet.keys[row]) + 0.15 * _jitter(fleet, row, time_s)
    return _rounded(np.where(moved, 17 + 20 * uniform(86, fleet.keys[row]), np.maximum(rest, 0)), 1)


def _smoke(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    rest = 0.3 + 0.12 * np.abs(_jitter(fleet, row, time_s))
    cooked = np.where(_blip(fleet, row, time_s, 0.0015, (6, 14)), 8.4 + 2.5 * uniform(87, fleet.keys[row]), 0)
    after = fleet.strikes(StorylineKind.FIRE, row, time_s)
    fire = 21 * _pulse(after - 240 * uniform(88, fleet.keys[row]), 420, 1800, 2400)
    return _rounded(rest + np.maximum(cooked, fire), 1)


def _pressure(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    demand = 0.018 * np.sin((_hour(time_s) - 13) / 24 * 4 * np.pi)
    rest = 0.27 + 0.022 * normal(89, fleet.keys[row]) - demand + 0.004 * _jitter(fleet, row, time_s)
    low = 0.06 + 0.035 * uniform(90, fleet.keys[row])
    fire = 0.12 * _pulse(fleet.strikes(StorylineKind.FIRE, row, time_s) - 600, 300, 2400, 900)
    return _rounded(np.where(_blip(fleet, row, time_s, 0.002, (20, 90)), low, rest - fire), 3)


def _lift_fault(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    result: Floats = _blip(fleet, row, time_s, 0.012, (9, 28)).astype(float)
    return result


def _lift_trips(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    hour = _hour(time_s)
    rhythm = (
        0.05 + np.exp(-(((hour - 8) / 1.6) ** 2)) + np.exp(-(((hour - 18) / 2.2) ** 2)) + 0.35 * (abs(hour - 13) < 5)
    )
    return _rounded(rhythm * (14 + 22 * uniform(91, fleet.keys[row])) + _jitter(fleet, row, time_s)).clip(0)


def _pm25(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    slow = smooth(92, fleet.keys[:1], time_s, 18 * HOUR)
    rest = 34 + 13 * slow + 4 * normal(93, fleet.keys[row]) + 2 * _jitter(fleet, row, time_s)
    return _rounded(np.maximum(rest * (1 - 0.5 * fleet.sky.strength(time_s)), 4))


def _noise(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    day = 6.5 * np.sin(np.clip((_hour(time_s) - 5) / 18, 0, 1) * np.pi)
    rest = 51 + 3 * normal(94, fleet.keys[row]) + day + 1.3 * _jitter(fleet, row, time_s)
    rest = rest + 4 * fleet.sky.strength(time_s)
    loud = 85.5 + 5 * uniform(95, fleet.keys[row])
    return _rounded(np.where(_blip(fleet, row, time_s, 0.018, (8, 25)), loud, np.minimum(rest, 79)), 1)


def _gust(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    keys = fleet.keys[row]
    calm = 5.5 + 1.5 * smooth(96, keys, time_s, HOUR) + 0.5 * _jitter(fleet, row, time_s)
    return _rounded(np.maximum(calm + fleet.sky.strength(time_s) * (4.5 + 10 * uniform(97, keys) ** 3), 0.2), 1)


def _wind_from(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    turn = 135 + 30 * smooth(98, fleet.keys[row], time_s, 2 * HOUR) - 20 * fleet.sky.strength(time_s)
    return _rounded(turn % 360)


def _visibility(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    rain = fleet.sky.rain(time_s, fleet.lon[row], fleet.lat[row])
    clear = 13 + 3 * smooth(99, fleet.keys[row], time_s, 6 * HOUR)
    return _rounded(np.maximum(clear / (1 + rain / 9), 1.3), 2)


def _tide(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    """The half-day tide of the river mouth and the surge of a storm."""
    surge = 0.35 * fleet.sky.strength(time_s)
    return _rounded(tide.height(time_s) + surge + 0.01 * _jitter(fleet, row, time_s), 2)


def _lamp(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    hour = _hour(time_s)
    is_lit = (hour >= 18.2) | (hour < 5.6)
    lit = 17 + 9 * uniform(100, fleet.keys[row]) + 0.3 * _jitter(fleet, row, time_s)
    return _rounded(np.where(is_lit, lit, 0.4), 1)


def _methane(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    rest = 0.5 + 0.4 * np.abs(normal(101, fleet.keys[row])) + 0.1 * np.abs(_jitter(fleet, row, time_s))
    small = np.where(_blip(fleet, row, time_s, 0.0015, (15, 50)), 10.6 + 3 * uniform(102, fleet.keys[row]), 0)
    after = fleet.strikes(StorylineKind.GAS_LEAK, row, time_s)
    leak = 18.0 * _pulse(after, 600, 1500, 5400) + 11.5 * _pulse(after - 1500, 900, 1200, 3000)
    return _rounded(rest + np.maximum(small, leak), 1)


def _crowd(fleet: Fleet, row: Ints, time_s: Floats) -> Floats:
    hour = _hour(time_s)
    open_hours = np.sin(np.clip((hour - 7) / 14, 0, 1) * np.pi)
    usual = open_hours * (150 + 1500 * uniform(103, fleet.keys[row])) * (1 - 0.6 * fleet.sky.strength(time_s))
    after = fleet.strikes(StorylineKind.CROWD, row, time_s)
    crowd = 5_700 * _pulse(after, 4_200, 2_400, 4_200)
    return _rounded(np.maximum(usual * (1 + 0.03 * _jitter(fleet, row, time_s)), crowd))


LEVELS: dict[tuple[str, str], Level] = {
    ("underpass_water", "water_depth"): _underpass,
    ("road_water", "water_depth"): _road_water,
    ("manhole_tilt", "tilt"): _tilt,
    ("manhole_level", "water_level"): _manhole_level,
    ("pump", "flow"): _pump_flow,
    ("pump", "current"): _pump_current,
    ("river_level", "water_level"): _river,
    ("rain_gauge", "rain"): _rain_gauge,
    ("water_gate", "opening"): _gate,
    ("smoke", "smoke"): _smoke,
    ("hydrant_pressure", "pressure"): _pressure,
    ("lift", "fault"): _lift_fault,
    ("lift", "trips"): _lift_trips,
    ("pm25", "pm25"): _pm25,
    ("noise", "noise"): _noise,
    ("wind", "gust"): _gust,
    ("wind", "wind_from"): _wind_from,
    ("visibility", "visibility"): _visibility,
    ("tide_level", "tide_level"): _tide,
    ("lamp", "current"): _lamp,
    ("methane", "methane"): _methane,
    ("crowd_count", "people"): _crowd,
}
"""The quantity of a kind to what it reads."""
