"""The place of the incident: rings, cameras by number, people by letter, sensors, places, other alarms."""

from __future__ import annotations

from typing import Any

import numpy as np

from situation.live import Moment
from situation.panels.cameras import Focus, cameras_about
from situation.panels.definition import Choice, Values
from situation.panels.emergency.incident import Incident, incident_of
from situation.panels.emergency.people import choose_people
from situation.panels.emergency.resources import choose_resources
from situation.panels.emergency.sensors import picked_sensors
from situation.panels.iot.fleet import STANDINGS, Fleet
from situation.panels.warnings import polygons_of
from situation.records import Alarm, WeatherWarning

RINGS_M = (200, 500, 1000)
MOST_CAMERAS = 12
MOST_ALARMS = 12

Mark = dict[str, Any]


def build_plan(moment: Moment) -> Values:
    """Around the worst incident; the whole district when nothing burns."""
    return choose_plan(moment, {})


def choose_plan(moment: Moment, choice: Choice) -> Values:
    """Around the incident asked for. Labels of marks are those of the lists beside it."""
    incident = incident_of(moment, choice)
    alarms = _alarms(moment, incident)
    if incident is None or incident.focus is None:
        return {"about": None, "centre": None, "radius_m": None, "rings": [], "outline": None, "marks": alarms}
    focus = incident.focus
    marks = [
        *_places(moment, choice),
        *_sensors(moment, incident),
        *_cameras(moment, focus),
        *_people(moment, choice),
        *alarms,
    ]
    is_alarm = incident.kind == "alarm"
    return {
        "about": incident.key,
        "centre": [focus.lon, focus.lat],
        "radius_m": round(incident.radius_m),
        "rings": list(RINGS_M) if is_alarm else [],
        "outline": None if is_alarm else _outline(incident),
        "marks": marks if is_alarm else [mark for mark in marks if mark["kind"] in ("alarm", "sensor")],
    }


def _cameras(moment: Moment, focus: Focus) -> list[Mark]:
    """Those of the tiles, by the same numbers."""
    tiles = cameras_about(moment, focus)["tiles"][:MOST_CAMERAS]
    table = moment.live.tables["camera"]
    marks = []
    for index, tile in enumerate(tiles):
        row = table.row(tile["number"])
        if row is None:
            continue
        state = {"online": "normal"}.get(tile["state"], tile["state"])
        where = float(table["lon"][row]), float(table["lat"][row])
        marks.append(_mark("camera", tile["id"], where, state, str(index + 1), tile["name"]))
    return marks


def _sensors(moment: Moment, incident: Incident) -> list[Mark]:
    fleet = Fleet(moment)
    table = moment.live.tables["sensor"]
    marks = []
    for row, _, _ in picked_sensors(moment, fleet, incident):
        where = float(table["lon"][row]), float(table["lat"][row])
        standing = STANDINGS[fleet.standing[row]]
        state = f"level-{int(table['level'][row])}" if standing == "alarm" else standing
        if np.isfinite(where[0]):
            marks.append(_mark("sensor", table["id"][row], where, state, "", table["name"][row]))
    return marks


def _people(moment: Moment, choice: Choice) -> list[Mark]:
    rows = choose_people(moment, choice)["rows"]
    return [
        _mark("officer", row["id"], (row["lon"], row["lat"]), "normal", row["label"], row["name"]) | {"edge": True}
        for row in rows
    ]


def _places(moment: Moment, choice: Choice) -> list[Mark]:
    """Places that help and the nearest of each kind in danger; one that is both stands once, as help."""
    values = choose_resources(moment, choice)
    marks: dict[str, Mark] = {}
    for role in ("help", "risk"):
        for group in values[role]:
            for row in group["rows"] if role == "help" else group["rows"][:1]:
                where = row["lon"], row["lat"]
                mark = _mark("place", row["id"], where, "normal", row["label"], row["name"])
                marks.setdefault(row["id"], mark | {"place_kind": group["kind"], "role": role})
    return list(marks.values())


def _alarms(moment: Moment, incident: Incident | None) -> list[Mark]:
    """Active alarms by priority, the incident's own last, so that it lies on top."""
    placed = [(number, alarm) for number, alarm in moment.active_alarms if alarm.lon is not None]
    worst = sorted(placed, key=lambda item: item[1].priority)[:MOST_ALARMS]
    chosen = None if incident is None or not isinstance(incident.record, Alarm) else incident.record
    if chosen is not None and incident is not None and chosen.lon is not None:
        worst = [item for item in worst if item[1].id != chosen.id]
        worst.insert(0, (incident.number, chosen))
    return [_alarm_mark(alarm, is_own=chosen is not None and alarm.id == chosen.id) for _, alarm in reversed(worst)]


def _alarm_mark(alarm: Alarm, *, is_own: bool) -> Mark:
    where = float(alarm.lon or 0.0), float(alarm.lat or 0.0)
    mark = _mark("alarm", alarm.id, where, f"level-{alarm.priority}", "", alarm.name)
    return mark | {
        "priority": alarm.priority,
        "is_acknowledged": alarm.acknowledged_at is not None,
        "is_own": is_own,
    }


def _mark(kind: str, record_id: str, where: tuple[float, float], state: str, label: str, title: str) -> Mark:
    lon, lat = where
    return {
        "kind": kind,
        "id": record_id,
        "lon": round(lon, 6),
        "lat": round(lat, 6),
        "state": state,
        "label": label,
        "title": title,
    }


def _outline(incident: Incident) -> Values | None:
    if incident.ground is None or incident.ground.geometry is None or not isinstance(incident.record, WeatherWarning):
        return None
    return {"level": incident.record.level.value, "polygons": polygons_of(incident.ground.geometry)}
