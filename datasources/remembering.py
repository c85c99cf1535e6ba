"""What messages said before: systems that push tell a device's name once and its values for ever after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from datasources.joining import joined
from situation.records import Camera, Record, Sensor

MOST_REMEMBERED = 200_000
"""Records of one source; then it is begun anew, and what is told again is whole again."""

AGAIN_S = 60.0
"""Real seconds after which a sensor of which only the reading moved is told again; its readings are told at once."""


class Remembered:
    """The records of one source as its messages have told them so far."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], Record] = {}
        self._told: dict[str, tuple[Record, float]] = {}

    def complete(self, records: Iterable[Record], now_s: float, *, says_state: bool = True) -> tuple[Record, ...]:
        """The records with what they leave unsaid as it was said before, without those that say nothing new.

        Without `says_state` these tell nothing of whether a camera lives, so that an unknown state is one unsaid.
        """
        if len(self._records) >= MOST_REMEMBERED:
            self._records.clear()
            self._told.clear()
        found: dict[tuple[str, str], Record] = {}
        for record in records:
            key = record.kind, record.id
            known = self._records.get(key)
            if known is not None:
                record = joined(known, record)
                if not says_state and isinstance(record, Camera) and isinstance(known, Camera):
                    record = replace(record, state=known.state)
            found[key] = self._records[key] = record
        return tuple(record for record in found.values() if self._is_news(record, now_s))

    def _is_news(self, record: Record, now_s: float) -> bool:
        """Everything but a sensor of which only the reading moved: its readings tell that, and rules judge it."""
        if not isinstance(record, Sensor):
            return True
        described = replace(record, value=None, observed_at=None)
        told = self._told.get(record.id)
        if told is not None and told[0] == described and now_s - told[1] < AGAIN_S:
            return False
        self._told[record.id] = described, now_s
        return True
