"""The Store: opening, the one way in (`apply`) and every way out. Safe to share between threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.engine import URL

from situation.areas import AreaIndex
from situation.batch import Batch
from situation.records import Area, Record, SourceHealth
from situation.scope import EVERYTHING, Scope
from situation.store import cursors, engine, finding, history, reader, readings, tables
from situation.store.answers import Change, Page, Query, Restored, Series
from situation.store.codec import to_ms
from situation.store.controls import Controls
from situation.store.deliveries import Deliveries
from situation.store.inbox import Inbox, take_out
from situation.store.index import WriterIndex
from situation.store.raw_readings import RawReadings
from situation.store.recording import Recording
from situation.store.retention import Housekeeping, RetentionPolicy
from situation.store.sources import SourceHistory
from situation.store.sql import upsert
from situation.store.transaction import Transaction
from situation.store.wake import CHANNEL, PostgresWaker, SqliteWaker, Waker

_ANY = Query()
_COUNTERS = select(tables.counter.c.name, tables.counter.c.value)


class Store:
    """Everything known about the city. Readers see whole batches only; one writer at a time, in any process."""

    def __init__(self, url: URL, *, is_lean: bool = False) -> None:
        """Prefer `Store.open`."""
        self._url = url
        self._reader, self._writer = engine.open_engines(url, is_lean=is_lean)
        self._writing = threading.RLock()
        self._index: WriterIndex | None = None
        self._areas: AreaIndex | None = None
        self._doubts: dict[tuple[str, str], frozenset[str]] = {}
        self._waker: Waker | None = None
        self.source_history = SourceHistory(self._read, self._write_beside)
        self.controls = Controls(self._read, self._write_beside)
        self.deliveries = Deliveries(self._read, self._write_beside)
        self.raw_readings = RawReadings(self._read)
        self.inbox = Inbox(self._read, partial(self._write_beside, is_durable=True))

    @classmethod
    def open(cls, url: str, *, migrate: bool = True, is_lean: bool = False) -> Store:
        """Open (and bring up to date) the database at `url`; raises StoreError with what to do about it.

        `is_lean`: see `engine.open_engines`.
        """
        store = cls(engine.parse_url(url), is_lean=is_lean)
        try:
            with store._plainly():
                if migrate:
                    engine.migrate(store._writer)
                engine.check_readable(store._reader)
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of all connections."""
        if self._waker is not None:
            self._waker.close()
            self._waker = None
        self._reader.dispose()
        self._writer.dispose()

    # Writing

    def apply(self, source: str, batch: Batch, at: datetime) -> int:
        """Take in what one fetch of `source` brought, all or nothing; returns the number of the last change."""
        with self._write() as transaction:
            recording = Recording(transaction, source, at, self._area_index)
            recording.take(batch, self._doubts)
            if Area.kind in recording.changed_kinds:
                self._areas = None
                recording.relocate()
            has_recorded = recording.finish()
            has_read = readings.write(transaction, batch.observations)
            if batch.taken is not None:
                take_out(transaction.connection, source, batch.taken)
            has_moved_on = batch.cursor is not None and cursors.keep(transaction.connection, source, batch.cursor)
            transaction.has_written = has_recorded or has_read or has_moved_on
            return transaction.counters["seq"]

    def doubted(self, source: str) -> frozenset[str]:
        """Kinds of which the last complete batch would have removed more than half and was not believed yet."""
        return frozenset(kind for doubted, kind in self._doubts.copy() if doubted == source)

    def claims(self, source: str, kinds: Iterable[str]) -> int:
        """How many records of these kinds the source has told of and not taken back."""
        index = self._index
        return 0 if index is None else sum(len(index.claims(source, kind).ids) for kind in kinds)

    def forget(self, source: str, at: datetime) -> int:
        """End every claim of a source that is no longer configured; returns the number of the last change."""
        with self._write() as transaction:
            recording = Recording(transaction, source, at, self._area_index)
            recording.forget()
            transaction.has_written = recording.finish()
            return transaction.counters["seq"]

    def keyframe(self, at: datetime) -> int:
        """Keep the whole situation as of now, for `restore`; returns the sequence number it stands for."""
        with self._read() as connection:
            seq = history.keep_parts(connection, self._write_beside)
        with self._write() as transaction:  # last, so that half a keyframe is none
            upsert(transaction.connection, tables.keyframe, [{"seq": seq, "at_ms": to_ms(at)}])
        return seq

    def retain(self, now: datetime, policy: RetentionPolicy) -> None:
        """Roll up readings, take a keyframe when due, forget what is too old: in slices that writers hardly notice."""
        Housekeeping(self._read, self._write, self.keyframe).run(now, policy)
        self.source_history.forget(now - policy.source_hours)

    # Reading

    def changes(self, after_seq: int, limit: int = 10_000) -> list[Change]:
        """The changes after a sequence number, oldest first."""
        with self._read() as connection:
            return history.changes(connection, after_seq, limit)

    def versions(self, kind: str, record_id: str, *, since: datetime | None = None, limit: int = 200) -> list[Change]:
        """The last changes of one record as far as the log reaches, newest first. Ask `get` first: no scope here."""
        with self._read() as connection:
            return history.versions(connection, kind, record_id, since, limit)

    def removed(self, after_seq: int) -> tuple[int, tuple[tuple[str, str], ...]]:
        """The newest sequence number; (kind, id) of what was removed after `after_seq` and has not come back."""
        with self._read() as connection:
            return history.removed(connection, after_seq)

    def first_seq(self) -> int:
        """Oldest change still in the log; one more than `last_seq` when the log is empty."""
        with self._read() as connection:
            return history.first_seq(connection)

    def last_seq(self) -> int:
        """Sequence number of the newest change, 0 before the first."""
        with self._read() as connection:
            return history.last_seq(connection)

    def restore(self, *, at: datetime | None = None, seq: int | None = None) -> Restored:
        """The situation as of a time or after a change; raises StoreError when no keyframe reaches back so far."""
        with self._read() as connection:
            return history.restore(connection, at, seq)

    def get(self, kind: str, record_id: str, scope: Scope = EVERYTHING) -> tuple[int, Record] | None:
        """(number, record) of an id, None when there is none or the scope does not allow it."""
        with self._read() as connection:
            return reader.one(connection, kind, scope, reader.having_id(kind, (record_id,)))

    def by_number(self, kind: str, number: int, scope: Scope = EVERYTHING) -> tuple[int, Record] | None:
        """(number, record) of a number, None when there is none or the scope does not allow it."""
        with self._read() as connection:
            return reader.one(connection, kind, scope, tables.record.c.number == number)

    def records(self, kind: str, scope: Scope = EVERYTHING, query: Query = _ANY) -> Page:
        """One page of the records of a kind that match."""
        with self._read() as connection:
            return reader.page(connection, kind, scope, query)

    def count(self, kind: str, scope: Scope = EVERYTHING, query: Query = _ANY) -> int:
        """How many records of a kind match."""
        with self._read() as connection:
            return reader.count(connection, kind, scope, query)

    def by_numbers(
        self, kind: str, numbers: Sequence[int], scope: Scope = EVERYTHING
    ) -> tuple[tuple[int, Record], ...]:
        """The records with these numbers, in this order, without those that are gone."""
        with self._read() as connection:
            return finding.by_numbers(connection, kind, scope, numbers)

    def positions(self, kind: str, scope: Scope = EVERYTHING, query: Query = _ANY) -> finding.Positions:
        """Number and position of every record that matches, whatever limit and offset say."""
        with self._read() as connection:
            return finding.positions(connection, kind, scope, query)

    def named(self, kind: str, scope: Scope = EVERYTHING) -> Iterator[finding.Named]:
        """What every record of a kind is called and where it is, fast."""
        with self._read() as connection:
            yield from finding.named(connection, kind, scope)

    def load(self, kind: str, *, ended_since: datetime | None = None) -> Iterator[tuple[int, Record]]:
        """All records of a kind by ascending number, fast; optionally without what ended before a time."""
        with self._read() as connection:
            yield from reader.everything(connection, kind, ended_since)

    def observations(
        self, datastream_ids: Sequence[str], since: datetime, until: datetime, max_points: int = 1000
    ) -> dict[str, Series]:
        """Readings in [since, until) per known datastream, at the finest level kept, thinned with extremes kept."""
        with self._read() as connection:
            return readings.series(connection, datastream_ids, since, until, max_points)

    def latest(self, datastream_ids: Iterable[str]) -> dict[str, tuple[datetime, float]]:
        """Time and value of the newest reading of each datastream that has one."""
        with self._read() as connection:
            return readings.latest(connection, datastream_ids)

    def sources(self, scope: Scope = EVERYTHING) -> tuple[SourceHealth, ...]:
        """Health of every source, by key."""
        found = self.records(SourceHealth.kind, scope, Query(limit=100_000, order="id"))
        return tuple(each for _, each in found.items if isinstance(each, SourceHealth))

    def areas(self) -> AreaIndex:
        """An index of all areas as stored now; building it takes a moment, so keep it until an area changes."""
        return AreaIndex.build(each for _, each in self.load(Area.kind) if isinstance(each, Area))

    def cursor(self, source: str) -> Any:
        """What the source's last kept batch said to remember, None at first."""
        with self._read() as connection:
            return cursors.read(connection, source)

    def version(self) -> int:
        """Cheap: differs from the last answer whenever somebody committed in between."""
        with self._plainly():
            if self._waker is None:
                is_sqlite = self._url.get_backend_name() == "sqlite"
                self._waker = SqliteWaker(self._reader) if is_sqlite else PostgresWaker(self._url)
            return self._waker.version()

    # Transactions

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        with engine.errors_in_plain_words(self._url):
            yield

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """A consistent read: everything in it sees the same moment."""
        with self._plainly(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Transaction]:
        """The writer's transaction; when it fails, the writer's memory is forgotten and read anew."""
        with self._writing, self._plainly():
            try:
                with self._writer.begin() as connection:
                    before = {name: value for name, value in connection.execute(_COUNTERS)}
                    index = self._remember(connection, before["commit"])
                    transaction = Transaction(connection, index, dict(before))
                    yield transaction
                    if transaction.has_written:
                        self._finish(transaction, before)
                index.commit = transaction.counters["commit"]
            except BaseException:
                self._index = self._areas = None
                raise

    @contextmanager
    def _write_beside(self, *, is_durable: bool = False) -> Iterator[Connection]:
        """A transaction of tables that the writer keeps no memory of: nothing of the city changes, nobody is woken."""
        with self._writing, self._plainly(), engine.begin(self._writer, is_durable=is_durable) as connection:
            yield connection

    def _remember(self, connection: Connection, commit: int) -> WriterIndex:
        if self._index is None or self._index.commit != commit:
            self._index = WriterIndex.load(connection)
            self._index.commit = commit
            self._areas = None
        return self._index

    def _finish(self, transaction: Transaction, before: dict[str, int]) -> None:
        transaction.next("commit")
        changed = [
            {"which": name, "to": value} for name, value in transaction.counters.items() if value != before[name]
        ]
        counter = tables.counter
        statement = update(counter).where(counter.c.name == bindparam("which")).values(value=bindparam("to"))
        transaction.connection.execute(statement, changed)
        if self._url.get_backend_name() == "postgresql":
            transaction.connection.execute(text(f"NOTIFY {CHANNEL}"))

    def _area_index(self, connection: Connection) -> AreaIndex:
        if self._areas is None:
            areas = (each for _, each in reader.everything(connection, Area.kind, None))
            self._areas = AreaIndex.build(each for each in areas if isinstance(each, Area))
        return self._areas
