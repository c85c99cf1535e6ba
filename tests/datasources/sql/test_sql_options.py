"""What may be asked of a database, and how far it has been read: before anything is sent."""

from __future__ import annotations

import contextlib
import string
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from datasources.contract import SourceDataError
from datasources.http import HttpClient
from datasources.options import OptionsError
from datasources.registry import build
from datasources.sql.since import from_json, greatest, is_ascending, lowered, to_json, to_mark
from datasources.sql.statement import read_statement
from situation.settings import Secret

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)


def sent(query: str) -> str:
    """The query as the driver gets it."""
    statement, _ = read_statement(query)
    return str(text(statement).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    "query",
    [
        "select 1",
        "SELECT a, b::text FROM t -- it's; a comment\nWHERE x > :since;",
        "with a as (select 1) select * from a /* delete */",
        "select 'a;b', \"update\", t.delete, `into` from t",
        "select $$ a; :x $$ from t",
        "select $q$ it's $q$ from t",
        "select replace(name, 'a', 'b'), insert(name, 1, 2, 'x') from t",
        "select to_char(at, 'HH24:MI :ss') from t",
        "select a[1:2] from t",
        "SELECT 编号 FROM 案件 WHERE 时间 >= :since",
    ],
)
def test_a_query_that_only_reads_goes_through(query: str) -> None:
    assert sent(query).split()[0].lower() in ("select", "with")


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("", "empty"),
        ("-- nothing", "empty"),
        ("delete from t", "SELECT or WITH"),
        ("call purge()", "SELECT or WITH"),
        ("explain select 1", "SELECT or WITH"),
        ("(select 1)", "SELECT or WITH"),
        ("select 1; select 2", "more than one"),
        ("select 1;; ", "more than one"),
        ("with x as (delete from t returning *) select * from x", "only read"),
        ("with x as (select 1) update t set a = 1", "only read"),
        ("select * into outfile '/tmp/x' from t", "INTO"),
        ("select * into copy from t", "INTO"),
        ("select 1.into outfile '/tmp/x'", "INTO"),
        ("select * from t for update", "FOR UPDATE"),
        ("select * from t for no key update", "FOR UPDATE"),
        ("select * from t lock in share mode", "LOCK"),
        ("select /*!50000 1 */ 2", "comment"),
        ("select /*M! 1 */ 2", "comment"),
        ("select 'abc", "does not end"),
        ("select /* abc", "does not end"),
        ("select :until", "only parameter"),
    ],
)
def test_anything_else_is_refused_with_the_reason(query: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_statement(query)


@given(st.text(alphabet=string.printable + "中", max_size=60))
def test_text_in_quotes_reaches_the_database_unchanged(words: str) -> None:
    quoted = "'" + words.replace("'", "''") + "'"
    assert sent(f"select {quoted}").replace("%%", "%") == f"select {quoted}"


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_a_reason(query: str) -> None:
    with contextlib.suppress(ValueError):
        assert read_statement(query)[0]


def problems(**options: Any) -> str:
    given = {"database": Secret("sqlite:////tmp/x.db"), "query": "select 1 as id", **options}
    with pytest.raises(OptionsError) as caught:
        build(Block(kind="sql", url="", options=given), http=HttpClient())
    return str(caught.value)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"database": Secret("oracle://a:geheim@b/c")}, "oracle can't be read"),
        ({"database": Secret("geheim")}, "must be an address"),
        ({"database": Secret("sqlite://")}, "must name a file"),
        ({"query": "drop table t"}, "must begin with SELECT or WITH"),
        ({"query": "select 1 where 1 > :since"}, "go together"),
        ({"since_column": "id"}, "go together"),
        ({"row_cap": 0}, "greater than or equal to 1"),
        ({"colunm": 1}, "no known option"),
    ],
)
def test_wrong_options_are_told_without_the_address(options: dict[str, Any], why: str) -> None:
    told = problems(**options)
    assert why in told
    assert "geheim" not in told


naive = st.datetimes(datetime(1990, 1, 1), datetime(2026, 8, 1))  # noqa: DTZ001
marks = st.one_of(
    naive,
    naive.map(lambda at: at.replace(tzinfo=UTC)),
    st.dates(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
)


@given(marks)
def test_a_mark_survives_the_cursor(mark: Any) -> None:
    assert from_json(to_json(mark)) == mark


@given(st.lists(naive, min_size=1))
def test_the_greatest_is_kept_and_lowering_it_goes_back(times: list[datetime]) -> None:
    best = greatest(times, None, NOW, "Asia/Shanghai")
    assert best == max(times)
    assert lowered(best, 60) == max(times) - timedelta(seconds=60)


@pytest.mark.parametrize(
    ("mark", "overlap", "expected"),
    [
        ("2026-08-09 14:00:00", 60, "2026-08-09 13:59:00"),
        ("2026-08-09T14:00:00", 60, "2026-08-09T13:59:00"),
        ("2026-08-09T14:00:00Z", 60, "2026-08-09T13:59:00Z"),
        ("2026-08-09", 60, "2026-08-08"),
        ("A-17", 60, "A-17"),
        (17, 5.0, 12),
        (1786255200000, 60.0, 1786255140000),
        (date(2026, 8, 9), 60, date(2026, 8, 8)),
    ],
)
def test_a_mark_is_lowered_the_way_it_is_written(mark: Any, overlap: float, expected: Any) -> None:
    found = lowered(mark, overlap)
    assert found == expected
    assert type(found) is type(expected)


def test_what_has_no_order_is_refused() -> None:
    with pytest.raises(SourceDataError):
        to_mark(b"x")
    with pytest.raises(SourceDataError):
        greatest([1, "a"], None, NOW, None)
    assert to_mark(Decimal("17")) == 17
    assert not is_ascending([2, 1])
    assert not is_ascending([])
    assert is_ascending([1, 1, 2])
