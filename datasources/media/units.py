"""Streams cut into units that can be handed on whole, and what a late viewer must be given first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Unit:
    """Bytes that belong together. `is_picture`: something to see; `is_key`: watching may begin with it."""

    body: bytes
    is_picture: bool = False
    is_key: bool = False


class Splitter(Protocol):
    """Cuts one stream. `may_skip`: a viewer who is slow may miss units without harm."""

    content_type: str
    may_skip: bool

    def feed(self, data: bytes) -> list[Unit]:
        """The units that `data` completes; raises SourceDataError for what is no such stream."""
        ...

    def opening(self) -> list[Unit]:
        """What a viewer who comes now is given first, so that his picture is there at once."""
        ...
