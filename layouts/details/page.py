"""A whole detail page: head, a band across it, three columns. Which part lies where is one table row per kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.details import alarm, area, case, department, device, officer, source, warning
from layouts.details.addresses import address_of
from layouts.details.common import around_part, facts_part, raw_part, related_part, source_part
from layouts.details.facts import FACTS
from layouts.details.parts import drawn, link, priority_sign, warning_sign
from layouts.details.view import DetailView, area_name
from layouts.properties import aria, data
from layouts.telling import Telling
from layouts.text import say, say_or
from situation.records import OPEN_STATES, Alarm, Area, Case, WeatherWarning

Part = Callable[[DetailView, Telling], Component | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where the parts of a kind lie: across the page, then in its three columns, each from the top down."""

    band: Part | None = None
    left: tuple[Part, ...] = (facts_part,)
    middle: tuple[Part, ...] = ()
    right: tuple[Part, ...] = (around_part, related_part)


PLANS: dict[str, Plan] = {
    "camera": Plan(middle=(device.picture_part, device.life_part)),
    "sensor": Plan(middle=(device.charts_part, device.life_part)),
    "case": Plan(
        band=case.steps_part,
        left=(case.limit_part, facts_part),
        middle=(case.description_part, case.events_part, related_part),
        right=(around_part,),
    ),
    "alarm": Plan(
        band=alarm.life_steps,
        middle=(alarm.about_part, alarm.members_part, related_part),
        right=(around_part,),
    ),
    "warning": Plan(middle=(warning.chain_part, warning.words_part), right=(warning.ground_part, related_part)),
    "officer": Plan(middle=(officer.track_part,)),
    "place": Plan(middle=(related_part,), right=(around_part,)),
    "component": Plan(middle=(related_part,), right=(around_part,)),
    "department": Plan(middle=(department.numbers_part, department.waiting_part), right=(department.sources_part,)),
    "area": Plan(
        left=(area.numbers_part, facts_part),
        middle=(area.plan_part, area.waiting_part),
        right=(area.children_part,),
    ),
    "source": Plan(
        left=(source.acting_part, facts_part),
        middle=(source.uptime_part, source.health_part, source.reasons_part),
        right=(source.plausible_part, source.uses_part),
    ),
}
"""Kind → its page."""


def detail_page(view: DetailView) -> Component:
    """The page of a record."""
    telling, plan = view.telling(), PLANS[view.record.kind]
    columns = (plan.left, plan.middle, (*plan.right, source_part, raw_part))
    band = None if plan.band is None else plan.band(view, telling)
    return html.Article(
        [
            _head(view, telling),
            *([] if band is None else [band]),
            html.Div(
                [
                    _column(name, parts, view, telling)
                    for name, parts in zip(("left", "middle", "right"), columns, strict=True)
                ],
                className="detail-columns",
            ),
        ],
        className="detail",
        **data(record=view.record.kind, id=view.record.id),
    )


def _column(name: str, parts: tuple[Part, ...], view: DetailView, telling: Telling) -> Component:
    shown = (each(view, telling) for each in parts)
    return html.Div([each for each in shown if each is not None], className=f"detail-column detail-{name}-column")


def _head(view: DetailView, telling: Telling) -> Component:
    record, language = view.record, view.language
    crumbs: list[Any] = []
    for each in view.path:
        if each.id != record.id:
            crumbs += [link("area", each.id, area_name(each, language)), html.I("›", **aria(hidden="true"))]
    sign = _sign(view)
    return html.Header(
        [
            html.Nav(
                [*crumbs, html.Span(_kind_word(view), className="sheet-kind")],
                className="crumbs",
                **aria(label=say(language, "detail.path")),
            ),
            html.Div(
                [
                    *([] if sign is None else [sign]),
                    html.H2(view.title),
                    *[html.Span(text, className="chip-state", **data(state=state)) for text, state in _states(view)],
                ],
                className="detail-title",
            ),
        ],
        className="detail-head",
    )


def _kind_word(view: DetailView) -> str:
    record, language = view.record, view.language
    if isinstance(record, Area):
        return say(language, f"area_kind.{record.area_kind}")
    return say(language, f"kind.{record.kind}")


def _sign(view: DetailView) -> Component | None:
    record = view.record
    if isinstance(record, Alarm):
        acknowledged = record.acknowledged_at is not None or record.ended_at is not None
        return priority_sign(record.priority, is_acknowledged=acknowledged, language=view.language)
    if isinstance(record, WeatherWarning):
        return warning_sign(record.event, record.level.value, record.level_text, view.language)
    return None


def _states(view: DetailView) -> list[tuple[str, str]]:
    """What stands beside the title: (text, state)."""
    record, language = view.record, view.language
    if isinstance(record, Case):
        is_late = record.state in OPEN_STATES and record.due_at is not None and record.due_at < view.at
        late = [(say(language, "detail.overdue"), "overdue")] if is_late else []
        return [(say(language, f"case.{record.state}"), "plain"), *late]
    if isinstance(record, Alarm):
        ended = record.ended_at is not None
        return [(say(language, "alarm.ended" if ended else "alarm.active"), "plain" if ended else "active")]
    if isinstance(record, WeatherWarning):
        over = record.superseded_by or (record.expires_at is not None and record.expires_at <= view.at)
        exercise = [] if record.is_actual else [(say(language, "detail.exercise"), "plain")]
        return [(say(language, "detail.over" if over else "detail.in_force"), "plain" if over else "active"), *exercise]
    if record.kind in ("camera", "sensor"):
        state = device.device_state(record)
        return [(device.state_word(state, view.telling()), state)]
    if record.kind == "source":
        state = str(getattr(record, "state", ""))
        return [(say_or(language, f"health.{state}", state), "plain" if state == "ok" else "overdue")]
    return []


def not_found_page(language: str, pathname: str) -> Component:
    """What is shown for an address that names nothing, or nothing one may see; both look the same on purpose."""
    address = address_of(pathname)
    if address is None or address.kind not in FACTS:
        title, why = say(language, "sheet.no_page"), say(language, "sheet.no_page_why", address=pathname[:120])
    else:
        kind = say(language, f"kind.{address.kind}")
        title = say(language, "sheet.not_found")
        why = say(language, "sheet.not_found_why", kind=kind, id=address.id[:80])
    back = html.A(say(language, "sheet.back"), href="/", **data(open="home"))
    return html.Article(
        [html.H2(title), html.P(why), html.P(back, className="sheet-footer")], className="detail detail-missing"
    )


__all__ = ["PLANS", "Plan", "detail_page", "drawn", "not_found_page"]
