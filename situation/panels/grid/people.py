"""Panels about who answers: contacts of an area, officers where they are now, what is open there."""

from __future__ import annotations

from typing import Any

import numpy as np

from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.moment import Mask
from situation.live.people import is_lost
from situation.panels.alarms import alarm_row
from situation.panels.definition import Values
from situation.panels.grid.choosing import Looking, path_to
from situation.panels.grid.levels import LEVEL_OF_KIND, rows_in
from situation.records import Area

MOST_ANSWERING = 12
MOST_DEPARTMENTS = 8
MOST_OFFICERS = 240
MOST_OPEN = 12
LOCAL_ROLES = ("grid_officer", "inspector")
"""Roles that answer for an area as such; the others come with their department."""

DUTY_WORDS = {1: True, 0: False}


def build_duty(moment: Moment, look: Looking) -> Values:
    """Whose beat the area is (of the next larger area that has anybody), and the departments with open cases here."""
    answering, beat = _answering(moment, look.area)
    return {
        "area": None if look.area is None else look.area.code,
        "path": path_to(moment, look.area),
        "beat": None if beat is None else [beat.code, beat.name, beat.name_en, LEVEL_OF_KIND[beat.area_kind]],
        "answering": _officers(moment, answering[:MOST_ANSWERING]),
        "answering_of": len(answering),
        "roles": _roles(moment, look.area),
        "departments": _departments(moment, look.area),
    }


def _answering(moment: Moment, area: Area | None) -> tuple[list[int], Area | None]:
    """Rows of the officers whose beat lies in the area, else in what it lies in; those on duty first."""
    if area is None:
        return [], None
    table = moment.live.tables["officer"]
    roles = [moment.live.words.find(role) for role in LOCAL_ROLES]
    is_local = np.isin(table["category"], [code for code in roles if code is not None])
    for above in (area.code, *area.parents):
        found = moment.area_index.area(above)
        if found is None or found.area_kind not in LEVEL_OF_KIND:
            continue
        rows = np.flatnonzero(is_local & _has_beat_in(moment, found))
        if len(rows):
            order = np.lexsort((table["id"][rows].astype(str), table["category"][rows], -table["on_duty"][rows]))
            return rows[order].tolist(), found
    return [], None


def _has_beat_in(moment: Moment, area: Area) -> Mask:
    """Officers whose beat is the area or a part of it: codes of parts begin with the code of the whole."""
    beats = moment.live.tables["officer"]["beat"]
    used = np.unique(beats)
    inside = [code for code in used.tolist() if code and _lies_in(moment, moment.live.words.word(code), area)]
    return np.isin(beats, inside)


def _lies_in(moment: Moment, code: str, area: Area) -> bool:
    return code == area.code or area.code in moment.area_index.parents(code)


def _officers(moment: Moment, rows: list[int]) -> list[list[Any]]:
    """[id, name, role, on duty, position's time, position tells nothing of now, department] of rows."""
    table = moment.live.tables["officer"]
    word = moment.live.words.word
    unknown = _is_unknown(moment)
    return [
        [
            table["id"][row],
            table["name"][row],
            word(int(table["category"][row])),
            DUTY_WORDS.get(int(table["on_duty"][row])),
            _time(int(table["positioned_ms"][row])),
            bool(unknown[row]),
            word(int(table["department"][row])),
        ]
        for row in rows
    ]


def _time(at_ms: int) -> int | None:
    return None if at_ms == NO_TIME else at_ms


def _is_unknown(moment: Moment) -> Mask:
    """Whose position tells nothing of the present: of a source that died, or too old for somebody not off duty."""
    table = moment.live.tables["officer"]
    is_missing = is_lost(moment, table) & (table["on_duty"] != 0)
    return np.asarray(is_missing | ~moment.is_living_source[table["source"]])


