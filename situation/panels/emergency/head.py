"""What happens, where, since when, how bad, who is on it; and what happened last when nothing burns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.live.finding import row_of
from situation.panels.alarms import alarm_row, english_name
from situation.panels.definition import Choice, Values
from situation.panels.emergency.incident import SERIOUS, WARNING_PRIORITIES, Incident, incident_of
from situation.panels.iot.watched import reaches, series_of
from situation.panels.warnings import exposure
from situation.panels.watched import rate_per_h
from situation.records import Alarm, Datastream, WeatherWarning

MOST_OTHERS = 6
PRIORITIES = (1, 2, 3, 4)


def build_head(moment: Moment) -> Values:
    """The worst incident."""
    return choose_head(moment, {})


def choose_head(moment: Moment, choice: Choice) -> Values:
    """The incident asked for. `counts`: active alarms by priority; `others` burn beside it."""
    incident = incident_of(moment, choice)
    has_word = moment.has_delivered("alarm", "sensor", "camera", "warning")
    return {
        "is_known": has_word,
        "incident": None if incident is None else told(moment, incident),
        "others": _others(moment, incident),
        "counts": _counts(moment) if has_word else None,
        "last": last_incident(moment),
    }


def told(moment: Moment, incident: Incident) -> Values:
    """An incident in all its facts."""
    facts = {"kind": incident.kind, "priority": incident.priority, "radius_m": round(incident.radius_m)}
    if isinstance(incident.record, Alarm):
        alarm = incident.record
        return (
            alarm_row(moment, incident.number, alarm)
            | facts
            | _course(moment, alarm)
            | {"about": alarm.about, "address": alarm.address, "ended_at": _ms(alarm.ended_at)}
        )
    return facts | _warning(moment, incident.number, incident.record)


def _warning(moment: Moment, number: int, warning: WeatherWarning) -> Values:
    return {
        "id": warning.id,
        "number": number,
        "event": warning.event,
        "level": warning.level.value,
        "level_text": warning.level_text,
        "headline": warning.headline,
        "headline_en": warning.headline_en,
        "instruction": warning.instruction,
        "areas": [area.name for area in warning.areas if area.name],
        "started_at": _ms(warning.sent_at),
        "onset_at": _ms(warning.onset_at),
        "expires_at": _ms(warning.expires_at),
        "exposure": exposure(moment, warning),
    }


def _course(moment: Moment, alarm: Alarm) -> Values:
    """Of an alarm about a sensor: its limits, how fast it moves, which limit is next."""
    stream = stream_of(moment, alarm)
    if stream is None:
        return {"limits": [], "rate_per_h": None, "reaches": None}
    points = series_of(moment, stream)
    rate = rate_per_h(points)
    return {
        "limits": [[limit.level, limit.limit, limit.above] for limit in stream.thresholds],
        "rate_per_h": None if rate is None else round(rate, 3),
        "reaches": reaches(stream, points, rate),
    }


def stream_of(moment: Moment, alarm: Alarm) -> Datastream | None:
    """The first datastream of the sensor that an alarm is about."""
    kind, _, record_id = alarm.about.partition("/")
    row = row_of(moment, kind, record_id) if kind == "sensor" else None
    if row is None:
        return None
    stream: Datastream | None = moment.live.tables["sensor"]["stream"][row]
    return stream


def _others(moment: Moment, incident: Incident | None) -> list[Values]:
    """What else is serious, so that one touch goes there."""
    rows: list[Values] = []
    for number, alarm in moment.active_alarms:
        if alarm.priority <= SERIOUS and (incident is None or alarm.id != incident.record.id):
            row = alarm_row(moment, number, alarm)
            rows.append({"kind": "alarm"} | {key: row[key] for key in _OTHER_FIELDS})
    for warning in moment.active_warnings:
        priority = WARNING_PRIORITIES[warning.level]
        if priority <= SERIOUS and (incident is None or warning.id != incident.record.id):
            rows.append(_other_warning(warning, priority))
    return sorted(rows, key=lambda row: (row["priority"], row["started_at"] or 0, row["id"]))[:MOST_OTHERS]


_OTHER_FIELDS = (
    "id",
    "rule",
    "priority",
    "name",
    "name_en",
    "value",
    "unit",
    "street",
    "street_en",
    "started_at",
    "acknowledged_at",
    "state",
    "value_at",
)


def _other_warning(warning: WeatherWarning, priority: int) -> Values:
    return {
        "kind": "warning",
        "id": warning.id,
        "priority": priority,
        "event": warning.event,
        "level": warning.level.value,
        "level_text": warning.level_text,
        "headline": warning.headline,
        "headline_en": warning.headline_en,
        "started_at": _ms(warning.sent_at),
    }


def _counts(moment: Moment) -> list[list[int]]:
    """[priority, active alarms, of them unacknowledged]; they add up to the number of active alarms."""
    found = []
    for priority in PRIORITIES:
        alarms = [alarm for _, alarm in moment.active_alarms if min(max(alarm.priority, 1), 4) == priority]
        found.append([priority, len(alarms), sum(alarm.acknowledged_at is None for alarm in alarms)])
    return found


def last_incident(moment: Moment) -> Values | None:
    """The serious alarm or warning that ended last, of those still remembered (a day of alarms)."""
    ended: list[tuple[int, str, Values]] = []
    for alarm in moment.live.whole["alarm"].values():
        if isinstance(alarm, Alarm) and alarm.ended_at is not None and alarm.priority <= SERIOUS:
            facts: dict[str, Any] = {"rule": alarm.rule, "name": alarm.name, "name_en": english_name(moment, alarm)}
            facts |= {"value": alarm.value, "unit": alarm.unit}
            ended.append(_ended("alarm", alarm.id, alarm.started_at, alarm.ended_at, alarm.priority, facts))
    for warning in moment.live.whole["warning"].values():
        if not isinstance(warning, WeatherWarning) or not warning.is_actual or warning.expires_at is None:
            continue
        if warning.expires_at <= moment.at and WARNING_PRIORITIES[warning.level] <= SERIOUS:
            facts = {"headline": warning.headline, "headline_en": warning.headline_en}
            priority = WARNING_PRIORITIES[warning.level]
            ended.append(_ended("warning", warning.id, warning.sent_at, warning.expires_at, priority, facts))
    return max(ended, key=lambda item: item[:2], default=(0, "", None))[2]


def _ended(
    kind: str, record_id: str, started_at: datetime | None, ended_at: datetime, priority: int, facts: Values
) -> tuple[int, str, Values]:
    times = {"started_at": _ms(started_at), "ended_at": _ms(ended_at)}
    return epoch_ms(ended_at), record_id, {"kind": kind, "id": record_id, "priority": priority} | facts | times


def _ms(at: datetime | None) -> int | None:
    value = epoch_ms(at)
    return None if value == NO_TIME else value
