"""The parts that pages of several kinds share: facts, surroundings, relations, what changed, source and raw record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.details.facts import FACTS
from layouts.details.parts import compass, drawn, facts, link, metres, nothing, part, priority_sign, span, warning_sign
from layouts.details.view import DetailView, Late, Neighbour, Related, area_name, record_name
from layouts.properties import aria, data
from layouts.telling import Shown, Telling, error_words
from layouts.text import say, say_or
from situation.records import OPEN_STATES, Alarm, Area, Camera, Case, PlacedRecord, WeatherWarning

MOST_CHANGES = 8
MOST_RAW = 20_000
"""Characters of a raw record shown: a district's outline is no reading matter."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
AROUND_M = 500
OFFLINE, UNKNOWN = 1, 2
_OVER = {3: "detail.over_3", 4: "detail.over_2", 5: "detail.over_1"}
_LISTED = {"camera": 4, "officer": 4, "sensor": 3, "place": 3}


def facts_part(view: DetailView, telling: Telling) -> Component:
    """The facts of the record, and where it is."""
    record = view.record
    rows: list[tuple[str, Shown]] = [(fact.field, fact.show(record, telling)) for fact in FACTS[record.kind]]
    if isinstance(record, PlacedRecord):
        rows += _place(record, view, telling)
    return part(telling, "facts", facts(rows, telling))


def _place(record: PlacedRecord, view: DetailView, telling: Telling) -> Iterator[tuple[str, Shown]]:
    yield "address", record.address or None
    yield "area", area_links(view.path, telling) or record.street_code or None
    yield "responsible", area_links(view.responsible, telling, " · ") or None
    if record.lon is not None and record.lat is not None:
        yield "position", f"{record.lon:.6f}, {record.lat:.6f}"


def area_links(areas: Sequence[Area], telling: Telling, separator: str = " › ") -> list[Any]:
    """Areas one after the other, each the way to its page."""
    shown: list[Any] = []
    for area in areas:
        shown += [separator] if shown else []
        shown.append(link("area", area.id, area_name(area, telling.language)))
    return shown


def around_part(view: DetailView, telling: Telling) -> Component | None:
    """A plan of what lies around, and lists of it; numbers of cameras and letters of people are those on the plan."""
    record = view.record
    if not isinstance(record, PlacedRecord):
        return None
    if record.lon is None or record.lat is None:
        return part(telling, "around", nothing(telling, "no_position"))
    labels = labels_of(view.around)
    marks = [_mark(each, labels.get(_key(each), "")) for each in view.around]
    subject = {"kind": record.kind, "id": record.id, "lon": record.lon, "lat": record.lat, "is_subject": True}
    if isinstance(record, Alarm):
        subject |= {"priority": record.priority, "isAcknowledged": record.acknowledged_at is not None}
    label = say(telling.language, "detail.plan_of", name=record_name(record, telling.language))
    center, rings = [record.lon, record.lat], [100, AROUND_M]
    plan = drawn("plan", label=label, center=center, radius_m=AROUND_M, rings=rings, marks=marks, subject=subject)
    groups = [_around_group(kind, view.around, labels, telling) for kind in _LISTED]
    lists = html.Div([group for group in groups if group is not None], className="around-lists")
    return part(telling, "around", [plan, lists], note=say(telling.language, "detail.within", m=AROUND_M))


def labels_of(around: Sequence[Neighbour]) -> dict[str, str]:
    """Numbers of cameras and letters of officers, in order of distance."""
    cameras = [each for each in around if each.kind == "camera"]
    officers = [each for each in around if each.kind == "officer"]
    numbered = {_key(each): str(number) for number, each in enumerate(cameras, 1)}
    return numbered | {_key(each): letter for letter, each in zip(LETTERS, officers, strict=False)}


def _key(each: Neighbour) -> str:
    return f"{each.kind}/{each.id}"


