"""Writing a `[[sources]]` block: TOML with a comment for every guess."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")
_NOTE_AT = 44
MOST_COMMENTED = 12


@dataclass(slots=True)
class Block:
    """Lines of one block, in the order in which they are to stand."""

    lines: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """A line for the reader."""
        self.lines.append(f"# {_one_line(text)}")

    def set(self, key: str, value: Any, why: str = "", *, is_off: bool = False) -> None:
        """`key = value  # why`; `is_off`: commented out, for the reader to decide."""
        line = f"{'# ' if is_off else ''}{toml_name(key)} = {toml(value)}"
        self.lines.append(f"{line.ljust(_NOTE_AT)}  # {_one_line(why)}" if why else line)

    def raw(self, line: str) -> None:
        """A line as it is."""
        self.lines.append(line)

    def table(self, name: str) -> None:
        """The head of a table of the block."""
        self.lines.append(f"[{name}]")

    def words(self, name: str, found: Sequence[tuple[str, int, str]], allowed: Sequence[str]) -> None:
        """A table of values: what is known is set, what is not is left for the reader."""
        self.note(f"{name}: their words → ours ({', '.join(allowed)}); what is left out stays visible as it is")
        self.table(f"sources.options.values.{name}")
        for word, count, ours in found:
            why = (
                f"! {count} rows: 1 is good in some systems, 0 in others"
                if word.isdecimal() and not ours
                else f"{count} rows"
            )
            self.set(word, ours or "?", why, is_off=not ours)

    def text(self) -> str:
        """The block."""
        return "\n".join(self.lines) + "\n"


def _one_line(text: str) -> str:
    """What an upstream says must not leave its comment: neither by a new line nor by what TOML refuses there."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def toml(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{toml_name(key)} = {toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    return _quoted(value) if isinstance(value, str) else str(value)


def toml_name(key: str) -> str:
    """One key of a table, quoted where it must be."""
    return key if _BARE.match(key) else _quoted(key)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
