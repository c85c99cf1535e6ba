"""The columns in which records of a kind are listed: the same for a list on screen and for an exported table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from layouts.telling import error_words
from layouts.text import say, say_or
from situation.records import OPEN_STATES, Case, Record

Cell = str | float | int | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads a list: language, zone and moment; names of streets and departments by their code or key.

    `plain` is the record as the API shows it: hidden fields left out, telephones masked.
    """

    language: str
    zone: tzinfo
    at: datetime
    names: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, float | int | None]] = field(default_factory=dict)
    """Of sources, by key: what their past comes to."""

    def word(self, prefix: str, value: str) -> str:
        """A word of ours or of the upstream, translated where the catalogue has it."""
        return say_or(self.language, f"{prefix}.{value}", value) if value else ""

    def local(self, at: datetime) -> datetime:
        """The time in the city, without a zone: tables have none."""
        return at.astimezone(self.zone).replace(tzinfo=None)


Read = Callable[[Record, Mapping[str, Any], Reader], Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`field` names its text `field.<field>`; `is_listed`: also on screen, where there is room for few."""

    field: str
    read: Read
    is_listed: bool = False

    def title(self, language: str) -> str:
        """Its heading."""
        return say(language, f"field.{self.field}")


def _text(name: str, is_listed: bool = False, heading: str = "") -> Column:
    def read(_record: Record, plain: Mapping[str, Any], _reader: Reader) -> Cell:
        value = plain.get(name)
        return "、".join(map(str, value)) if isinstance(value, list | tuple) else None if value is None else str(value)

    return Column(field=heading or name, read=read, is_listed=is_listed)


def _number(name: str, is_listed: bool = False) -> Column:
    return Column(field=name, read=lambda record, _plain, _reader: getattr(record, name), is_listed=is_listed)


def _time(name: str, is_listed: bool = False) -> Column:
    def read(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
        at: datetime | None = getattr(record, name)
        return None if at is None else reader.local(at)

    return Column(field=name, read=read, is_listed=is_listed)


def _word(name: str, prefix: str, is_listed: bool = False, heading: str = "") -> Column:
    def read(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
        value = getattr(record, name)
        spoken = value if isinstance(value, tuple) else (value,)
        return "、".join(reader.word(prefix, str(one)) for one in spoken)

    return Column(field=heading or name, read=read, is_listed=is_listed)


def _named(name: str, heading: str, is_listed: bool = False) -> Column:
    def read(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
        key: str = getattr(record, name)
        return reader.names.get(key, key)

    return Column(field=heading, read=read, is_listed=is_listed)


def _figure(name: str) -> Column:
    """What the past of a source comes to; shares as 0 … 1."""
    return Column(field=name, read=lambda record, _plain, reader: reader.figures.get(record.id, {}).get(name))


def _error(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
    return error_words(str(getattr(record, "error", "")), reader.language) or None


def _yes_no(name: str, is_listed: bool = False) -> Column:
    def read(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
        value: bool | None = getattr(record, name)
        return None if value is None else say(reader.language, "value.yes" if value else "value.no")

    return Column(field=name, read=read, is_listed=is_listed)


def _on_duty(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
    """In words that need no heading."""
    value: bool | None = getattr(record, "on_duty", None)
    return None if value is None else say(reader.language, "duty.yes" if value else "duty.no")


def _overdue(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
    """Minutes past the time limit of an open case, none of others."""
    if not isinstance(record, Case) or record.due_at is None or record.state not in OPEN_STATES:
        return None
    late_s = (reader.at - record.due_at).total_seconds()
    return int(late_s // 60) if late_s > 0 else None


def _alarm_state(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
    return say(reader.language, "alarm.active" if getattr(record, "ended_at", None) is None else "alarm.ended")


def _areas(_record: Record, plain: Mapping[str, Any], _reader: Reader) -> Cell:
    return "、".join(claim["name"] or ", ".join(claim["codes"]) for claim in plain.get("areas", ()))


ID = _text("id")
NAME = _text("name", is_listed=True)
STREET = _named("street_code", "street", is_listed=True)
DEPARTMENT = _named("department", "department", is_listed=True)
STATE = _word("state", "device", is_listed=True)
PLACED = (STREET, _text("community_code", heading="community"), _text("grid_code", heading="grid"), _text("address"))
POSITION = (_number("lon"), _number("lat"))
SOURCE = _text("source", heading="source")

COLUMNS: dict[str, tuple[Column, ...]] = {
    "camera": (
        ID, NAME, STATE, _time("seen_at", is_listed=True), _word("form", "form"), _word("tags", "tag"), *PLACED,
        DEPARTMENT, *POSITION, SOURCE,
    ),
    "sensor": (
        ID, NAME, _word("sensor_kind", "sensor_kind", is_listed=True), STATE, _number("level"),
        _number("value", is_listed=True), _time("observed_at", is_listed=True), *PLACED, DEPARTMENT, *POSITION, SOURCE,
    ),
    "case": (
        _text("number", is_listed=True), ID, _word("category", "category", is_listed=True),
        _text("subcategory", is_listed=True), _word("state", "case", is_listed=True), _text("state_text"),
        _number("priority"), _time("reported_at"), _time("registered_at", is_listed=True),
        _time("due_at", is_listed=True), Column(field="overdue_min", read=_overdue, is_listed=True),
        _time("closed_at"), _word("origin", "origin"),
        *PLACED, DEPARTMENT, _text("description"), *POSITION, SOURCE,
    ),
    "alarm": (
        ID, NAME, _number("priority", is_listed=True), Column(field="state", read=_alarm_state, is_listed=True),
        _number("value", is_listed=True), _text("unit"), _number("limit"), _number("count"),
        _time("started_at", is_listed=True), _time("acknowledged_at"), _text("acknowledged_by"), _time("ended_at"),
        _text("about"), *PLACED, DEPARTMENT, *POSITION, SOURCE,
    ),
    "warning": (
        ID, _text("event", is_listed=True), _word("level", "level", is_listed=True),
        _text("headline", is_listed=True), _yes_no("is_actual"), _time("sent_at", is_listed=True), _time("onset_at"),
        _time("expires_at", is_listed=True), Column(field="areas", read=_areas), _text("sender"), SOURCE,
    ),
    "officer": (
        ID, NAME, _word("role", "role", is_listed=True), Column(field="on_duty", read=_on_duty, is_listed=True),
        _text("phone"), _time("positioned_at", is_listed=True), *PLACED, DEPARTMENT, *POSITION, SOURCE,
    ),
    "place": (
        ID, NAME, _word("place_kind", "place_kind", is_listed=True), _number("capacity"), _number("stock"),
        _text("stock_unit"), _time("stock_at"), _text("phone"), *PLACED, DEPARTMENT, *POSITION, SOURCE,
    ),
    "component": (
        _text("id", is_listed=True), NAME, _text("component_kind"), _text("category"), *PLACED, DEPARTMENT, *POSITION,
        SOURCE,
    ),
    "department": (
        ID, NAME, _text("name_en", is_listed=True), _text("duty_officer", is_listed=True), _text("phone"), SOURCE,
    ),
    "area": (
        _text("code", is_listed=True), NAME, _text("name_en", is_listed=True),
        _word("area_kind", "area_kind", is_listed=True), _word("scheme", "scheme", is_listed=True),
        _number("population", is_listed=True), SOURCE,
    ),
    "source": (
        ID, NAME, _word("state", "health", is_listed=True), _time("succeeded_at", is_listed=True),
        _time("content_at", is_listed=True), _number("record_count", is_listed=True), _number("rejected_total"),
        _text("error"), Column(field="error_words", read=_error), _text("source_kind"), DEPARTMENT, _text("owner"),
        _text("phone"), _text("description", heading="about"), _word("records", "kind", heading="delivers"),
        _number("interval_s"), _number("promise_s"), _number("stale_after_s"), _time("since_at"),
        _figure("records_day"), _figure("error_rate"), _figure("rejected_share"), _figure("inside_share"),
        _figure("unplaced_share"), _figure("uptime_day"), _figure("uptime_week"), _figure("uptime_month"),
    ),
    "forecast": (ID, NAME, _time("issued_at", is_listed=True), *PLACED, *POSITION, SOURCE),
}  # fmt: skip
"""By kind, in order. A kind without a row here is neither listed nor exported."""
