"""`$filter`: comparisons joined by `and`, of ids, names and times. No other expression is understood, none is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from callbacks.routes.sharing.sta.errors import NotAsked

MOST_CONDITIONS = 10
OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {"eq": eq, "ne": ne, "gt": gt, "ge": ge, "lt": lt, "le": le}
TIME_FIELDS = frozenset({"phenomenonTime", "resultTime"})
_FIELDS = {"Observations": ("id", "Datastream/id", "phenomenonTime", "resultTime")}
_USUAL_FIELDS = ("id", "name")
_QUOTED = r"'((?:[^']|'')*)'"
_BARE = r"([^\s()']+(?: \d\d:\d\d(?=\s|$))?)"
_CONDITION = re.compile(rf"\s*([A-Za-z@./]+)\s+({'|'.join(OPERATORS)})\s+(?:{_QUOTED}|{_BARE})\s*(and\s|$)")
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; `value` is a time for times, else text."""

    field: str
    operator: str
    value: str | datetime

    def holds(self, found: Any) -> bool:
        """Whether a value of an entity meets it."""
        return OPERATORS[self.operator](found, self.value)


def parse_filter(name: str, text: str) -> tuple[Condition, ...]:
    """The conditions on the set `name`, all of which must hold; raises NotAsked."""
    fields = _FIELDS.get(name, _USUAL_FIELDS)
    conditions: list[Condition] = []
    place = 0
    while place < len(text):
        found = _CONDITION.match(text, place)
        if found is None or len(conditions) == MOST_CONDITIONS:
            raise NotAsked(f"$filter compares {', '.join(fields)} by eq, ne, gt, ge, lt, le, joined by and")
        field = found[1].replace("@iot.id", "id")
        if field not in fields:
            raise NotAsked(f"$filter of {name} knows {', '.join(fields)}")
        value = found[4] if found[3] is None else found[3].replace("''", "'")
        conditions.append(_condition(field, found[2], value))
        place = found.end()
        if place == len(text) and found[5]:
            raise NotAsked("$filter: something is missing after and")
    return tuple(conditions)


def _condition(field: str, operator: str, value: str) -> Condition:
    if field not in TIME_FIELDS:
        return Condition(field, operator, value)
    if operator == "ne":
        raise NotAsked("times are compared by eq, gt, ge, lt, le")
    return Condition(field, operator, _time(value))


def _time(text: str) -> datetime:
    """A time; the plus of its zone may have become a blank on the way."""
    try:
        at = datetime.fromisoformat(re.sub(r" (\d\d:\d\d)$", r"+\1", text))
    except ValueError as error:
        raise NotAsked("a time is written like 2026-08-09T14:00:00Z") from error
    if at.tzinfo is None:
        raise NotAsked("a time needs its zone, like 2026-08-09T14:00:00Z")
    try:
        return min(max(at.astimezone(UTC), _EARLIEST), _LATEST)
    except OverflowError as error:
        raise NotAsked("this time is too far away") from error


def span_of(conditions: tuple[Condition, ...]) -> tuple[datetime, datetime]:
    """From (inclusive) and until (exclusive) when, to the millisecond, as the conditions on times say."""
    since, until = _EARLIEST, _LATEST
    for each in conditions:
        if not isinstance(each.value, datetime):
            continue
        at = each.value
        after = at + _MILLISECOND
        if each.operator in ("ge", "eq", "gt"):
            since = max(since, after if each.operator == "gt" else at)
        if each.operator in ("lt", "le", "eq"):
            until = min(until, at if each.operator == "lt" else after)
    return since, until
