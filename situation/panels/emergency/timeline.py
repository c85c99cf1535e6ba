"""What happened around the incident, the newest first: limits crossed, alarms, cases, warnings, cameras lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import numpy as np

from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.live.context import Point
from situation.live.moment import OFFLINE, UNKNOWN
from situation.panels.alarms import english_name
from situation.panels.cameras import distances_m
from situation.panels.definition import Choice, Values
from situation.panels.emergency.head import stream_of
from situation.panels.emergency.incident import SERIOUS, Incident, incident_of
from situation.panels.emergency.surroundings import distances, is_around
from situation.panels.iot.watched import series_of
from situation.records import Alarm, Threshold, WeatherWarning

LOOKS_BACK_MS = 2 * 3_600_000
BEFORE_MS = 30 * 60_000
LONGEST_MS = 24 * 3_600_000
MOST_EVENTS = 40
MOST_CASES = 12
AROUND_M = 2_000.0
TOGETHER_MS = 600_000
"""Cameras lost within ten minutes of each other are one line."""


def build_timeline(moment: Moment) -> Values:
    """Of the worst incident; of the last day's serious alarms when nothing burns."""
    return choose_timeline(moment, {})


def choose_timeline(moment: Moment, choice: Choice) -> Values:
    """Of the incident asked for. `curve` is the reading it is about with its limits, None when it is about none."""
    incident = incident_of(moment, choice)
    if incident is None:
        since_ms = moment.at_ms - LONGEST_MS
        return {
            "about": None,
            "from": since_ms,
            "to": moment.at_ms,
            "curve": None,
            "events": _finished(_serious(moment, since_ms)),
        }
    since_ms = _since_ms(moment, incident)
    events = [
        *_own(moment, incident),
        *_crossings(moment, incident, since_ms),
        *_alarms_around(moment, incident, since_ms),
        *_warnings(moment, incident, since_ms),
        *_cases(moment, incident, since_ms),
        *_cameras_lost(moment, incident, since_ms),
    ]
    in_time = [event for event in events if since_ms <= event["at"] <= moment.at_ms]
    return {
        "about": incident.key,
        "from": since_ms,
        "to": _minute(moment.at_ms),
        "curve": _curve(moment, incident),
        "events": _finished(in_time),
    }


def _since_ms(moment: Moment, incident: Incident) -> int:
    """From half an hour before it began, at least two hours, at most a day; in whole minutes."""
    began = epoch_ms(_began(incident))
    since_ms = (
        moment.at_ms - LOOKS_BACK_MS if began == NO_TIME else min(began - BEFORE_MS, moment.at_ms - LOOKS_BACK_MS)
    )
    return _minute(max(since_ms, moment.at_ms - LONGEST_MS))


def _minute(at_ms: int) -> int:
    return at_ms // 60_000 * 60_000


def _began(incident: Incident) -> datetime | None:
    record = incident.record
    return record.started_at if isinstance(record, Alarm) else record.sent_at


def _finished(events: list[Values]) -> list[Values]:
    return sorted(events, key=lambda event: (-event["at"], event["what"], event["id"]))[:MOST_EVENTS]


def _event(at: datetime | int | None, what: str, record_id: str, **facts: object) -> list[Values]:
    """None or one: what has no time can't stand on a timeline."""
    at_ms = at if isinstance(at, int) else epoch_ms(at)
    return [] if at_ms == NO_TIME else [{"at": at_ms, "what": what, "id": record_id} | facts]


def _own(moment: Moment, incident: Incident) -> list[Values]:
    record = incident.record
    if isinstance(record, WeatherWarning):
        return _warning_events(record, is_own=True)
    return _alarm_events(moment, record, is_own=True)


def _alarm_events(moment: Moment, alarm: Alarm, *, is_own: bool = False) -> list[Values]:
    facts = {
        "name": alarm.name,
        "name_en": english_name(moment, alarm),
        "rule": alarm.rule,
        "priority": alarm.priority,
        "is_own": is_own,
    }
    return [
        *_event(alarm.started_at, "alarm", alarm.id, value=alarm.value, unit=alarm.unit, **facts),
        *_event(alarm.acknowledged_at, "acknowledged", alarm.id, who=alarm.acknowledged_by, **facts),
        *_event(alarm.ended_at, "ended", alarm.id, **facts),
    ]


def _warning_events(warning: WeatherWarning, *, is_own: bool = False) -> list[Values]:
    facts = {
        "event": warning.event,
        "level": warning.level.value,
        "level_text": warning.level_text,
        "name": warning.headline,
        "name_en": warning.headline_en,
        "is_own": is_own,
    }
    return _event(warning.sent_at, "warning", warning.id, **facts)


