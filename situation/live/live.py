"""Live: the situation in memory. Loaded once from the store, then kept by `apply(changes)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

import numpy as np

from situation.live.columns import Table, Words, epoch_ms
from situation.live.schema import COLUMNS, LIVE_KINDS, STILL_OPEN, WHOLE_KINDS, keeps_alarm, keeps_case
from situation.records import Alarm, Record
from situation.scope import EVERYTHING, Scope

CASE_HISTORY = timedelta(days=31)
ALARM_HISTORY = timedelta(hours=25)
HISTORY = {"case": CASE_HISTORY, "alarm": ALARM_HISTORY}
"""How long what has ended still counts for some number or panel."""


class ChangeLike(Protocol):
    """What `Store.changes` gives; see docs/contracts.md."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def operation(self) -> str: ...
    @property
    def record(self) -> Record | None: ...


class LoadableStore(Protocol):
    """The part of the store that `Live.load` needs."""

    def last_seq(self) -> int:
        """The newest sequence number of the change log."""
        ...

    def load(self, kind: str, *, ended_since: datetime | None = None) -> Iterator[tuple[int, Record]]:
        """Every primary record of a kind with its number, without what ended before a time."""
        ...


class Live:
    """Columns of the kinds there are many of, whole records of those there are few of, and the `seq` they stand at.

    Not safe for use by two threads at once.
    """

    def __init__(self, at: datetime, scope: Scope = EVERYTHING) -> None:
        self.words = Words()
        self.scope = scope
        self.seq = 0
        self._now = at
        filters = {
            "case": keeps_case(lambda: epoch_ms(self._now - CASE_HISTORY)),
            "alarm": keeps_alarm(lambda: epoch_ms(self._now - ALARM_HISTORY)),
        }
        self.tables = {kind: Table(columns, self.words, filters.get(kind)) for kind, columns in COLUMNS.items()}
        self.whole: dict[str, dict[int, Record]] = {kind: {} for kind in WHOLE_KINDS}
        self._versions: dict[str, int] = dict.fromkeys(LIVE_KINDS, 0)

    @classmethod
    def load(cls, store: LoadableStore, at: datetime, scope: Scope = EVERYTHING) -> Live:
        """Read everything once. Changes made meanwhile come again through `apply`, which does no harm."""
        live = cls(at, scope)
        seq = store.last_seq()
        for kind in sorted(LIVE_KINDS):
            history = HISTORY.get(kind)
            live._put(kind, store.load(kind, ended_since=None if history is None else at - history))
        live.seq = seq
        return live

    def version(self, kind: str) -> int:
        """Moves whenever a record of the kind changed."""
        return self._versions[kind]

    def apply(self, changes: Iterable[ChangeLike], at: datetime) -> set[str]:
        """Take in changes in order; returns the kinds that changed."""
        self._now = at
        ordered = list(changes)
        changed: set[str] = set()
        for (kind, operation), group in groupby(ordered, key=lambda change: (change.kind, change.operation)):
            if kind not in LIVE_KINDS:
                continue
            changed.add(kind)
            if operation == "remove":
                for change in group:
                    self._remove(kind, change.number)
            else:
                self._put(kind, ((change.number, change.record) for change in group if change.record is not None))
        if ordered:
            self.seq = max(self.seq, ordered[-1].seq)
        return changed

    def put_sources(self, sources: Iterable[tuple[int, Record]]) -> bool:
        """Take in the rows of all sources (their times move without entering the change log); whether any differs."""
        fresh: dict[int, Record] = {number: source for number, source in sources if self.scope.allows(source)}
        if fresh == self.whole["source"]:
            return False
        self.whole["source"] = fresh
        self._versions["source"] += 1
        return True

    def prune(self, at: datetime) -> None:
        """Let go of cases and alarms that no number looks back to any more."""
        self._now = at
        cases = self.tables["case"]
        newest = np.maximum(np.maximum(cases["left_ms"], cases["due_ms"]), cases["reported_ms"])
        gone = (cases["left_ms"] < STILL_OPEN) & (newest < epoch_ms(at - CASE_HISTORY))
        for number in cases.numbers[gone].tolist():
            self._remove("case", number)
        since = at - ALARM_HISTORY
        for number, alarm in list(self.whole["alarm"].items()):
            if isinstance(alarm, Alarm) and alarm.ended_at is not None and alarm.ended_at < since:
                self._remove("alarm", number)

    def _put(self, kind: str, items: Iterable[tuple[int, Record]]) -> None:
        allowed: list[tuple[int, Record]] = []
        for number, record in items:
            if self.scope.allows(record):
                allowed.append((number, record))
            else:  # a record that left the scope is a removal
                self._remove(kind, number)
        self._versions[kind] += 1
        if kind in self.tables:
            self.tables[kind].put(allowed)
        if kind not in WHOLE_KINDS:
            return
        whole = self.whole[kind]
        for number, record in allowed:
            if kind in self.tables and self.tables[kind].row(number) is None:  # too old to be kept
                whole.pop(number, None)
            else:
                whole[number] = record

    def _remove(self, kind: str, number: int) -> None:
        self._versions[kind] += 1
        if kind in self.tables:
            self.tables[kind].remove(number)
        if kind in WHOLE_KINDS:
            self.whole[kind].pop(number, None)
