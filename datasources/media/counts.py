"""Judging cameras by what their server counts of them: bytes or frames that go on growing; remembered in the cursor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from situation.records import DeviceState

VANISHED_FOR = timedelta(days=7)
"""Servers drop a dead camera from their lists at once: for so long it stays listed here, as offline."""

MISSED_COUNTS = 2.5
"""Counts that a server makes seldom and must have missed: two, and what passes between a count and our look."""


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted last of a camera, since when it is watched, when its count moved, when it was last listed."""

    value: float
    first_at: datetime
    listed_at: datetime
    moved_at: datetime | None = None
    media: str = ""

    def to_row(self) -> list[Any]:
        """As it is kept in the cursor."""
        times = (self.first_at, self.listed_at, self.moved_at)
        return [self.value, *(at.timestamp() if at else None for at in times), self.media]

    @classmethod
    def of_row(cls, row: Any) -> Count | None:
        """What `to_row` wrote; None for anything else."""
        try:
            value, *times, media = row
            first_at, listed_at, moved_at = (None if at is None else datetime.fromtimestamp(at, UTC) for at in times)
            return cls(float(value), first_at, listed_at, moved_at, str(media)) if first_at and listed_at else None
        except (ValueError, TypeError, OverflowError, OSError):
            return None


class Counts:
    """The counts of all cameras of a server at one fetch. A count that rests for `silent_after` is a dead camera's."""

    def __init__(self, kept: Any, now: datetime, silent_after: timedelta) -> None:
        """`kept` is what `to_cursor` gave."""
        rows = kept.items() if isinstance(kept, Mapping) else ()
        found = {str(name): Count.of_row(row) for name, row in rows}
        self._by_camera = {
            name: count for name, count in found.items() if count and abs(now - count.listed_at) <= VANISHED_FOR
        }
        self._listed: set[str] = set()
        self._now = now
        self._silent_after = silent_after

    def to_cursor(self) -> dict[str, list[Any]]:
        """JSON-serialisable."""
        return {name: count.to_row() for name, count in self._by_camera.items()}

    def judge(
        self, camera: str, value: float | None, media: str = "", rate: float | None = None, every_s: float = 0.0
    ) -> tuple[DeviceState, datetime | None]:
        """Whether a listed camera lives, and its last frame.

        `value` None: its server counts nothing of it now. `rate`: its frames per second, where they are told; it is
        believed at once when it is 0, otherwise as long as `value`, which is made of it, moves. `every_s`: how often
        its server counts at all, where that may be seldom; a count is dead when two are missed.
        """
        before = self._by_camera.get(camera)
        self._listed.add(camera)
        kept = self._moved(before, value, rate, media)
        self._by_camera[camera] = kept
        if value is None:
            return DeviceState.UNKNOWN, kept.moved_at
        patience = max(self._silent_after, timedelta(seconds=MISSED_COUNTS * every_s))
        is_silent = self._now - (kept.moved_at or kept.first_at) > patience
        if is_silent or (rate is not None and rate <= 0):
            return DeviceState.OFFLINE, kept.moved_at
        return (DeviceState.ONLINE if kept.moved_at else DeviceState.UNKNOWN), kept.moved_at

    def _moved(self, before: Count | None, value: float | None, rate: float | None, media: str) -> Count:
        if before is None:
            return Count(value or 0.0, self._now, self._now, self._now if rate else None, media)
        kept = replace(before, listed_at=self._now, media=media)
        if value and value != before.value:  # a smaller one: a new session, which moves too
            return replace(kept, value=value, moved_at=self._now)
        return kept

    def vanished(self) -> list[tuple[str, Count]]:
        """Cameras that were listed once and are no longer: ask after all listed ones were judged."""
        return [(name, count) for name, count in sorted(self._by_camera.items()) if name not in self._listed]
