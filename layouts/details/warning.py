"""A weather warning: its messages one after the other, its ground and what lies in it, its words."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts.details.parts import drawn, link, nothing, part, span, warning_sign
from layouts.details.view import DetailView, record_name
from layouts.properties import data
from layouts.telling import Telling
from layouts.text import say, say_or
from situation.records import WeatherWarning


def chain_part(view: DetailView, telling: Telling) -> Component | None:
    """The chain of messages, newest first; how long each held until the next took its place."""
    if view.warning is None:
        return None
    chain = view.warning.chain
    rows = []
    for index, message in reversed(list(enumerate(chain))):
        following = chain[index + 1] if index + 1 < len(chain) else None
        rows.append(_message(message, following, view, telling))
    note = say(telling.language, "detail.messages_count", count=len(chain))
    return part(telling, "chain", html.Ol(rows, className="chain-rows"), note=note)


def _message(
    message: WeatherWarning, following: WeatherWarning | None, view: DetailView, telling: Telling
) -> Component:
    language = telling.language
    until = following.sent_at if following is not None else message.expires_at
    held = ""
    if message.sent_at is not None and until is not None:
        is_running = following is None and until > telling.at
        key = "detail.expires_in" if is_running else "detail.held"
        seconds = (until - (telling.at if is_running else message.sent_at)).total_seconds()
        held = say(language, key, age=span(telling, seconds))
    is_this = message.id == view.record.id
    name = record_name(message, language)
    return html.Li(
        [
            warning_sign(message.event, message.level.value, message.level_text, language),
            html.Div(
                [
                    html.B(name) if is_this else link("warning", message.id, name),
                    html.Span(
                        [
                            say_or(language, f"message.{message.message_type}", message.message_type),
                            " · ",
                            "—" if message.sent_at is None else telling.time(message.sent_at),
                            f" · {held}" if held else "",
                        ],
                        className="chain-when",
                    ),
                ]
            ),
        ],
        className="chain-row",
        **data(this="true" if is_this else "false", key=message.id),
    )


def ground_part(view: DetailView, telling: Telling) -> Component | None:
    """The warned ground on a plan, and how much of everything lies in it."""
    warning = view.record
    if view.warning is None or not isinstance(warning, WeatherWarning):
        return None
    if view.warning.exposure is None or not view.warning.codes:
        return part(telling, "ground", nothing(telling, "no_ground"))
    label = say(telling.language, "detail.plan_of", name=record_name(warning, telling.language))
    outlines = [{"polygons": [[ring] for ring in view.warning.outlines], "level": warning.level.value}]
    plan = drawn("plan", label=label, level="street", codes=list(view.warning.codes), outlines=outlines, labels="name")
    counts = [
        html.Div([html.B(f"{value:,}"), html.Span(say(telling.language, f"detail.exposed.{name}"))], className="tile")
        for name, value in view.warning.exposure.items()
    ]
    return part(telling, "ground", [plan, html.Div(counts, className="tiles")])


def words_part(view: DetailView, telling: Telling) -> Component | None:
    """What the office says, and what it tells people to do."""
    warning = view.record
    if not isinstance(warning, WeatherWarning):
        return None
    paragraphs = [html.P(text, className="detail-words") for text in (warning.description, warning.instruction) if text]
    return part(telling, "words", paragraphs) if paragraphs else None