def _crossings(moment: Moment, incident: Incident, since_ms: int) -> list[Values]:
    """When the incident's sensor crossed each of its limits, up and back."""
    stream = None if not isinstance(incident.record, Alarm) else stream_of(moment, incident.record)
    if stream is None:
        return []
    points = [point for point in series_of(moment, stream) if point[0] >= since_ms]
    return [event for limit in stream.thresholds for event in crossings(points, limit, stream.unit)]


def crossings(points: Iterable[Point], limit: Threshold, unit: str) -> list[Values]:
    """The readings at which a limit was crossed: `crossed` into trouble, `back` out of it."""
    found: list[Values] = []
    before: bool | None = None
    for at_ms, value in points:
        is_over = value >= limit.limit if limit.above else value <= limit.limit
        if before is not None and is_over != before:
            found += _event(
                at_ms,
                "crossed" if is_over else "back",
                f"{limit.level}",
                value=round(value, 3),
                unit=unit,
                level=limit.level,
                limit=limit.limit,
                above=limit.above,
            )
        before = is_over
    return found


def _alarms_around(moment: Moment, incident: Incident, since_ms: int) -> list[Values]:
    """Other alarms within two kilometres, ended ones of today too."""
    others = [
        alarm
        for alarm in moment.live.whole["alarm"].values()
        if isinstance(alarm, Alarm)
        and alarm.id != incident.record.id
        and alarm.lon is not None
        and (alarm.ended_at is None or epoch_ms(alarm.ended_at) >= since_ms)
    ]
    if incident.focus is None or not others:
        return []
    lons = np.array([alarm.lon for alarm in others], dtype=np.float64)
    lats = np.array([alarm.lat if alarm.lat is not None else np.nan for alarm in others], dtype=np.float64)
    metres = distances_m(lons, lats, incident.focus)
    near_m = max(AROUND_M, incident.radius_m)
    return [
        event | {"distance_m": round(float(far))}
        for alarm, far in zip(others, metres, strict=True)
        if far <= near_m
        for event in _alarm_events(moment, alarm)
    ]


def _warnings(moment: Moment, incident: Incident, since_ms: int) -> list[Values]:
    """Warnings issued meanwhile, those that followed each other included."""
    rows = moment.live.whole["warning"].values()
    others = [row for row in rows if isinstance(row, WeatherWarning) and row.is_actual and row.id != incident.record.id]
    return [event for warning in others if epoch_ms(warning.sent_at) >= since_ms for event in _warning_events(warning)]


def _cases(moment: Moment, incident: Incident, since_ms: int) -> list[Values]:
    """Cases reported around it, the newest."""
    if incident.focus is None:
        return []
    table = moment.cases
    rows = np.flatnonzero(is_around(moment, "case", incident) & (table["reported_ms"] >= since_ms))
    newest = rows[np.argsort(-table["reported_ms"][rows], kind="stable")][:MOST_CASES]
    metres = distances(moment, "case", incident.focus)
    words = moment.live.words
    return [
        event
        for row in newest
        for event in _event(
            int(table["reported_ms"][row]),
            "case",
            table["id"][row],
            category=words.word(int(table["category"][row])),
            subcategory=words.word(int(table["subcategory"][row])),
            distance_m=round(float(metres[row])),
        )
    ]


def _cameras_lost(moment: Moment, incident: Incident, since_ms: int) -> list[Values]:
    """Cameras around it that are offline since then, those lost together as one."""
    table = moment.live.tables["camera"]
    states, seen = moment.camera_states, table["seen_ms"]
    lost = is_around(moment, "camera", incident) & np.isin(states, (OFFLINE, UNKNOWN)) & (seen >= since_ms)
    times = np.sort(seen[lost]).tolist()
    events: list[Values] = []
    start = 0
    for index in range(1, len(times) + 1):
        if index == len(times) or times[index] - times[start] > TOGETHER_MS:
            events += _event(times[start], "cameras_lost", str(times[start]), count=index - start)
            start = index
    return events


def _serious(moment: Moment, since_ms: int) -> list[Values]:
    """Serious alarms and warnings of the last day."""
    alarms = [row for row in moment.live.whole["alarm"].values() if isinstance(row, Alarm) and row.priority <= SERIOUS]
    events = [event for alarm in alarms for event in _alarm_events(moment, alarm)]
    return [event for event in events if event["at"] >= since_ms]


def _curve(moment: Moment, incident: Incident) -> Values | None:
    stream = None if not isinstance(incident.record, Alarm) else stream_of(moment, incident.record)
    if stream is None:
        return None
    points = series_of(moment, stream)
    return {
        "unit": stream.unit,
        "points": [[at_ms, round(value, 3)] for at_ms, value in points],
        "limits": [[limit.level, limit.limit, limit.above] for limit in stream.thresholds],
    }
