"""Taking in records: one `Recording` is the record part of one transaction of the writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

import numpy as np
from sqlalchemy import Connection, bindparam, delete, select, update

from situation.areas import AreaIndex
from situation.batch import Batch
from situation.records import Camera, Record, SourceHealth
from situation.store import tables
from situation.store.claims import Claim
from situation.store.codec import decode, encode, to_ms, to_ms_or_none
from situation.store.index import DEAD_HEALTH
from situation.store.placing import area_codes, wants_codes, with_codes
from situation.store.rows import Row, row_of
from situation.store.significance import (
    digest,
    has_lasted,
    has_moved,
    is_doubtful,
    is_living,
    is_older,
    position,
    revised_at,
    significance,
    versions,
)
from situation.store.sql import insert_many, upsert
from situation.store.transaction import Transaction

Doubts = dict[tuple[str, str], frozenset[str]]
_CHUNK = 500
LOT = 5_000
"""Records made into rows before these are written: of a whole list their rows would take several times its memory."""


class Recording:
    """Compares a batch with what is known and writes what differs. Throw it away when the transaction fails."""

    def __init__(
        self, transaction: Transaction, source: str, at: datetime, areas: Callable[[Connection], AreaIndex]
    ) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._index = transaction.index
        self._source = source
        self._at_ms = to_ms(at)
        self._areas = areas
        self._identities: list[Row] = []
        self._rows: list[Row] = []
        self._seen: list[Row] = []
        self._changes: list[Row] = []
        self._contested: dict[tuple[str, str], str | None] = {}  # the body just told, None: nothing told
        self._has_written = False
        self.changed_kinds: set[str] = set()
        """Kinds with at least one change so far."""

    def take(self, batch: Batch, doubts: Doubts) -> None:
        """Everything a batch says about records: new ones, changed ones, missing ones."""
        self._put(batch.records)
        if batch.not_modified:
            self._believe_doubts(doubts)
        for kind in batch.complete:
            self._remove_missing(kind, batch, doubts)
        self._settle()

    def forget(self) -> None:
        """End every claim of the source."""
        for kind in self._index.kinds(self._source):
            self._remove(kind, set(self._index.claims(self._source, kind).ids))
        self._settle()

    def _put(self, records: Iterable[Record]) -> None:
        rest = iter(versions(records))
        while lot := list(islice(rest, LOT)):
            self._put_lot(lot)
            self._flush_rows()

    def _put_lot(self, records: Iterable[Record]) -> None:
        told: list[tuple[Record, Claim, bool]] = []
        for record in records:
            known = self._index.claims(self._source, record.kind).get(record.id)
            if known is not None and is_older(record, known.revised_at_ms):
                continue
            is_news, claim = self._renewed(record, known)
            seen_at_ms = to_ms_or_none(record.seen_at) if isinstance(record, Camera) else None
            if seen_at_ms is not None and seen_at_ms != claim.seen_at_ms:
                claim = claim._replace(seen_at_ms=seen_at_ms)
                self._seen.append({"number": claim.number, "source": self._source, "at_ms": seen_at_ms})
            if claim is not known:
                self._index.put(record.kind, record.id, self._source, claim)
            if is_news or significance(record.kind).is_kept_quietly:
                told.append((record, claim, is_news))
        self._write(told)

    def _renewed(self, record: Record, known: Claim | None) -> tuple[bool, Claim]:
        """Whether a record is news, and what is claimed of it from now on."""
        revised_at_ms, print_of_it = to_ms_or_none(revised_at(record)), digest(record)
        if (
            known is not None
            and known.digest == print_of_it
            and not has_moved(record.kind, (known.lon, known.lat), position(record))
            and not has_lasted(record.kind, known.told_at_ms, revised_at_ms)
        ):
            return False, known if known.revised_at_ms == revised_at_ms else known._replace(revised_at_ms=revised_at_ms)
        if isinstance(record, SourceHealth):
            self._note_health(record)
        lon, lat = position(record)
        return True, Claim(
            number=self._number(record) if known is None else known.number,
            digest=print_of_it,
            is_living=is_living(record),
            is_primary=known.is_primary if known else not self._index.is_shared(record.kind, record.id, self._source),
            revised_at_ms=revised_at_ms,
            seen_at_ms=known.seen_at_ms if known else None,
            told_at_ms=revised_at_ms,
            lon=lon,
            lat=lat,
        )

    def _number(self, record: Record) -> int:
        number = self._index.number(record.kind, record.id)
        if number is None:
            number = self._transaction.next("number")
            self._identities.append({"number": number, "kind": record.kind, "id": record.id})
        return number

    def _note_health(self, health: SourceHealth) -> None:
        """Records of a source that fell silent or came back: another claim may count more now."""
        is_dead = health.state in DEAD_HEALTH
        if is_dead == (health.id in self._index.dead_sources):
            return
        (self._index.dead_sources.add if is_dead else self._index.dead_sources.discard)(health.id)
        for kind in self._index.kinds(health.id):
            self._contested.update({(kind, each): None for each in self._index.shared(kind, health.id)})

    def _write(self, told: list[tuple[Record, Claim, bool]]) -> None:
        located = self._locate([record for record, _, _ in told])
        for (given, claim, is_news), record in zip(told, located, strict=True):
            body = encode(record)
            self._rows.append(row_of(given, record, claim, self._source, self._at_ms, body))
            if not is_news:
                continue
            if self._index.is_shared(record.kind, record.id, self._source):
                self._contested[record.kind, record.id] = body
            else:
                self._log("put", record.kind, record.id, claim.number, body)

    def _locate(self, records: list[Record]) -> list[Record]:
        """Fill in the area codes of those that have a position and whose source gave none."""
        places = [i for i, record in enumerate(records) if wants_codes(record) and position(record)[0] is not None]
        if not places:
            return records
        positions = np.array([position(records[i]) for i in places], dtype=np.float64)
        codes = self._areas(self._connection).locate(positions[:, 0], positions[:, 1])
        located = list(records)
        for i, (street, community, grid) in zip(places, codes, strict=True):
            if street or community or grid:
                located[i] = with_codes(records[i], street, community, grid)
        return located

    def _remove_missing(self, kind: str, batch: Batch, doubts: Doubts) -> None:
        """A complete batch tells what is gone; one that would remove more than half must say so twice."""
        known = self._index.claims(self._source, kind).ids
        present = {record.id for record in batch.records if record.kind == kind}
        present.update(rejection.record_id for rejection in batch.rejected)  # bad, not gone
        missing = known - present
        if is_doubtful(len(missing), len(known)) and (self._source, kind) not in doubts:
            doubts[self._source, kind] = frozenset(missing)
        else:
            doubts.pop((self._source, kind), None)
            self._remove(kind, missing)

    def _believe_doubts(self, doubts: Doubts) -> None:
        """The upstream says that what we doubted is still its answer: that is the second time."""
        for source, kind in [key for key in doubts if key[0] == self._source]:
            missing = doubts.pop((source, kind))
            self._remove(kind, missing & self._index.claims(source, kind).ids)

    def _remove(self, kind: str, ids: Iterable[str]) -> None:
        """End the source's claim on these records; what nobody else claims is gone."""
        numbers: list[int] = []
        for record_id in sorted(ids):
            claim = self._index.drop(kind, record_id, self._source)
            if claim is None:
                continue
            numbers.append(claim.number)
            if self._index.is_shared(kind, record_id, self._source):
                self._contested[kind, record_id] = None
            else:
                self._log("remove", kind, record_id, claim.number, None)
        for table in (tables.record, tables.seen):
            statement = delete(table).where(
                table.c.source == self._source, table.c.number.in_(bindparam("some", expanding=True))
            )
            for start in range(0, len(numbers), _CHUNK):
                self._connection.execute(statement, {"some": numbers[start : start + _CHUNK]})

    def _settle(self) -> None:
        """Write the rows, then decide whose word counts where several sources speak of the same record."""
        self._flush_rows()
        record = tables.record
        for (kind, record_id), body in self._contested.items():
            elected, is_switched = self._index.elect(kind, record_id)
            number = self._index.number(kind, record_id)
            if number is None:
                continue
            if is_switched:
                mine, elected_row = record.c.number == number, record.c.source == elected
                self._connection.execute(update(record).where(mine).values(is_primary=elected_row))
                body = self._connection.execute(select(record.c.body).where(mine, elected_row)).scalar_one()
            elif elected != self._source:
                body = None
            if body is not None:
                self._log("put", kind, record_id, number, body)
        self._contested.clear()

    def _flush_rows(self) -> None:
        insert_many(self._connection, tables.identity, self._identities)
        self._has_written |= bool(self._rows or self._seen)
        newest = {(row["number"], row["source"]): row for row in self._rows}
        upsert(self._connection, tables.record, list(newest.values()))
        upsert(self._connection, tables.seen, self._seen)
        for rows in (self._identities, self._rows, self._seen):
            rows.clear()
        if len(self._changes) >= LOT:
            self._flush_changes()

    def _flush_changes(self) -> None:
        self._has_written |= bool(self._changes)
        insert_many(self._connection, tables.change, self._changes)
        self._changes.clear()

    def relocate(self) -> None:
        """The areas changed: find again the codes that we gave, and tell of those that differ."""
        record = tables.record
        columns = (record.c.number, record.c.kind, record.c.id, record.c.source, record.c.is_primary, record.c.body)
        rows = self._connection.execute(select(*columns).where(record.c.is_located, record.c.lon.is_not(None))).all()
        known = [decode(row.kind, row.body) for row in rows]
        found = self._locate([with_codes(each, "", "", "") for each in known])
        moved = [(row, after) for row, before, after in zip(rows, known, found, strict=True) if before != after]
        if not moved:
            return
        updates = []
        for row, after in moved:
            street, community, grid = area_codes(after)
            body = encode(after)
            updates.append({"at": row.number, "by": row.source, "s": street, "c": community, "g": grid, "text": body})
            if row.is_primary:
                self._log("put", row.kind, row.id, row.number, body)
        statement = update(record).where(record.c.number == bindparam("at"), record.c.source == bindparam("by"))
        values = statement.values(
            street_code=bindparam("s"), community_code=bindparam("c"), grid_code=bindparam("g"), body=bindparam("text")
        )
        self._connection.execute(values, updates)

    def _log(self, operation: str, kind: str, record_id: str, number: int, body: str | None) -> None:
        self.changed_kinds.add(kind)
        self._changes.append(
            {
                "seq": self._transaction.next("seq"),
                "at_ms": self._at_ms,
                "kind": kind,
                "id": record_id,
                "number": number,
                "operation": operation,
                "body": body,
            }
        )

    def finish(self) -> bool:
        """Write what is left of the change log; True when anything was written at all."""
        self._flush_changes()
        return self._has_written
