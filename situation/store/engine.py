"""Opening the database: engines for readers and the writer, migrations, and errors in plain words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from situation.store.answers import StoreError

_BUSY_TIMEOUT_MS = 10_000
_WRITER_LOCK = 0x6F6E6573  # advisory lock key: "ones"
_MIGRATIONS = Path(__file__).parent / "migrations"

_PASSING = "the database server is being stopped or started: it is asked again until it answers"

_ADVICE: tuple[tuple[str, str], ...] = (
    ("database or disk is full", "the disk is full: free some space; nothing stored was lost"),
    ("no space left", "the disk is full: free some space; nothing stored was lost"),
    ("malformed", "the database is damaged: move the file away (or restore a copy) and start again"),
    ("not a database", "the file is not a database: move it away and start again"),
    ("readonly", "the database can't be written: check the owner and rights of the file and its folder"),
    ("read-only", "the database can't be written: check the owner and rights of the file and its folder"),
    ("unable to open", "the database can't be opened: check that the folder exists and may be written"),
    ("disk i/o error", "the disk failed to read or write: check the disk"),
    ("database is locked", "another process holds the database: is a second OneScreen running?"),
    ("system is shutting down", _PASSING),
    ("system is starting up", _PASSING),
    ("terminating connection", _PASSING),
    ("server closed the connection", _PASSING),
    ("connection refused", "the database server does not answer: check that it runs and the address in [store] url"),
    ("password authentication failed", "the database server refused the user or password in [store] url"),
    ("does not exist", "the database or user does not exist: create it or correct [store] url"),
)
"""What databases say, and what it means to whoever reads the log."""


_READING = ("query_only=ON",)
_KEEPING = ("cache_size=-32000", "mmap_size=268435456")
_WRITING = (
    "cache_size=-8000",  # with eight times as much nothing was quicker
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "wal_autocheckpoint=8000",
    "journal_size_limit=67108864",
)


def sqlite_url(path: Path) -> str:
    """The address of an embedded store in the file `path`."""
    return f"sqlite:///{path}"


def parse_url(url: str) -> URL:
    """Read a database address; plain `postgresql://` means psycopg 3. Raises StoreError."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StoreError("[store] url is not a database address like sqlite:///file or postgresql://…") from error
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(f"[store] url: {parsed.get_backend_name()} is not supported, only sqlite and postgresql")
    return parsed


def open_engines(url: URL, *, is_lean: bool = False) -> tuple[Engine, Engine]:
    """(reader, writer). On SQLite a reader's transaction is a snapshot and the writer's starts with its lock.

    Readers keep many pages of an SQLite file in memory, which counts as the process's own, unless it `is_lean`.
    """
    try:
        if url.get_backend_name() == "postgresql":
            reader = create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True)
            reader = reader.execution_options(isolation_level="REPEATABLE READ")
            writer = create_engine(url, pool_size=1, max_overflow=1, pool_pre_ping=True)
            event.listen(writer, "begin", _take_writer_lock)
            return reader, writer
        arguments = {"check_same_thread": False, "timeout": _BUSY_TIMEOUT_MS / 1000}
        reader = create_engine(url, connect_args=arguments, pool_size=8, max_overflow=24)
        writer = create_engine(url, connect_args=arguments, pool_size=1, max_overflow=0)
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"[store] url can't be used: {error}") from error
    event.listen(reader, "connect", _set_up_sqlite(_READING if is_lean else (*_READING, *_KEEPING)))
    event.listen(writer, "connect", _set_up_sqlite(_WRITING))
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return reader, writer


def _take_writer_lock(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")


def _set_up_sqlite(pragmas: Sequence[str]) -> Callable[[Any, Any], None]:
    def set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions are ours to begin: Python's own come too late for snapshots
        for pragma in (f"busy_timeout={_BUSY_TIMEOUT_MS}", "temp_store=MEMORY", *pragmas):
            connection.execute(f"PRAGMA {pragma}").close()

    return set_up


@contextmanager
def begin(writer: Engine, *, is_durable: bool = False) -> Iterator[Connection]:
    """A transaction; a durable one is on the disk when it ends, and survives a power cut (PostgreSQL's always are)."""
    with writer.connect() as connection:
        if is_durable and connection.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA synchronous=FULL").close()
        with connection.begin():
            yield connection


def migrate(writer: Engine) -> None:
    """Bring the tables to this release's state; safe when several processes start at once."""
    if _is_current(writer):
        return  # a later start: Alembic takes a second to import
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)  # its chatter is not an operator's business
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _is_current(writer: Engine) -> bool:
    """Whether the newest migration has been made. Files are named after their revision: `<revision>_<words>.py`."""
    newest = max(path.stem.split("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
    with writer.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest


def check_readable(reader: Engine) -> None:
    """Raises StoreError when the tables are missing."""
    with reader.connect() as connection:
        connection.execute(text("SELECT value FROM counter WHERE name = 'seq'")).scalar_one()


@contextmanager
def errors_in_plain_words(url: URL) -> Iterator[None]:
    """Turn the database's errors into StoreError: one line, which database, what to do. Passwords stay hidden."""
    try:
        yield
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())
        lowered = said.lower()
        advice = next((advice for sign, advice in _ADVICE if sign in lowered), "the database refused")
        where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
        raise StoreError(f"store {where}: {advice} ({said})") from error
