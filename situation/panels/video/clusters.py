"""Cameras that went offline together, and what they have in common: a pure function of columns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that cameras can have in common; `keys` says which of them each camera has, -1 none.

    A cluster needs `least` cameras and `share` of all that have the same key.
    """

    name: str
    keys: Ints
    least: int
    share: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cameras lost together. `rows` are theirs, `of` how many have the same key, `first_ms` and `last_ms` when."""

    cause: str
    key: int
    rows: Ints
    of: int
    first_ms: int
    last_ms: int


def clusters(rows: Ints, lost_ms: Ints, causes: tuple[Cause, ...], window_ms: int) -> list[Cluster]:
    """Group `rows`, lost at `lost_ms`, by the causes in the order given: what one explains is not asked of the next.

    Together means: each within the window after the one before. The largest come first.
    """
    found: list[Cluster] = []
    is_left = np.ones(len(rows), dtype=np.bool_)
    for cause in causes:
        totals = np.bincount(cause.keys[cause.keys >= 0], minlength=1)
        keys = cause.keys[rows]
        left = np.flatnonzero(is_left & (keys >= 0))
        order = left[np.lexsort((lost_ms[left], keys[left]))]
        for run in _runs(keys[order], lost_ms[order], window_ms):
            members = order[run]
            key = int(keys[members[0]])
            if len(members) < max(cause.least, cause.share * totals[key]):
                continue
            is_left[members] = False
            times = lost_ms[members]
            found.append(Cluster(cause.name, key, rows[members], int(totals[key]), int(times.min()), int(times.max())))
    return sorted(found, key=lambda cluster: (-len(cluster.rows), cluster.cause, cluster.key))


def _runs(keys: Ints, times: Ints, window_ms: int) -> list[slice]:
    """Stretches of one key in which no two neighbours are farther apart than the window."""
    if not len(keys):
        return []
    is_break = (keys[1:] != keys[:-1]) | (times[1:] - times[:-1] > window_ms)
    edges = [0, *(np.flatnonzero(is_break) + 1).tolist(), len(keys)]
    return [slice(first, last) for first, last in pairwise(edges)]
