"""The departments' panels: the board of all of them, their sources by age, one of them in full."""

from __future__ import annotations

from typing import Any

import numpy as np

from situation.health import PanelState
from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.live.moment import ONLINE, UNKNOWN
from situation.panels.agencies.columns import (
    Tally,
    Work,
    days_of,
    known,
    records_of,
    sources_by_department,
    work_of,
)
from situation.panels.alarms import alarm_row
from situation.panels.definition import Choice, ChoiceError, Values
from situation.records import Department, SourceHealth

KEYS = ("department",)
MOST_ALARMS = 8
MOST_CASES = 12
MOST_KINDS = 12

_URGENCY = {
    PanelState.ERROR: 0,
    PanelState.STALE: 1,
    PanelState.FROZEN: 1,
    PanelState.PAUSED: 2,
    PanelState.PARTIAL: 2,
    PanelState.NO_DATA: 3,
    PanelState.DELAYED: 4,
    PanelState.NOT_CONFIGURED: 6,
}
_HEALTHY = 5


def chosen(moment: Moment, choice: Choice) -> Department | None:
    """The department picked, None for none; raises ChoiceError."""
    for key, value in choice.items():
        if key not in KEYS:
            raise ChoiceError(key, value, KEYS)
    picked = choice.get("department", "")
    if not picked:
        return None
    department = known(moment, picked)
    if department is None:
        raise ChoiceError("department", picked, [each.id for each in moment.departments])
    return department


def build_board(moment: Moment, picked: Department | None = None) -> Values:
    """Every department in one row, by key; the parts add up to `sum`."""
    work = work_of(moment)
    sources = sources_by_department(moment)
    rows = [_row(moment, department, sources[department.id], work) for department in moment.departments]
    return {
        "picked": None if picked is None else picked.id,
        "rows": rows,
        "ok": sum(row["state"] == PanelState.LIVE for row in rows) if rows else None,
        "sum": _sum(moment, work, rows),
    }


def _row(moment: Moment, department: Department, sources: list[SourceHealth], work: Work) -> Values:
    state = moment.department_states[department.id]
    return {
        "id": department.id,
        "name": department.name,
        "name_en": department.name_en,
        "state": state.value,
        "sources": [len(sources), sum(moment.source_states[source.id] is PanelState.LIVE for source in sources)],
        "at": _oldest_ms(sources),
        "delivers": _delivered(moment, sources),
        "cases": None if work.cases is None else _case_counts(moment, department.id, work),
        "sensors": _counts(work.sensors, department.id, ("total", "online", "over", "unknown")),
        "cameras": _counts(work.cameras, department.id, ("total", "offline", "unknown")),
        "alarms": work.alarms.of(department.id),
        "people": _counts(work.people, department.id, ("total", "on")),
    }


def _counts(tallies: Any, department: str, names: tuple[str, ...]) -> list[int]:
    return [tallies[name].of(department) for name in names]


def _case_counts(moment: Moment, department: str, work: Work) -> Values:
    cases: dict[str, Tally] = dict(work.cases or {})
    was_due = cases["was_due"].of(department)
    row = moment.live.words.find(department)
    days = work.days["cases_open"]
    return {
        "open": cases["open"].of(department),
        "overdue": cases["overdue"].of(department),
        "today": cases["today"].of(department),
        "ontime": round(cases["ontime"].of(department) / was_due, 4) if was_due else None,
        "was_due": was_due,
        "days": [] if row is None else days.series(row),
        "weeks": (None, None) if row is None else days.weeks(row),
    }


def _delivered(moment: Moment, sources: list[SourceHealth]) -> list[list[str | int | None]]:
    """Kinds and numbers of records of all sources of a department, the most first."""
    sums: dict[str, int | None] = {}
    for source in sources:
        for kind, count in records_of(moment, source):
            before = sums.get(str(kind))
            sums[str(kind)] = before if count is None else int(count) + (before or 0)
    return [[kind, count] for kind, count in sorted(sums.items(), key=lambda item: (-(item[1] or 0), item[0]))]


def _oldest_ms(sources: list[SourceHealth]) -> int | None:
    times = [epoch_ms(source.succeeded_at) for source in sources]
    return min(times) if times and NO_TIME not in times else None


def _sum(moment: Moment, work: Work, rows: list[Values]) -> Values:
    """All of the district; `elsewhere` are open cases of no department known."""
    if work.cases is None:
        return {"open": None, "overdue": None, "elsewhere": None}
    total = int(np.count_nonzero(moment.is_open))
    return {
        "open": total,
        "overdue": int(np.count_nonzero(moment.is_overdue)),
        "elsewhere": total - sum(row["cases"]["open"] for row in rows),
    }


def build_sources(moment: Moment, picked: Department | None = None) -> Values:
    """Every source (of the picked department) with its age, what it promised and what it delivers; the worst first."""
    sources = [source for source in moment.sources if picked is None or source.department == picked.id]
    rows = [_source(moment, source) for source in sources]
    rows.sort(key=lambda row: (_URGENCY.get(PanelState(row["state"]), _HEALTHY), row["id"]))
    return {"picked": None if picked is None else picked.id, "rows": rows}


