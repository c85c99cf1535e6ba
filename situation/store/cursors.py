"""What each source said to remember with its last kept batch."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, select

from situation.store import tables
from situation.store.sql import upsert


def keep(connection: Connection, source: str, cursor: Any) -> bool:
    """Keep it; whether that changed anything."""
    body = msgspec.json.encode(cursor).decode()
    if _body(connection, source) == body:
        return False
    upsert(connection, tables.cursor, [{"source": source, "body": body}])
    return True


def read(connection: Connection, source: str) -> Any:
    """What was kept, None at first."""
    body = _body(connection, source)
    return None if body is None else msgspec.json.decode(body)


def _body(connection: Connection, source: str) -> str | None:
    cursor = tables.cursor
    found: str | None = connection.execute(select(cursor.c.body).where(cursor.c.source == source)).scalar()
    return found
