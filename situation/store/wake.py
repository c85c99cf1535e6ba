"""Noticing that somebody wrote, without a query of tables: SQLite's data_version, PostgreSQL's LISTEN/NOTIFY."""

from __future__ import annotations

import threading
from typing import Protocol

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine import URL

CHANNEL = "onescreen"


class Waker(Protocol):
    """Counts commits of other connections."""

    def version(self) -> int:
        """A number that differs from the last one whenever something was committed in between."""
        ...

    def close(self) -> None:
        """Let go of its connection."""
        ...


class SqliteWaker:
    """Asks `PRAGMA data_version` on a connection of its own, which never writes."""

    def __init__(self, reader: Engine) -> None:
        self._connection = reader.raw_connection()
        self._lock = threading.Lock()

    def version(self) -> int:
        """SQLite's own counter of foreign commits."""
        with self._lock:
            (version,) = self._connection.cursor().execute("PRAGMA data_version").fetchone()
        return int(version)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


class PostgresWaker:
    """Listens on a connection of its own; one that broke counts as news and is opened again."""

    def __init__(self, url: URL) -> None:
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._lock = threading.Lock()
        self._count = 0
        self._connection: psycopg.Connection | None = None

    def version(self) -> int:
        """Number of notifications so far."""
        with self._lock:
            try:
                connection = self._listening()
                self._count += sum(1 for _ in connection.notifies(timeout=0))
            except psycopg.OperationalError:
                self._connection = None
                self._count += 1
            return self._count

    def _listening(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._conninfo, autocommit=True)
            self._connection.execute(f"LISTEN {CHANNEL}")
            self._count += 1
        return self._connection

    def close(self) -> None:
        """Stop listening."""
        if self._connection is not None:
            self._connection.close()
