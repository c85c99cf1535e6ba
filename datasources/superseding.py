"""Which warnings stand: messages that an Update or Cancel has taken the place of, over one fetch and many."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

from datasources.fields import instant
from situation.records import WeatherWarning

REPLACING = frozenset({"update", "cancel"})
MOST_REPLACED = 2_000
"""How many identifiers of replaced messages are remembered, the newest ones."""

_ALL_CLEAR = "allclear"
_PART = re.compile(r"~[\d.]+$")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Replacement:
    """What took a message's place, and when that was sent: identifiers come back, for other warnings."""

    by: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The messages of a fetch, and by identifier what took whose place, so far as it was ever said."""

    warnings: tuple[WeatherWarning, ...]
    replaced: Mapping[str, Replacement]

    def replaced_cursor(self) -> dict[str, list[str]]:
        """`replaced` as JSON, for `read_replaced`."""
        return {name: [one.by, one.at.isoformat() if one.at else ""] for name, one in self.replaced.items()}


def read_replaced(cursor: object) -> dict[str, Replacement]:
    """What an earlier fetch kept in its cursor; what is not understood is left out."""
    found = {}
    for name, value in cursor.items() if isinstance(cursor, dict) else ():
        by, at = value if isinstance(value, list) and len(value) == 2 else (value, "")
        if isinstance(by, str):
            found[str(name)] = Replacement(by, instant(at))
    return found


def kind_of_message(given: str, responses: Iterable[str], urgency: str) -> str:
    """What a message is; one that only says the all clear ends what it refers to, though services call it Update.

    `responses` and `urgency` as in CAP. An urgency of Past alone is none: an earthquake warned of is past.
    """
    said = {response.strip().lower() for response in responses}
    is_over = _ALL_CLEAR in said and (len(said) == 1 or urgency.lower() == "past")
    return "Cancel" if is_over else given.capitalize() or "Alert"


def part_of(identifier: str, number: str) -> str:
    """The id of one of several warnings of a message; whoever refers to the message means all of them."""
    return f"{identifier}~{number}"


def references(text: str) -> tuple[str, ...]:
    """Identifiers out of `sender,identifier,sent` triples; a lone identifier counts as itself."""
    found = []
    for triple in text.split():
        parts = triple.split(",")
        # an identifier may hold commas itself: the sender has none, and the time is last
        found.append(",".join(parts[1:-1]) if len(parts) >= 3 else parts[-1 if len(parts) == 1 else 1])
    return tuple(dict.fromkeys(identifier for identifier in found if identifier))


def settled(warnings: Iterable[WeatherWarning], replaced: Mapping[str, Replacement] = MappingProxyType({})) -> Settled:
    """One warning per identifier (the newest), each told which message took its place.

    `replaced` is what earlier fetches found out: feeds drop an Update or Cancel and go on listing what it ended, which
    must not come back to life. A message sent after the one that replaced its identifier is another one. Times are
    compared as instants: references write `-00:00` where messages write `+08:00`.
    """
    newest: dict[str, WeatherWarning] = {}
    for warning in warnings:
        known = newest.get(warning.id)
        if known is None or _sent(warning.sent_at) >= _sent(known.sent_at):
            newest[warning.id] = warning
    now = _with_parts(newest)
    found = {**replaced, **_replacements(now)}
    return Settled(
        tuple(replace(warning, superseded_by=_replaced_by(warning, found)) for warning in now),
        dict(list(found.items())[-MOST_REPLACED:]),
    )


def _with_parts(newest: Mapping[str, WeatherWarning]) -> list[WeatherWarning]:
    """The warnings, referring to all parts of the messages that they refer to."""
    parts: dict[str, list[str]] = defaultdict(list)
    for name in newest:
        if _PART.search(name):
            parts[_PART.sub("", name)].append(name)
    if not parts:
        return list(newest.values())
    return [
        replace(one, references=tuple(dict.fromkeys(each for name in one.references for each in (name, *parts[name]))))
        for one in newest.values()
    ]


def _sent(at: datetime | None) -> datetime:
    return at or _LONG_AGO


def _replaced_by(warning: WeatherWarning, found: Mapping[str, Replacement]) -> str:
    by = found.get(warning.id) or found.get(_PART.sub("", warning.id))
    is_later = by is not None and by.at is not None and _sent(warning.sent_at) > by.at
    return "" if by is None or is_later else by.by


def _replacements(warnings: Iterable[WeatherWarning]) -> dict[str, Replacement]:
    """What each message named by an actual Update or Cancel was replaced by: the newest of those that name it."""
    found: dict[str, Replacement] = {}
    for warning in warnings:
        if warning.message_type.lower() not in REPLACING or not warning.is_actual:
            continue  # an exercise must never take a real warning off the wall
        for reference in warning.references:
            known = found.get(reference)
            if reference != warning.id and (known is None or _sent(known.at) < _sent(warning.sent_at)):
                found[reference] = Replacement(warning.id, warning.sent_at)
    return found
