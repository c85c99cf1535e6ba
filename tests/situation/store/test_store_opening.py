"""Opening a store, and what it says when it can't."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError

from situation.batch import Batch
from situation.records import Camera
from situation.store import Store, StoreError
from situation.store import engine as engine_module
from situation.store.engine import errors_in_plain_words
from situation.store.tables import metadata

AT = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)


def test_migrations_make_the_tables_that_the_code_expects(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_opening_twice_changes_nothing(url: str) -> None:
    for _ in range(2):
        Store.open(url).close()


def test_a_damaged_database_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreError, match=r"city\.db: the file is not a database: move it away") as caught:
        Store.open(f"sqlite:///{path}")
    assert "\n" not in str(caught.value)


def test_a_missing_folder_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="check that the folder exists"):
        Store.open(f"sqlite:///{tmp_path}/nowhere/city.db")


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    store = Store.open(f"sqlite:///{path}")
    store.apply("police", Batch(records=(Camera(id="a", source="police"),)), AT)
    with store._writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    many = tuple(Camera(id=f"c{n}", source="police", name="x" * 100) for n in range(1000))
    with pytest.raises(StoreError, match="disk is full"):
        store.apply("police", Batch(records=many), AT)
    assert [each.id for _, each in store.load("camera")] == ["a"]
    store.close()


@pytest.mark.parametrize(
    ("url", "said"), [("nonsense", "not a database address"), ("mysql://u:secret@h/d", "mysql is not supported")]
)
def test_a_wrong_address_is_said_without_its_password(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_said_without_its_password() -> None:
    with pytest.raises(StoreError, match="does not answer") as caught:
        Store.open("postgresql://u:secret@127.0.0.1:1/d")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "said",
    [
        "FATAL: the database system is shutting down",
        "FATAL: the database system is starting up",
        "terminating connection due to administrator command",
        "server closed the connection unexpectedly",
    ],
)
def test_a_server_that_is_being_restarted_is_told_from_one_that_refuses(said: str) -> None:
    url = make_url("postgresql+psycopg://u:secret@h/d")
    with pytest.raises(StoreError, match="being stopped or started"), errors_in_plain_words(url):
        raise OperationalError("SELECT 1", {}, Exception(said))


def test_readers_see_whole_batches_only(store: Store) -> None:
    sizes: set[int] = set()
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            sizes.add(sum(1 for _ in store.load("camera")))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for step in range(1, 6):
        store.apply("police", Batch(records=tuple(Camera(id=f"{step}-{n}", source="p") for n in range(100))), AT)
    stop.set()
    watcher.join()
    assert all(size % 100 == 0 for size in sizes)


def test_an_old_database_of_sqlite_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    Store.open(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_keyframe_of_a_database_from_before_it_had_parts_can_be_restored(url: str) -> None:
    store = Store.open(url)
    store.apply("police", Batch(records=(Camera(id="a", source="police"),)), AT)
    store.keyframe(AT)
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        blob = "BLOB" if engine.dialect.name == "sqlite" else "BYTEA"
        for statement in (
            f"ALTER TABLE keyframe ADD COLUMN body {blob}",
            "UPDATE keyframe SET body = (SELECT body FROM keyframe_part)",
            "DROP TABLE keyframe_part",
            "UPDATE alembic_version SET version_num = '0006'",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    store = Store.open(url)
    assert list(store.restore(at=AT).records) == [("camera", "a")]
    store.close()


def test_every_migration_is_named_after_its_revision() -> None:
    for path in (Path(engine_module.__file__).parent / "migrations" / "versions").glob("[0-9]*.py"):
        assert f'revision = "{path.stem.split("_")[0]}"' in path.read_text("utf-8")
