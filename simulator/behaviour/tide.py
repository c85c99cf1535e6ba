"""The tide of the river mouth: two waves, exactly predictable; a storm's surge comes on top."""

from __future__ import annotations

import numpy as np

from simulator.behaviour.noise import Floats

MEAN_M = 2.65  # above datum
_HALF_DAY_S, _HALF_DAY_M = 44_714.0, 1.15
_DAY_S, _DAY_M = 86_164.0, 0.25
_STEP_S = 300.0


def height(time_s: Floats) -> Floats:
    """Predicted height in metres above datum, without surge."""
    wave = _HALF_DAY_M * np.sin(time_s / _HALF_DAY_S * 2 * np.pi) + _DAY_M * np.sin(time_s / _DAY_S * 2 * np.pi)
    result: Floats = MEAN_M + wave
    return result


def turns(since_s: float, until_s: float) -> list[tuple[float, float, bool]]:
    """High and low waters in [since, until): Unix time, height, whether it is high water."""
    times = np.arange(np.floor(since_s / _STEP_S) - 1, np.ceil(until_s / _STEP_S) + 2) * _STEP_S
    heights = height(times)
    before, here, after = heights[:-2], heights[1:-1], heights[2:]
    middle = np.flatnonzero((here - before) * (after - here) <= 0)
    found = []
    for index in middle.tolist():
        bend = before[index] - 2 * here[index] + after[index]
        shift = 0.5 * (before[index] - after[index]) / bend if bend else 0.0  # top of the parabola through the three
        at_s = float(times[index + 1] + shift * _STEP_S)
        if since_s <= at_s < until_s and abs(shift) <= 0.5:
            found.append((at_s, float(height(np.array([at_s]))[0]), bool(bend < 0)))
    return found
