"""The way through the seven steps: who stands where, how long it takes, where it is stuck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from situation.live import Moment
from situation.live.schema import STEPS
from situation.panels.casework.dwell import (
    MONTH_DAYS,
    WEEK_DAYS,
    Dwell,
    Ints,
    dwell_of,
    slow_rows,
    standing,
    traffic,
    usual,
)
from situation.panels.casework.selection import Selection
from situation.panels.definition import Values
from situation.records import CaseStep

LEAST_SLOW = 5
"""Fewer slow cases than this make no bottleneck."""

COLLECT, EVALUATE = STEPS.index(CaseStep.COLLECT), STEPS.index(CaseStep.EVALUATE)
OWN = ("step", "slow")


def build_flow(moment: Moment, selection: Selection) -> Values:
    """Each step: cases in it, overdue, slow, in and out today, stays of 7 and of 30 days. The five open steps add up to
    `open`; of each, before + in − out = now. `collect` is not registered yet, `evaluate` counts those closed today."""
    lasting, cases = selection.lasting(*OWN), moment.cases
    chosen = selection.of_any_time(*OWN)
    now = np.bincount(cases["step"][moment.is_open & chosen], minlength=len(STEPS) + 1)
    now[COLLECT] = np.count_nonzero(lasting & (cases["step"] == COLLECT))
    now[EVALUATE] = np.count_nonzero(lasting & moment.is_closed_today & (cases["step"] == EVALUATE))
    overdue = np.bincount(cases["step"][moment.is_overdue & chosen], minlength=len(STEPS) + 1)
    slow, oldest_s = _waiting(moment, selection)
    entered, left = traffic(moment, lasting)
    week, month = dwell_of(moment, lasting, WEEK_DAYS), _month(moment, selection)
    steps = [
        {
            "step": step.value,
            "now": int(now[i]),
            "overdue": int(overdue[i]),
            "slow": int(slow[i]),
            "in": int(entered[i]),
            "out": None if i == EVALUATE else int(left[i]),
            "oldest_s": oldest_s[i],
            "week": _told(week[i]),
            "month": _told(month[i]),
        }
        for i, step in enumerate(STEPS)
    ]
    return {
        "steps": steps,
        "open": int(np.count_nonzero(selection.open(*OWN))),
        "overdue": int(np.count_nonzero(selection.overdue(*OWN))),
        "slow": int(slow.sum()),
        "bottleneck": _bottleneck(slow),
    }


def _waiting(moment: Moment, selection: Selection) -> tuple[Ints, list[int | None]]:
    """Of each step: how many open cases are slow in it, and how long the one waiting longest has been (minutes)."""
    here = standing(moment, selection.open(*OWN))
    slow = np.bincount(here.step[slow_rows(moment, here)], minlength=len(STEPS))
    oldest: list[int | None] = []
    for index in range(len(STEPS)):
        since_s = here.since_s[(here.step == index) & here.is_timed]
        oldest.append((moment.at_ms // 1000 - int(since_s.min())) // 60 * 60 if len(since_s) else None)
    return slow, oldest


def _month(moment: Moment, selection: Selection) -> Sequence[Dwell]:
    if selection.is_whole:
        return usual(moment)
    return dwell_of(moment, selection.lasting(*OWN), MONTH_DAYS)


def _told(dwell: Dwell) -> list[int | None]:
    return [dwell.count, dwell.median_s, dwell.p90_s]


def _bottleneck(slow: Ints) -> str | None:
    """The open step with most slow cases, unless they are a handful."""
    worst = int(np.argmax(slow))
    return STEPS[worst].value if slow[worst] >= LEAST_SLOW else None
