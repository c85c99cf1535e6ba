"""Topics: filters with named levels, and what a topic says about its messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST_REMEMBERED = 100_000
"""Topics of which is remembered what they match: then it is found out anew."""

TOPIC = "{topic}"
"""The column of a row that holds the whole topic; `{1}`, `{2}` … hold its levels, `{name}` a named one."""

_NAMED = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SHARED = "$share/"

Route = TypeVar("Route")


@dataclass(frozen=True, slots=True)
class Filter:
    """One topic filter as it is written in the options: `+`, `#` and `{name}` for a level that a field is read from.

    `subscription` is what the broker is told, with the group of a shared subscription if there is one.
    """

    subscription: str
    levels: tuple[str, ...]
    names: Mapping[str, int]

    def matches(self, topic: str) -> bool:
        """Whether a topic falls under it. `$SYS` and its like only where the filter begins so (MQTT 5, 4.7.2)."""
        if topic.startswith("$") and self.levels[0] in ("+", "#"):
            return False
        given = topic.split("/")
        for number, level in enumerate(self.levels):
            if level == "#":
                return True
            if number >= len(given) or level not in ("+", given[number]):
                return False
        return len(given) == len(self.levels)

    def columns(self, topic: str) -> dict[str, str]:
        """What a topic says, as columns of a row: `{topic}`, `{1}` …, and the named levels."""
        levels = topic.split("/")
        found = {TOPIC: topic} | {f"{{{number}}}": level for number, level in enumerate(levels, 1)}
        return found | {f"{{{name}}}": levels[at] for name, at in self.names.items() if at < len(levels)}


def read_filter(text: str) -> Filter:
    """The filter in the options; raises ValueError that says what is wrong with it."""
    group, plain = "", text
    if text.startswith(_SHARED):
        name, slash, plain = text.removeprefix(_SHARED).partition("/")
        if not slash or not name or set(name) & set("+#"):
            raise ValueError("a shared subscription is $share/<group>/<topic filter>")
        group = f"{_SHARED}{name}/"
    if not plain or len(plain.encode()) > 65_000 or "\0" in plain:
        raise ValueError("is no topic filter")
    levels, names = [], {}
    for number, level in enumerate(plain.split("/")):
        named = _NAMED.fullmatch(level)
        if named:
            names[named[1]] = number
            level = "+"
        elif "{" in level or ("+" in level and level != "+"):
            raise ValueError(f"{level!r}: a name in braces or + stands for a whole level")
        levels.append(level)
    if any("#" in level for level in levels[:-1]) or ("#" in levels[-1] and levels[-1] != "#"):
        raise ValueError("# can only be the whole last level")
    return Filter(group + "/".join(levels), tuple(levels), names)


@dataclass(slots=True)
class Router(Generic[Route]):
    """Finds what is to be done with a topic: by the first filter that matches."""

    routes: Sequence[tuple[Filter, Route]]
    _known: dict[str, tuple[Route, dict[str, str]] | None] = field(default_factory=dict)

    def find(self, topic: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a topic and the columns it gives (not to be changed); None when no filter matches."""
        if topic in self._known:
            return self._known[topic]
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        found = next(((route, one.columns(topic)) for one, route in self.routes if one.matches(topic)), None)
        self._known[topic] = found
        return found
