"""Panels about alarms: the list, the banner, the callouts on the map."""

from __future__ import annotations

from datetime import timedelta

from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.panels.alarm_standing import alarm_standing
from situation.panels.definition import Values
from situation.records import Alarm, Forecast, ForecastForm

MOST_ROWS = 30
MOST_CALLOUTS = 4
WEATHER_HOLDS = timedelta(minutes=30)
_NO_NAMES = ("", "")
_NAMED_AFTER_STREETS = ("camera_outage", "case_surge")
_NAMED_AFTER_DEPARTMENTS = ("source_silent", "source_frozen")


def alarm_row(moment: Moment, number: int, alarm: Alarm) -> Values:
    """One alarm as lists show it."""
    street, street_en = moment.street_names.get(alarm.street_code, _NO_NAMES)
    department, department_en = moment.department_names.get(alarm.department, _NO_NAMES)
    return {
        "id": alarm.id,
        "number": number,
        "rule": alarm.rule,
        "priority": alarm.priority,
        "name": alarm.name,
        "name_en": english_name(moment, alarm),
        "street": street,
        "street_en": street_en,
        "department": department,
        "department_en": department_en,
        "value": alarm.value,
        "unit": alarm.unit,
        "limit": alarm.limit,
        "count": alarm.count,
        "started_at": _ms(epoch_ms(alarm.started_at)),
        "acknowledged_at": _ms(epoch_ms(alarm.acknowledged_at)),
        "acknowledged_by": alarm.acknowledged_by,
        "lon": alarm.lon,
        "lat": alarm.lat,
        "explanation": alarm.explanation,
        **_standing(moment, alarm),
    }


def english_name(moment: Moment, alarm: Alarm) -> str:
    """The name of an alarm that our rules named after a street or department, in English; else ""."""
    if alarm.rule in _NAMED_AFTER_DEPARTMENTS:
        return moment.department_names.get(alarm.department, _NO_NAMES)[1]
    if alarm.rule not in _NAMED_AFTER_STREETS:
        return ""
    for name, name_en in moment.street_names.values():
        if name and name_en and alarm.name.startswith(name):
            return " · ".join(filter(None, (name_en, alarm.name[len(name) :])))
    return ""


def _standing(moment: Moment, alarm: Alarm) -> Values:
    found = alarm_standing(moment, alarm)
    return {"state": found.state, "value_at": found.value_at}


def _ms(value: int) -> int | None:
    return None if value == NO_TIME else value


def build_alarms(moment: Moment) -> Values:
    """Active alarms: unacknowledged first, then by priority, then the oldest first. Both counts add up to the total."""
    if not moment.has_delivered("alarm", "sensor", "camera"):
        return {"unacknowledged": None, "handling": None, "total": None, "rows": []}
    alarms = moment.active_alarms
    handling = sum(alarm.acknowledged_at is not None for _, alarm in alarms)
    return {
        "unacknowledged": len(alarms) - handling,
        "handling": handling,
        "total": len(alarms),
        "rows": [alarm_row(moment, number, alarm) for number, alarm in alarms[:MOST_ROWS]],
    }


def build_banner(moment: Moment) -> Values:
    """The worst unacknowledged priority-1 alarm, None when there is none; and the weather of now."""
    worst = next(
        (item for item in moment.active_alarms if item[1].priority == 1 and item[1].acknowledged_at is None), None
    )
    return {"alarm": None if worst is None else alarm_row(moment, *worst), "weather": _weather(moment)}


def _weather(moment: Moment) -> Values | None:
    """Conditions as last observed; None when nobody observed lately: a header has no room for an age."""
    forecasts = (row for row in moment.live.whole["forecast"].values() if isinstance(row, Forecast))
    observed = [
        forecast.now for forecast in forecasts if forecast.now is not None and forecast.form is ForecastForm.FORECAST
    ]
    newest = max(observed, key=lambda step: step.at, default=None)
    if newest is None or moment.at - newest.at > WEATHER_HOLDS:
        return None
    return {
        "temperature_c": newest.temperature_c,
        "wind_mps": newest.wind_mps,
        "wind_from_deg": newest.wind_from_deg,
        "rain_mm": newest.rain_mm,
    }


def callouts(moment: Moment) -> list[Values]:
    """The worst alarms that have a place, for the map to point at."""
    placed = [item for item in moment.active_alarms if item[1].lon is not None and item[1].lat is not None]
    return [
        {
            "id": alarm.id,
            "number": number,
            "priority": alarm.priority,
            "name": alarm.name,
            "name_en": english_name(moment, alarm),
            "value": alarm.value,
            "unit": alarm.unit,
            "limit": alarm.limit,
            "lon": alarm.lon,
            "lat": alarm.lat,
            "started_at": _ms(epoch_ms(alarm.started_at)),
            "is_acknowledged": alarm.acknowledged_at is not None,
            **_standing(moment, alarm),
        }
        for number, alarm in placed[:MOST_CALLOUTS]
    ]
