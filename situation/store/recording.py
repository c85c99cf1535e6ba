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
from situation.store.codec import decode, encode, to_ms, to_ms_or_none
from situation.store.index import DEAD_HEALTH, Claim, Identity
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
        for source, kind in list(self._index.claimed):
            if source == self._source:
                self._remove(kind, set(self._index.claimed[source, kind]))
        self._settle()

    def _put(self, records: Iterable[Record]) -> None:
        rest = iter(versions(records))
        while lot := list(islice(rest, LOT)):
            self._put_lot(lot)
            self._flush_rows()

    def _put_lot(self, records: Iterable[Record]) -> None:
        told: list[tuple[Record, Identity, bool]] = []
        for record in records:
            identity = self._identity(record)
            claim = identity.claim_of(self._source)
            if claim is not None and is_older(record, claim.revised_at_ms):
                continue
            print_of_it = digest(record)
            is_news = (
                claim is None
                or claim.digest != print_of_it
                or has_moved(record.kind, (claim.lon, claim.lat), position(record))
                or has_lasted(record.kind, claim.told_at_ms, to_ms_or_none(revised_at(record)))
            )
            if is_news:
                claim = self._renew_claim(record, identity, claim, print_of_it)
            if is_news or significance(record.kind).kept == "record":
                told.append((record, identity, is_news))
            self._note_seen(record, identity, claim)
        self._write(told)

    def _identity(self, record: Record) -> Identity:
        of_kind = self._index.identities[record.kind]
        identity = of_kind.get(record.id)
        if identity is None:
            identity = of_kind[record.id] = Identity(self._transaction.next("number"))
            self._identities.append({"number": identity.number, "kind": record.kind, "id": record.id})
        return identity

    def _renew_claim(self, record: Record, identity: Identity, claim: Claim | None, print_of_it: int) -> Claim:
        lon, lat = position(record)
        if claim is None:
            claim = Claim(self._source, print_of_it, True, None, None, lon, lat)
            self._index.add(record.kind, record.id, claim, is_primary=not identity.claims)
        claim.digest, claim.lon, claim.lat = print_of_it, lon, lat
        claim.told_at_ms = to_ms_or_none(revised_at(record))
        claim.is_living = is_living(record)
        if isinstance(record, SourceHealth):
            self._note_health(record)
        return claim

    def _note_health(self, health: SourceHealth) -> None:
        """Records of a source that fell silent or came back: another claim may count more now."""
        is_dead = health.state in DEAD_HEALTH
        if is_dead == (health.id in self._index.dead_sources):
            return
        (self._index.dead_sources.add if is_dead else self._index.dead_sources.discard)(health.id)
        for (source, kind), ids in self._index.claimed.items():
            if source != health.id:
                continue
            identities = self._index.identities[kind]
            self._contested.update({(kind, each): None for each in ids if len(identities[each].claims) > 1})

    def _note_seen(self, record: Record, identity: Identity, claim: Claim | None) -> None:
        if claim is None:
            return
        claim.revised_at_ms = to_ms_or_none(revised_at(record))
        if not isinstance(record, Camera):
            return
        seen_at_ms = to_ms_or_none(record.seen_at)
        if seen_at_ms is not None and seen_at_ms != claim.seen_at_ms:
            claim.seen_at_ms = seen_at_ms
            self._seen.append({"number": identity.number, "source": self._source, "at_ms": seen_at_ms})

    def _write(self, told: list[tuple[Record, Identity, bool]]) -> None:
        located = self._locate([record for record, _, _ in told])
        for (given, identity, is_news), record in zip(told, located, strict=True):
            body = encode(record)
            self._rows.append(row_of(given, record, identity, self._source, self._at_ms, body))
            if not is_news:
                continue
            if len(identity.claims) > 1:
                self._contested[record.kind, record.id] = body
            else:
                self._log("put", record.kind, record.id, identity.number, body)

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
        known = self._index.claimed[self._source, kind]
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
            self._remove(kind, missing & self._index.claimed[source, kind])

    def _remove(self, kind: str, ids: Iterable[str]) -> None:
        """End the source's claim on these records; what nobody else claims is gone."""
        numbers: list[int] = []
        for record_id in sorted(ids):
            identity = self._index.drop(kind, record_id, self._source)
            numbers.append(identity.number)
            if identity.claims:
                self._contested[kind, record_id] = None
            else:
                identity.primary = ""
                self._log("remove", kind, record_id, identity.number, None)
        for table in (tables.record, tables.seen):
            statement = delete(table).where(
                table.c.source == self._source, table.c.number.in_(bindparam("some", expanding=True))
            )
            for start in range(0, len(numbers), _CHUNK):
                self._connection.execute(statement, {"some": numbers[start : start + _CHUNK]})

    def _settle(self) -> None:
        """Write the rows, then decide whose word counts where several sources speak of the same record."""
        self._flush_rows()
        switched: list[tuple[str, str, Identity]] = []
        for (kind, record_id), body in self._contested.items():
            identity = self._index.identities[kind][record_id]
            elected = self._index.elect(identity)
            if elected != identity.primary:
                identity.primary = elected
                switched.append((kind, record_id, identity))
            elif body is not None and elected == self._source:
                self._log("put", kind, record_id, identity.number, body)
        self._contested.clear()
        record = tables.record
        for kind, record_id, identity in switched:
            mine = record.c.number == identity.number
            elected_row = record.c.source == identity.primary
            self._connection.execute(update(record).where(mine).values(is_primary=elected_row))
            body = self._connection.execute(select(record.c.body).where(mine, elected_row)).scalar_one()
            self._log("put", kind, record_id, identity.number, body)

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
