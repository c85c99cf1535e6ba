"""Reading a settings file: TOML, then references, then the model; every problem is found before any is reported."""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from situation.settings.errors import Problem, SettingsError
from situation.settings.lines import Lines
from situation.settings.lines import Path as KeyPath
from situation.settings.model import Settings
from situation.settings.secret import Secret

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_SECRET_NAME = re.compile(
    r"((password|passwd|secret|token|api_?key|access_?key|credential)s?|(^|\.)store\.url)$", re.IGNORECASE
)
_TOML_LINE = re.compile(r"\(at line (\d+)")
_FILE_PREFIX = "file:"
_REPORTED_ALREADY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})  # by `_unknown_keys`, with a hint


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and check a settings file; `${NAME}` and `${NAME:-default}` come from `environ`.

    Raises SettingsError, which names every problem with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        tree = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(path, (Problem(0, "file", "", f"can't be read: {error.strerror}"),)) from error
    except UnicodeDecodeError as error:
        raise SettingsError(path, (Problem(0, "file", "", "must be UTF-8 text"),)) from error
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        raise SettingsError(path, (Problem(int(found[1]) if found else 0, "TOML", "", str(error)),)) from error
    references = _References(path.parent, environ, Lines(text))
    filled = references.fill(tree, ())
    problems = [*references.problems, *_unknown_keys(Settings, tree, (), references.lines)]
    settings, wrong_values = _validate(filled, references.lines)
    unresolved = {problem.key for problem in references.problems}
    problems += [problem for problem in wrong_values if problem.key not in unresolved]
    if settings is None or problems:
        raise SettingsError(path, tuple(sorted(problems, key=lambda problem: (problem.line, problem.key))))
    return _with_absolute_paths(settings, path.parent)


def _validate(tree: Any, lines: Lines) -> tuple[Settings | None, list[Problem]]:
    try:
        return Settings.model_validate(tree), []
    except ValidationError as error:
        return None, [_problem(each, lines) for each in error.errors() if each["type"] not in _REPORTED_ALREADY]


def _with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    """Paths in the file are meant from the file's folder, wherever the process was started."""
    tiles = settings.map.tiles
    if tiles is None or not tiles.path:
        return settings
    absolute = tiles.model_copy(update={"path": str((folder / tiles.path).resolve())})
    return settings.model_copy(update={"map": settings.map.model_copy(update={"tiles": absolute})})


class _References:
    """Replaces `${NAME}` and, in secrets, `file:PATH`; what is secret comes out as a Secret."""

    def __init__(self, folder: Path, environ: Mapping[str, str], lines: Lines) -> None:
        self._folder = folder
        self._environ = environ
        self.lines = lines
        self.problems: list[Problem] = []

    def fill(self, value: Any, path: KeyPath) -> Any:
        """The value with all references in it replaced."""
        if isinstance(value, dict):
            return {key: self.fill(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.fill(inner, (*path, place)) for place, inner in enumerate(value)]
        if not isinstance(value, str):
            return value
        filled = _REFERENCE.sub(lambda found: self._variable(found, path), value)
        if not is_secret(path):
            return filled
        return Secret(self._file(filled, path) if filled.startswith(_FILE_PREFIX) else filled)

    def _variable(self, found: re.Match[str], path: KeyPath) -> str:
        name, default = found[1], found[2]
        value = self._environ.get(name, default)
        if value is None:
            self._complain(path, f"${{{name}}}", f"the environment has no {name}; set it, or give ${{{name}:-default}}")
            return ""
        return value

    def _file(self, reference: str, path: KeyPath) -> str:
        file = self._folder / reference.removeprefix(_FILE_PREFIX)
        try:
            return file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            self._complain(path, reference, f"the file can't be read: {reason}")
            return ""

    def _complain(self, path: KeyPath, value: str, allowed: str) -> None:
        self.problems.append(Problem(self.lines.of(path), _dotted(path), f'"{value}"', allowed))


def is_secret(path: KeyPath) -> bool:
    """Whether what stands at this key must never be shown, judged by its name."""
    names = ".".join(part for part in path[-2:] if isinstance(part, str))
    return bool(_SECRET_NAME.search(names))


def _dotted(path: KeyPath) -> str:
    dotted = ""
    for part in path:
        dotted += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if dotted else part
    return dotted


def _problem(error: ErrorDetails, lines: Lines) -> Problem:
    path = error["loc"]
    allowed = error["msg"].removeprefix("Value error, ")
    if error["type"] == "missing":
        return Problem(lines.of(path), _dotted(path), "", "is missing")
    value = error["input"]
    shown = "" if isinstance(value, dict | list | tuple) else "***" if is_secret(path) else _as_toml(value)
    return Problem(lines.of(path), _dotted(path), shown, allowed[:1].lower() + allowed[1:])


def _as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value[:200]}"' if isinstance(value, str) else str(value)


def _unknown_keys(model: Any, tree: Any, path: KeyPath, lines: Lines) -> list[Problem]:
    """Keys that mean nothing, each with the known one it resembles."""
    known = _fields(model)
    if known is None or not isinstance(tree, dict):
        return []
    problems: list[Problem] = []
    for key, value in tree.items():
        here = (*path, key)
        if key not in known:
            problems.append(Problem(lines.of(here), _dotted(here), "", _suggestion(key, known)))
        elif isinstance(value, dict) and (named := _named_tables(known[key])) is not None:
            for name, each in value.items():
                problems += _unknown_keys(named, each, (*here, name), lines)
        elif isinstance(value, list):
            for place, each in enumerate(value):
                problems += _unknown_keys(known[key], each, (*here, place), lines)
        else:
            problems += _unknown_keys(known[key], value, here, lines)
    return problems


def _suggestion(key: str, known: Mapping[str, Any]) -> str:
    nearest = difflib.get_close_matches(key, known, n=1)
    return f"is no known key; did you mean {nearest[0]}?" if nearest else f"is no known key; known: {', '.join(known)}"


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
