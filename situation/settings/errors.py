"""What is wrong with a settings file, in words for the person who wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_LONGEST = 200
_LOGIN = re.compile(r"//[^/@\s]*@")


def as_toml(value: object) -> str:
    """A value as the file says it, without the login of an address; "" for tables and lists."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{_LOGIN.sub("//***@", value[:_LONGEST])}"'
    return str(value) if isinstance(value, int | float) else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `line` is 0 when it belongs to no line; `value` never shows a secret."""

    line: int
    key: str
    value: str
    allowed: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        value = f" = {self.value}" if self.value else ""
        return f"{where}{self.key}{value}: {self.allowed}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, by its place: `("sources", 2, "options", "rows")`. `value` is shown as it is."""

    path: tuple[str | int, ...]
    value: str
    allowed: str


class SettingsError(Exception):
    """The settings can't be used: every problem, one a line, each with file, line, key, value and what is allowed."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))
        self.path = path
        self.problems = problems
