"""Query options: `$top`, `$skip`, `$count`, `$orderby`, `$filter`, `$select`, `$expand` with options of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from callbacks.routes.sharing.sta.errors import NotAsked
from callbacks.routes.sharing.sta.filters import Condition, parse_filter
from callbacks.routes.sharing.sta.model import LINKS

MOST_ROWS = 1_000
USUAL_ROWS = 100
MOST_SKIPPED = 10_000_000
MOST_DEEP = 3
"""So deep may one thing be expanded inside another."""

MOST_TEXT = 4_000
TIMES = ("phenomenonTime", "resultTime")


@dataclass(frozen=True, slots=True)
class Order:
    """What the answer is ordered by: id or time."""

    by: str = "id"
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked of one set. `top` None: as many as is usual."""

    top: int | None = None
    skip: int = 0
    is_counted: bool = False
    order: Order | None = None
    conditions: tuple[Condition, ...] = ()
    selected: tuple[str, ...] = ()
    expanded: Mapping[str, Options] = field(default_factory=dict)

    @property
    def limit(self) -> int:
        """Rows of a page."""
        return USUAL_ROWS if self.top is None else min(self.top, MOST_ROWS)

    @property
    def is_last_only(self) -> bool:
        """Whether of readings only the newest is asked for, which is known without looking through them."""
        newest = self.order is not None and self.order.by in TIMES and self.order.is_descending
        return newest and self.top == 1 and not self.skip and not self.conditions and not self.is_counted


def parse_options(name: str, pairs: Iterable[tuple[str, str]], depth: int = 0) -> Options:
    """The options asked of the set `name`; raises NotAsked. Keys without a dollar are none of ours."""
    options = Options()
    for key, text in pairs:
        if not key.startswith("$"):
            continue
        parse = _PARSERS.get(key)
        if parse is None:
            raise NotAsked(f"{key[:40]} is not understood; options are {', '.join(_PARSERS)}")
        if len(text) > MOST_TEXT:
            raise NotAsked(f"{key} is too long")
        options = replace(options, **parse(name, text.strip(), depth))
    return options


def _number(key: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most):
        raise NotAsked(f"{key} is a whole number from 0 to {most}")
    return int(text)


def _top(_name: str, text: str, _depth: int) -> dict[str, Any]:
    return {"top": min(_number("$top", text, MOST_SKIPPED), MOST_ROWS)}


def _skip(_name: str, text: str, _depth: int) -> dict[str, Any]:
    return {"skip": _number("$skip", text, MOST_SKIPPED)}


def _count(_name: str, text: str, _depth: int) -> dict[str, Any]:
    if text.lower() not in ("true", "false"):
        raise NotAsked("$count is true or false")
    return {"is_counted": text.lower() == "true"}


def _orderby(name: str, text: str, _depth: int) -> dict[str, Any]:
    by, _, way = text.partition(" ")
    allowed = (*TIMES, "id", "@iot.id") if name == "Observations" else ("id", "@iot.id", "name")
    if by not in allowed or way.strip().lower() not in ("", "asc", "desc"):
        raise NotAsked(f"$orderby of {name} is one of {', '.join(allowed)}, with asc or desc")
    return {"order": Order(by.removeprefix("@iot."), way.strip().lower() == "desc")}


def _filter(name: str, text: str, _depth: int) -> dict[str, Any]:
    return {"conditions": parse_filter(name, text)}


def _select(_name: str, text: str, _depth: int) -> dict[str, Any]:
    return {"selected": tuple(part.strip() for part in text.split(",") if part.strip())}


def _expand(name: str, text: str, depth: int) -> dict[str, Any]:
    if depth == MOST_DEEP:
        raise NotAsked(f"$expand goes at most {MOST_DEEP} levels deep")
    expanded = {}
    for part in _split(text, ","):
        head, given = _head(part)
        head, _, rest = head.partition("/")
        link = LINKS[name].get(head)
        if link is None:
            raise NotAsked(f"{name} can be expanded by {', '.join(LINKS[name])}")
        pairs = [("$expand", rest + given)] if rest else [_pair(each) for each in _split(given[1:-1], ";")]
        expanded[head] = parse_options(link.target, pairs, depth + 1)
    return {"expanded": expanded}


def _head(part: str) -> tuple[str, str]:
    """The name and what stands in its parentheses, with them."""
    name, opened, rest = part.partition("(")
    if opened and not rest.endswith(")"):
        raise NotAsked("$expand: a parenthesis is not closed")
    return name.strip(), opened + rest


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key.strip(), value


def _split(text: str, mark: str) -> Iterator[str]:
    """The parts between marks that stand in no parentheses and no quotes."""
    depth, begin, is_quoted = 0, 0, False
    for place, letter in enumerate(text):
        is_quoted ^= letter == "'"
        if is_quoted:
            continue
        depth += (letter == "(") - (letter == ")")
        if letter == mark and depth == 0:
            yield text[begin:place].strip()
            begin = place + 1
    if text[begin:].strip():
        yield text[begin:].strip()


_PARSERS: Mapping[str, Callable[[str, str, int], dict[str, Any]]] = {
    "$top": _top,
    "$skip": _skip,
    "$count": _count,
    "$orderby": _orderby,
    "$filter": _filter,
    "$select": _select,
    "$expand": _expand,
}
