"""How full the batteries of sensors are that hang on no mains. Most are changed in time, a few are forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from simulator.behaviour.noise import key_of, keys_of, uniform
from simulator.model import CitySensor

LIFE_DAYS = {
    "manhole_tilt": 900,
    "manhole_level": 540,
    "road_water": 420,
    "smoke": 1500,
    "hydrant_pressure": 720,
    "methane": 480,
}
"""Kinds on batteries, and how long one lasts; all others are on mains."""

_CHANGED_AT = 0.14
_NEGLECTED = 0.012
_DAY_S = 86_400.0


def charges(sensors: Sequence[CitySensor], at: datetime) -> list[int | None]:
    """Whole per cent left in each battery, None for sensors on mains; moves slowly, so that most days say the same."""
    lives = np.array([LIFE_DAYS.get(sensor.kind, 0) for sensor in sensors], dtype=np.float64)
    keys = keys_of(sensor.code for sensor in sensors)
    phase = uniform(key_of("battery"), keys)
    used = (np.floor(at.timestamp() / _DAY_S) / np.maximum(lives, 1) + phase) % 1.0
    is_neglected = uniform(key_of("battery forgotten"), keys) < _NEGLECTED
    share = np.where(is_neglected, _CHANGED_AT * (1 - used), 1 - (1 - _CHANGED_AT) * used)
    percent = np.maximum(np.round(share * 100), 1).astype(int).tolist()
    return [left if life else None for left, life in zip(percent, lives.tolist(), strict=True)]
