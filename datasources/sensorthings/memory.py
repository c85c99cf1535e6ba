"""What one SensorThings server is known to understand, kept in the source's cursor over restarts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from datasources.fields import instant
from datasources.sensorthings.dialects import DIALECTS

LEARN_AGAIN_AFTER = timedelta(hours=24)
"""Servers are updated: what they once refused is tried again, at the price of a few refused requests a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """How far a source has come, and in which dialect its server is asked.

    `reading` is the dialect for readings (None: that of the list), `has_things` whether Things are listed (else each
    Datastream is), `joins` whether `$expand` of one entity can be believed; None: not found out yet. `is_learned`: the
    dialect of the list was understood since it was last tried: a server that now fails in it is down, not strange.
    """

    full_at: datetime | None = None
    observed_at: datetime | None = None
    learned_at: datetime | None = None
    dialect: int = 0
    reading: int | None = None
    has_things: bool | None = None
    joins: bool | None = None
    is_learned: bool = False

    def fresh(self, now: datetime) -> Memory:
        """The same, with what is a day old forgotten; which entities are sensors stays: their ids hang on it."""
        if self.learned_at is not None and now - self.learned_at < LEARN_AGAIN_AFTER:
            return self
        return replace(self, learned_at=now, dialect=0, reading=None, joins=None, is_learned=False)

    def to_cursor(self) -> dict[str, Any]:
        """As JSON."""
        times = {name: getattr(self, name) for name in ("full_at", "observed_at", "learned_at")}
        return {
            **{name: at.isoformat() if at else None for name, at in times.items()},
            "dialect": self.dialect,
            "reading": self.reading,
            "has_things": self.has_things,
            "joins": self.joins,
            "is_learned": self.is_learned,
        }


def read_memory(cursor: Any) -> Memory:
    """What a cursor says; whatever is not there or not understood is not known."""
    if not isinstance(cursor, dict):
        return Memory()
    return Memory(
        full_at=instant(cursor.get("full_at")),
        observed_at=instant(cursor.get("observed_at")),
        learned_at=instant(cursor.get("learned_at")),
        dialect=_index(cursor.get("dialect")) or 0,
        reading=_index(cursor.get("reading")),
        has_things=_truth(cursor.get("has_things")),
        joins=_truth(cursor.get("joins")),
        is_learned=cursor.get("is_learned") is True,
    )


def _index(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 <= value < len(DIALECTS) else None


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
