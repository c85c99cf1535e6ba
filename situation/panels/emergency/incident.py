"""Which incident the scene is about: the one asked for, else the worst that burns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely

from situation.live import Moment
from situation.live.columns import epoch_ms
from situation.panels.cameras import Focus, distances_m
from situation.panels.definition import Choice, ChoiceError
from situation.panels.warnings import Ground, ground_of
from situation.records import Alarm, WarningLevel, WeatherWarning

SERIOUS = 2
"""Alarms up to this priority, and warnings worth as much, burn; others are everyday."""

WARNING_PRIORITIES = {
    WarningLevel.RED: 1,
    WarningLevel.ORANGE: 2,
    WarningLevel.UNKNOWN: 2,  # ranked as serious
    WarningLevel.YELLOW: 3,
    WarningLevel.BLUE: 4,
}
AROUND_M = 1_000.0
"""What counts as around an alarm."""

LARGEST_M = 20_000.0
KEYS = ("alarm", "warning")


@dataclass(frozen=True)
class Incident:
    """An alarm or a warning, and where. `focus` is None when nobody knows its place; `ground` only of a warning."""

    kind: Literal["alarm", "warning"]
    number: int
    record: Alarm | WeatherWarning
    priority: int
    focus: Focus | None
    radius_m: float = AROUND_M
    ground: Ground | None = None

    @property
    def key(self) -> str:
        """kind/id."""
        return f"{self.kind}/{self.record.id}"


def incident_of(moment: Moment, choice: Choice | None = None) -> Incident | None:
    """The incident of the choice, else the worst; raises ChoiceError for one that nobody knows."""
    wanted = {key: value for key, value in (choice or {}).items() if value}
    unknown = next((key for key in wanted if key not in KEYS), None)
    if unknown is not None:
        raise ChoiceError(unknown, wanted[unknown], KEYS)
    if "alarm" in wanted:
        return _asked_alarm(moment, wanted["alarm"])
    if "warning" in wanted:
        return _asked_warning(moment, wanted["warning"])
    return worst(moment)


def worst(moment: Moment) -> Incident | None:
    """What burns, in order: priority, unacknowledged first, alarms before warnings, with a place, the oldest."""
    burning = [_of_alarm(moment, *item) for item in moment.active_alarms if item[1].priority <= SERIOUS]
    burning += [
        _of_warning(moment, number, warning)
        for number, warning in _warnings(moment)
        if WARNING_PRIORITIES[warning.level] <= SERIOUS
    ]
    return min(burning, key=_order, default=None)


def _order(incident: Incident) -> tuple[int, bool, bool, bool, int, str]:
    record = incident.record
    is_alarm = isinstance(record, Alarm)
    is_handled = isinstance(record, Alarm) and record.acknowledged_at is not None
    began = record.started_at if isinstance(record, Alarm) else record.sent_at
    return incident.priority, is_handled, not is_alarm, incident.focus is None, epoch_ms(began), record.id


def _warnings(moment: Moment) -> list[tuple[int, WeatherWarning]]:
    active = {warning.id for warning in moment.active_warnings}
    return [
        (number, warning)
        for number, warning in moment.live.whole["warning"].items()
        if isinstance(warning, WeatherWarning) and warning.id in active
    ]


def _asked_alarm(moment: Moment, alarm_id: str) -> Incident:
    for number, alarm in moment.live.whole["alarm"].items():
        if isinstance(alarm, Alarm) and alarm.id == alarm_id:
            return _of_alarm(moment, number, alarm)
    raise ChoiceError("alarm", alarm_id, [alarm.id for _, alarm in moment.active_alarms])


def _asked_warning(moment: Moment, warning_id: str) -> Incident:
    for number, warning in moment.live.whole["warning"].items():
        if isinstance(warning, WeatherWarning) and warning.id == warning_id:
            return _of_warning(moment, number, warning)
    raise ChoiceError("warning", warning_id, [warning.id for _, warning in _warnings(moment)])


def _of_alarm(moment: Moment, number: int, alarm: Alarm) -> Incident:
    focus = None
    if alarm.lon is not None and alarm.lat is not None:
        focus = Focus(f"alarm/{alarm.id}", alarm.name, alarm.lon, alarm.lat)
    return Incident("alarm", number, alarm, alarm.priority, focus)


def _of_warning(moment: Moment, number: int, warning: WeatherWarning) -> Incident:
    """Around a point inside the warned ground, out to its farthest corner."""
    ground = ground_of(moment, warning)
    priority = WARNING_PRIORITIES[warning.level]
    if ground.geometry is None:
        return Incident("warning", number, warning, priority, None, ground=ground)
    spot = shapely.point_on_surface(ground.geometry)
    focus = Focus(f"warning/{warning.id}", warning.headline or warning.event, float(spot.x), float(spot.y))
    west, south, east, north = ground.geometry.bounds
    corners = distances_m(np.array([west, west, east, east]), np.array([south, north, south, north]), focus)
    radius_m = min(float(corners.max()), LARGEST_M)
    return Incident("warning", number, warning, priority, focus, radius_m, ground)
