"""What the web process asks of the collector: pause, resume or refresh a source, read the settings again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select

from situation.store import tables
from situation.store.codec import to_ms
from situation.store.sql import upsert

Begin = Callable[[], AbstractContextManager[Connection]]

RELOAD = "reload"
"""Key by which the collector is asked to read its settings again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The newest word for a key. Keys: `reload`, `pause:<source>` (value `on` or `off`), `refresh:<source>`."""

    key: str
    value: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEntry:
    """Who asked what, for the audit."""

    key: str
    value: str
    at: datetime
    role: str


def pause_key(source: str) -> str:
    """The key under which it stands whether a source is paused: `on` or `off`."""
    return f"pause:{source}"


def refresh_key(source: str) -> str:
    """The key under which it stands when somebody last wanted a source asked at once."""
    return f"refresh:{source}"


class Controls:
    """The table `control` and its log. Written by the web process, read by the collector each second."""

    def __init__(self, read: Begin, write: Begin) -> None:
        self._read = read
        self._write = write

    def ask(self, key: str, value: str, at: datetime, role: str) -> None:
        """Say something under a key and note who did."""
        with self._write() as connection:
            upsert(connection, tables.control, [{"key": key, "value": value, "at_ms": to_ms(at)}])
            entry = {"at_ms": to_ms(at), "key": key, "value": value, "role": role}
            upsert(connection, tables.control_log, [entry])

    def all(self) -> dict[str, Control]:
        """Everything asked so far that still stands, by key."""
        with self._read() as connection:
            rows = connection.execute(select(tables.control)).all()
        return {key: Control(key=key, value=value, at=_at(at_ms)) for key, value, at_ms in rows}

    def paused(self) -> frozenset[str]:
        """Keys of the sources that somebody paused."""
        prefix = pause_key("")
        return frozenset(
            key.removeprefix(prefix)
            for key, control in self.all().items()
            if key.startswith(prefix) and control.value == "on"
        )

    def log(self, limit: int = 100, ending: str = "") -> list[ControlEntry]:
        """Who asked what, the newest first; `ending` keeps those whose key ends so (`:<source>`)."""
        table = tables.control_log
        wanted = select(table.c.key, table.c.value, table.c.at_ms, table.c.role).order_by(table.c.at_ms.desc())
        if ending:
            wanted = wanted.where(table.c.key.endswith(ending, autoescape=True))
        with self._read() as connection:
            rows = connection.execute(wanted.limit(limit)).all()
        return [ControlEntry(key=key, value=value, at=_at(at_ms), role=role) for key, value, at_ms, role in rows]

    def forget(self, source: str) -> None:
        """A source is no longer configured: nothing stands for it."""
        with self._write() as connection:
            keys = (pause_key(source), refresh_key(source))
            connection.execute(delete(tables.control).where(tables.control.c.key.in_(keys)))


def _at(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
