"""Statements run for many rows at once, spelled for SQLite and PostgreSQL. Table and column names are ours alone."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table

Row = dict[str, Any]
_VALUES_PER_STATEMENT = 1000


def insert_many(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, which all have the same columns."""
    _insert(connection, table, rows, "")


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, replacing those with the same primary key. `rows` must not repeat a key."""
    keys = [column.name for column in table.primary_key.columns]
    others = [column.name for column in table.columns if column.name not in keys]
    replaced = ", ".join(f"{name} = excluded.{name}" for name in others)
    _insert(connection, table, rows, f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {replaced}")


def _insert(connection: Connection, table: Table, rows: Sequence[Row], tail: str) -> None:
    if not rows:
        return
    columns = list(rows[0])
    values = itemgetter(*columns)
    insert_tuples(connection, f"{table.name} ({', '.join(columns)})", [values(row) for row in rows], tail)


def insert_tuples(connection: Connection, target: str, rows: Sequence[tuple[Any, ...]], tail: str) -> None:
    """Insert rows of at least two values into `target` ("table (columns)"); `tail` is what to do with known keys.

    On SQLite many rows go into one statement: the driver lets go of the interpreter at each, and getting it back
    takes milliseconds when other threads are busy.
    """
    width = len(rows[0])
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(_statement(target, _marks("%s", width), tail), list(rows))
        return
    mark = _marks("?", width)
    step = max(_VALUES_PER_STATEMENT // width, 1)
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        statement = _statement(target, ", ".join([mark] * len(some)), tail)
        connection.exec_driver_sql(statement, tuple(value for row in some for value in row))


def _marks(mark: str, width: int) -> str:
    return f"({', '.join([mark] * width)})"


def _statement(target: str, values: str, tail: str) -> str:
    return " ".join(("INSERT INTO", target, "VALUES", values, tail))
