"""Today's important cases, by rules that are written down, each with its reasons."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from situation.live import Moment
from situation.panels.casework.ground import metres
from situation.panels.casework.repeats import LEAST_REPEATS, repeats
from situation.panels.casework.rows import case_rows
from situation.panels.casework.selection import Selection
from situation.panels.definition import Values

URGENT = 1
PRESSING = 2
OLDEST_OVERDUE = 3
NEAR_ALARM_M = 200.0
WORST_ALARMS = 2
MOST_ROWS = 30


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case matters today: `word` of the rule, its weight, and what the sentence fills in."""

    word: str
    weight: int
    value: int | str | None = None


def build_important(moment: Moment, selection: Selection) -> Values:
    """Open cases of the choice that a rule names, the weightiest first; `reasons` as `[rule, value]`."""
    reasons: dict[int, list[Reason]] = defaultdict(list)
    for find in (_urgent, _overdue, _repeated, _near_alarms):
        find(moment, reasons)
    chosen = selection.open()
    weights = {row: sum(reason.weight for reason in found) for row, found in reasons.items() if chosen[row]}
    due = moment.cases["due_ms"]
    ordered = sorted(weights, key=lambda row: (-weights[row], int(due[row]), int(moment.cases.numbers[row])))
    shown = np.array(ordered[:MOST_ROWS], dtype=np.int64)
    rows = case_rows(moment, shown)
    for row, place in zip(rows, shown.tolist(), strict=True):
        strongest = sorted(reasons[place], key=lambda reason: -reason.weight)
        row["reasons"] = [[reason.word, reason.value] for reason in strongest]
    return {"rows": rows, "total": len(ordered)}


def _urgent(moment: Moment, reasons: dict[int, list[Reason]]) -> None:
    """Open cases of priority 1; those of priority 2 registered today."""
    priority = moment.cases["priority"]
    for row in np.flatnonzero(moment.is_open & (priority == URGENT)).tolist():
        reasons[row].append(Reason("urgent", 8))
    for row in np.flatnonzero(moment.is_open & (priority == PRESSING) & moment.is_registered_today).tolist():
        reasons[row].append(Reason("pressing", 3))


def _overdue(moment: Moment, reasons: dict[int, list[Reason]]) -> None:
    """The longest overdue, and every overdue case of priority 1 or 2."""
    rows = np.flatnonzero(moment.is_overdue)
    oldest = rows[np.argsort(moment.cases["due_ms"][rows], kind="stable")]
    for rank, row in enumerate(oldest.tolist(), start=1):
        if rank <= OLDEST_OVERDUE:
            reasons[row].append(Reason("oldest", 7 - rank, rank))
        elif moment.cases["priority"][row] <= PRESSING:
            reasons[row].append(Reason("overdue", 5))


def _repeated(moment: Moment, reasons: dict[int, list[Reason]]) -> None:
    """Cases registered today that are the third or later about the same problem at the same place in 30 days."""
    for repeat in repeats(moment):
        for count, number in enumerate(repeat.numbers, start=1):
            row = moment.cases.row(number)
            if row is None or count < LEAST_REPEATS:
                continue
            if moment.is_open[row] and moment.is_registered_today[row]:
                reasons[row].append(Reason("repeated", 4, count))


def _near_alarms(moment: Moment, reasons: dict[int, list[Reason]]) -> None:
    """Open cases registered today within 200 m of an active alarm of priority 1 or 2: the nearest such alarm."""
    rows = np.flatnonzero(moment.is_open & moment.is_registered_today)
    lon, lat = moment.cases["lon"][rows], moment.cases["lat"][rows]
    nearest: dict[int, tuple[float, str]] = {}
    for _, alarm in moment.active_alarms:
        if alarm.priority > WORST_ALARMS or alarm.lon is None or alarm.lat is None:
            continue
        x, y = metres(lon - alarm.lon, lat - alarm.lat, alarm.lat)
        distance = np.hypot(x, y)
        for index in np.flatnonzero(distance <= NEAR_ALARM_M).tolist():
            found = (float(distance[index]), alarm.name)
            row = int(rows[index])
            nearest[row] = min(nearest.get(row, found), found)
    for row, (_, name) in nearest.items():
        reasons[row].append(Reason("alarm", 5, name))
