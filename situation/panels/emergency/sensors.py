"""Sensors that tell of the incident: its own, those around it, others of its kind; each with its last hours."""

from __future__ import annotations

import numpy as np

from situation.live import Moment
from situation.live.finding import row_of
from situation.live.moment import Mask
from situation.panels.cameras import bearing_deg
from situation.panels.definition import Choice, Values
from situation.panels.emergency.incident import Incident, incident_of
from situation.panels.emergency.surroundings import distances, is_around, nearest
from situation.panels.iot.fleet import ALARM, NORMAL, Fleet
from situation.panels.iot.reading import sensor_values
from situation.panels.iot.watched import reaches, series_of
from situation.panels.watched import rate_per_h
from situation.records import Alarm, Datastream

NEAR = 5
NEAREST = 3
"""So many of what is near come before others of the incident's kind, the rest after them."""

ALIKE = 3
ALIKE_WITHIN_M = 5_000.0
OF_A_KIND_NEAR = 2
"""Ten manhole covers beside each other say less than five different things."""

Reason = str  # own, near, alike
Pick = tuple[int, float | None, Reason]


def build_sensors(moment: Moment) -> Values:
    """Around the worst incident."""
    return choose_sensors(moment, {})


def choose_sensors(moment: Moment, choice: Choice) -> Values:
    """Around the incident asked for. `why`: own (it is about this one), near, alike (same kind, further away)."""
    incident = incident_of(moment, choice)
    if incident is None:
        return {"about": None, "rows": []}
    fleet = Fleet(moment)
    picks = picked_sensors(moment, fleet, incident)
    return {"about": incident.key, "rows": [_row(moment, fleet, incident, *pick) for pick in picks]}


def picked_sensors(moment: Moment, fleet: Fleet, incident: Incident) -> list[Pick]:
    """Rows of the sensors shown, metres, and why; the incident's own first."""
    table = moment.live.tables["sensor"]
    own = _own_row(moment, incident)
    picks: list[Pick] = [] if own is None else [(own, None, "own")]
    if incident.focus is None or not len(table):
        return picks
    metres = distances(moment, "sensor", incident.focus)
    picks = [(row, float(metres[row]), why) for row, _, why in picks]
    has_limits = np.array([stream is not None and bool(stream.thresholds) for stream in table["stream"]])
    around = is_around(moment, "sensor", incident) & has_limits
    if incident.kind == "warning":  # all over the warned ground: those over a limit first
        around &= fleet.standing == ALARM
    taken = {row for row, *_ in picks}
    kinds: dict[int, int] = {}
    for row, far in nearest(metres, around, 60):
        kind = int(table["category"][row])
        if row in taken or kinds.get(kind, 0) >= OF_A_KIND_NEAR or len(taken) >= NEAR + 1:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        taken.add(row)
        picks.append((row, far, "near"))
    near = picks[1:] if own is not None else picks
    if own is not None:
        alike = (table["category"] == table["category"][own]) & _not_in(taken, len(table))
        others = [(row, far, "alike") for row, far in nearest(metres, alike, ALIKE, ALIKE_WITHIN_M)]
        picks = [picks[0], *near[:NEAREST], *others, *near[NEAREST:]]
    return picks


def _not_in(rows: set[int], count: int) -> Mask:
    left = np.ones(count, dtype=np.bool_)
    left[list(rows)] = False
    return left


def _own_row(moment: Moment, incident: Incident) -> int | None:
    if not isinstance(incident.record, Alarm):
        return None
    kind, _, record_id = incident.record.about.partition("/")
    return row_of(moment, kind, record_id) if kind == "sensor" else None


def _row(moment: Moment, fleet: Fleet, incident: Incident, row: int, distance_m: float | None, why: Reason) -> Values:
    table = moment.live.tables["sensor"]
    stream: Datastream | None = table["stream"][row]
    points = [] if stream is None else series_of(moment, stream)
    is_speaking = fleet.standing[row] in (NORMAL, ALARM)
    rate = rate_per_h(points) if is_speaking else None
    lon, lat = float(table["lon"][row]), float(table["lat"][row])
    known = distance_m is not None and np.isfinite(distance_m) and incident.focus is not None
    return sensor_values(moment, fleet, row, points[-1] if points else None) | {
        "why": why,
        "distance_m": round(distance_m) if known and distance_m is not None else None,
        "bearing_deg": round(bearing_deg(incident.focus, lon, lat)) % 360 if known and incident.focus else None,
        "points": [[at_ms, round(value, 3)] for at_ms, value in points],
        "limits": [] if stream is None else [[limit.level, limit.limit, limit.above] for limit in stream.thresholds],
        "rate_per_h": None if rate is None else round(rate, 3),
        "reaches": None if stream is None else reaches(stream, points, rate),
    }
