"""Forgetting: roll-ups, keyframes and deletion, so that the store never grows without bound."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, delete, exists, func, select, update

from situation.records import Alarm, Case
from situation.store import tables
from situation.store.codec import to_ms
from situation.store.rollup import roll_up
from situation.store.tables import HOUR_BUCKET_MS, HOUR_MS, MINUTE_BUCKET_MS
from situation.store.transaction import Transaction

_STREAMS_PER_SLICE = 1000
_ROWS_PER_SLICE = 2000

Reading = Callable[[], AbstractContextManager[Connection]]
Writing = Callable[[], AbstractContextManager[Transaction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """How long what is kept, and how often a keyframe is taken."""

    raw: timedelta = timedelta(hours=48)
    minutes: timedelta = timedelta(days=30)
    hours: timedelta = timedelta(days=730)
    changes: timedelta = timedelta(days=30)
    closed_cases: timedelta = timedelta(days=400)
    ended_alarms: timedelta = timedelta(days=90)
    source_hours: timedelta = timedelta(days=90)
    keyframe_every: timedelta = timedelta(hours=6)


class Housekeeping:
    """One round of it. Every slice is a transaction of its own, short enough for the writer to wait."""

    def __init__(self, read: Reading, write: Writing, keyframe: Callable[[datetime], int]) -> None:
        self._read = read
        self._write = write
        self._keyframe = keyframe

    def run(self, now: datetime, policy: RetentionPolicy) -> None:
        """All of it, most urgent first; what fails leaves the rest for the next round."""
        self._roll_up(now)
        self._forget_readings(now, policy)
        self._keyframe_when_due(now, policy)
        self._forget_changes(now, policy)
        self._forget_ended(Case.kind, now - policy.closed_cases)
        self._forget_ended(Alarm.kind, now - policy.ended_alarms)
        self._forget_identities()

    def _roll_up(self, now: datetime) -> None:
        """Minutes and hours of every ended hour that has new raw readings."""
        bucket = tables.observation_bucket
        current = to_ms(now) // HOUR_MS
        with self._read() as connection:
            open_hours = select(bucket.c.bucket).where(bucket.c.is_rolled.is_(False), bucket.c.bucket < current)
            hours = connection.execute(open_hours.order_by(bucket.c.bucket)).scalars().all()
            last_stream = connection.execute(select(func.max(tables.datastream.c.number))).scalar() or 0
        for hour in hours:
            with self._write() as transaction:  # before reading: what comes late marks it anew
                transaction.connection.execute(update(bucket).where(bucket.c.bucket == hour).values(is_rolled=True))
                transaction.index.buckets.discard(hour)
            for first in range(0, last_stream + 1, _STREAMS_PER_SLICE):
                with self._write() as transaction:
                    roll_up(transaction.connection, hour, first, first + _STREAMS_PER_SLICE)

    def _forget_readings(self, now: datetime, policy: RetentionPolicy) -> None:
        bucket = tables.observation_bucket
        self._forget_buckets(tables.observation, to_ms(now - policy.raw) // HOUR_MS)
        with self._write() as transaction:
            oldest = to_ms(now - policy.raw) // HOUR_MS
            transaction.connection.execute(delete(bucket).where(bucket.c.bucket < oldest))
            transaction.index.buckets = {hour for hour in transaction.index.buckets if hour >= oldest}
        self._forget_buckets(tables.observation_minute, to_ms(now - policy.minutes) // MINUTE_BUCKET_MS)
        self._forget_buckets(tables.observation_hour, to_ms(now - policy.hours) // HOUR_BUCKET_MS)

    def _forget_buckets(self, table: Table, oldest_kept: int) -> None:
        while True:
            with self._read() as connection:
                first = connection.execute(select(func.min(table.c.bucket))).scalar()
                if first is None or first >= oldest_kept:
                    return
                streams = select(func.max(table.c.datastream)).where(table.c.bucket == first)
                last_stream = connection.execute(streams).scalar() or 0
            for start in range(0, last_stream + 1, _STREAMS_PER_SLICE):
                with self._write() as transaction:
                    slice_ = table.c.datastream.between(start, start + _STREAMS_PER_SLICE - 1)
                    transaction.connection.execute(delete(table).where(table.c.bucket == first, slice_))

    def _keyframe_when_due(self, now: datetime, policy: RetentionPolicy) -> None:
        keyframe, counter = tables.keyframe, tables.counter
        with self._read() as connection:
            newest = connection.execute(select(func.max(keyframe.c.at_ms))).scalar()
            covered = connection.execute(select(func.max(keyframe.c.seq))).scalar()
            seq = connection.execute(select(counter.c.value).where(counter.c.name == "seq")).scalar_one()
        is_due = newest is None or newest <= to_ms(now - policy.keyframe_every)
        if is_due and seq and seq != covered:
            self._keyframe(now)

    def _forget_changes(self, now: datetime, policy: RetentionPolicy) -> None:
        """Changes older than the policy, but only up to a keyframe: what is kept can be restored."""
        keyframe, change = tables.keyframe, tables.change
        horizon_ms = to_ms(now - policy.changes)
        with self._read() as connection:
            base = connection.execute(select(func.max(keyframe.c.seq)).where(keyframe.c.at_ms <= horizon_ms)).scalar()
        if base is None:
            return
        while True:
            with self._write() as transaction:
                some = select(change.c.seq).where(change.c.seq <= base).order_by(change.c.seq).limit(_ROWS_PER_SLICE)
                deleted = transaction.connection.execute(delete(change).where(change.c.seq.in_(some))).rowcount
                for table in (keyframe, tables.keyframe_part):
                    transaction.connection.execute(delete(table).where(table.c.seq < base))
            if deleted < _ROWS_PER_SLICE:
                return

    def _forget_ended(self, kind: str, before: datetime) -> None:
        """Ended cases and alarms: without a change in the log, for the city did not change."""
        record = tables.record
        while True:
            with self._write() as transaction:
                ended = (record.c.kind == kind) & (record.c.ended_at_ms < to_ms(before))
                some = select(record.c.number, record.c.id, record.c.source).where(ended).limit(_ROWS_PER_SLICE)
                rows = transaction.connection.execute(some).all()
                for number, record_id, source in rows:
                    transaction.index.drop(kind, record_id, source)
                    mine = (record.c.number == number) & (record.c.source == source)
                    transaction.connection.execute(delete(record).where(mine))
            if len(rows) < _ROWS_PER_SLICE:
                return

    def _forget_identities(self) -> None:
        """Numbers of records that nobody claims and no change mentions any more."""
        identity, record, change = tables.identity, tables.record, tables.change
        with self._read() as connection:
            first_seq = connection.execute(select(func.min(change.c.seq))).scalar()
            unclaimed = ~exists().where(record.c.number == identity.c.number)
            rows = connection.execute(select(identity).where(unclaimed).limit(_ROWS_PER_SLICE)).all()
            mentioned = set()
            if rows and first_seq is not None:
                numbers = [row.number for row in rows]
                mentioned = set(connection.execute(select(change.c.number).distinct()).scalars()) & set(numbers)
        gone = [row for row in rows if row.number not in mentioned]
        if not gone:
            return
        with self._write() as transaction:
            for row in gone:
                if transaction.index.unclaimed[row.kind].get(row.id) == row.number:
                    del transaction.index.unclaimed[row.kind][row.id]
                    transaction.connection.execute(delete(identity).where(identity.c.number == row.number))
