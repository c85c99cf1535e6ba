"""Panels about cases: hourly, streets, pipeline, origins, departments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.moment import DAY_MS, Mask
from situation.live.schema import STEPS
from situation.panels.definition import Values
from situation.records import CaseStep

WEEKS = 4
HOURS = 24
UNKNOWN_HOURS: list[float | None] = [None] * HOURS


def build_hourly(moment: Moment) -> Values:
    """Cases registered per hour of the local day, and the band of the same weekday of four weeks."""
    day = moment.local_date.isoformat()
    if not moment.has_delivered("case"):
        return {"day": day, "counts": [], "low": UNKNOWN_HOURS, "high": UNKNOWN_HOURS, "median": UNKNOWN_HOURS}
    current_hour = moment.at.astimezone(moment.context.zone).hour
    hours = np.minimum(_local_hours(moment, moment.cases["registered_ms"][moment.is_registered_today]), current_hour)
    counts = np.bincount(hours, minlength=current_hour + 1)
    return {"day": day, "counts": counts.tolist(), **_band(moment)}


def _local_hours(moment: Moment, times_ms: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    times = pd.to_datetime(pd.Series(times_ms), unit="ms", utc=True).dt.tz_convert(moment.context.zone)
    return np.asarray(times.dt.hour, dtype=np.int64)


def _band(moment: Moment) -> Values:
    """Least, most and median per hour. Past days hardly change, so it is computed once for each count of past cases."""
    registered = moment.cases["registered_ms"]
    since_ms = moment.day_start_ms(7 * WEEKS)
    is_past = (registered >= since_ms) & (registered < moment.today_ms)
    token = (moment.local_date, int(np.count_nonzero(is_past)))
    return moment.cache.get("hourly.band", token, lambda: _compute_band(moment, registered[is_past]))


def _compute_band(moment: Moment, registered_ms: npt.NDArray[np.int64]) -> Values:
    weeks = []
    for week in range(1, WEEKS + 1):
        start_ms = moment.day_start_ms(7 * week)
        if moment.known_since_ms is None or moment.known_since_ms > start_ms:
            break  # nothing is known of that day: no zero
        end_ms = moment.day_start_ms(7 * week - 1)
        of_day = registered_ms[(registered_ms >= start_ms) & (registered_ms < end_ms)]
        weeks.append(np.bincount(_local_hours(moment, of_day), minlength=HOURS)[:HOURS])
    if not weeks:
        return {"low": UNKNOWN_HOURS, "high": UNKNOWN_HOURS, "median": UNKNOWN_HOURS}
    frame = pd.DataFrame(np.vstack(weeks))
    return {
        "low": frame.min().tolist(),
        "high": frame.max().tolist(),
        "median": frame.median().tolist(),
    }


def build_streets(moment: Moment) -> Values:
    """Open and overdue cases per street; streets and elsewhere add up to the total."""
    if not moment.has_delivered("case"):
        return {"rows": [], "total": [None, None], "elsewhere": [None, None]}
    is_open, overdue = moment.count_by("street", moment.is_open), moment.count_by("street", moment.is_overdue)
    before = _open_yesterday(moment)
    rows: list[list[Any]] = []
    for street in moment.streets:
        code = moment.live.words.find(street.code)
        counts = (0, 0, 0) if code is None else (int(is_open[code]), int(overdue[code]), int(before[code]))
        rows.append(
            [street.code, street.name, street.name_en, *counts[:2], counts[2] if _knows_yesterday(moment) else None]
        )
    rows.sort(key=lambda row: (-row[3], row[0]))
    total = [int(is_open.sum()), int(overdue.sum())]
    elsewhere = [total[0] - sum(row[3] for row in rows), total[1] - sum(row[4] for row in rows)]
    return {"rows": rows, "total": total, "elsewhere": elsewhere}


def _knows_yesterday(moment: Moment) -> bool:
    return moment.known_since_ms is not None and moment.known_since_ms <= moment.at_ms - DAY_MS


def _open_yesterday(moment: Moment) -> npt.NDArray[np.int64]:
    """Open cases per street a day ago. To the minute, so that it need not be counted anew in every frame."""
    minute_ms = moment.at_ms // 60_000 * 60_000
    token = (minute_ms, len(moment.live.words), len(moment.cases))
    return moment.cache.get(
        "streets.before", token, lambda: moment.count_by("street", moment.was_open(minute_ms - DAY_MS))
    )


def build_pipeline(moment: Moment) -> Values:
    """Cases waiting in each of the seven steps. open_before + new_today - closed_today = open.

    Cases in `collect` are not registered yet and those in `evaluate` are closed, so neither counts as open: the five
    steps between add up to the open cases. `evaluate` counts those closed today.
    """
    if not moment.has_delivered("case"):
        unknown = [[step.value, None, None] for step in STEPS]
        return {"steps": unknown, "open": None, "open_before": None, "new_today": None, "closed_today": None}
    cases = moment.cases
    waiting = np.bincount(cases["step"][moment.is_open], minlength=len(STEPS) + 1)
    overdue = np.bincount(cases["step"][moment.is_overdue], minlength=len(STEPS) + 1)
    waiting[STEPS.index(CaseStep.COLLECT)] = np.count_nonzero(cases["step"] == STEPS.index(CaseStep.COLLECT))
    is_evaluating = moment.is_closed_today & (cases["step"] == STEPS.index(CaseStep.EVALUATE))
    waiting[STEPS.index(CaseStep.EVALUATE)] = np.count_nonzero(is_evaluating)
    return {
        "steps": [[step.value, int(waiting[i]), int(overdue[i])] for i, step in enumerate(STEPS)],
        "open": int(np.count_nonzero(moment.is_open)),
        "open_before": int(np.count_nonzero(moment.was_open(moment.today_ms))),
        "new_today": int(np.count_nonzero(moment.is_registered_today)),
        "closed_today": int(np.count_nonzero(moment.is_closed_today)),
    }


def build_origins(moment: Moment) -> Values:
    """Where today's cases came from, beside the median of the same weekday of four weeks up to this time of day."""
    if not moment.has_delivered("case"):
        return {"rows": []}
    today = moment.count_by("origin", moment.is_registered_today)
    before = _origins_before(moment)
    typical = np.median(np.vstack(before), axis=0) if before else None
    codes = np.flatnonzero(today if typical is None else (today + typical)).tolist()
    rows = [
        [moment.live.words.word(code), int(today[code]), None if typical is None else float(typical[code])]
        for code in codes
    ]
    return {"rows": sorted(rows, key=lambda row: (-row[1], row[0]))}


