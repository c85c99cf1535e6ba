"""The side sheet of one record: facts, history, source and age, raw record. Pure; ages are ticked by the browser."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import quote, unquote

from dash import dcc, html
from dash.development.base_component import Component

from layouts import theme
from layouts.properties import aria, data
from layouts.scenes import SCENES_BY_KEY
from layouts.sheet_facts import FACTS
from layouts.telling import Fact, Telling
from layouts.text import say, say_or
from situation.records import Alarm, Camera, Case, PlacedRecord, Record, Sensor, SourceHealth

WALL_PREFIX = "/wall"
MOST_EVENTS = 20
FEWEST_READINGS = 2
MOST_RAW = 20_000
"""Characters of a raw record shown: a district's outline is no reading matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What an address names: a record of a kind."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """All that a sheet shows. `raw` is the record as the API shows it: nothing hidden is in it, phones are masked."""

    record: Record
    raw: Mapping[str, Any]
    source: SourceHealth | None
    at: datetime
    language: str
    zone: tzinfo
    area_names: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of other records it speaks of, by kind/id."""
    readings: Sequence[tuple[datetime, float]] = ()
    """Of a sensor: its last hours, oldest first."""


def address_of(pathname: str) -> Address | None:
    """The record a path names, below `/wall` or not; None for the overview itself or anything unknown."""
    path = pathname.removeprefix(WALL_PREFIX) if pathname.startswith(WALL_PREFIX + "/") else pathname
    kind, _, record_id = path.removeprefix("/").partition("/")
    record_id = unquote(record_id).strip("/")
    return Address(kind=kind, id=record_id) if kind and record_id else None


def is_overview(pathname: str) -> bool:
    """Whether a path shows the overview or another scene and nothing over it."""
    first, *rest = pathname.strip("/").split("/")
    if f"/{first}" == WALL_PREFIX:
        first, *rest = rest or [""]
    return not rest and (not first or first in SCENES_BY_KEY)


def record_sheet(view: SheetView) -> list[Component]:
    """What the sheet of a record contains."""
    record, language = view.record, view.language
    telling = Telling(
        language=language,
        zone=view.zone,
        at=view.at,
        raw=view.raw,
        area_names=view.area_names,
        names=view.names,
    )
    return [
        html.P(say(language, f"kind.{record.kind}"), className="sheet-kind"),
        html.H2(record.name or record.id),
        *_picture(view),
        *_chart(view),
        html.Dl(list(_facts(record, telling)), className="facts"),
        *_history(record, telling),
        *_footer(view, telling),
    ]


def not_found_sheet(language: str, pathname: str) -> list[Component]:
    """What is shown for an address that names nothing, or nothing one may see; both look the same on purpose."""
    address = address_of(pathname)
    if address is None or f"kind.{address.kind}" not in _KINDS:
        title, why = say(language, "sheet.no_page"), say(language, "sheet.no_page_why", address=pathname[:120])
    else:
        kind = say(language, f"kind.{address.kind}")
        title = say(language, "sheet.not_found")
        why = say(language, "sheet.not_found_why", kind=kind, id=address.id[:80])
    back = html.A(say(language, "sheet.back"), href="/", **data(open="home"))
    return [html.H2(title), html.P(why), html.P(back, className="sheet-footer")]


_KINDS = frozenset(f"kind.{kind}" for kind in FACTS)


def _picture(view: SheetView) -> Iterator[Component]:
    if not isinstance(view.record, Camera):
        return
    moment = int(view.at.timestamp())  # another address makes the browser ask again
    yield html.Img(
        src=f"/media/{quote(view.record.id, safe='')}/snapshot.jpg?t={moment}",
        alt=say(view.language, "sheet.picture", name=view.record.name or view.record.id),
        className="sheet-picture",
    )


def _chart(view: SheetView) -> Iterator[Component]:
    """What a sensor read in the last hours, with the limits of its first quantity."""
    record = view.record
    if not isinstance(record, Sensor) or len(view.readings) < FEWEST_READINGS:
        return
    limits = [threshold.limit for threshold in record.datastreams[0].thresholds] if record.datastreams else []
    local = [(at.astimezone(view.zone).replace(tzinfo=None), value) for at, value in view.readings]
    name = say(view.language, "sheet.chart", name=record.name or record.id)
    figure = theme.readings_figure(local, limits)
    graph = dcc.Graph(figure=figure, config=theme.GRAPH_CONFIG, responsive=True)
    yield html.Div(graph, className="sheet-chart", role="img", **aria(label=name))


def _facts(record: Record, telling: Telling) -> Iterator[Component]:
    for fact in FACTS[record.kind]:
        shown = fact.show(record, telling)
        if shown is None:
            continue
        yield html.Dt(say(telling.language, f"field.{fact.field}"))
        yield html.Dd(shown)
    if isinstance(record, PlacedRecord):
        yield from _place(record, telling)


def _place(record: PlacedRecord, telling: Telling) -> Iterator[Component]:
    rows = (
        ("address", record.address),
        ("street", telling.area_names.get(record.street_code, record.street_code)),
        ("grid", record.grid_code),
        ("position", None if record.lon is None or record.lat is None else f"{record.lon:.6f}, {record.lat:.6f}"),
    )
    for name, text in rows:
        if text:
            yield html.Dt(say(telling.language, f"field.{name}"))
            yield html.Dd(text)


def _history(record: Record, telling: Telling) -> Iterator[Component]:
    if not isinstance(record, Case) or not record.events:
        return
    yield html.H3(say(telling.language, "sheet.history"))
    rows: list[Component] = []
    for event in sorted(record.events, key=lambda event: event.at)[-MOST_EVENTS:]:
        state = say_or(telling.language, f"case.{event.state}", event.state)
        rows += [html.Dt(telling.time(event.at)), html.Dd(" · ".join(filter(None, (state, event.actor, event.note))))]
    yield html.Dl(rows, className="facts")


def _footer(view: SheetView, telling: Telling) -> Iterator[Component]:
    raw = json.dumps(view.raw, ensure_ascii=False, indent=2, default=str)
    yield html.Div(
        className="sheet-footer",
        children=[
            html.P([say(view.language, "sheet.source"), ": ", *_source(view, telling)]),
            html.Details(
                [
                    html.Summary(say(view.language, "sheet.raw")),
                    html.P(say(view.language, "sheet.masked")),
                    html.Pre(raw[:MOST_RAW] + ("…" if len(raw) > MOST_RAW else "")),
                ]
            ),
        ],
    )


def _source(view: SheetView, telling: Telling) -> list[str | Component]:
    """Who said it, how that source is doing and when it last spoke: a fact is worth no more than its source."""
    source = view.source
    if source is None:
        own = isinstance(view.record, Alarm)
        return [say(view.language, "sheet.own_rules") if own else view.record.source]
    health = say(view.language, f"health.{source.state}")
    shown: list[str | Component] = [f"{source.name or source.id} · {health}"]
    if source.succeeded_at is not None:
        shown += [" · ", telling.age(source.succeeded_at)]
    if source.error:
        shown += [" · ", source.error[:200]]
    return shown


__all__ = ["Address", "Fact", "SheetView", "address_of", "is_overview", "not_found_sheet", "record_sheet"]
