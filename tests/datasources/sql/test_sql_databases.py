"""The `sql` kind on real databases: what is new, read-only, never for long, and what each refusal is called."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta
from typing import Any

import pytest
from pace import is_quick
from source_settings import Block

from datasources.contract import (
    Batch,
    FetchContext,
    SourceAuthFailed,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from datasources.http import HttpClient
from datasources.registry import build
from datasources.sql.source import SqlSource
from situation.clock import CityClock
from situation.records import Place
from situation.settings import Secret
from tests.datasources.sql.conftest import PASSWORD, ROWS, Front

SINCE = "SELECT code, name, bags, changed FROM depot WHERE changed > :since ORDER BY changed"
MAPPING = {
    "record": "place",
    "fields": {"id": "code", "stock": "bags", "stock_at": "changed"},
    "constants": {"place_kind": "supply_depot", "stock_unit": "只"},
}
CITY_S = 1786255200.0  # 2026-08-09 14:00 in Shanghai


def clock() -> CityClock:
    return CityClock(anchor_real_s=CityClock().now().timestamp(), anchor_city_s=CITY_S, speed=1.0)


def source(front: Front, query: str = SINCE, password: str = PASSWORD, **options: Any) -> SqlSource:
    given = {**MAPPING, "database": Secret(front.address(password)), "query": query, **options}
    if ":since" in query:
        given.setdefault("since_column", "changed")
    made = build(Block(kind="sql", url="", options=given), http=HttpClient(clock=clock()))
    assert isinstance(made, SqlSource)
    return made


def fetch(of: SqlSource, cursor: object = None, seconds: float = 20.0, later_s: float = 0) -> Batch:
    own = clock()
    now = own.now() + timedelta(seconds=later_s)
    return of.fetch(FetchContext(now=now, cursor=cursor, deadline_monotonic_s=own.monotonic() + seconds))


def ids(batch: Batch) -> list[str]:
    return [record.id for record in batch.records]


def test_rows_become_records_and_the_first_fetch_is_everything(front: Front) -> None:
    of = source(front)
    of.check()
    batch = fetch(of)
    assert ids(batch) == ["upstream.d1", "upstream.d2", "upstream.d3"]
    first = batch.records[0]
    assert isinstance(first, Place)
    assert (first.name, first.stock, first.stock_unit) == ("物资点1", 1.0, "只")
    assert first.stock_at is not None
    assert first.stock_at.isoformat() == "2026-08-09T05:01:00+00:00"
    assert batch.complete == frozenset({"place"})


def test_only_what_is_new_is_asked_for_with_an_overlap(front: Front) -> None:
    of = source(front, overlap=30)
    cursor = fetch(of).cursor
    front.run(ROWS.format(n=7))
    batch = fetch(of, cursor)
    assert ids(batch) == ["upstream.d3", "upstream.d7"]
    assert batch.complete == frozenset()
    assert ids(fetch(of, batch.cursor)) == ["upstream.d7"]


def test_the_cursor_outlives_a_restart_but_not_another_query(front: Front) -> None:
    cursor = fetch(source(front, overlap=0)).cursor
    assert ids(fetch(source(front, overlap=0), cursor)) == []
    assert len(ids(fetch(source(front, SINCE.replace("ORDER", " ORDER"), overlap=0), cursor))) == 3


def test_everything_is_asked_for_again_now_and_then(front: Front) -> None:
    of = source(front, full_every_s=60, overlap=0)
    cursor = fetch(of).cursor
    front.run("DELETE FROM depot WHERE code = 'd1'")
    assert ids(fetch(of, cursor, later_s=59)) == []
    batch = fetch(of, cursor, later_s=61)
    assert ids(batch) == ["upstream.d2", "upstream.d3"]
    assert batch.complete == frozenset({"place"})


def test_a_row_from_the_future_does_not_hide_later_ones(front: Front) -> None:
    front.run("INSERT INTO depot VALUES ('x', 'x', 1, '2099-01-01 00:00:00')")
    of = source(front, overlap=0)
    cursor = fetch(of).cursor
    front.run(ROWS.format(n=9))
    assert ids(fetch(of, cursor)) == ["upstream.d9", "upstream.x"]


def test_a_number_can_be_the_cursor(front: Front) -> None:
    query = "SELECT code, name, bags FROM depot WHERE bags > :since ORDER BY bags"
    of = source(front, query, since_column="bags", since_start=0, overlap=1)
    cursor = fetch(of).cursor
    assert ids(fetch(of, cursor)) == ["upstream.d3"]


def test_more_rows_than_the_cap_come_piece_by_piece_where_they_are_in_order(front: Front) -> None:
    of = source(front, row_cap=2, overlap=0)
    first = fetch(of)
    assert ids(first) == ["upstream.d1", "upstream.d2"]
    assert first.complete == frozenset()
    assert ids(fetch(of, first.cursor)) == ["upstream.d3"]


@pytest.mark.parametrize("query", ["SELECT code, name FROM depot", SINCE.replace("changed", "changed", 1) + " DESC"])
def test_more_rows_than_the_cap_are_refused_where_they_have_no_order(front: Front, query: str) -> None:
    with pytest.raises(SourceDataError) as caught:
        fetch(source(front, query, row_cap=2))
    assert caught.value.safe_text == "too_large"


def refused(of: SqlSource, seconds: float = 20.0) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetch(of, seconds=seconds)
    assert PASSWORD not in f"{caught.value!r} {caught.value.safe_text} {caught.value.__cause__!r}"
    return caught.value


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT nothing FROM depot", "wrong_query"),
        ("SELECT code FROM nowhere", "wrong_query"),
        ("SELECT code FROM depot WHERE", "wrong_query"),
        ("SELECT code AS a, name AS a FROM depot", "wrong_query"),
        ("SELECT name FROM depot WHERE changed > :since", "no_column:changed"),
    ],
)
def test_a_wrong_query_is_a_data_error(front: Front, query: str, code: str) -> None:
    error = refused(source(front, query))
    assert isinstance(error, SourceDataError)
    assert error.safe_text == code


def test_an_id_that_the_query_does_not_deliver_is_told(front: Front) -> None:
    assert refused(source(front, "SELECT name FROM depot")).safe_text == "no_column:code"


def test_a_date_of_zeros_is_no_time(mariadb_front: Front) -> None:
    mariadb_front.run("DELETE FROM depot")
    mariadb_front.run(ROWS.format(n=1))
    mariadb_front.run("SET sql_mode = ''")
    mariadb_front.run("INSERT INTO depot VALUES ('z', 'z', 1, '0000-00-00 00:00:00')")
    of = source(mariadb_front, "SELECT * FROM depot WHERE changed > :since OR code = 'z'", overlap=0)
    batch = fetch(of)
    assert {record.id: getattr(record, "stock_at", None) is None for record in batch.records} == {
        "upstream.d1": False,
        "upstream.z": True,
    }
    assert ids(fetch(of, batch.cursor)) == ["upstream.z"]


def test_a_time_that_python_can_not_hold_is_a_data_error(postgres_front: Front) -> None:
    query = "SELECT 'a' AS code, 'infinity'::timestamptz AS changed"
    assert isinstance(refused(source(postgres_front, query)), SourceDataError)


def test_everything_again_must_fit_into_one_fetch(front: Front) -> None:
    of = source(front, row_cap=2, overlap=0, full_every_s=60)
    cursor = fetch(of, fetch(of).cursor).cursor
    with pytest.raises(SourceDataError) as caught:
        fetch(of, cursor, later_s=61)
    assert caught.value.safe_text == "too_large"


@pytest.mark.parametrize("name", ["mariadb_front", "postgres_front"])
def test_a_table_without_the_right_to_read_it_is_an_auth_failure(name: str, request: pytest.FixtureRequest) -> None:
    error = refused(source(request.getfixturevalue(name), "SELECT a AS code FROM secluded.hidden"))
    assert isinstance(error, SourceAuthFailed)
    assert error.safe_text == "auth_failed:select"


@pytest.mark.parametrize("name", ["mariadb_front", "postgres_front"])
def test_a_wrong_password_is_an_auth_failure_and_stays_unsaid(name: str, request: pytest.FixtureRequest) -> None:
    error = refused(source(request.getfixturevalue(name), password="wrong-word"))
    assert isinstance(error, SourceAuthFailed)
    assert error.safe_text == "auth_failed:login"
    assert "wrong-word" not in f"{error!r} {error.__context__!r}"


def test_a_writing_function_is_stopped_by_the_session(postgres_front: Front) -> None:
    postgres_front.run("CREATE OR REPLACE FUNCTION purge() RETURNS int LANGUAGE sql AS 'DELETE FROM depot RETURNING 1'")
    postgres_front.run("GRANT DELETE ON depot TO reader")
    try:
        assert refused(source(postgres_front, "SELECT purge() AS code")).safe_text == "wrong_query"
    finally:
        postgres_front.run("REVOKE DELETE ON depot FROM reader")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("postgres_front", "SELECT pg_sleep(30)::text AS code"),
        ("mariadb_front", "SELECT sleep(30) AS code"),
        ("mariadb_front", "SELECT sum(a.seq * b.seq) AS code FROM seq_1_to_100000 a, seq_1_to_100000 b"),
        (
            "sqlite_front",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS code FROM n",
        ),
    ],
)
def test_a_long_query_is_ended_in_time(name: str, query: str, request: pytest.FixtureRequest) -> None:
    own = clock()
    started_s = own.monotonic()
    error = refused(source(request.getfixturevalue(name), query), seconds=2.0)
    assert isinstance(error, SourceUnavailable)
    assert error.safe_text == "timeout"
    assert is_quick(own.monotonic() - started_s, 20)


def test_millions_of_rows_are_not_fetched_to_be_thrown_away(postgres_front: Front, mariadb_front: Front) -> None:
    for front, query in (
        (postgres_front, "SELECT generate_series(1, 100000000) AS code"),
        (mariadb_front, "SELECT seq AS code FROM seq_1_to_100000000"),
    ):
        assert refused(source(front, query, row_cap=1000)).safe_text == "too_large"


@pytest.mark.parametrize(
    ("name", "query"),
    [
        (
            "postgres_front",
            "SELECT current_setting('transaction_read_only') AS code, current_setting('TimeZone') AS name,"
            " (SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout') AS bags",
        ),
        ("mariadb_front", "SELECT 'on' AS code, @@time_zone AS name, @@max_statement_time * 1000 AS bags"),
        # of a lock it waits half the time
        ("sqlite_front", "SELECT 'on' AS code, '+08:00' AS name, timeout * 2 AS bags FROM pragma_busy_timeout"),
    ],
)
def test_the_session_itself_has_the_limits(name: str, query: str, request: pytest.FixtureRequest) -> None:
    (told,) = fetch(source(request.getfixturevalue(name), query), seconds=10.0).records
    assert isinstance(told, Place)
    assert told.id == "upstream.on"
    assert told.name in ("Asia/Shanghai", "+08:00")
    assert told.stock is not None
    assert 5_000 < told.stock < 10_000


def test_a_lock_is_not_waited_for(sqlite_front: Front) -> None:
    sqlite_front.run("BEGIN EXCLUSIVE")
    error = refused(source(sqlite_front), seconds=4.0)
    assert isinstance(error, SourceUnavailable)
    assert error.safe_text == "locked"


def test_a_locked_table_is_called_locked(postgres_front: Front) -> None:
    postgres_front.run("BEGIN")
    try:
        postgres_front.run("LOCK TABLE depot")
        assert refused(source(postgres_front), seconds=4.0).safe_text == "locked"
    finally:
        postgres_front.run("ROLLBACK")


def test_a_connection_that_is_lost_in_the_middle_is_unreachable(postgres_front: Front) -> None:
    def end() -> None:
        found = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'reader'"
        while not is_over.is_set():
            postgres_front.run(found)

    is_over = threading.Event()
    ending = threading.Thread(target=end)
    ending.start()
    try:
        error = refused(source(postgres_front, "SELECT pg_sleep(20)::text AS code"))
    finally:
        is_over.set()
        ending.join()
    assert isinstance(error, SourceUnavailable)
    assert error.safe_text == "unreachable"


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://reader:{PASSWORD}@127.0.0.1:1/front",
        f"mysql://reader:{PASSWORD}@127.0.0.1:1/front",
        "sqlite:////nowhere/at/all.db",
    ],
)
def test_a_database_that_is_not_there_is_unreachable(address: str) -> None:
    error = refused(source(Front("", address, print)))
    assert isinstance(error, SourceUnavailable)
    assert error.safe_text == "unreachable"


@pytest.mark.parametrize("dialect", ["postgresql", "mysql"])
def test_a_server_that_says_nothing_is_left_in_time(dialect: str) -> None:
    own = clock()
    started_s = own.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"{dialect}://reader:{PASSWORD}@127.0.0.1:{silent.getsockname()[1]}/front"
        options = {**MAPPING, "database": Secret(address), "query": "SELECT 1 AS code"}
        of = build(Block(kind="sql", url="", timeout_s=2.0, options=options), http=HttpClient(clock=own))
        assert isinstance(of, SqlSource)
        error = refused(of)
    assert isinstance(error, SourceUnavailable)
    assert is_quick(own.monotonic() - started_s, 20)


def test_a_source_shows_its_address_to_nobody(mariadb_front: Front) -> None:
    of = source(mariadb_front)
    fetch(of)
    assert PASSWORD not in repr(of)
    assert PASSWORD not in repr(of.database)


def test_text_of_an_old_encoding_is_read(sqlite_front: Front) -> None:
    sqlite_front.run("DELETE FROM depot")
    sqlite_front.run("INSERT INTO depot VALUES ('g', CAST(x'cec2d7cad6a4' AS text), 1, '2026-08-09 13:00:00')")
    assert fetch(source(sqlite_front)).records[0].name == "温资证"
