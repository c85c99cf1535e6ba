"""What is wrong with a settings file, in words for the person who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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


class SettingsError(Exception):
    """The settings can't be used: every problem, one a line, each with file, line, key, value and what is allowed."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))
        self.path = path
        self.problems = problems