def _origins_before(moment: Moment) -> Sequence[npt.NDArray[np.int64]]:
    minutes = (moment.at_ms - moment.today_ms) // 60_000
    token = (moment.local_date, minutes, len(moment.live.words), len(moment.cases))
    return moment.cache.get("origins.before", token, lambda: _compute_origins_before(moment, minutes * 60_000))


def _compute_origins_before(moment: Moment, span_ms: int) -> Sequence[npt.NDArray[np.int64]]:
    registered = moment.cases["registered_ms"]
    weeks = []
    for week in range(1, WEEKS + 1):
        start_ms = moment.day_start_ms(7 * week)
        if moment.known_since_ms is None or moment.known_since_ms > start_ms:
            break
        is_then: Mask = (registered != NO_TIME) & (registered >= start_ms) & (registered < start_ms + span_ms)
        weeks.append(moment.count_by("origin", is_then))
    return weeks


def build_departments(moment: Moment) -> Values:
    """Each department's open and overdue cases, and how its sources are doing."""
    knows = moment.has_delivered("case")
    is_open = moment.count_by("department", moment.is_open)
    overdue = moment.count_by("department", moment.is_overdue)
    rows: list[list[Any]] = []
    for department in moment.departments:
        code = moment.live.words.find(department.id)
        counts = [0, 0] if code is None else [int(is_open[code]), int(overdue[code])]
        state = moment.department_states[department.id]
        rows.append(
            [department.id, department.name, department.name_en, *(counts if knows else [None, None]), state.value]
        )
    return {"rows": rows}
