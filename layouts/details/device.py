"""Cameras and sensors: the picture or the charts, and when the device was alive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from layouts.details.common import change_rows, runs
from layouts.details.parts import drawn, nothing, part
from layouts.details.view import DetailView, Version, record_name
from layouts.properties import aria, data
from layouts.telling import Telling
from layouts.text import say
from situation.records import Camera, Datastream, DeviceState, Sensor

STRIP = timedelta(hours=24)
UNKNOWN = "unknown"
PICTURE_S = 5
"""A picture's address moves this often: the browser asks again."""

EventsShown = Sequence[tuple[datetime, str]]


def picture_part(view: DetailView, telling: Telling) -> Component | None:
    """What a camera sees now; a dead one says so instead of showing an old picture as if it were new."""
    record = view.record
    if not isinstance(record, Camera):
        return None
    name = record_name(record, view.language)
    moment = int(view.at.timestamp()) // PICTURE_S
    image = html.Img(
        src=f"/media/{quote(record.id, safe='')}/snapshot.jpg?t={moment}",
        alt=say(view.language, "sheet.picture", name=name),
        className="sheet-picture",
    )
    none = html.Span(say(view.language, "detail.no_picture"), className="picture-none")
    note = say(view.language, f"device.{record.state}")
    playing = drawn("live", label=say(view.language, "live.of", name=name), camera=record.id)
    is_played = record.media and record.state is not DeviceState.OFFLINE
    return part(
        telling,
        "picture",
        html.Div(
            [none, image, *([playing] if is_played else [])],
            className="picture-frame",
            **data(state=record.state.value),
        ),
        note=note,
    )


def charts_part(view: DetailView, telling: Telling) -> Component | None:
    """One chart for each quantity of a sensor."""
    record = view.record
    if not isinstance(record, Sensor):
        return None
    if not record.datastreams:
        return part(telling, "chart", nothing(telling, "no_datastream"))
    return part(telling, "chart", [chart(record, stream, telling) for stream in record.datastreams])


def chart(sensor: Sensor, stream: Datastream, telling: Telling, events: EventsShown = ()) -> Component:
    """Readings with their limits; the browser fetches as many points as it can draw. `events` are marked in time."""
    name = stream.name or record_name(sensor, telling.language)
    limits = [{"level": each.level, "limit": each.limit, "above": each.above} for each in stream.thresholds]
    return drawn(
        "chart",
        label=say(telling.language, "detail.chart_of", name=name),
        datastream=stream.id,
        name=name,
        unit=stream.unit,
        interval_s=stream.interval_s,
        limits=limits,
        events=[[int(at.timestamp() * 1000), text] for at, text in events],
        state=sensor.state.value,
    )


def life_part(view: DetailView, telling: Telling) -> Component:
    """When it was online, offline or over a limit, in the last day and in words."""
    states = _states(view)
    strip = _strip(states or [(view.at - STRIP, device_state(view.record))], view.at, telling)
    if len(states) < 2:
        return part(telling, "life", [strip, nothing(telling, "unchanged")])
    rows = change_rows(states, view.at, lambda state: state_word(state, telling), telling)
    more = len(states) - len(rows)
    note = say(telling.language, "detail.more", count=more) if more > 0 else None
    return part(telling, "life", [strip, html.Ul(rows, className="change-rows")], note=note)


def _states(view: DetailView) -> list[tuple[datetime, str]]:
    """(since, state), newest first. Since its source is dead nobody knows, whatever was said before."""
    told = [(version.at, _state_of(version)) for version in reversed(view.versions)]
    states = list(reversed(runs(told)))
    heard_at = view.source.succeeded_at if view.source is not None else None
    is_lost = device_state(view.record) == UNKNOWN and (not states or states[0][1] != UNKNOWN)
    if is_lost and heard_at is not None and (not states or heard_at > states[0][0]):
        states.insert(0, (heard_at, UNKNOWN))
    return states


def _strip(states: list[tuple[datetime, str]], at: datetime, telling: Telling) -> Component:
    """The last day as a band; what was before the oldest version kept is hatched as unknown."""
    begin = at - STRIP
    edges = list(reversed(states))
    segments: list[Component] = []
    if edges[0][0] > begin:
        segments.append(_segment(begin, edges[0][0], "unkept"))
    for index, (since, state) in enumerate(edges):
        until = edges[index + 1][0] if index + 1 < len(edges) else at
        if until > begin:
            segments.append(_segment(max(since, begin), until, state))
    ago, now = say(telling.language, "detail.hours_ago", h=24), say(telling.language, "detail.now")
    scale = html.Div([html.Span(ago), html.Span(now)])
    return html.Div([html.Div(segments, className="strip"), scale], className="strip-box", **aria(hidden="true"))


def _segment(since: datetime, until: datetime, state: str) -> Component:
    share = 100 * (until - since) / STRIP
    return html.I(style={"--share": f"{share:.2f}%"}, **data(state=state))


def _state_of(version: Version) -> str:
    return "removed" if version.record is None else device_state(version.record)


def device_state(record: Any) -> str:
    """online, offline, unknown, or `level-n` of one that is online and over a limit."""
    if isinstance(record, Sensor) and record.state == "online" and record.level:
        return f"level-{record.level}"
    return str(getattr(record, "state", "unknown"))


def state_word(state: str, telling: Telling) -> str:
    """A state of a device in words."""
    if state.startswith("level-"):
        return say(telling.language, f"detail.over_{state[-1]}")
    return say(telling.language, "detail.removed" if state == "removed" else f"device.{state}")
