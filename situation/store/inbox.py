"""What other systems pushed to the web process, until the collector has made records of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from situation.store import tables
from situation.store.codec import to_datetime, to_ms
from situation.store.sql import insert_many

Begin = Callable[[], AbstractContextManager[Connection]]

MOST_LETTERS = 20_000
MOST_BYTES = 200_000_000
"""What waits of one source, at most: a collector that stands still must not fill the disk."""


class InboxFull(Exception):
    """Too much of this source waits already: let it send again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One body as it came. `number` grows within a source and is nobody's name: it may be given again."""

    number: int
    at: datetime
    content_type: str
    body: bytes


class Inbox:
    """The table `inbox`. Written by the web process; the collector reads it and takes out what its batches hold."""

    def __init__(self, read: Begin, write: Begin) -> None:
        self._read = read
        self._write = write

    def put(self, source: str, at: datetime, content_type: str, body: bytes) -> None:
        """Keep a body, on the disk when this returns; raises InboxFull, or StoreError when nothing can be written."""
        inbox = tables.inbox
        with self._write() as connection:
            waits = select(func.count(), func.coalesce(func.sum(inbox.c.size), 0)).where(inbox.c.source == source)
            count, size = connection.execute(waits).one()
            if count >= MOST_LETTERS or size + len(body) > MOST_BYTES:
                raise InboxFull(source)
            last = connection.execute(select(func.max(inbox.c.number))).scalar() or 0
            row = {
                "number": last + 1,
                "source": source,
                "at_ms": to_ms(at),
                "content_type": content_type,
                "size": len(body),
                "body": body,
            }
            insert_many(connection, inbox, [row])

    def waiting(self, source: str, most: int, most_bytes: int) -> list[Letter]:
        """The oldest of what waits, at least one where there is any."""
        inbox = tables.inbox
        columns = (inbox.c.number, inbox.c.at_ms, inbox.c.content_type, inbox.c.body)
        wanted = select(*columns).where(inbox.c.source == source).order_by(inbox.c.number).limit(most)
        found: list[Letter] = []
        with self._read() as connection:
            for number, at_ms, content_type, body in connection.execute(wanted):
                most_bytes -= len(body)
                if found and most_bytes < 0:
                    break
                found.append(Letter(number=number, at=to_datetime(at_ms), content_type=content_type, body=body))
        return found

    def forget(self, source: str) -> None:
        """A source is no longer configured: nothing of it waits."""
        with self._write() as connection:
            connection.execute(delete(tables.inbox).where(tables.inbox.c.source == source))


def take_out(connection: Connection, source: str, number: int) -> None:
    """Remove what a batch holds, in the batch's own transaction: it is kept once, whatever breaks."""
    inbox = tables.inbox
    connection.execute(delete(inbox).where(inbox.c.source == source, inbox.c.number <= number))