def _source(moment: Moment, source: SourceHealth) -> Values:
    at_ms = epoch_ms(source.succeeded_at)
    return {
        "id": source.id,
        "name": source.name or source.id,
        "department": source.department,
        "state": moment.source_states[source.id].value,
        "at": None if at_ms == NO_TIME else at_ms,
        "interval_s": source.interval_s,
        "stale_after_s": source.stale_after_s,
        "records": records_of(moment, source),
        "rejected": source.rejected_count,
        "failures": source.failures_total,
        "error": source.error,
    }


def build_one(moment: Moment, picked: Department | None = None) -> Values:
    """One department in full: cases and their days, sensors by kind, alarms. Without one: which need a look."""
    if picked is None:
        return {"picked": None, "rows": _needing(moment)}
    work = work_of(moment)
    row = _row(moment, picked, sources_by_department(moment)[picked.id], work)
    return {
        "picked": picked.id,
        "row": row,
        "duty_officer": picked.duty_officer,
        "ends": [] if work.cases is None else days_of(moment, "cases_open").ends_ms,
        "ontime_days": _ontime_days(moment, picked.id, work),
        "steps": _steps(moment, picked.id),
        "kinds": _sensor_kinds(moment, picked.id),
        "alarms": _alarms(moment, picked.id),
        "cases": _oldest(moment, picked.id),
    }


def _needing(moment: Moment) -> list[list[Any]]:
    """Departments with anything overdue or not delivering, the worst first: [id, overdue, state, alarms]."""
    work = work_of(moment)
    overdue = None if work.cases is None else work.cases["overdue"]
    rows: list[list[Any]] = [
        [
            department.id,
            None if overdue is None else overdue.of(department.id),
            moment.department_states[department.id].value,
            work.alarms.of(department.id),
        ]
        for department in moment.departments
    ]
    needing = [row for row in rows if row[1] or row[3] or _URGENCY.get(PanelState(row[2]), _HEALTHY) < _HEALTHY]
    return sorted(needing, key=lambda row: (_URGENCY.get(PanelState(row[2]), _HEALTHY), -(row[1] or 0), row[0]))


def _ontime_days(moment: Moment, department: str, work: Work) -> Values | None:
    row = moment.live.words.find(department)
    if row is None or work.cases is None:
        return None
    days = days_of(moment, "ontime_rate")
    return {"series": days.series(row), "weeks": days.weeks(row)}


def _steps(moment: Moment, department: str) -> list[list[int]]:
    """[step, open, overdue] of its open cases by index of the seven steps."""
    code = moment.live.words.find(department)
    mine = moment.cases["department"] == (-1 if code is None else code)
    opened = np.bincount(moment.cases["step"][mine & moment.is_open], minlength=8)
    overdue = np.bincount(moment.cases["step"][mine & moment.is_overdue], minlength=8)
    return [[step, int(opened[step]), int(overdue[step])] for step in range(7) if opened[step]]


def _sensor_kinds(moment: Moment, department: str) -> list[list[Any]]:
    """[kind, total, online, over a limit, unknown] of its sensors, the most first."""
    table = moment.live.tables["sensor"]
    code = moment.live.words.find(department)
    mine = table["department"] == (-1 if code is None else code)
    states = moment.sensor_states
    rows: list[list[Any]] = []
    for kind in np.unique(table["category"][mine]).tolist():
        of_kind = mine & (table["category"] == kind)
        counts = [
            of_kind,
            of_kind & (states == ONLINE),
            of_kind & (table["level"] > 0) & (states != UNKNOWN),
            of_kind & (states == UNKNOWN),
        ]
        rows.append([moment.live.words.word(kind), *[int(np.count_nonzero(each)) for each in counts]])
    return sorted(rows, key=lambda row: (-int(row[1]), row[0]))[:MOST_KINDS]


def _alarms(moment: Moment, department: str) -> list[Values]:
    mine = [(number, alarm) for number, alarm in moment.active_alarms if alarm.department == department]
    return [alarm_row(moment, number, alarm) for number, alarm in mine[:MOST_ALARMS]]


def _oldest(moment: Moment, department: str) -> list[list[Any]]:
    """Its cases overdue longest: [id, category, subcategory, due, department, street]."""
    cases = moment.live.tables["case"]
    code = moment.live.words.find(department)
    overdue = np.flatnonzero((cases["department"] == (-1 if code is None else code)) & moment.is_overdue)
    word = moment.live.words.word
    return [
        [
            cases["id"][row],
            word(int(cases["category"][row])),
            word(int(cases["subcategory"][row])),
            int(cases["due_ms"][row]),
            department,
            word(int(cases["street"][row])),
        ]
        for row in overdue[np.argsort(cases["due_ms"][overdue], kind="stable")][:MOST_CASES].tolist()
    ]
