"""The query options of SensorThings: `$top $skip $count $select $orderby $filter` and nested `$expand`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from simulator.upstreams.sensorthings.expressions import BadOption, Expression, Path, parse_filter

DEFAULT_TOP = 100
MAX_TOP = 1000


@dataclass(frozen=True, slots=True)
class Order:
    """One `$orderby` term."""

    path: Path
    is_descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a reader asks of one collection; `expand` holds the same for related ones, by their name."""

    top: int = DEFAULT_TOP
    skip: int = 0
    count: bool = False
    select: frozenset[str] = frozenset()
    order: tuple[Order, ...] = ()
    filter: Expression | None = None
    expand: dict[str, Options] = field(default_factory=dict)

    @property
    def is_latest_only(self) -> bool:
        """Whether this asks for the newest observation only, the way every poller does."""
        return (
            self.top == 1
            and self.skip == 0
            and self.filter is None
            and not self.count
            and len(self.order) == 1
            and self.order[0].is_descending
            and self.order[0].path in (("phenomenonTime",), ("resultTime",))
        )


def parse_options(pairs: Iterable[tuple[str, str]]) -> Options:
    """Read the options of a request; raises BadOption for one that doesn't exist or can't be read."""
    options = Options()
    for name, text in pairs:
        options = _with(options, name, text.strip())
    return options


def split(text: str, mark: str) -> Iterator[str]:
    """Split at `mark`, but not within quotes or parentheses; raises BadOption when those don't match."""
    depth, is_quoted, start = 0, False, 0
    for position, letter in enumerate(text):
        if letter == "'":
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == mark and depth == 0:
            yield text[start:position].strip()
            start = position + 1
    if depth or is_quoted:
        raise BadOption(f"unbalanced: {text}")
    yield text[start:].strip()


def _with(options: Options, name: str, text: str) -> Options:
    match name:
        case "$top":
            return replace(options, top=min(_number(name, text), MAX_TOP))
        case "$skip":
            return replace(options, skip=_number(name, text))
        case "$count":
            return replace(options, count=_truth(name, text))
        case "$select":
            return replace(options, select=frozenset(split(text, ",")))
        case "$orderby":
            return replace(options, order=tuple(_order(part) for part in split(text, ",")))
        case "$filter":
            return replace(options, filter=parse_filter(text))
        case "$expand":
            return replace(options, expand=dict(_expanded(part) for part in split(text, ",")))
    raise BadOption(f"unknown query option {name}")


def _number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise BadOption(f"{name} must be a number of 0 or more, not {text!r}")
    return int(text)


def _truth(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise BadOption(f"{name} must be true or false")
    return text == "true"


def _order(text: str) -> Order:
    path, _, direction = text.partition(" ")
    if direction.strip() not in ("", "asc", "desc") or not path:
        raise BadOption(f"cannot read $orderby {text!r}")
    return Order(tuple(path.split("/")), direction.strip() == "desc")


def _expanded(text: str) -> tuple[str, Options]:
    """`Datastreams($top=1)`, or the short form `Datastreams/Observations`."""
    name, parenthesis, rest = text.partition("(")
    if parenthesis:
        pairs = (part.partition("=")[::2] for part in split(rest.rstrip()[:-1], ";"))
        return name.strip(), parse_options((key.strip(), value) for key, value in pairs)
    first, slash, deeper = name.partition("/")
    return first.strip(), Options(expand=dict([_expanded(deeper)])) if slash else Options()
