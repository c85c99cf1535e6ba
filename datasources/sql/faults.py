"""What a database's refusal means, by its own codes: its words are in any language and may hold data."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from datasources.contract import SourceAuthFailed, SourceDataError, SourceError, SourceUnavailable


@dataclass(frozen=True, slots=True)
class Fault:
    """A SourceError to be: its class and safe text."""

    error: type[SourceError]
    code: str


UNREACHABLE = Fault(SourceUnavailable, "unreachable")
TIMEOUT = Fault(SourceUnavailable, "timeout")
LOCKED = Fault(SourceUnavailable, "locked")
PASSWORD = Fault(SourceAuthFailed, "auth_failed:login")
NO_RIGHT = Fault(SourceAuthFailed, "auth_failed:select")
WRONG_QUERY = Fault(SourceDataError, "wrong_query")
NOT_A_DATABASE = Fault(SourceDataError, "wrong_shape")

_POSTGRES: Mapping[str, Fault] = {
    "28": PASSWORD,
    "42501": NO_RIGHT,
    "57014": TIMEOUT,
    "55P03": LOCKED,
    "40": LOCKED,  # serialisation failures, as of a standby that must not wait for us
    "08": UNREACHABLE,
    "53": UNREACHABLE,
    "57": UNREACHABLE,
    "3D": UNREACHABLE,
    "25P03": TIMEOUT,
}
"""By SQLSTATE or its class; anything else is a query that can't be answered."""

_PASSWORD_WORDS = ("password", "authentication", "pg_hba", 'role "', "认证", "口令", "密码")
"""A server that refuses a login is known by its words only: libpq keeps no SQLSTATE of a failed connection."""

_MYSQL: Mapping[int, Fault] = {
    **dict.fromkeys((1045, 1698, 1251, 1275, 1862, 2061), PASSWORD),
    **dict.fromkeys((1044, 1142, 1143, 1227, 1370), NO_RIGHT),
    **dict.fromkeys((1969, 3024, 1317), TIMEOUT),
    **dict.fromkeys((1205, 1213, 3572), LOCKED),
    **dict.fromkeys((1040, 1049, 1053, 1129, 1130, 1203, 1226, 1927, 2002, 2003, 2006, 2013, 2014, 2055), UNREACHABLE),
}
"""By error number of MySQL and MariaDB."""

_SQLITE: Mapping[str, Fault] = {
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_INTERRUPT": TIMEOUT,
    "SQLITE_CANTOPEN": UNREACHABLE,
    "SQLITE_IOERR": UNREACHABLE,
    "SQLITE_PERM": NO_RIGHT,
    "SQLITE_AUTH": NO_RIGHT,
    "SQLITE_NOTADB": NOT_A_DATABASE,
    "SQLITE_CORRUPT": NOT_A_DATABASE,
}


def fault_of_postgres(error: BaseException) -> Fault:
    """Of an error of psycopg."""
    state = getattr(error, "sqlstate", None)
    if state is None and type(error).__name__ != "OperationalError":
        return WRONG_QUERY  # of the driver itself: a value that it can't read
    if state is None:
        words = str(error).lower()
        return PASSWORD if any(word in words for word in _PASSWORD_WORDS) else UNREACHABLE
    return _POSTGRES.get(state) or _POSTGRES.get(state[:2]) or WRONG_QUERY


def fault_of_mysql(error: BaseException) -> Fault:
    """Of an error of PyMySQL."""
    number = error.args[0] if error.args else None
    if not isinstance(number, int) or number == 0:  # a connection that was closed under it
        return UNREACHABLE
    return _MYSQL.get(number, WRONG_QUERY)


def fault_of_sqlite(error: BaseException) -> Fault:
    """Of an error of sqlite3."""
    name = str(getattr(error, "sqlite_errorname", "")) if isinstance(error, sqlite3.Error) else ""
    return _SQLITE.get("_".join(name.split("_")[:2]), WRONG_QUERY)
