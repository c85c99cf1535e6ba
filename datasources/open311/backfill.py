"""Reaching back in windows: how far a back-fill has come, kept in the cursor so that a restart goes on from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from datasources.fields import instant

WINDOW = timedelta(days=90)
"""The longest span that the specification lets a server answer for."""

FIRST_WINDOW = timedelta(hours=12)
"""The first of a fetch; each further one reaches twice as far, for how much a server has nobody knows."""

SHORTEST_WINDOW = timedelta(hours=1)
WINDOWS_AT_ONCE = 10
ENOUGH_ROWS = 2_000
"""In one fetch: new cases must not wait for those of years ago, and a large city's must not be held all at once."""


@dataclass(frozen=True, slots=True)
class BackFill:
    """Cases from `begun_at` back to `until_at` are wanted; those after `reached_at` are here."""

    begun_at: datetime
    until_at: datetime
    reached_at: datetime

    @property
    def is_done(self) -> bool:
        """Whether everything is here."""
        return self.reached_at <= self.until_at

    @property
    def percent(self) -> int:
        """How much is here, 0 … 100."""
        whole = self.begun_at - self.until_at
        return 100 if not whole else int(100 * (self.begun_at - self.reached_at) / whole)

    def window(self, length: timedelta) -> tuple[datetime, datetime]:
        """The next window of that length: from, to."""
        return max(self.until_at, self.reached_at - length), self.reached_at

    def after(self, begin: datetime) -> BackFill:
        """The same when the window from `begin` is here too."""
        return replace(self, reached_at=begin)

    def to_cursor(self) -> list[str]:
        """As JSON."""
        return [at.isoformat() for at in (self.begun_at, self.until_at, self.reached_at)]


def next_length(length: timedelta, brought: int, had: int) -> timedelta:
    """How far the window after one of that length may reach, which brought so many of the rows this fetch has."""
    room = length * max(ENOUGH_ROWS - had, 0) / brought if brought else WINDOW
    return max(min(2 * length, room, WINDOW), SHORTEST_WINDOW)


def begin(now: datetime, days: float) -> BackFill:
    """A back-fill of so many days."""
    return BackFill(now, now - timedelta(days=days), now)


def read_back_fill(cursor: Mapping[str, Any]) -> BackFill | None:
    """The back-fill that a cursor tells of; None when it tells of none."""
    kept = cursor.get("backfill")
    times = [instant(each) for each in kept] if isinstance(kept, list) and len(kept) == 3 else []
    begun_at, until_at, reached_at = times or (None, None, None)
    if begun_at is None or until_at is None or reached_at is None:
        return None
    return BackFill(begun_at, until_at, reached_at)
