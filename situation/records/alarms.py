"""Alarms: raised by a device or a rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from situation.records.base import PlacedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(PlacedRecord):
    """Raised by a device or a rule now. `about` names the record it is about as `kind/id`.

    Active while `ended_at` is None. `members` are the ids of grouped records; `explanation` says in plain
    words (text key and values, `rule` being the key) why it was raised.
    """

    kind: ClassVar[str] = "alarm"
    rule: str = ""
    priority: int = 3
    value: float | None = None
    unit: str = ""
    limit: float | None = None
    about: str = ""
    members: tuple[str, ...] = ()
    count: int = 1
    explanation: str = ""
    started_at: datetime | None = None
    updated_at: datetime | None = None
    ended_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
