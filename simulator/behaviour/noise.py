"""Randomness without state: hashes of (seed, entity, time slot), so any moment can be asked for in any order."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_TO_UNIT = 1.0 / (1 << 53)


def key_of(text: str) -> int:
    """A stable 64-bit key for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def keys_of(texts: Any) -> Keys:
    """Stable keys for many texts."""
    return np.fromiter((key_of(text) for text in texts), dtype=np.uint64)


def _mixed(value: Keys) -> Keys:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    value = (value ^ (value >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))


def uniform(*keys: Any) -> Floats:
    """Uniform in [0, 1) from integer keys (arrays broadcast)."""
    with np.errstate(over="ignore"):
        state = np.zeros(1, dtype=np.uint64)
        for key in keys:
            part = key if isinstance(key, np.ndarray) else np.array([key % (1 << 64)], dtype=np.uint64)
            state = _mixed((state + _STEP) ^ part.astype(np.uint64, copy=False))
    result: Floats = (state >> np.uint64(11)).astype(np.float64) * _TO_UNIT
    return result


def normal(*keys: Any) -> Floats:
    """Roughly normal with mean 0 and deviation 1, never beyond ±3.5: four uniforms."""
    total = sum(uniform(*keys, part) for part in range(4))
    result: Floats = (np.asarray(total) - 2.0) * 1.7320508
    return result


def smooth(purpose: int, keys: Keys, time_s: Floats, period_s: float) -> Floats:
    """A continuous random walk around 0 (about ±1) per key that changes over `period_s`."""
    position = time_s / period_s + uniform(purpose, keys)
    slot = np.floor(position)
    part = position - slot
    part = part * part * (3 - 2 * part)
    left = normal(purpose, keys, slot.astype(np.int64).astype(np.uint64))
    right = normal(purpose, keys, (slot + 1).astype(np.int64).astype(np.uint64))
    result: Floats = left * (1 - part) + right * part
    return result


def happening(purpose: int, keys: Keys, time_s: Floats, chance_a_day: float, lasts_s: tuple[float, float]) -> Floats:
    """Since when something has been happening to each key (Unix time), NaN where it is not.

    It begins at most once a day with this chance, at any time, and lasts between the two (at most a day).
    """
    since = np.full(np.broadcast(keys, time_s).shape, np.nan)
    for back in (0, 1):
        day = np.floor(time_s / 86_400) - back
        slot = day.astype(np.int64).astype(np.uint64)
        begins = (day + uniform(purpose, keys, slot, 1)) * 86_400
        ends = begins + lasts_s[0] + uniform(purpose, keys, slot, 2) * (lasts_s[1] - lasts_s[0])
        is_on = (uniform(purpose, keys, slot, 0) < chance_a_day) & (begins <= time_s) & (time_s < ends)
        since = np.where(is_on, np.fmin(since, begins), since)
    return since
