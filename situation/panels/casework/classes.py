"""How long open cases have been open, and how long until (or since) they were due, in classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.columns import NO_TIME

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes in order; `bounds_ms[i]` is where class i ends and class i + 1 begins."""

    keys: tuple[str, ...]
    bounds_ms: tuple[int, ...]

    def index_of(self, key: str) -> int:
        """Where a class stands."""
        return self.keys.index(key)

    def of(self, spans_ms: Codes) -> Codes:
        """The class of each span; a span on a bound belongs to the class that begins there."""
        return np.searchsorted(np.asarray(self.bounds_ms), spans_ms, side="right")


AGES = Classes(("1d", "3d", "7d", "14d", "older"), (DAY_MS, 3 * DAY_MS, 7 * DAY_MS, 14 * DAY_MS))
"""Time since registration: under a day, up to three, seven, fourteen, longer."""

DUES = Classes(
    ("late3d", "late1d", "late4h", "late", "left4h", "left1d", "left3d", "left", "none"),
    (-3 * DAY_MS, -DAY_MS, -4 * HOUR_MS, 0, 4 * HOUR_MS, DAY_MS, 3 * DAY_MS, np.iinfo(np.int64).max),
)
"""Time left: overdue for over three days, over one, over four hours, less; due within four hours, a day, three days,
later; no time limit."""

OVERDUE_CLASSES = DUES.keys[:4]


def age_of(moment: Moment) -> Codes:
    """The class of `AGES` of every case (of what was never registered it means nothing)."""
    return AGES.of(np.maximum(0, moment.at_ms - moment.cases["registered_ms"]))


def due_of(moment: Moment) -> Codes:
    """The class of `DUES` of every case. Overdue begins right after the due time, as for the number itself."""
    due = moment.cases["due_ms"]
    return np.where(due == NO_TIME, DUES.index_of("none"), DUES.of(due - moment.at_ms))
