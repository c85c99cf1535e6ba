"""Real databases of departments: PostgreSQL, MariaDB and SQLite with the same table of cases in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mariadb
import postgres
import psycopg
import pymysql
import pytest

from tests.conftest import missing

PASSWORD = "geheim-71"
TABLE = "CREATE TABLE depot (code varchar(20) PRIMARY KEY, name varchar(40), bags integer, changed {time})"
ROWS = "INSERT INTO depot VALUES ('d{n}', '物资点{n}', {n}, '2026-08-09 13:{n:02}:00')"


@dataclass(frozen=True)
class Front:
    """A department's database. `reader` is its address with a password, `run` executes as its owner."""

    dialect: str
    reader: str
    run: Callable[..., Any]

    def address(self, password: str = PASSWORD) -> str:
        return self.reader.replace(PASSWORD, password)


@pytest.fixture(scope="session")
def postgres_front() -> Iterator[Front]:
    try:
        with postgres.serving() as sock, psycopg.connect(host=sock, user="postgres", autocommit=True) as owner:
            for statement in (
                TABLE.format(time="timestamptz"),
                "ALTER ROLE postgres SET timezone = 'Asia/Shanghai'",
                f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'",
                "GRANT SELECT ON depot TO reader",
                "CREATE SCHEMA secluded",
                "CREATE TABLE secluded.hidden (a int)",
                "GRANT USAGE ON SCHEMA secluded TO reader",
            ):
                owner.execute(statement)
            owner.execute("SET timezone = 'Asia/Shanghai'")
            _ask_for_passwords(owner, Path(sock) / "data" / "pg_hba.conf")
            reader = f"postgresql://reader:{PASSWORD}@/postgres?host={sock}"
            yield Front("postgresql", reader, lambda statement: owner.execute(statement))
    except postgres.PostgresMissing as error:
        postgres.require(str(error))


def _ask_for_passwords(owner: psycopg.Connection[Any], rules: Path) -> None:
    """Of the reader: the server of tests trusts everybody."""
    loaded = "SELECT pg_conf_load_time()"
    before = owner.execute(loaded).fetchone()
    rules.write_text("local all reader scram-sha-256\n" + rules.read_text())
    owner.execute("SELECT pg_reload_conf()")
    while owner.execute(loaded).fetchone() == before:
        pass  # the server tells its backends once it has read them itself


@pytest.fixture(scope="session")
def mariadb_front() -> Iterator[Front]:
    try:
        with mariadb.serving() as sock:
            owner = pymysql.connect(unix_socket=str(sock), user="root", autocommit=True)
            with owner, owner.cursor() as cursor:
                for statement in (
                    "CREATE DATABASE front CHARACTER SET utf8mb4",
                    "USE front",
                    TABLE.format(time="datetime"),
                    f"CREATE USER reader@localhost IDENTIFIED BY '{PASSWORD}'",
                    "GRANT SELECT ON front.* TO reader@localhost",
                    "CREATE DATABASE secluded",
                    "CREATE TABLE secluded.hidden (a int)",
                ):
                    cursor.execute(statement)
                reader = f"mariadb://reader:{PASSWORD}@/front?unix_socket={sock}"
                yield Front("mariadb", reader, cursor.execute)
    except mariadb.MariadbMissing as error:
        missing("mariadb", str(error))


@pytest.fixture
def sqlite_front(tmp_path: Path) -> Iterator[Front]:
    path = tmp_path / "front end.db"
    owner = sqlite3.connect(path, isolation_level=None)
    owner.execute(TABLE.format(time="text"))
    yield Front("sqlite", f"sqlite:///{path}", owner.execute)
    owner.close()


@pytest.fixture(params=["postgres_front", "mariadb_front", "sqlite_front"])
def front(request: pytest.FixtureRequest) -> Front:
    """Each database in turn, with three depots."""
    found: Front = request.getfixturevalue(request.param)
    found.run("DELETE FROM depot")
    for n in (1, 2, 3):
        found.run(ROWS.format(n=n))
    return found
