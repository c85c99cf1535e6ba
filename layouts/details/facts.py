"""Which facts of a record its sheet tells, in order: one table per kind."""

from __future__ import annotations

import json
from urllib.parse import quote

from dash import html

from layouts.properties import data
from layouts.telling import Fact, Shown, Telling, error_words, moment, number, text, word, words, yes_no
from layouts.text import TEXTS, say, say_or
from situation.records import OPEN_STATES, Alarm, Case, Datastream, Place, Record, Sensor, SourceHealth, WeatherWarning

ONE_CASE = 1


def _measured(value: float | None, unit: str, telling: Telling) -> str:
    return say(telling.language, "sheet.unknown") if value is None else f"{value:g} {unit}".strip()


def _known(value: float | None, unit: str) -> Shown:
    return None if value is None else f"{value:g} {unit}".strip()


def _sensor_value(record: Sensor, telling: Telling) -> Shown:
    return _measured(record.value, record.datastreams[0].unit if record.datastreams else "", telling)


def _thresholds(record: Sensor, telling: Telling) -> Shown:
    """A line for each limit, the worst first; the quantity's name only where there are several."""

    def lines(stream: Datastream) -> list[str]:
        quantity = f"{stream.name or stream.observed_property} " if len(record.datastreams) > 1 else ""
        ordered = sorted(stream.thresholds, key=lambda threshold: threshold.level)
        return [
            f"{quantity}{'≥' if t.above else '≤'} {t.limit:g} {stream.unit}".strip()
            + f" · {say(telling.language, 'sheet.priority', priority=t.level)}"
            for t in ordered
        ]

    return "\n".join(line for stream in record.datastreams for line in lines(stream)) or None


def _department(record: Record, telling: Telling) -> Shown:
    """The department by its name, with the way to it."""
    department = record.department
    if not department:
        return None
    address = f"/department/{quote(department, safe='')}"
    return html.A(telling.names.get(f"department/{department}", department), href=address, **data(open=address))


DEPARTMENT = Fact("department", _department)


def _headline(record: WeatherWarning, telling: Telling) -> Shown:
    """Left out where it is the sheet's title already."""
    headline = record.headline_en if telling.language == "en" and record.headline_en else record.headline
    return headline if headline and headline != record.name else None


def _priority(record: Alarm | Case, telling: Telling) -> Shown:
    return None if record.priority is None else say(telling.language, "sheet.priority", priority=record.priority)


def _acknowledged(record: Alarm, telling: Telling) -> Shown:
    """When and by whom; of one nobody took on yet, that and for how long."""
    if record.acknowledged_at is not None:
        who = [" · ", record.acknowledged_by] if record.acknowledged_by else []
        return [telling.time(record.acknowledged_at), *who]
    if record.ended_at is not None or record.started_at is None:
        return None
    new = say(telling.language, "alarms.unacknowledged_short")
    return [f"{new} ", telling.age(record.started_at, "duration")]


def _alarm_state(record: Alarm, telling: Telling) -> Shown:
    return say(telling.language, "alarm.active" if record.ended_at is None else "alarm.ended")


def _alarm_why(record: Alarm, telling: Telling) -> Shown:
    """The rule's sentence with its numbers; an explanation in other words is shown as it is."""
    try:
        numbers = json.loads(record.explanation)
    except ValueError:
        return say_or(telling.language, f"why.{record.explanation}", record.explanation) or None
    if not isinstance(numbers, dict):
        return record.explanation
    if isinstance(numbers.get("usual"), (int, float)):
        few = say(telling.language, "why.few")
        numbers["usual"] = f"{numbers['usual']:.1f}" if numbers["usual"] >= ONE_CASE else few
    if telling.language == "en" and "sources_en" in numbers:
        numbers["sources"] = numbers["sources_en"]
    key = f"why.{record.rule}"
    if key not in TEXTS:
        return None
    spans = {name: telling.duration(numbers[name]) for name in ("for_s", "window_s") if name in numbers}
    known = {
        "value": _measured(record.value, record.unit, telling),
        "limit": _measured(record.limit, record.unit, telling),
    }
    blank = {name: "—" for name in ("for_s", "window_s", "total", "usual", "sources")}
    return say(telling.language, key, **{**blank, **numbers, **spans, **known})


def _about(record: Alarm, telling: Telling) -> Shown:
    """What the alarm is about, in words, with the way to it."""
    kind, _, record_id = record.about.partition("/")
    if not record_id:
        return record.about or None
    address = f"/{kind}/{quote(record_id, safe='')}"
    name = telling.names.get(record.about, record_id)
    return html.A(f"{say_or(telling.language, f'kind.{kind}', kind)} · {name}", href=address, **data(open=address))


