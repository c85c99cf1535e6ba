"""Keys of a settings file that mean nothing, each with the known one it resembles."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, get_type_hints

from pydantic import BaseModel

from situation.settings.errors import Problem
from situation.settings.kinds import nearest
from situation.settings.lines import Lines, dotted
from situation.settings.lines import Path as KeyPath

MOST_NAMED = 40
"""Known names that are listed where none of them resembles the unknown one."""


def suggestion(given: str, known: Iterable[str], what: str = "key") -> str:
    """What to say of a name nobody knows: the nearest known one, else all."""
    names = list(known)
    if hint := nearest(given, names):
        return f"is no known {what}{hint}"
    if not names:
        return f"is no known {what}: there is none"
    listed = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    return f"is no known {what}; known: {listed}"


def unknown_keys(model: Any, tree: Any, path: KeyPath, lines: Lines) -> list[Problem]:
    """Every key of `tree` that `model` does not know."""
    known = _fields(model)
    if known is None or not isinstance(tree, dict):
        return []
    problems: list[Problem] = []
    for key, value in tree.items():
        here = (*path, key)
        if key not in known:
            problems.append(Problem(lines.of(here), dotted(here), "", suggestion(key, known)))
        elif isinstance(value, dict) and (named := _named_tables(known[key])) is not None:
            for name, each in value.items():
                problems += unknown_keys(named, each, (*here, name), lines)
        elif isinstance(value, list):
            for place, each in enumerate(value):
                problems += unknown_keys(known[key], each, (*here, place), lines)
        else:
            problems += unknown_keys(known[key], value, here, lines)
    return problems


def _named_tables(annotation: Any) -> Any:
    """What the tables of a `dict[name, table]` are, None for any other annotation."""
    return annotation.__args__[1] if getattr(annotation, "__origin__", None) is dict else None


def _fields(annotation: Any) -> dict[str, Any] | None:
    """Keys of the table that an annotation stands for (also inside `X | None` and `tuple[X, ...]`), None if none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {name: field.annotation for name, field in annotation.model_fields.items()}
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        types = get_type_hints(annotation)
        return {field.name: types[field.name] for field in dataclasses.fields(annotation)}
    for inner in getattr(annotation, "__args__", ()):
        found = _fields(inner)
        if found is not None:
            return found
    return None
