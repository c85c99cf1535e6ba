"""How far each share has been told of changes: the change log is the outbox, this is the place in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from situation.records import Record
from situation.store import tables
from situation.store.answers import Change
from situation.store.codec import decode, to_datetime, to_ms_or_none
from situation.store.sql import upsert

Begin = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Everything up to change `seq` was told. What follows was tried `attempts` times, in vain for `error`."""

    share: str
    seq: int
    attempts: int = 0
    next_at: datetime | None = None
    delivered_at: datetime | None = None
    error: str = ""


class Deliveries:
    """The table `delivery`, and what a change was before. Written by the collector alone."""

    def __init__(self, read: Begin, write: Begin) -> None:
        self._read = read
        self._write = write

    def all(self) -> dict[str, Delivery]:
        """Every delivery by the key of its share."""
        with self._read() as connection:
            rows = connection.execute(select(tables.delivery)).all()
        return {row.share: _delivery(row) for row in rows}

    def keep(self, delivery: Delivery) -> None:
        """Remember it."""
        row = {
            "share": delivery.share,
            "seq": delivery.seq,
            "attempts": delivery.attempts,
            "next_at_ms": to_ms_or_none(delivery.next_at),
            "delivered_at_ms": to_ms_or_none(delivery.delivered_at),
            "error": delivery.error,
        }
        with self._write() as connection:
            upsert(connection, tables.delivery, [row])

    def forget_all_but(self, shares: Collection[str]) -> None:
        """Other shares are no longer configured."""
        with self._write() as connection:
            connection.execute(delete(tables.delivery).where(tables.delivery.c.share.not_in(list(shares))))

    def before(self, changes: Iterable[Change]) -> dict[int, Record | None]:
        """By number of the change: its record as it was before, None when it was not there or the log ends earlier."""
        change = tables.change
        found: dict[int, Record | None] = {}
        with self._read() as connection:
            for each in changes:
                earlier = select(change.c.kind, change.c.body).where(
                    change.c.number == each.number, change.c.seq < each.seq
                )
                row = connection.execute(earlier.order_by(change.c.seq.desc()).limit(1)).first()
                found[each.seq] = None if row is None or row.body is None else decode(row.kind, row.body)
        return found


def _delivery(row: Any) -> Delivery:
    def time(name: str) -> datetime | None:
        at_ms = getattr(row, name)
        return None if at_ms is None else to_datetime(at_ms)

    return Delivery(
        share=row.share,
        seq=row.seq,
        attempts=row.attempts,
        next_at=time("next_at_ms"),
        delivered_at=time("delivered_at_ms"),
        error=row.error,
    )
