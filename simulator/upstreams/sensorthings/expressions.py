"""`$filter` expressions: a small recursive-descent parser and evaluator of the useful part of the OData grammar.

or < and < not < comparison (eq ne gt ge lt le) < function call, property path, literal, ( … ).
Literals: numbers, 'text' ('' is a quote), ISO 8601 times, true, false, null. Functions: see `FUNCTIONS`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Path = tuple[str, ...]
Lookup = Callable[[Path], Any]


class BadOption(ValueError):
    """A query option that can't be understood; `str()` is for the client."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: Any


@dataclass(frozen=True, slots=True)
class Property:
    """A property path such as `Datastream/id`."""

    path: Path


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function with its arguments."""

    name: str
    arguments: tuple[Expression, ...]


Expression = Literal | Property | Call

_TOKEN = re.compile(
    r"\s*(?:(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<text>'(?:[^']|'')*')"
    r"|(?P<word>[@A-Za-z_][\w.@/]*)"
    r"|(?P<mark>[(),]))"
)
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


def _contains(whole: Any, part: Any) -> bool:
    return str(part) in str(whole)


FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "contains": (2, _contains),
    "substringof": (2, lambda part, whole: _contains(whole, part)),
    "startswith": (2, lambda whole, part: str(whole).startswith(str(part))),
    "endswith": (2, lambda whole, part: str(whole).endswith(str(part))),
    "tolower": (1, lambda text: str(text).lower()),
    "toupper": (1, lambda text: str(text).upper()),
    "length": (1, lambda text: len(str(text))),
}
"""Functions by name: how many arguments, and what they do."""

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def parse_filter(text: str) -> Expression:
    """Read a `$filter`; raises BadOption."""
    parser = _Parser(list(_tokens(text)))
    expression = parser.alternatives()
    parser.expect_end()
    return expression


def evaluate(expression: Expression, lookup: Lookup) -> Any:
    """The value of `expression` for one entity, whose properties `lookup` gives."""
    if isinstance(expression, Literal):
        return expression.value
    if isinstance(expression, Property):
        return lookup(expression.path)
    if expression.name == "and":
        return all(evaluate(argument, lookup) for argument in expression.arguments)
    if expression.name == "or":
        return any(evaluate(argument, lookup) for argument in expression.arguments)
    values = [evaluate(argument, lookup) for argument in expression.arguments]
    if expression.name == "not":
        return not values[0]
    if expression.name in _COMPARISONS:
        return _compare(expression.name, values[0], values[1])
    return FUNCTIONS[expression.name][1](*values)


def conjuncts(expression: Expression | None) -> Iterator[Expression]:
    """The parts that must all hold."""
    if isinstance(expression, Call) and expression.name == "and":
        for argument in expression.arguments:
            yield from conjuncts(argument)
    elif expression is not None:
        yield expression


def parse_time(text: str) -> datetime:
    """Aware time of an ISO 8601 text; raises BadOption."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadOption(f"not a time: {text}") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _compare(name: str, left: Any, right: Any) -> bool:
    """A list (property of many related entities) compares as any of its members; unlike kinds are only unequal."""
    if isinstance(left, list):
        return any(_compare(name, member, right) for member in left)
    if isinstance(left, datetime) and isinstance(right, str):
        right = parse_time(right)
    if isinstance(right, datetime) and isinstance(left, str):
        left = parse_time(left)
    try:
        return bool(_COMPARISONS[name](left, right))
    except TypeError:
        return name == "ne"


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise BadOption(f"cannot read $filter at {text[position : position + 20]!r}")
        yield match.lastgroup, match[match.lastgroup]
        position = match.end()


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._position = 0

    def alternatives(self) -> Expression:
        return self._series("or", self._conjunction)

    def expect_end(self) -> None:
        if self._position < len(self._tokens):
            raise BadOption(f"unexpected {self._tokens[self._position][1]!r} in $filter")

    def _conjunction(self) -> Expression:
        return self._series("and", self._negation)

    def _series(self, word: str, part: Callable[[], Expression]) -> Expression:
        parts = [part()]
        while self._accept(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Call(word, tuple(parts))

    def _negation(self) -> Expression:
        if self._accept("not"):
            return Call("not", (self._negation(),))
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._operand()
        for name in _COMPARISONS:
            if self._accept(name):
                return Call(name, (left, self._operand()))
        return left

    def _operand(self) -> Expression:
        kind, text = self._next()
        if kind == "time":
            return Literal(parse_time(text))
        if kind == "number":
            return Literal(float(text) if any(mark in text for mark in ".eE") else int(text))
        if kind == "text":
            return Literal(text[1:-1].replace("''", "'"))
        if text == "(":
            inner = self.alternatives()
            self._require(")")
            return inner
        if kind == "word":
            return self._word(text)
        raise BadOption(f"unexpected {text!r} in $filter")

    def _word(self, text: str) -> Expression:
        if text in _WORDS:
            return Literal(_WORDS[text])
        if not self._accept("("):
            return Property(tuple(text.split("/")))
        if text not in FUNCTIONS:
            raise BadOption(f"unknown function {text!r}; there are {', '.join(FUNCTIONS)}")
        arguments = [self.alternatives()]
        while self._accept(","):
            arguments.append(self.alternatives())
        self._require(")")
        if len(arguments) != FUNCTIONS[text][0]:
            raise BadOption(f"{text} takes {FUNCTIONS[text][0]} arguments")
        return Call(text, tuple(arguments))

    def _next(self) -> tuple[str, str]:
        if self._position == len(self._tokens):
            raise BadOption("$filter ends too early")
        self._position += 1
        return self._tokens[self._position - 1]

    def _accept(self, text: str) -> bool:
        if self._position < len(self._tokens) and self._tokens[self._position] in (("word", text), ("mark", text)):
            self._position += 1
            return True
        return False

    def _require(self, text: str) -> None:
        if not self._accept(text):
            raise BadOption(f"{text!r} is missing in $filter")
