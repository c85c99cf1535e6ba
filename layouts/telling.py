"""How a fact of a record becomes words: the makers of the rows that `layouts.sheet_facts` lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.properties import data
from layouts.text import say, say_or
from situation.records import Record

Shown = str | Component | list[Any] | None
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How to tell facts: language, zone, the moment they are told, the masked record, names of streets by code."""

    language: str
    zone: tzinfo
    at: datetime
    raw: Mapping[str, Any]
    area_names: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of other records, by kind/id."""

    def time(self, at: datetime) -> str:
        """Local time to the second; without the day when it is today's."""
        local = at.astimezone(self.zone)
        is_today = local.date() == self.at.astimezone(self.zone).date()
        return local.strftime("%H:%M:%S" if is_today else "%Y-%m-%d %H:%M:%S")

    def duration(self, seconds: float) -> str:
        """One unit, the largest that fits."""
        for unit, size in (("d", DAY_S), ("h", HOUR_S), ("min", MINUTE_S)):
            if seconds >= size:
                return say(self.language, f"duration.{unit}", **{unit: int(seconds // size)})
        return say(self.language, "duration.s", s=max(0, int(seconds)))

    def age(self, at: datetime, style: str = "ago") -> Component:
        """How long ago; the browser keeps it true."""
        text = say(self.language, "age.ago", age=self.duration((self.at - at).total_seconds()))
        since = data(since=str(int(at.timestamp() * 1000)), style=style)
        return html.Time(text, title=self.time(at), **since)


def error_words(error: str, language: str) -> str:
    """What a source's error code means; one that nobody knows is shown as it is."""
    code, _, argument = error.partition(":")
    return say_or(language, f"error.{code}", error, argument=argument or "—")


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: `field` names its text `field.<field>`; `show` returns None to leave the row out."""

    field: str
    show: Callable[[Any, Telling], Shown]


def text(field: str) -> Fact:
    """The field as it stands in the masked record; left out when empty."""

    def show(_: Record, telling: Telling) -> Shown:
        value = telling.raw.get(field)
        if isinstance(value, (list, tuple)):
            return "、".join(str(item) for item in value) or None
        return None if value in (None, "") else str(value)

    return Fact(field, show)


def number(field: str) -> Fact:
    """A number with its thousands apart."""

    def show(record: Record, _: Telling) -> Shown:
        value: float | None = getattr(record, field)
        return None if value is None else f"{value:,.10g}"

    return Fact(field, show)


def words(field: str, prefix: str) -> Fact:
    """Several words at once."""

    def show(record: Record, telling: Telling) -> Shown:
        spoken = [say_or(telling.language, f"{prefix}.{value}", str(value)) for value in getattr(record, field)]
        return "、".join(spoken) or None

    return Fact(field, show)


def moment(field: str, is_told_when_unknown: bool = True) -> Fact:
    """A time and its age. An unknown one is said; one that merely has not come yet is left out."""

    def show(record: Record, telling: Telling) -> Shown:
        at: datetime | None = getattr(record, field)
        if at is None:
            return say(telling.language, "sheet.unknown") if is_told_when_unknown else None
        age: list[Any] = [" · ", telling.age(at)] if at <= telling.at else []
        return [telling.time(at), *age]

    return Fact(field, show)


def word(field: str, prefix: str) -> Fact:
    """A word of ours or of the upstream, translated where the catalogue has it."""

    def show(record: Record, telling: Telling) -> Shown:
        value = str(getattr(record, field))
        return say_or(telling.language, f"{prefix}.{value}", value) or None

    return Fact(field, show)


def yes_no(field: str) -> Fact:
    """A fact that may be unknown."""

    def show(record: Record, telling: Telling) -> Shown:
        value: bool | None = getattr(record, field)
        return say(telling.language, "sheet.unknown" if value is None else "value.yes" if value else "value.no")

    return Fact(field, show)
