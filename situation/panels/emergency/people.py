"""Who can be there: those on duty nearest to the incident, and the departments that answer."""

from __future__ import annotations

import numpy as np

from situation.live import Moment
from situation.live.moment import Mask
from situation.live.people import is_lost
from situation.panels.cameras import Focus
from situation.panels.definition import Choice, Values
from situation.panels.emergency.incident import Incident, incident_of
from situation.panels.emergency.surroundings import PEOPLE_WITHIN_M, Found, distances, people, position
from situation.panels.iot.reading import known_ms

NEAR_M = 2_000.0
MOST_DEPARTMENTS = 5


def build_people(moment: Moment) -> Values:
    """Around the worst incident."""
    return choose_people(moment, {})


def choose_people(moment: Moment, choice: Choice) -> Values:
    """Around the incident asked for. `near`: on duty within two kilometres; `lost`: on duty, nobody knows where."""
    incident = incident_of(moment, choice)
    values: Values = {"about": None, "rows": [], "departments": [], "near": None, "lost": None, "on_duty": None}
    if not moment.has_delivered("officer"):
        return values
    table = moment.live.tables["officer"]
    on_duty = (table["on_duty"] == 1) & moment.is_living_source[table["source"]]
    lost = on_duty & is_lost(moment, table)
    values |= {"lost": int(np.count_nonzero(lost)), "on_duty": int(np.count_nonzero(on_duty))}
    if incident is None or incident.focus is None:
        return values
    metres = distances(moment, "officer", incident.focus)
    present = on_duty & ~lost
    return values | {
        "about": incident.key,
        "rows": [_row(moment, found, incident.focus) for found in people(moment, incident.focus)],
        "departments": _departments(moment, incident, present & (metres <= PEOPLE_WITHIN_M)),
        "near": int(np.count_nonzero(present & (metres <= NEAR_M))),
    }


def _row(moment: Moment, found: Found, focus: Focus) -> Values:
    table = moment.live.tables["officer"]
    words = moment.live.words
    department = words.word(int(table["department"][found.row]))
    name, name_en = moment.department_names.get(department, (department, ""))
    return position(moment, "officer", found, focus) | {
        "id": table["id"][found.row],
        "number": int(table.numbers[found.row]),
        "name": table["name"][found.row],
        "role": words.word(int(table["category"][found.row])),
        "department": name,
        "department_en": name_en,
        "positioned_at": known_ms(int(table["positioned_ms"][found.row])),
    }


def _departments(moment: Moment, incident: Incident, present: Mask) -> list[Values]:
    """Whose the incident is comes first, then who has most people within five kilometres."""
    table = moment.live.tables["officer"]
    counts = np.bincount(table["department"][present], minlength=len(moment.live.words))
    own = moment.live.words.find(incident.record.department) if incident.record.department else None
    codes = sorted(np.flatnonzero(counts).tolist(), key=lambda code: (-counts[code], code))
    if own is not None:
        codes = [own, *(code for code in codes if code != own)]
    rows = []
    for code in codes[:MOST_DEPARTMENTS]:
        key = moment.live.words.word(code)
        name, name_en = moment.department_names.get(key, (key, ""))
        rows.append({"id": key, "name": name, "name_en": name_en, "people": int(counts[code]), "is_own": code == own})
    return rows
