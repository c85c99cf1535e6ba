"""What a source of files remembers from look to look, in its cursor: which files it saw how, and which it has read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from datasources.files.drop import Entry
from datasources.files.options import DropOptions

SETTLED_S = 300.0
"""A file that has not changed for so long is believed at the very first look: a trial has no second one."""

Prints = dict[str, tuple[float, int]]
"""Name → modification time and size."""


@dataclass(frozen=True, slots=True)
class Memory:
    """`seen`: files of the last look that are not read yet; `read`: those that are. None were if `is_first`."""

    seen: Prints = field(default_factory=dict)
    read: Prints = field(default_factory=dict)
    is_first: bool = False

    @classmethod
    def of(cls, cursor: Any) -> Memory:
        """From a cursor; empty when it is none of ours."""
        kept = cursor if isinstance(cursor, Mapping) else {}
        return cls(_prints(kept.get("seen")), _prints(kept.get("read")), is_first=not isinstance(cursor, Mapping))

    def cursor(self) -> dict[str, Any]:
        """For the batch."""
        return {name: {file: list(told) for file, told in kept.items()} for name, kept in self._parts().items()}

    def has_read(self, entry: Entry) -> bool:
        """Whether this very file was read: one of the same name with other contents was not."""
        return self.read.get(entry.name) == entry.print

    def has_rested(self, entry: Entry, now: datetime) -> bool:
        """Whether the last look found it the same; at the first one, whether it is old."""
        if self.is_first:
            return now.timestamp() - entry.modified_s >= SETTLED_S
        return self.seen.get(entry.name) == entry.print

    def after(self, present: Iterable[Entry], read: Iterable[Entry]) -> Memory:
        """What is remembered once `read` were read; files that are gone are forgotten."""
        there = {entry.name: entry.print for entry in present}
        done = {name: told for name, told in self.read.items() if there.get(name) == told}
        done |= {entry.name: entry.print for entry in read}
        return Memory({name: told for name, told in there.items() if done.get(name) != told}, done)

    def _parts(self) -> dict[str, Prints]:
        return {"seen": self.seen, "read": self.read}


def candidates(entries: Iterable[Entry], options: DropOptions) -> list[Entry]:
    """The files that are meant, the oldest first: by name, none that is hidden, temporary or a marker."""
    marker = options.done_marker
    return sorted(
        entry
        for entry in entries
        if not entry.name.startswith((".", "~$"))
        and not entry.name.lower().endswith(options.ignored)
        and not (marker and entry.name.endswith(marker))
        and any(fnmatchcase(entry.name.lower(), pattern.lower()) for pattern in options.pattern)
    )


def finished(
    meant: Iterable[Entry], everything: Iterable[Entry], memory: Memory, options: DropOptions, now: datetime
) -> list[Entry]:
    """Those of which nothing more is to come: their marker stands beside them, or they have not moved since last."""
    names = {entry.name for entry in everything}
    if options.done_marker:
        return [entry for entry in meant if entry.name + options.done_marker in names]
    return [entry for entry in meant if memory.has_rested(entry, now) or memory.has_read(entry)]


def _prints(kept: Any) -> Prints:
    if not isinstance(kept, Mapping):
        return {}
    return {
        str(name): (float(told[0]), int(told[1]))
        for name, told in kept.items()
        if isinstance(told, list | tuple) and len(told) == 2 and all(isinstance(part, int | float) for part in told)
    }