def _case_state(record: Case, telling: Telling) -> Shown:
    state = say(telling.language, f"case.{record.state}")
    is_late = record.state in OPEN_STATES and record.due_at is not None and record.due_at < telling.at
    if not is_late or record.due_at is None:
        return state
    late = telling.duration((telling.at - record.due_at).total_seconds())
    return f"{state} · {say(telling.language, 'case.overdue', age=late)}"


def _delivers(record: SourceHealth, telling: Telling) -> Shown:
    return "、".join(say_or(telling.language, f"kind.{kind}", kind) for kind in record.records) or None


def _promise(record: SourceHealth, telling: Telling) -> Shown:
    if record.promise_s is None:
        return say(telling.language, "sources.not_promised_short")
    return telling.duration(record.promise_s)


def _areas(record: WeatherWarning, _: Telling) -> Shown:
    return "、".join(claim.name or ", ".join(claim.codes) for claim in record.areas) or None


def _stock_time(record: Place, telling: Telling) -> Shown:
    """A figure without the time it was counted at says so; a place without a figure has no such row."""
    return None if record.stock is None else moment("stock_at").show(record, telling)


FACTS: dict[str, tuple[Fact, ...]] = {
    "camera": (
        word("state", "device"),
        moment("seen_at"),
        word("form", "form"),
        words("tags", "tag"),
        DEPARTMENT,
        text("id"),
    ),
    "sensor": (
        word("state", "device"),
        Fact("value", _sensor_value),
        moment("observed_at"),
        Fact("thresholds", _thresholds),
        word("sensor_kind", "sensor_kind"),
        DEPARTMENT,
        text("id"),
    ),
    "warning": (
        text("event"),
        word("level", "level"),
        Fact("headline", _headline),
        yes_no("is_actual"),
        moment("sent_at"),
        moment("onset_at"),
        moment("expires_at"),
        Fact("areas", _areas),
        text("sender"),
    ),
    "case": (
        Fact("state", _case_state),
        text("state_text"),
        text("number"),
        Fact("priority", _priority),
        word("category", "category"),
        text("subcategory"),
        word("origin", "origin"),
        DEPARTMENT,
        moment("reported_at"),
        moment("registered_at", is_told_when_unknown=False),
        moment("due_at"),
        moment("closed_at", is_told_when_unknown=False),
    ),
    "alarm": (
        Fact("state", _alarm_state),
        Fact("priority", _priority),
        Fact("explanation", _alarm_why),
        Fact("value", lambda record, telling: _known(record.value, record.unit)),
        Fact("limit", lambda record, telling: _known(record.limit, record.unit)),
        Fact("about", _about),
        Fact("count", lambda record, telling: str(record.count) if record.count > 1 else None),
        DEPARTMENT,
        moment("started_at"),
        Fact("acknowledged_at", _acknowledged),
        moment("ended_at", is_told_when_unknown=False),
    ),
    "officer": (word("role", "role"), yes_no("on_duty"), text("phone"), DEPARTMENT, moment("positioned_at")),
    "place": (
        word("place_kind", "place_kind"),
        number("capacity"),
        Fact("stock", lambda record, _: _known(record.stock, record.stock_unit)),
        Fact("stock_at", _stock_time),
        text("phone"),
        DEPARTMENT,
        text("id"),
    ),
    "component": (text("component_kind"), text("category"), DEPARTMENT, text("id")),
    "department": (text("name_en"), text("phone"), text("duty_officer"), text("id")),
    "area": (
        text("name_en"),
        text("code"),
        word("area_kind", "area_kind"),
        word("scheme", "scheme"),
        number("population"),
    ),
    "source": (
        word("state", "health"),
        Fact("error", lambda source, telling: error_words(source.error, telling.language) or None),
        DEPARTMENT,
        text("owner"),
        text("phone"),
        Fact("about", lambda source, _: source.description or None),
        Fact("delivers", _delivers),
        number("record_count"),
        number("rejected_count"),
        moment("succeeded_at"),
        moment("content_at"),
        Fact("promise_s", _promise),
        Fact("stale_after_s", lambda source, telling: telling.duration(source.stale_after_s)),
        Fact("interval_s", lambda source, telling: telling.duration(source.interval_s)),
        text("source_kind"),
    ),
}
"""Kind → its facts. A kind without a row here has no sheet."""
