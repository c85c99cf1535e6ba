"""Where a value stands in a row: a plain column name, a dotted path, or any JMESPath expression, as a function."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

Getter = Callable[[Any], Any]
"""The value of a row (a mapping); None where the row has none."""

_MISSING = object()
_STEP = re.compile(r'(?:^|\.)([^\W\d][\w-]*)|(?:^|\.)"([^"\\]+)"|\[(-?\d+)\]')
_LOOKS_LIKE_EXPRESSION = re.compile(r"\[\?|\|\||&&|`|\[\*\]|\[\]|^@\.|^(?:join|not_null|to_string|to_number)\(")


def compile_path(path: str) -> Getter:
    """The function that finds `path` in a row; raises ValueError for an expression that is no JMESPath.

    A row that has a column of exactly that name is always believed first. Simple paths (`a.b[0]`, also with `"a b"`)
    cost no more than the look-ups they are made of.
    """
    if not path.strip():
        raise ValueError("is empty; give a column or a JMESPath expression")
    steps = _steps(path)
    if steps is None:
        return _searching(path)
    if len(steps) == 1 and steps[0] == path:
        return _plain(path)
    return _walking(path, steps)


def _plain(name: str) -> Getter:
    return lambda row: row.get(name)


def _steps(path: str) -> tuple[str | int, ...] | None:
    """The steps of a path of names and indexes only; None for anything else."""
    steps: list[str | int] = []
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            return None
        name, quoted, index = found.groups()
        steps.append(int(index) if index is not None else name or quoted)
        at = found.end()
    return tuple(steps) if steps and isinstance(steps[0], str) else None


def _walking(path: str, steps: tuple[str | int, ...]) -> Getter:
    def get(row: Any) -> Any:
        found = row.get(path, _MISSING)
        if found is not _MISSING:
            return found
        found = row if isinstance(row, dict) else dict(row)
        for step in steps:
            if isinstance(step, str):
                found = found.get(step) if isinstance(found, dict) else None
            else:
                found = found[step] if isinstance(found, list) and -len(found) <= step < len(found) else None
            if found is None:
                return None
        return found

    return get


def _searching(path: str) -> Getter:
    try:
        expression = jmespath.compile(path)
    except JMESPathError as error:
        if _LOOKS_LIKE_EXPRESSION.search(path):
            raise ValueError(f"is neither a column nor JMESPath: {_first_line(error)}") from error
        return _plain(path)  # names like `Lat/Lon` or `经度(°)` are columns, not expressions

    def get(row: Any) -> Any:
        found = row.get(path, _MISSING)
        if found is not _MISSING:
            return found
        try:
            return expression.search(row)
        except JMESPathError:  # a function met a type it can't take: this row has no such value
            return None

    return get


def find(path: str, document: Any) -> Any:
    """What `path` finds in a whole document, which may be anything; raises ValueError like `compile_path`."""
    if isinstance(document, Mapping):
        return compile_path(path)(document)
    try:
        return jmespath.search(path, document)
    except JMESPathError as error:
        raise ValueError(f"is no JMESPath: {_first_line(error)}") from error


def check_path(path: str) -> str:
    """`path`, which may be empty; raises ValueError for what is none. For the options of sources."""
    if path:
        compile_path(path)
    return path


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
