"""The databases we can read, one row each: driver, how a session is made read-only and short, where its socket is.

Only databases are listed of which we know how to keep a query from writing and from running on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

from datasources.decode import decode_text
from datasources.fields import zone
from datasources.sql.faults import Fault, fault_of_mysql, fault_of_postgres, fault_of_sqlite

CONNECT_TIMEOUT_S = 5
LOCK_WAIT_S = 5
_INSTRUCTIONS = 20_000  # of SQLite's machine between two looks at the clock: some milliseconds


@dataclass(frozen=True, slots=True)
class Session:
    """What a session is made for. `seconds` are left until the deadline, of which `is_late` tells."""

    seconds: float
    rows: int
    zone: str | None
    now: datetime
    is_late: Callable[[], bool]

    @property
    def lock_wait_s(self) -> float:
        """How long a lock is waited for: less than the whole time, so that it is told from a slow query."""
        return min(LOCK_WAIT_S, self.seconds / 2)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One database. `prepare` runs after connecting; `fileno` is the socket that a deadline shuts, None without one."""

    engine: Callable[[URL, float], Engine]
    prepare: Callable[[Connection, Session], None]
    fault: Callable[[BaseException], Fault]
    fileno: Callable[[Any], int | None]


def dialect_of(url: URL) -> Dialect:
    """The row of an address; raises ValueError for a database that we don't know how to read safely."""
    name = url.get_backend_name()
    if name not in DIALECTS:
        raise ValueError(f"{name} can't be read; allowed: {', '.join(sorted(DIALECTS))}")
    return DIALECTS[name]


def _networked(driver: str) -> Callable[[URL, float], Engine]:
    def engine(url: URL, seconds: float) -> Engine:
        arguments: dict[str, Any] = {"connect_timeout": max(2, min(CONNECT_TIMEOUT_S, round(seconds)))}
        if driver.startswith("mysql"):
            arguments |= {"read_timeout": max(1, round(seconds)), "local_infile": False}
        return create_engine(
            url.set(drivername=driver), poolclass=NullPool, connect_args=arguments, hide_parameters=True
        )

    return engine


def _sqlite_engine(url: URL, _: float) -> Engine:
    def connect() -> sqlite3.Connection:
        address = f"file:{quote(str(Path(url.database or '').absolute()))}?mode=ro"
        return sqlite3.connect(address, uri=True, check_same_thread=False)  # opens nothing yet, and waits for no lock

    return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)


_SET_KNOWN = """
    SELECT set_config(known.name, wanted.value, true) FROM pg_settings known
    JOIN (VALUES (%s, %s), (%s, %s), (%s, %s), (%s, %s)) wanted(name, value) ON known.name = wanted.name
"""
"""By a join: servers that come of old editions do not have all of them, and an error would end the transaction."""


def _prepare_postgres(connection: Connection, session: Session) -> None:
    milliseconds = max(1, int(session.seconds * 1000))
    wanted = {
        "statement_timeout": milliseconds,
        "lock_timeout": max(1, int(session.lock_wait_s * 1000)),
        "idle_in_transaction_session_timeout": milliseconds + 5000,  # should we die in the middle
        # times without zone are compared with `:since` and cast in the query as their department means them
        "TimeZone": str(zone(session.zone)),
    }
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")  # can't be taken back inside the transaction
    given = tuple(str(each) for pair in wanted.items() for each in pair)
    connection.exec_driver_sql(_SET_KNOWN, given).all()


def _prepare_mysql(connection: Connection, session: Session) -> None:
    is_mariadb = getattr(connection.dialect, "is_mariadb", False)
    seconds = max(0.001, session.seconds)
    limit = f"max_statement_time = {seconds:.3f}" if is_mariadb else f"max_execution_time = {int(seconds * 1000)}"
    offset = session.now.astimezone(zone(session.zone)).strftime("%z")
    for statement in (
        f"SET SESSION {limit}",
        f"SET SESSION lock_wait_timeout = {max(1, round(session.lock_wait_s))}",
        f"SET SESSION innodb_lock_wait_timeout = {max(1, round(session.lock_wait_s))}",
        f"SET SESSION sql_select_limit = {session.rows}",  # the driver reads all that was sent, wanted or not
        f"SET SESSION time_zone = '{offset[:3]}:{offset[3:]}'",  # of TIMESTAMP columns; it may know no names
        "SET SESSION TRANSACTION READ ONLY",
        "START TRANSACTION READ ONLY",
    ):
        connection.exec_driver_sql(statement)


def _prepare_sqlite(connection: Connection, session: Session) -> None:
    connection.exec_driver_sql("PRAGMA query_only = ON")
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {max(1, int(session.lock_wait_s * 1000))}")
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.set_progress_handler(session.is_late, _INSTRUCTIONS)
        raw.text_factory = decode_text  # files of old Windows programs hold GB18030


def _postgres_socket(raw: Any) -> int | None:
    return int(raw.fileno())


def _mysql_socket(raw: Any) -> int | None:
    sock = getattr(raw, "_sock", None)  # PyMySQL has no public way to it, and its own timeout restarts with every byte
    return None if sock is None else int(sock.fileno())


_POSTGRES = Dialect(_networked("postgresql+psycopg"), _prepare_postgres, fault_of_postgres, _postgres_socket)
_MYSQL = Dialect(_networked("mysql+pymysql"), _prepare_mysql, fault_of_mysql, _mysql_socket)
_SQLITE = Dialect(_sqlite_engine, _prepare_sqlite, fault_of_sqlite, lambda raw: None)

DIALECTS: Mapping[str, Dialect] = {
    "postgresql": _POSTGRES,
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "sqlite": _SQLITE,
}
