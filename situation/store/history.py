"""The past: the change log, keyframes of the whole situation, and the situation as it was."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from situation.records import Record
from situation.store import tables
from situation.store.answers import Change, Restored, StoreError
from situation.store.codec import decode, to_datetime, to_ms

Begin = Callable[[], AbstractContextManager[Connection]]
_LEVEL = 3  # of zlib: a third of the time of the default for a tenth more bytes
_ROWS_AT_ONCE = 1000
_ROWS_A_PART = 5000
_Entry = tuple[str, str, int, str]  # kind, id, number, body
_ENTRIES: msgspec.msgpack.Decoder[list[_Entry]] = msgspec.msgpack.Decoder(list[_Entry])


def last_seq(connection: Connection) -> int:
    """Sequence number of the newest change ever made, 0 before the first."""
    counter = tables.counter
    return int(connection.execute(select(counter.c.value).where(counter.c.name == "seq")).scalar_one())


def first_seq(connection: Connection) -> int:
    """Oldest change still in the log; one more than `last_seq` when the log is empty."""
    oldest = connection.execute(select(func.min(tables.change.c.seq))).scalar()
    return last_seq(connection) + 1 if oldest is None else int(oldest)


def changes(connection: Connection, after_seq: int, limit: int) -> list[Change]:
    """The changes after a sequence number, oldest first."""
    return _changes(connection, tables.change.c.seq > after_seq, limit)


def versions(connection: Connection, kind: str, record_id: str, since: datetime | None, limit: int) -> list[Change]:
    """The last changes of one record, newest first."""
    change, identity = tables.change, tables.identity
    mine = select(identity.c.number).where(identity.c.kind == kind, identity.c.id == record_id).scalar_subquery()
    in_time = [] if since is None else [change.c.at_ms >= to_ms(since)]
    statement = select(change).where(change.c.number == mine, *in_time).order_by(change.c.seq.desc()).limit(limit)
    return _told(connection.execute(statement))


def _changes(connection: Connection, condition: ColumnElement[bool], limit: int) -> list[Change]:
    change = tables.change
    return _told(connection.execute(select(change).where(condition).order_by(change.c.seq).limit(limit)))


def _told(rows: Iterable[Any]) -> list[Change]:
    return [
        Change(
            row.seq,
            to_datetime(row.at_ms),
            row.kind,
            row.id,
            row.number,
            row.operation,
            None if row.body is None else decode(row.kind, row.body),
        )
        for row in rows
    ]


def removed(connection: Connection, after_seq: int) -> tuple[int, tuple[tuple[str, str], ...]]:
    """The newest sequence number; (kind, id) of what was removed after `after_seq` and has not come back."""
    change, record = tables.change, tables.record
    is_back = select(record.c.number).where(record.c.number == change.c.number).exists()
    gone = (change.c.seq > after_seq, change.c.operation == "remove", ~is_back)
    seq = last_seq(connection)
    if seq == after_seq:
        return seq, ()
    return seq, tuple((row.kind, row.id) for row in connection.execute(select(change.c.kind, change.c.id).where(*gone)))


def keep_parts(connection: Connection, write: Begin) -> int:
    """Keep the situation as the connection sees it, compressed: some thousand records at a time, never all at once.

    Returns the sequence number it stands for; the row of `keyframe` that makes it count is still to be written.
    """
    keyframe, part = tables.keyframe, tables.keyframe_part
    seq = last_seq(connection)
    with write() as writing:
        for table in (keyframe, part):
            writing.execute(delete(table).where(table.c.seq == seq))
    for number, body in enumerate(_parts(connection)):
        with write() as writing:
            writing.execute(insert(part).values(seq=seq, part=number, body=body))
    return seq


def _parts(connection: Connection) -> Iterator[bytes]:
    record = tables.record
    statement = select(record.c.kind, record.c.id, record.c.number, record.c.body).where(record.c.is_primary)
    rows = connection.execute(statement, execution_options={"yield_per": _ROWS_AT_ONCE})
    packer = msgspec.msgpack.Encoder()
    for some in rows.partitions(_ROWS_A_PART):
        yield zlib.compress(packer.encode([tuple(row) for row in some]), _LEVEL)


def restore(connection: Connection, at: datetime | None, seq: int | None) -> Restored:
    """The situation after change `seq`, or as of `at`. Raises StoreError when that is before all keyframes."""
    keyframe, change = tables.keyframe, tables.change
    if seq is not None:
        in_time, in_log = keyframe.c.seq <= seq, change.c.seq <= seq
    else:
        at_ms = to_ms(at) if at is not None else 0
        in_time, in_log = keyframe.c.at_ms <= at_ms, change.c.at_ms <= at_ms
    found = connection.execute(select(keyframe).where(in_time).order_by(keyframe.c.seq.desc()).limit(1)).first()
    if found is None:
        raise StoreError("the history kept does not reach back that far")
    records = _read_keyframe(connection, int(found.seq))
    reached = int(found.seq)
    while batch := _changes(connection, (change.c.seq > reached) & in_log, 10_000):
        for each in batch:
            _replay(records, each)
        reached = batch[-1].seq
    return Restored(reached, records)


def _read_keyframe(connection: Connection, seq: int) -> dict[tuple[str, str], tuple[int, Record]]:
    part = tables.keyframe_part
    bodies = connection.execute(select(part.c.body).where(part.c.seq == seq).order_by(part.c.part))
    return {
        (kind, record_id): (number, decode(kind, text))
        for body in bodies.scalars()
        for kind, record_id, number, text in _ENTRIES.decode(zlib.decompress(body))
    }


def _replay(records: dict[tuple[str, str], tuple[int, Record]], change: Change) -> None:
    if change.record is None:
        records.pop((change.kind, change.id), None)
    else:
        records[change.kind, change.id] = (change.number, change.record)
