"""A fresh store for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from postgres import PostgresMissing, require, serving

from situation.store import Store

BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database to copy: migrating anew for each test would take most of the time."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """The folder of the socket of a running server with the migrated database `empty`."""
    try:
        with serving() as socket:
            _execute(socket, "CREATE DATABASE empty")
            Store.open(_postgres_url(socket, "empty")).close()
            yield socket
    except PostgresMissing as error:
        require(str(error))


def _execute(socket: str, statement: str) -> None:
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)


def _postgres_url(socket: str, database: str) -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={socket}"


@pytest.fixture(params=BACKENDS)
def new_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path
) -> Callable[[], str]:
    """Makes addresses of fresh, empty, migrated databases."""

    def new_sqlite() -> str:
        path = tmp_path_factory.mktemp("store") / "city.db"
        shutil.copy(empty_sqlite, path)
        return f"sqlite:///{path}"

    def new_postgres() -> str:
        name = f"city{next(_numbers)}"
        _execute(socket, f"CREATE DATABASE {name} TEMPLATE empty")
        return _postgres_url(socket, name)

    if request.param == "sqlite":
        return new_sqlite
    socket: str = request.getfixturevalue("postgres_socket")
    return new_postgres


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """Address of a fresh, empty, migrated database."""
    return new_url()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A fresh, empty store."""
    opened = Store.open(url, migrate=False)
    yield opened
    opened.close()
