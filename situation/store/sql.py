"""Statements run for many rows at once, spelled for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler

Row = dict[str, Any]


def execute_many(connection: Connection, statement: ClauseElement, rows: Sequence[Row]) -> None:
    """Run a statement for each row. The driver gets the rows as they are: SQLAlchemy's own way takes twice as long."""
    if not rows:
        return
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    if not isinstance(compiled, SQLCompiler) or compiled.positiontup is None:
        connection.exec_driver_sql(str(compiled), list(rows))
        return
    names = compiled.positiontup
    values = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    connection.exec_driver_sql(str(compiled), [values(row) for row in rows])


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, replacing those with the same primary key. `rows` must not repeat a key."""
    keys = [column.name for column in table.primary_key.columns]
    insert = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
    others = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
    execute_many(connection, insert.on_conflict_do_update(index_elements=keys, set_=others), rows)
