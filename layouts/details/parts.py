"""The pieces of detail pages: parts with a heading, facts, rows, links, and what the browser draws."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from layouts.properties import aria, data
from layouts.telling import Shown, Telling
from layouts.text import say

Children = str | Component | Iterable[str | Component | None] | None


def part(
    telling: Telling, key: str, children: Children, *, note: Children = None, style: str = "", title: str = ""
) -> Component:
    """A section with its heading `detail.<key>`; `note` stands at the right of the heading."""
    return html.Section(
        className=f"detail-part detail-{key} {style}".strip(),
        children=[
            html.Div(
                className="detail-part-head",
                children=[html.H3(title or say(telling.language, f"detail.{key}")), html.Span(flat(note))],
            ),
            *flat(children),
        ],
    )


def flat(children: Children) -> list[str | Component]:
    """Children as a list, without what is left out."""
    if children is None:
        return []
    if isinstance(children, str | Component):
        return [children]
    return [child for child in children if child is not None]


def address_to(kind: str, record_id: str) -> str:
    """The address of a record's page."""
    return f"/{kind}/{quote(record_id, safe='')}"


def link(kind: str, record_id: str, children: Children, **more: Any) -> Component:
    """The way to a record's page."""
    address = address_to(kind, record_id)
    return html.A(flat(children), href=address, **data(open=address), **more)


def facts(rows: Iterable[tuple[str, Shown]], telling: Telling) -> Component:
    """Rows of (field, what is shown); None is left out."""
    items: list[Component] = []
    for field, shown in rows:
        if shown is None:
            continue
        items += [html.Dt(say(telling.language, f"field.{field}")), html.Dd(shown)]
    return html.Dl(items, className="facts")


def drawn(kind: str, *, label: str, style: str = "", **given: Any) -> Component:
    """A place that the browser draws into (`assets/41-detail.js` says how): plans, charts, signs."""
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return html.Div(
        className=f"detail-drawn detail-{kind} {style}".strip(),
        role="img" if kind not in ("plan", "chart", "acting", "hours") else "group",
        **data(draw=kind, given=text),
        **aria(label=label),
    )


def priority_sign(priority: int, *, is_acknowledged: bool, language: str) -> Component:
    """▲1 ◆2 ■3 ●4."""
    label = say(language, "sheet.priority", priority=priority)
    return drawn("priority", label=label, style="sign", priority=priority, hollow=is_acknowledged)


def warning_sign(event: str, level: str, level_text: str, language: str) -> Component:
    """Hazard, colour and Roman numeral."""
    return drawn("warning", label=f"{event} {level}", style="sign", event=event, level=level, level_text=level_text)


def meter(share: float, style: str = "") -> Component:
    """A bar filled to a share (0 … 1)."""
    filled = f"{100 * min(1.0, max(0.0, share)):.1f}%"
    return html.Span(html.I(style={"--share": filled}), className=f"meter {style}".strip(), **aria(hidden="true"))


def nothing(telling: Telling, key: str) -> Component:
    """Why a part is empty, in words."""
    return html.P(say(telling.language, f"detail.{key}"), className="detail-nothing")


def metres(distance_m: float, telling: Telling) -> str:
    """32 m, 1.4 km."""
    if distance_m < 1000:
        return say(telling.language, "detail.metres", m=round(distance_m))
    return say(telling.language, "detail.kilometres", km=f"{distance_m / 1000:.1f}")


def compass(bearing_deg: float, telling: Telling) -> str:
    """The name of the nearest of the eight winds."""
    names = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
    return say(telling.language, f"wind.{names[round(bearing_deg / 45) % 8]}")


def count(value: int | None) -> str:
    """A number with its thousands apart, unknown is a dash."""
    return "—" if value is None else f"{value:,}"


def of_all(online: tuple[int, int, int] | None) -> str:
    """Online of all."""
    if online is None:
        return "—"
    return f"{online[0]:,} / {online[2]:,}" if online[2] else "0"


def span(telling: Telling, seconds: float) -> str:
    """Two units at most: 2 天 4 时, 5 分 30 秒."""
    s = max(0, int(seconds))
    language, days, hours, minutes = telling.language, s // 86_400, s // 3600, s // 60
    if days:
        rest = hours % 24
        return say(language, "duration.d_h", d=days, h=rest) if rest else say(language, "duration.d", d=days)
    if hours:
        rest = minutes % 60
        return say(language, "duration.h_min", h=hours, min=rest) if rest else say(language, "duration.h", h=hours)
    if minutes >= 10:
        return say(language, "duration.min", min=minutes)
    if minutes:
        rest = s % 60
        return (
            say(language, "duration.min_s", min=minutes, s=rest) if rest else say(language, "duration.min", min=minutes)
        )
    return say(language, "duration.s", s=s)
