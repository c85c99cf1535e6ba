"""What the readers of TOML and of the model say is wrong, in words for whoever wrote the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

from pydantic_core import ErrorDetails

from situation.settings.errors import Problem, as_toml
from situation.settings.kinds import nearest
from situation.settings.lines import Lines, dotted
from situation.settings.references import is_secret

_TOML_LINE = re.compile(r"\(at line (\d+)")
_QUOTED = re.compile(r"'([^']*)'")
_FULL_WIDTH = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＝": "=", "［": "[", "］": "]", "，": ","}
)
_ADVICE = (
    ("Illegal character '\\n'", "a text is not closed: its last quotation mark is missing"),
    ("Cannot overwrite a value", "this key stands there twice"),
    ("Cannot declare", "this table stands there twice"),
    ("Unclosed array", "a list is not closed: its ] is missing"),
    ("Invalid value", 'texts stand in quotation marks: "…"'),
    ("Invalid statement", 'a line is [table], [[list]] or key = "value"'),
)
_REPORTED_ALREADY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})  # by `unknown_keys`, with a hint


def toml_problem(text: str, error: tomllib.TOMLDecodeError) -> Problem:
    """Why a text is no TOML, with what is usually the cause; shows nothing of the line, which may hold a secret."""
    said = str(error)
    found = _TOML_LINE.search(said)
    line = int(found[1]) if found else 0
    written = text.splitlines()[line - 1] if 0 < line <= len(text.splitlines()) else ""
    wide = [character for character in written.partition("#")[0] if character.translate(_FULL_WIDTH) != character]
    if wide:
        said += f": {wide[0]} is a full-width character, TOML wants {wide[0].translate(_FULL_WIDTH)}"
    else:
        said += next((f": {advice}" for sign, advice in _ADVICE if sign in said), "")
    return Problem(line, "TOML", "", said)


def problems_of(errors: Iterable[ErrorDetails], lines: Lines) -> list[Problem]:
    """What the model finds wrong; a list that is too short only because what it held is wrong is not told."""
    found = list(errors)
    places = [error["loc"] for error in found]
    return [
        _problem(error, lines)
        for error in found
        if error["type"] not in _REPORTED_ALREADY
        and not (error["type"] == "too_short" and any(_is_within(place, error["loc"]) for place in places))
    ]


def _is_within(place: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _problem(error: ErrorDetails, lines: Lines) -> Problem:
    path, value = error["loc"], error["input"]
    if error["type"] == "missing":
        return Problem(lines.of(path), dotted(path), "", "is missing")
    shown = "***" if is_secret(path) else as_toml(value)
    return Problem(lines.of(path), dotted(path), shown, said_of(error))


def said_of(error: ErrorDetails) -> str:
    """What is allowed instead, with the nearest of the allowed words."""
    value = error["input"]
    if error["type"] == "tuple_type" and isinstance(value, dict):
        name = error["loc"][-1]
        return f"is a list of tables: each begins with [[{name}]], in two brackets"
    said = error["msg"].removeprefix("Value error, ")
    said = said[:1].lower() + said[1:]
    if error["type"] in ("literal_error", "enum") and isinstance(value, str):
        said += nearest(value, _QUOTED.findall(said))
    return said
