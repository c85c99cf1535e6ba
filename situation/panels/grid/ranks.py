"""Ranks, peers and trends: plain arithmetic on columns in which NaN is what nobody knows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

UNRANKED = 0


def ranks(values: Floats, *, is_low_bad: bool = False) -> Counts:
    """The rank of each value, 1 the worst (the largest, or the lowest); equals share a rank, unknown ones have 0."""
    known = ~np.isnan(values)
    ranked = np.full(len(values), UNRANKED, dtype=np.int64)
    badness = values[known] if is_low_bad else -values[known]
    ordered = np.sort(badness)
    ranked[known] = np.searchsorted(ordered, badness, side="left") + 1
    return ranked


def peers(people: Floats, place: int, count: int) -> Counts:
    """Places of the `count` areas whose population is nearest by ratio; none where the area's own is unknown."""
    own = people[place]
    candidates = np.flatnonzero((people > 0) & (np.arange(len(people)) != place))
    if not own > 0 or not len(candidates):
        return np.empty(0, dtype=np.int64)
    distance = np.abs(np.log(people[candidates]) - np.log(own))
    return candidates[np.lexsort((candidates, distance))[:count]]


def median(values: Floats) -> float | None:
    """The middle of the known values, None when there is none."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else None


def known_or_none(value: float, digits: int = 4) -> float | int | None:
    """A figure for the wire: None for NaN, whole numbers as such."""
    if np.isnan(value):
        return None
    rounded = round(float(value), digits)
    return int(rounded) if rounded.is_integer() else rounded
