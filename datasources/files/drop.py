"""A drop: a folder that somebody else's system puts files into, here or on an SFTP server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from datasources.contract import SourceDataError

MOST_ENTRIES = 10_000
"""Of one folder: beyond it nobody clears up, and every look would cost a minute."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A regular file directly in the folder. `modified_s` is by the clock of the machine that holds it."""

    modified_s: float
    name: str
    size: int

    @property
    def print(self) -> tuple[float, int]:
        """What must stay the same for it to be the same, finished file."""
        return self.modified_s, self.size


class Drop(Protocol):
    """An open drop. Everything raises SourceError; nothing outside the folder can be reached."""

    def look(self) -> list[Entry]:
        """Its regular files: no folders, no symbolic links."""
        ...

    def read(self, entry: Entry, cap: int) -> bytes:
        """A whole file as it was looked at; raises FileMoved when it is another one now."""
        ...

    def move(self, name: str, folder: str) -> None:
        """Put a file into a folder below the drop, which is made where it is missing."""
        ...


class FileMoved(Exception):
    """A file went away or grew between the look and the reading: it is looked at again next time."""


def check_name(name: str) -> None:
    """Raises SourceDataError for a name that is a way out of the folder: a server could say anything."""
    if name in ("", ".", "..") or "/" in name or "\\" in name or "\x00" in name:
        raise SourceDataError("wrong_shape", "the folder lists a name with a path in it")


def check_count(count: int) -> None:
    """Raises SourceDataError for a folder that is too full."""
    if count > MOST_ENTRIES:
        raise SourceDataError(
            "too_large", f"more than {MOST_ENTRIES} files in the folder: clear it, or let them be moved"
        )


def check_size(size: int, cap: int) -> None:
    """Raises SourceDataError for a file beyond the cap."""
    if size > cap:
        raise SourceDataError("too_large", f"a file of {size} bytes; the cap is {cap}")
