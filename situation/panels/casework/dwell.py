"""How long cases stay in each of the seven steps, from their passes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.moment import DAY_MS, Mask
from situation.live.passes import STILL_THERE, Passes, unpack
from situation.live.schema import STEPS

Ints = npt.NDArray[np.int64]

WEEK_DAYS, MONTH_DAYS = 7, 30
LEAST_PASSES = 20
"""Below so many passes a 90th percentile is the word of one or two cases: it is not told."""

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Dwell:
    """Stays of one step that ended in a span of days: how many, the middle one and the 90th percentile (seconds)."""

    count: int
    median_s: int | None
    p90_s: int | None


NOBODY = Dwell(0, None, None)


def dwell_of(moment: Moment, cases: Mask, days: int) -> list[Dwell]:
    """Of each step: stays of these cases that ended in the last so many days, as far as upstreams tell steps."""
    since_ms = moment.at_ms - days * DAY_MS
    rows = np.flatnonzero(cases & (moment.cases["left_ms"] >= since_ms))
    passes = unpack(moment.cases["passes"][rows])
    has_ended = passes.is_timed & (passes.left_s != STILL_THERE)
    has_ended &= (passes.left_s >= since_ms // 1000) & (passes.left_s <= moment.at_ms // 1000)
    stays_s, step = (passes.left_s - passes.entered_s)[has_ended], passes.step[has_ended]
    return [_dwell(stays_s[step == index]) for index in range(len(STEPS))]


def _dwell(stays_s: Ints) -> Dwell:
    if not len(stays_s):
        return NOBODY
    middle, high = _percentile(stays_s, 0.5), _percentile(stays_s, 0.9)
    return Dwell(len(stays_s), middle, high if len(stays_s) >= LEAST_PASSES else None)


def _percentile(values: Ints, share: float) -> int:
    """Nearest rank: the smallest value that at least this share of all do not exceed."""
    rank = max(0, int(np.ceil(share * len(values))) - 1)
    return int(np.partition(values, rank)[rank])


def usual(moment: Moment) -> list[Dwell]:
    """Of each step, over all cases and the last 30 days; counted anew every minute."""
    everything = np.ones(len(moment.cases), dtype=np.bool_)
    token = moment.at_ms // MINUTE_MS
    return moment.cache.get("cases.usual-dwell", token, lambda: dwell_of(moment, everything, MONTH_DAYS))


@dataclass(frozen=True, slots=True)
class Standing:
    """Open cases where they stand: row in the table, step, and since when (epoch seconds, exact where it is told)."""

    row: Ints
    step: Ints
    since_s: Ints
    is_timed: Mask


def standing(moment: Moment, cases: Mask) -> Standing:
    """Where these open cases stand now and since when."""
    rows = np.flatnonzero(cases & moment.is_open)
    passes = unpack(moment.cases["passes"][rows])
    here = passes.left_s == STILL_THERE
    return Standing(rows[passes.row[here]], passes.step[here], passes.entered_s[here], passes.is_timed[here])


def slow_rows(moment: Moment, here: Standing) -> Mask:
    """Of those standing: who has been in a step for longer than nine in ten stayed there in the last 30 days."""
    limits = np.array([_never(dwell.p90_s) for dwell in usual(moment)])
    waited_s = moment.at_ms // 1000 - here.since_s
    return np.asarray(here.is_timed & (waited_s > limits[here.step]))


def _never(p90_s: int | None) -> float:
    return np.inf if p90_s is None else p90_s


def is_slow(moment: Moment) -> Mask:
    """Open cases that have been in their step for longer than nine in ten stayed there in the last 30 days."""
    here = standing(moment, moment.is_open)
    mask = np.zeros(len(moment.cases), dtype=np.bool_)
    mask[here.row[slow_rows(moment, here)]] = True
    return mask


def traffic(moment: Moment, cases: Mask) -> tuple[Ints, Ints]:
    """How many of these cases entered and left each step in the local day; moves within a step are none."""
    rows = np.flatnonzero(cases & (moment.cases["left_ms"] >= moment.today_ms))
    passes = unpack(moment.cases["passes"][rows])
    return _count_today(moment, passes, passes.entered_s), _count_today(moment, passes, passes.left_s)


def _count_today(moment: Moment, passes: Passes, times_s: Ints) -> Ints:
    is_today = times_s >= -(-moment.today_ms // 1000)
    return np.bincount(passes.step[is_today], minlength=len(STEPS))
