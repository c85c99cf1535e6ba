"""Warnings, alarms, registered cases and other events on one axis of time."""

from __future__ import annotations

import numpy as np

from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.live.moment import SILENT_MESSAGES
from situation.panels.definition import Values
from situation.records import Alarm, WeatherWarning

STEP_MS = 600_000
BACK_MS = 12 * STEP_MS
AHEAD_MS = 4 * STEP_MS
MOST_ALARMS = 60
MOST_EVENTS = 20


def build_timeline(moment: Moment) -> Values:
    """The last two hours in steps of ten minutes, and a little of what is still to come."""
    now_ms = moment.at_ms // STEP_MS * STEP_MS
    from_ms, to_ms = now_ms - BACK_MS, now_ms + AHEAD_MS
    return {
        "from": from_ms,
        "to": to_ms,
        "warnings": _warnings(moment, from_ms, to_ms),
        "alarms": _alarms(moment, from_ms),
        "cases": _cases(moment, from_ms, now_ms + STEP_MS),
        "events": _events(moment, from_ms, to_ms),
    }


def _warnings(moment: Moment, from_ms: int, to_ms: int) -> list[Values]:
    """Actual warnings that held at any time of the span, replaced ones included: they show the upgrades."""
    rows: list[Values] = []
    for warning in _actual(moment):
        start_ms = epoch_ms(warning.onset_at or warning.sent_at)
        end_ms = epoch_ms(warning.expires_at)
        if start_ms == NO_TIME or start_ms > to_ms or (end_ms != NO_TIME and end_ms < from_ms):
            continue
        rows.append(
            {
                "id": warning.id,
                "event": warning.event,
                "level": warning.level.value,
                "headline": warning.headline,
                "headline_en": warning.headline_en,
                "from": start_ms,
                "to": None if end_ms == NO_TIME else end_ms,
                "is_active": warning in moment.active_warnings,
            }
        )
    return sorted(rows, key=lambda row: (row["from"], row["id"]))


def _actual(moment: Moment) -> list[WeatherWarning]:
    rows = [row for row in moment.live.whole["warning"].values() if isinstance(row, WeatherWarning)]
    return [row for row in rows if row.is_actual and row.message_type not in SILENT_MESSAGES]


def _alarms(moment: Moment, from_ms: int) -> list[list[object]]:
    alarms = [alarm for alarm in moment.live.whole["alarm"].values() if isinstance(alarm, Alarm)]
    recent = [alarm for alarm in alarms if epoch_ms(alarm.started_at) >= from_ms]
    recent.sort(key=lambda alarm: (epoch_ms(alarm.started_at), alarm.id))
    return [
        [epoch_ms(alarm.started_at), alarm.priority, alarm.acknowledged_at is not None, alarm.name]
        for alarm in recent[-MOST_ALARMS:]
    ]


def _cases(moment: Moment, from_ms: int, to_ms: int) -> list[list[int]]:
    registered = moment.cases["registered_ms"]
    counts, edges = np.histogram(registered, bins=np.arange(from_ms, to_ms + 1, STEP_MS))
    return [[int(start_ms), int(count)] for start_ms, count in zip(edges, counts, strict=False)]


def _events(moment: Moment, from_ms: int, to_ms: int) -> list[list[object]]:
    """What authorities said and which sources fell silent, in their own words."""
    events: list[list[object]] = [
        [epoch_ms(warning.sent_at), warning.headline or warning.event]
        for warning in _actual(moment)
        if from_ms <= epoch_ms(warning.sent_at) <= to_ms
    ]
    events.sort(key=lambda event: (event[0], event[1]))
    return events[-MOST_EVENTS:]
