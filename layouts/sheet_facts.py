"""Which facts of a record its sheet tells, in order: one table per kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.properties import data
from layouts.text import TEXTS, say, say_or
from situation.records import OPEN_STATES, Alarm, Case, Datastream, Record, Sensor, WeatherWarning

Shown = str | Component | list[Any] | None
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How to tell facts: language, zone, the moment they are told, the masked record, names of streets by code."""

    language: str
    zone: tzinfo
    at: datetime
    raw: Mapping[str, Any]
    area_names: Mapping[str, str]

    def time(self, at: datetime) -> str:
        """Local time to the second; without the day when it is today's."""
        local = at.astimezone(self.zone)
        is_today = local.date() == self.at.astimezone(self.zone).date()
        return local.strftime("%H:%M:%S" if is_today else "%Y-%m-%d %H:%M:%S")

    def duration(self, seconds: float) -> str:
        """One unit, the largest that fits."""
        for unit, size in (("d", DAY_S), ("h", HOUR_S), ("min", MINUTE_S)):
            if seconds >= size:
                return say(self.language, f"duration.{unit}", **{unit: int(seconds // size)})
        return say(self.language, "duration.s", s=max(0, int(seconds)))

    def age(self, at: datetime, style: str = "ago") -> Component:
        """How long ago; the browser keeps it true."""
        text = say(self.language, "age.ago", age=self.duration((self.at - at).total_seconds()))
        since = data(since=str(int(at.timestamp() * 1000)), style=style)
        return html.Time(text, title=self.time(at), **since)


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: `field` names its text `field.<field>`; `show` returns None to leave the row out."""

    field: str
    show: Callable[[Any, Telling], Shown]


def text(field: str) -> Fact:
    """The field as it stands in the masked record; left out when empty."""

    def show(_: Record, telling: Telling) -> Shown:
        value = telling.raw.get(field)
        if isinstance(value, (list, tuple)):
            return "、".join(str(item) for item in value) or None
        return None if value in (None, "") else str(value)

    return Fact(field, show)


def moment(field: str) -> Fact:
    """A time and its age; unknown is said, not left out."""

    def show(record: Record, telling: Telling) -> Shown:
        at: datetime | None = getattr(record, field)
        if at is None:
            return say(telling.language, "sheet.unknown")
        age: list[Any] = [" · ", telling.age(at)] if at <= telling.at else []
        return [telling.time(at), *age]

    return Fact(field, show)


def word(field: str, prefix: str) -> Fact:
    """A word of ours or of the upstream, translated where the catalogue has it."""

    def show(record: Record, telling: Telling) -> Shown:
        value = str(getattr(record, field))
        return say_or(telling.language, f"{prefix}.{value}", value) or None

    return Fact(field, show)


def yes_no(field: str) -> Fact:
    """A fact that may be unknown."""

    def show(record: Record, telling: Telling) -> Shown:
        value: bool | None = getattr(record, field)
        return say(telling.language, "sheet.unknown" if value is None else "value.yes" if value else "value.no")

    return Fact(field, show)


def _measured(value: float | None, unit: str, telling: Telling) -> str:
    return say(telling.language, "sheet.unknown") if value is None else f"{value:g} {unit}".strip()


def _sensor_value(record: Sensor, telling: Telling) -> Shown:
    return _measured(record.value, record.datastreams[0].unit if record.datastreams else "", telling)


def _thresholds(record: Sensor, _: Telling) -> Shown:
    def line(stream: Datastream) -> str:
        limits = (f"{'≥' if t.above else '≤'} {t.limit:g} {stream.unit} ({t.level})" for t in stream.thresholds)
        return f"{stream.name or stream.observed_property}: {', '.join(limits)}"

    return "\n".join(line(stream) for stream in record.datastreams if stream.thresholds) or None


def _alarm_state(record: Alarm, telling: Telling) -> Shown:
    return say(telling.language, "alarm.active" if record.ended_at is None else "alarm.ended")


def _alarm_why(record: Alarm, telling: Telling) -> Shown:
    """The rule's sentence with its numbers; an explanation in other words is shown as it is."""
    try:
        numbers = json.loads(record.explanation)
    except ValueError:
        return record.explanation or None
    if not isinstance(numbers, dict):
        return record.explanation
    key = f"why.{record.rule}"
    if key not in TEXTS:
        return None
    spans = {name: telling.duration(numbers[name]) for name in ("for_s", "window_s") if name in numbers}
    known = {
        "value": _measured(record.value, record.unit, telling),
        "limit": _measured(record.limit, record.unit, telling),
    }
    blank = {name: "—" for name in ("for_s", "window_s", "total", "usual")}
    return say(telling.language, key, **{**blank, **numbers, **spans, **known})


def _about(record: Alarm, _: Telling) -> Shown:
    if not record.about:
        return None
    return html.A(record.about, href=f"/{record.about}", **data(open=f"/{record.about}"))


def _case_state(record: Case, telling: Telling) -> Shown:
    state = say(telling.language, f"case.{record.state}")
    is_late = record.state in OPEN_STATES and record.due_at is not None and record.due_at < telling.at
    if not is_late or record.due_at is None:
        return state
    late = telling.duration((telling.at - record.due_at).total_seconds())
    return f"{state} · {say(telling.language, 'case.overdue', age=late)}"


def _areas(record: WeatherWarning, _: Telling) -> Shown:
    return "、".join(claim.name or ", ".join(claim.codes) for claim in record.areas) or None


FACTS: dict[str, tuple[Fact, ...]] = {
    "camera": (word("state", "device"), moment("seen_at"), text("form"), text("tags"), text("department"), text("id")),
    "sensor": (
        word("state", "device"),
        Fact("value", _sensor_value),
        moment("observed_at"),
        Fact("thresholds", _thresholds),
        text("sensor_kind"),
        text("department"),
        text("id"),
    ),
    "warning": (
        text("event"),
        word("level", "level"),
        text("headline"),
        yes_no("is_actual"),
        moment("sent_at"),
        moment("onset_at"),
        moment("expires_at"),
        Fact("areas", _areas),
        text("description"),
        text("instruction"),
        text("sender"),
    ),
    "case": (
        Fact("state", _case_state),
        text("number"),
        text("priority"),
        text("category"),
        text("subcategory"),
        text("description"),
        word("origin", "origin"),
        text("department"),
        moment("reported_at"),
        moment("registered_at"),
        moment("due_at"),
        moment("closed_at"),
    ),
    "alarm": (
        Fact("state", _alarm_state),
        text("priority"),
        Fact("value", lambda record, telling: _measured(record.value, record.unit, telling)),
        Fact("limit", lambda record, telling: _measured(record.limit, record.unit, telling)),
        Fact("explanation", _alarm_why),
        Fact("about", _about),
        text("count"),
        text("department"),
        moment("started_at"),
        moment("acknowledged_at"),
        text("acknowledged_by"),
    ),
    "officer": (word("role", "role"), yes_no("on_duty"), text("phone"), text("department"), moment("positioned_at")),
    "place": (text("place_kind"), text("capacity"), text("phone"), text("department"), text("id")),
    "component": (text("component_kind"), text("category"), text("department"), text("id")),
    "department": (text("name_en"), text("phone"), text("duty_officer"), text("id")),
    "area": (text("name_en"), text("code"), text("area_kind"), text("scheme"), text("population")),
    "source": (
        word("state", "health"),
        moment("succeeded_at"),
        moment("content_at"),
        text("record_count"),
        text("rejected_count"),
        text("error"),
        text("source_kind"),
        text("department"),
    ),
}
"""Kind → its facts. A kind without a row here has no sheet."""
