"""An alarm: its life, what it is about, how that stands, and what it holds together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.details.device import chart, picture_part, state_word
from layouts.details.parts import link, part, span
from layouts.details.view import DetailView, record_name
from layouts.properties import aria, data
from layouts.telling import Telling
from layouts.text import say
from situation.records import Alarm, Camera, Datastream, DeviceState, Sensor

MOST_MEMBERS = 24


def life_steps(view: DetailView, telling: Telling) -> Component | None:
    """Began, acknowledged, ended: each with its time and how long it took."""
    alarm = view.record
    if not isinstance(alarm, Alarm):
        return None
    moments = (("began", alarm.started_at), ("acknowledged", alarm.acknowledged_at), ("ended", alarm.ended_at))
    rows = [_moment(key, at, alarm, telling) for key, at in moments]
    return html.Ol(
        rows, className="detail-steps detail-moments", **aria(label=say(telling.language, "detail.alarm_life"))
    )


def _moment(key: str, at: datetime | None, alarm: Alarm, telling: Telling) -> Component:
    language = telling.language
    lines: list[Component] = [html.B(say(language, f"detail.alarm_{key}"))]
    if at is not None:
        who = f" {alarm.acknowledged_by}" if key == "acknowledged" and alarm.acknowledged_by else ""
        lines.append(html.Span(telling.time(at) + who, className="step-when"))
    waited_s = (
        None if alarm.started_at is None else ((at or alarm.ended_at or telling.at) - alarm.started_at).total_seconds()
    )
    if key == "acknowledged" and waited_s is not None and (at is not None or alarm.ended_at is None):
        words = "detail.took" if at is not None else "detail.waits"
        lines.append(html.Span(say(language, words, age=span(telling, waited_s)), className="step-span"))
    if key == "ended" and waited_s is not None:
        words = "detail.lasted_in_all" if at is not None else "detail.holds"
        lines.append(html.Span(say(language, words, age=span(telling, waited_s)), className="step-span"))
    is_skipped = key == "acknowledged" and at is None and alarm.ended_at is not None
    state = "done" if at is not None else "cut" if is_skipped else "next"
    mark = "✓" if state == "done" else "–" if is_skipped else "…"
    return html.Li([html.I(mark, className="step-mark"), html.Div(lines)], className="detail-step", **data(state=state))


def about_part(view: DetailView, telling: Telling) -> Component | None:
    """What it is about, as that is now: the sensor's readings around the alarm, or the camera's picture."""
    alarm, about = view.record, view.about
    if not isinstance(alarm, Alarm) or about is None:
        return None
    way = link(about.kind, about.id, record_name(about, view.language))
    if isinstance(about, Camera):
        return picture_part(replace(view, record=about), telling)
    if not isinstance(about, Sensor) or not about.datastreams:
        return None
    stream = next((each for each in about.datastreams if _has_limit(each, alarm.limit)), about.datastreams[0])
    told = (("began", alarm.started_at), ("acknowledged", alarm.acknowledged_at), ("ended", alarm.ended_at))
    events = [(at, say(view.language, f"detail.alarm_{key}")) for key, at in told if at is not None]
    lines: list[Component] = []
    if about.state is not DeviceState.ONLINE:
        lines.append(_silence(about, telling))
    return part(telling, "about", [*lines, chart(about, stream, telling, events)], note=[way])


def _silence(sensor: Sensor, telling: Telling) -> Component:
    """A value of before must not pass for one of now."""
    shown: list[Any] = [state_word(sensor.state.value, telling)]
    if sensor.observed_at is not None:
        shown += [" · ", say(telling.language, "detail.last_read"), " ", telling.age(sensor.observed_at)]
    return html.P(shown, className="detail-silent")


def _has_limit(stream: Datastream, limit: float | None) -> bool:
    return any(each.limit == limit for each in stream.thresholds)


def members_part(view: DetailView, telling: Telling) -> Component | None:
    """The records it groups."""
    alarm = view.record
    if not isinstance(alarm, Alarm) or len(alarm.members) < 2:
        return None
    rows = []
    for member in alarm.members[:MOST_MEMBERS]:
        kind, _, record_id = member.partition("/")
        rows.append(html.Li(link(kind, record_id, view.names.get(member, record_id)), **data(key=member)))
    more = len(alarm.members) - MOST_MEMBERS
    if more > 0:
        rows.append(html.Li(say(telling.language, "detail.more", count=more), className="detail-nothing"))
    return part(telling, "members", html.Ul(rows, className="member-rows"), note=str(len(alarm.members)))