def _mark(each: Neighbour, label: str) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "id": each.id,
        "lon": round(each.lon, 6),
        "lat": round(each.lat, 6),
        "state": each.state,
        "label": label,
        "title": each.name,
    }


def _around_group(kind: str, around: Sequence[Neighbour], labels: dict[str, str], telling: Telling) -> Component | None:
    mine = [each for each in around if each.kind == kind][: _LISTED[kind]]
    if not mine:
        return None
    rows = [_around_row(each, labels.get(_key(each), ""), telling) for each in mine]
    return html.Div([html.H4(say(telling.language, f"detail.around.{kind}")), html.Ul(rows)])


def _around_row(each: Neighbour, label: str, telling: Telling) -> Component:
    far = f"{compass(each.bearing_deg, telling)} {metres(each.distance_m, telling)}"
    state = {OFFLINE: "offline", UNKNOWN: "unknown"}.get(each.state & 15, "live")
    word = neighbour_state(each, telling)
    return html.Li(
        [
            html.B(label, className=f"around-label around-{each.kind}") if label else None,
            link(each.kind, each.id, each.name or each.id, className="around-name"),
            html.Span(word, className="around-state") if word else None,
            html.Span(far, className="around-far"),
        ],
        className="around-row",
        **data(state=state),
    )


def neighbour_state(each: Neighbour, telling: Telling) -> str:
    """In words, what is not as it should be; nothing for what is."""
    if each.kind == "officer":
        return {
            OFFLINE: say(telling.language, "detail.off_duty"),
            UNKNOWN: say(telling.language, "device.unknown"),
        }.get(each.state, "")
    words = {
        OFFLINE: "device.offline",
        UNKNOWN: "device.unknown",
        3: "detail.over_3",
        4: "detail.over_2",
        5: "detail.over_1",
    }
    return say(telling.language, words[each.state]) if each.state in words else ""


def related_part(view: DetailView, telling: Telling) -> Component:
    """What belongs to it and why: each row says the reason, how far and how much earlier or later."""
    if not view.related:
        return part(telling, "related", nothing(telling, "none_related"))
    rows = html.Ul([_related_row(each, telling) for each in view.related], className="related-rows")
    return part(telling, "related", rows, note=str(len(view.related)))


def _related_row(each: Related, telling: Telling) -> Component:
    record, language = each.record, telling.language
    apart = [metres(each.distance_m, telling)] if each.distance_m is not None else []
    if each.later_s is not None:
        key = "detail.later" if each.later_s > 0 else "detail.earlier"
        apart.append(say(language, key, age=span(telling, abs(each.later_s))))
    why = say(language, f"detail.why.{each.why}")
    reasons = [html.Span(say(language, f"detail.reason.{reason}"), **data(reason=reason)) for reason in each.reasons]
    return html.Li(
        [
            _sign(record, language),
            html.Div(
                [
                    link(record.kind, record.id, record_name(record, language), className="related-name"),
                    html.Span(_related_state(record, telling), className="related-state"),
                ],
                className="related-line",
            ),
            html.Div(
                [*reasons, html.Span(" · ".join([why, *apart]), className="related-apart")], className="related-why"
            ),
        ],
        className="related-row",
        **data(key=f"{record.kind}/{record.id}"),
    )


def _sign(record: Any, language: str) -> Component:
    if isinstance(record, Alarm):
        acknowledged = record.acknowledged_at is not None or record.ended_at is not None
        return priority_sign(record.priority, is_acknowledged=acknowledged, language=language)
    if isinstance(record, WeatherWarning):
        return warning_sign(record.event, record.level.value, record.level_text, language)
    return html.Span(className=f"kind-sign kind-{record.kind}", **aria(hidden="true"))