def _roles(moment: Moment, area: Area | None) -> list[list[Any]]:
    """People who are in the area now by role: [role, on duty (None: nobody says), in all], the most first."""
    table = moment.live.tables["officer"]
    here = rows_in(moment, "officer", area)
    codes = table["category"][here]
    duty = table["on_duty"][here]
    rows: list[list[Any]] = []
    for code in np.unique(codes).tolist():
        of_role = duty[codes == code]
        on_duty = int(np.count_nonzero(of_role == 1)) if np.any(of_role >= 0) else None
        rows.append([moment.live.words.word(code), on_duty, len(of_role)])
    return sorted(rows, key=lambda row: (-int(row[2]), row[0]))


def _departments(moment: Moment, area: Area | None) -> list[list[Any]]:
    """Departments with open cases here: [id, name, English name, open, overdue, duty officer]."""
    here = rows_in(moment, "case", area)
    opened = moment.count_by("department", here & moment.is_open)
    overdue = moment.count_by("department", here & moment.is_overdue)
    known = {department.id: department for department in moment.departments}
    rows: list[list[Any]] = []
    for code in np.flatnonzero(opened).tolist():
        key = moment.live.words.word(code)
        department = known.get(key)
        name, name_en, officer = (
            ("", "", "") if department is None else (department.name, department.name_en, department.duty_officer)
        )
        rows.append([key, name or key, name_en, int(opened[code]), int(overdue[code]), officer])
    return sorted(rows, key=lambda row: (-row[4], -row[3], row[0]))[:MOST_DEPARTMENTS]


def build_officers(moment: Moment, look: Looking) -> Values:
    """Who is in the area and not off duty: as `_officers`, then lon and lat. `of` counts those off duty too."""
    table = moment.live.tables["officer"]
    here = rows_in(moment, "officer", look.area) & ~np.isnan(table["lon"])
    rows = np.flatnonzero(here & (table["on_duty"] != 0))
    rows = rows[np.lexsort((table["id"][rows].astype(str), -table["on_duty"][rows]))]
    shown = rows[:MOST_OFFICERS].tolist()
    places = [[round(float(table["lon"][row]), 5), round(float(table["lat"][row]), 5)] for row in shown]
    return {
        "area": None if look.area is None else look.area.code,
        "path": path_to(moment, look.area),
        "rows": [officer + place for officer, place in zip(_officers(moment, shown), places, strict=True)],
        "of": int(np.count_nonzero(here)),
        "on_duty": int(np.count_nonzero(table["on_duty"][rows] == 1)),
        "unknown": int(np.count_nonzero(_is_unknown(moment)[rows])),
    }


def build_open(moment: Moment, look: Looking) -> Values:
    """What is open in the area: its active alarms, and the cases that are overdue longest."""
    alarms = [(number, alarm) for number, alarm in moment.active_alarms if _is_in(moment, number, look.area)]
    cases = moment.live.tables["case"]
    overdue = np.flatnonzero(rows_in(moment, "case", look.area) & moment.is_overdue)
    oldest = overdue[np.argsort(cases["due_ms"][overdue], kind="stable")][:MOST_OPEN].tolist()
    words = moment.live.words
    return {
        "area": None if look.area is None else look.area.code,
        "path": path_to(moment, look.area),
        "alarms": [alarm_row(moment, number, alarm) for number, alarm in alarms[:MOST_OPEN]],
        "alarms_of": len(alarms),
        "cases": [
            [
                cases["id"][row],
                words.word(int(cases["category"][row])),
                words.word(int(cases["subcategory"][row])),
                int(cases["due_ms"][row]),
                words.word(int(cases["department"][row])),
                words.word(int(cases["street"][row])),
            ]
            for row in oldest
        ],
        "cases_of": len(overdue),
    }


def _is_in(moment: Moment, number: int, area: Area | None) -> bool:
    table = moment.live.tables["alarm"]
    row = table.row(number)
    return row is not None and bool(rows_in(moment, "alarm", area)[row])
