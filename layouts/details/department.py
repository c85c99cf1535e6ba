"""A department and a source: what is delivered, how fresh it is, what waits."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts.details.area import tiles
from layouts.details.common import late_part
from layouts.details.parts import link, nothing, part
from layouts.details.view import DetailView, record_name
from layouts.properties import data
from layouts.telling import Telling
from layouts.text import say, say_or
from situation.records import Department, SourceHealth


def numbers_part(view: DetailView, telling: Telling) -> Component | None:
    """The department's numbers."""
    return None if view.agency is None else tiles(view.agency.counts, telling)


def sources_part(view: DetailView, telling: Telling) -> Component | None:
    """What the department delivers and how fresh it is."""
    if view.agency is None:
        return None
    if not view.agency.sources:
        return part(telling, "sources", nothing(telling, "no_sources"))
    rows = [_source(source, state, telling) for source, state in view.agency.sources]
    return part(telling, "sources", html.Ul(rows, className="source-rows"), note=str(len(rows)))


def _source(source: SourceHealth, state: str, telling: Telling) -> Component:
    kinds = "、".join(say_or(telling.language, f"kind.{kind}", kind) for kind in source.records)
    age = telling.age(source.succeeded_at) if source.succeeded_at is not None else say(telling.language, "age.never")
    return html.Li(
        [
            html.Div(
                [
                    link("source", source.id, record_name(source, telling.language)),
                    html.Span(f" {kinds}", className="source-kinds"),
                ]
            ),
            html.Div(
                [say(telling.language, f"detail.source_{_word(state)}"), " · ", age, f" · {source.record_count:,}"],
                className="source-state",
            ),
        ],
        className="source-row",
        **data(state=state, key=source.id),
    )


def _word(state: str) -> str:
    if state == "paused":
        return "paused"
    return "live" if state == "live" else "late" if state in ("delayed", "partial") else "down"


def waiting_part(view: DetailView, telling: Telling) -> Component | None:
    """The department's open cases by their time limit."""
    if view.agency is None or not isinstance(view.record, Department):
        return None
    return late_part(view.agency.late, telling, more=f"/cases?department={view.record.id}")