def _related_state(record: Any, telling: Telling) -> str:
    language = telling.language
    if isinstance(record, Alarm):
        return say(language, "alarm.active" if record.ended_at is None else "alarm.ended")
    if isinstance(record, Case):
        is_late = record.state in OPEN_STATES and record.due_at is not None and record.due_at < telling.at
        return say(language, "detail.overdue") if is_late else say(language, f"case.{record.state}")
    if isinstance(record, WeatherWarning):
        return say(language, f"level.{record.level}")
    if isinstance(record, Camera):
        return say(language, f"device.{record.state}")
    return say_or(language, f"kind.{record.kind}", record.kind)


def late_part(late: Sequence[Late], telling: Telling, *, more: str = "") -> Component:
    """Open cases by their time limit, the most overdue first; `more` is the address of all of them."""
    if not late:
        return part(telling, "late", nothing(telling, "none_open"))
    rows = [
        html.Li(
            [
                link("case", each.id, each.name or each.id, className="related-name"),
                html.Span(each.address, className="late-where"),
                html.Span(late_text(each.late_s, telling), className="late-age"),
            ],
            className="late-row",
            **data(overdue="true" if (each.late_s or 0) > 0 else "false", key=each.id),
        )
        for each in late
    ]
    note = html.A(say(telling.language, "detail.all"), href=more, **data(open=more)) if more else None
    return part(telling, "late", html.Ul(rows, className="late-rows"), note=note)


def late_text(late_s: float | None, telling: Telling) -> str:
    """超期 3 小时 20 分, 剩 40 分钟."""
    if late_s is None:
        return say(telling.language, "detail.no_limit")
    if late_s > 0:
        return say(telling.language, "case.overdue", age=span(telling, late_s))
    return say(telling.language, "detail.left", age=span(telling, -late_s))


def source_part(view: DetailView, telling: Telling) -> Component:
    """Who said it, how that source is doing and when it last spoke: a fact is worth no more than its source."""
    return part(telling, "source", html.P(_source(view, telling), className="detail-source-line"))


def _source(view: DetailView, telling: Telling) -> list[Any]:
    source, record = view.source, view.record
    if source is None:
        own = isinstance(record, Alarm)
        return [say(view.language, "sheet.own_rules") if own else record.source]
    health = say(view.language, f"health.{source.state}")
    name = record_name(source, view.language)
    shown: list[Any] = [name if source is record else link("source", source.id, name), f" · {health}"]
    if source.succeeded_at is not None:
        shown += [" · ", telling.age(source.succeeded_at)]
    if source.error:
        shown += [" · ", error_words(source.error, telling.language)[:200]]
    return shown


def raw_part(view: DetailView, telling: Telling) -> Component:
    """The record as the API shows it, for the curious."""
    raw = json.dumps(view.raw, ensure_ascii=False, indent=2, default=str)
    text = raw[:MOST_RAW] + ("…" if len(raw) > MOST_RAW else "")
    summary = html.Summary(say(view.language, "sheet.raw"))
    masked = html.P(say(view.language, "sheet.masked"))
    return html.Section(html.Details([summary, masked, html.Pre(text)]), className="detail-part detail-raw")


def runs(states: Sequence[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """(since, state) without repetitions, in the order given."""
    return [next(group) for _, group in groupby(states, key=lambda each: each[1])]


def change_rows(
    states: Sequence[tuple[datetime, str]], at: datetime, word: Callable[[str], str], telling: Telling
) -> list[Component]:
    """(since, state), newest first, as rows that say how long each lasted."""
    rows: list[Component] = []
    for index, (since, state) in enumerate(states[:MOST_CHANGES]):
        until = at if index == 0 else states[index - 1][0]
        lasted = span(telling, (until - since).total_seconds())
        text = say(telling.language, "detail.since" if index == 0 else "detail.lasted", age=lasted)
        cells = [
            html.Time(telling.time(since)),
            html.Span(word(state), className="change-state"),
            html.Span(text, className="change-span"),
        ]
        key = str(int(since.timestamp() * 1000))
        rows.append(html.Li(cells, className="change-row", **data(state=state, key=key)))
    return rows
