"""Histograms with edges that a person would choose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

BINS = 24
TRIMMED = (1.0, 99.0)
"""Percentiles between which values get bins of their own; the few beyond are counted in the outermost bins."""

REACH = 2.0
"""A limit further away than so many widths of the values is not drawn: everything else would shrink to one bar."""


def histogram(values: npt.NDArray[np.float64], limits: Sequence[float]) -> dict[str, Any] | None:
    """`{"from", "step", "counts", "below", "above"}`; every value is counted once. None without values.

    `below`/`above` say how many of the first and last bin's values lie outside it.
    """
    if not len(values):
        return None
    low, high = (float(each) for each in np.percentile(values, TRIMMED))
    width = max(high - low, abs(high) * 0.05, 1e-6)
    near = [limit for limit in limits if low - REACH * width <= limit <= high + REACH * width]
    low, high = min([low, *near]), max([high, *near])
    step = nice_step(max(high - low, width) / BINS)
    first, last = math.floor(low / step), math.floor(high / step) + 1
    index = np.clip(np.floor(values / step).astype(np.int64), first, last - 1) - first
    return {
        "from": round(first * step, 10),
        "step": step,
        "counts": np.bincount(index, minlength=last - first).tolist(),
        "below": int(np.count_nonzero(values < first * step)),
        "above": int(np.count_nonzero(values >= last * step)),
    }


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below `least` (> 0)."""
    power = 10.0 ** math.floor(math.log10(least))
    return float(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9)))
