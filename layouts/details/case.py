"""A case: its seven steps, how its time limit stands, and all that happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from dash import html
from dash.development.base_component import Component

from layouts.details.parts import link, meter, nothing, part, span
from layouts.details.view import DetailView
from layouts.properties import aria, data
from layouts.telling import Telling
from layouts.text import say, say_or
from situation.records import CASE_STEPS, OPEN_STATES, Case, CaseEvent, CaseStep

MOST_EVENTS = 40


@dataclass(frozen=True, slots=True)
class Step:
    """One of the seven steps. `entered` is when the case last came into it, `left` when it went on."""

    step: CaseStep
    entered: datetime | None
    left: datetime | None
    actor: str
    is_current: bool


def steps_of(case: Case) -> tuple[Step, ...]:
    """The seven steps by what the events tell; a step the case came back to counts from its last entry."""
    events = sorted((event for event in case.events if CASE_STEPS[event.state]), key=lambda event: event.at)
    now_in = CASE_STEPS[case.state]
    found = []
    for step in CaseStep:
        entries = [index for index, event in enumerate(events) if CASE_STEPS[event.state] is step]
        if not entries:
            found.append(Step(step, None, None, "", step is now_in))
            continue
        first = events[_first_of_last_stay(events, entries)]
        after = events[entries[-1] + 1].at if entries[-1] + 1 < len(events) else None
        found.append(Step(step, first.at, after, events[entries[-1]].actor, step is now_in))
    return tuple(found)


def _first_of_last_stay(events: list[CaseEvent], entries: list[int]) -> int:
    first = entries[-1]
    while first - 1 in entries:
        first -= 1
    return first


def steps_part(view: DetailView, telling: Telling) -> Component | None:
    """The seven steps from left to right."""
    case = view.record
    if not isinstance(case, Case):
        return None
    rows = [_step(number, step, case, telling) for number, step in enumerate(steps_of(case), 1)]
    return html.Ol(rows, className="detail-steps", **aria(label=say(telling.language, "detail.steps")))


def _step(number: int, step: Step, case: Case, telling: Telling) -> Component:
    language, is_over = telling.language, case.state not in OPEN_STATES and CASE_STEPS[case.state] is None
    state = "current" if step.is_current else "done" if step.entered is not None else "next"
    mark = "✓" if state == "done" else str(number)
    lines: list[Component] = [html.B(say(language, f"step.{step.step}"))]
    if step.entered is not None:
        who = [" ", step.actor] if step.actor else []
        lines.append(html.Span([telling.time(step.entered), *who], className="step-when"))
    if step.entered is not None and (step.left is not None or (step.is_current and case.state in OPEN_STATES)):
        lasted = span(telling, ((step.left or telling.at) - step.entered).total_seconds())
        key = "detail.took" if step.left is not None and not step.is_current else "detail.so_far"
        lines.append(html.Span(say(language, key, age=lasted), className="step-span"))
    shown = data(state="cut" if is_over and state == "next" else state)
    if step.is_current:
        shown |= aria(current="step")
    return html.Li([html.I(mark, className="step-mark"), html.Div(lines)], className="detail-step", **shown)


def limit_part(view: DetailView, telling: Telling) -> Component | None:
    """How much of the case's time is used: a bar whose rest is the time left."""
    case = view.record
    if not isinstance(case, Case):
        return None
    begun = case.registered_at or case.reported_at
    if case.due_at is None or begun is None:
        return part(telling, "limit", nothing(telling, "no_limit"))
    is_open = case.state in OPEN_STATES
    if not is_open and case.closed_at is None:
        return part(telling, "limit", [html.P(say(telling.language, "detail.dropped"), className="detail-nothing")])
    end = telling.at if is_open or case.closed_at is None else case.closed_at
    allowed_s = max(1.0, (case.due_at - begun).total_seconds())
    used_s, late_s = (end - begun).total_seconds(), (end - case.due_at).total_seconds()
    is_late = late_s > 0
    words = _limit_words(late_s, is_open=is_open, telling=telling)
    share = say(
        telling.language, "detail.used", age=span(telling, used_s), percent=min(999, round(100 * used_s / allowed_s))
    )
    due = say(telling.language, "detail.due", at=telling.time(case.due_at))
    lines = [
        html.P(words, className="limit-words", **data(overdue="true" if is_late else "false")),
        meter(used_s / allowed_s, "meter-overdue" if is_late else "meter-time"),
        html.P([share, " · ", due], className="limit-note"),
    ]
    return part(telling, "limit", [*lines, _answers(view, telling)])


def _limit_words(late_s: float, *, is_open: bool, telling: Telling) -> str:
    age = span(telling, abs(late_s))
    if is_open:
        return say(telling.language, "case.overdue" if late_s > 0 else "detail.left", age=age)
    return say(telling.language, "detail.closed_late" if late_s > 0 else "detail.closed_in_time", age=age)


def _answers(view: DetailView, telling: Telling) -> Component | None:
    """Who has to act, and how to reach them."""
    department = view.department
    if department is None:
        return None
    name = department.name_en if view.language == "en" and department.name_en else department.name
    contact = " · ".join(filter(None, (department.duty_officer, view.contact)))
    return html.P(
        [
            say(telling.language, "detail.answers"),
            " ",
            link("department", department.id, name or department.id),
            f" · {contact}" if contact else "",
        ],
        className="limit-answers",
    )


def description_part(view: DetailView, telling: Telling) -> Component | None:
    """What was reported, in the reporter's words."""
    case = view.record
    if not isinstance(case, Case) or not case.description:
        return None
    return part(telling, "description", html.P(case.description, className="detail-words"))


def events_part(view: DetailView, telling: Telling) -> Component | None:
    """All that happened, newest first, with the time between."""
    case = view.record
    if not isinstance(case, Case):
        return None
    events = sorted(case.events, key=lambda event: event.at)
    if not events:
        return part(telling, "events", nothing(telling, "no_events"))
    spans = [(after.at - before.at).total_seconds() for before, after in pairwise(events)]
    longest = max([*spans, 1.0])
    rows = []
    for index, event in reversed(list(enumerate(events))):
        took = spans[index - 1] if index else None
        rows.append(_event(event, took, longest, telling))
    note = say(telling.language, "detail.events_count", count=len(events))
    return part(telling, "events", html.Ol(rows[:MOST_EVENTS], className="event-rows"), note=note)


def _event(event: CaseEvent, took_s: float | None, longest_s: float, telling: Telling) -> Component:
    state = say_or(telling.language, f"case.{event.state}", event.state)
    text = " · ".join(filter(None, (event.actor, event.note)))
    took: list[Component] = []
    if took_s is not None:
        took = [meter(took_s / longest_s, "meter-span"), html.Span(span(telling, took_s))]
    return html.Li(
        [
            html.Time(telling.time(event.at)),
            html.B(state),
            html.Span(text, className="event-who"),
            html.Span(took, className="event-span"),
        ],
        className="event-row",
        **data(key=f"{int(event.at.timestamp() * 1000)}/{event.state}"),
    )
