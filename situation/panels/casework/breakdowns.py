"""Open cases by category, origin, department and street: each adds up to the cases chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.moment import DAY_MS, Mask
from situation.numbers import ONTIME_WINDOW
from situation.panels.casework.filters import UNKNOWN
from situation.panels.casework.selection import Selection
from situation.panels.definition import Values

WEEK_MS = 7 * DAY_MS
MONTH_MS = int(ONTIME_WINDOW.total_seconds() * 1000)
Ints = npt.NDArray[np.int64]
Counts = list[int | None]


class Tally:
    """Counts by the words of a column: open, overdue, registered in the last seven days and in the seven before."""

    def __init__(self, moment: Moment, selection: Selection, column: str, *without: str) -> None:
        lasting = selection.lasting(*without)
        registered = moment.cases["registered_ms"]
        week = lasting & moment.is_registered & (registered >= moment.at_ms - WEEK_MS)
        before = lasting & (registered >= moment.at_ms - 2 * WEEK_MS) & (registered < moment.at_ms - WEEK_MS)
        knows_before = moment.known_since_ms is not None and moment.known_since_ms <= moment.at_ms - 2 * WEEK_MS
        open_, overdue = selection.open(*without), selection.overdue(*without)
        self.total: Counts = [int(np.count_nonzero(mask)) for mask in (open_, overdue, week)]
        self.total.append(int(np.count_nonzero(before)) if knows_before else None)
        self._knows_before = knows_before
        self._counts = [moment.count_by(column, mask) for mask in (open_, overdue, week, before)]

    def codes(self) -> list[int]:
        """The words that any case counted has."""
        return np.flatnonzero(np.sum(self._counts, axis=0)).tolist()

    def of(self, code: int | None) -> Counts:
        """The four counts of a word; unknown where history does not reach back so far."""
        found: Counts = [0 if code is None else int(counts[code]) for counts in self._counts]
        return found if self._knows_before else [*found[:3], None]


def _by_open(row: Sequence[Any]) -> tuple[int, str]:
    return (-row[-4], str(row[0]))


def build_categories(moment: Moment, selection: Selection) -> Values:
    """大类 with their 小类: `[category, [[subcategory, …counts], …], …counts]`, most open first."""
    own = ("category", "subcategory")
    groups = Tally(moment, selection, "category", *own)
    words = moment.live.words
    rows = []
    for code in groups.codes():
        inner = Tally(moment, _within(moment, selection, "category", code), "subcategory", "subcategory")
        children = [[words.word(child) or UNKNOWN, *inner.of(child)] for child in inner.codes()]
        rows.append([words.word(code) or UNKNOWN, sorted(children, key=_by_open), *groups.of(code)])
    return {"rows": sorted(rows, key=_by_open), "total": groups.total}


def _within(moment: Moment, selection: Selection, key: str, code: int) -> Selection:
    """The choice with one key set to a word."""
    return Selection(moment, {**selection.choice, key: moment.live.words.word(code) or UNKNOWN})


def build_origins(moment: Moment, selection: Selection) -> Values:
    """Where cases came from: `[origin, today, …counts]`, most open first."""
    tally = Tally(moment, selection, "origin", "origin")
    is_today = moment.is_registered_today & selection.lasting("origin")
    today = moment.count_by("origin", is_today)
    words = moment.live.words
    rows = [[words.word(code) or UNKNOWN, int(today[code]), *tally.of(code)] for code in tally.codes()]
    return {"rows": sorted(rows, key=_by_open), "total": [int(np.count_nonzero(is_today)), *tally.total]}


def build_departments(moment: Moment, selection: Selection) -> Values:
    """Who has what to do: `[id, name, name_en, due, on time, …counts]`; `due` and `on time` of the last 30 days."""
    due, ontime = ontime_masks(moment, selection.lasting("department"))
    by_due, by_ontime = moment.count_by("department", due), moment.count_by("department", ontime)
    tally = Tally(moment, selection, "department", "department")
    rows = []
    for code in sorted({*tally.codes(), *np.flatnonzero(by_due).tolist()}):
        key = moment.live.words.word(code)
        names = moment.department_names.get(key, (key, ""))
        rows.append([key or UNKNOWN, *names, int(by_due[code]), int(by_ontime[code]), *tally.of(code)])
    total = [int(np.count_nonzero(due)), int(np.count_nonzero(ontime)), *tally.total]
    return {"rows": sorted(rows, key=_by_open), "total": total, "target": moment.context.ontime_target}


def ontime_masks(moment: Moment, cases: Mask) -> tuple[Mask, Mask]:
    """Cases due in the last 30 days (not rejected or cancelled), and those of them closed by then: as `ontime_rate`."""
    due, left = moment.cases["due_ms"], moment.cases["left_ms"]
    was_due = cases & moment.is_registered & moment.cases["is_handled"] & (due != NO_TIME)
    was_due = was_due & (due > moment.at_ms - MONTH_MS) & (due <= moment.at_ms)
    return was_due, was_due & (left <= due)


def build_streets(moment: Moment, selection: Selection) -> Values:
    """Streets in order of open cases: `[code, name, name_en, population, …counts]`; with `elsewhere` they add up."""
    tally = Tally(moment, selection, "street", "street", "grid", "place")
    find = moment.live.words.find
    rows: list[list[Any]] = [
        [street.code, street.name, street.name_en, street.population, *tally.of(find(street.code))]
        for street in moment.streets
    ]
    rest = [_rest(whole, [row[index - 4] for row in rows]) for index, whole in enumerate(tally.total)]
    return {"rows": sorted(rows, key=_by_open), "elsewhere": rest, "total": tally.total}


def _rest(whole: int | None, parts: Sequence[int | None]) -> int | None:
    return None if whole is None else whole - sum(part or 0 for part in parts)
