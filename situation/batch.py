"""Batch: what one fetch of a source brought. The unit in which the store takes in the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from situation.records import Observation, Record


class RecordRejected(Exception):
    """A record that can't be used; it costs itself, never its batch."""

    def __init__(self, record_id: str, reason: str) -> None:
        super().__init__(f"{record_id}: {reason}")
        self.record_id = record_id
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a record was left out, for the health of its source."""

    record_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one fetch brought.

    `complete` names the kinds of which this is everything the source has, so missing ids are removed.
    `cursor` is handed to the next fetch once this batch is kept. `content_at` is the newest time found
    inside the content: it tells a living upstream from one that repeats itself. `taken` is the number up to which the
    source's letters in the store's inbox are in this batch: they are taken out of it in the same transaction.
    """

    records: tuple[Record, ...] = ()
    observations: tuple[Observation, ...] = ()
    complete: frozenset[str] = frozenset()
    cursor: Any = None
    rejected: tuple[Rejection, ...] = ()
    content_at: datetime | None = None
    not_modified: bool = False  # the upstream said that nothing changed (304): alive, nothing to do
    taken: int | None = None
    note: str = ""  # what the source is at, for its health (`backfill:45`): a code, no fault
    has_more: bool = False  # more of the past is waiting: ask again sooner than the interval says
