"""Reading rows of a SELECT: a connection for each fetch, read-only, cut by the deadline, rows streamed and capped."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, CursorResult, Engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from datasources.contract import SourceDataError, SourceError
from datasources.decode import decode_text
from datasources.fields import clean
from datasources.sql.dialects import Dialect, Session, dialect_of
from datasources.sql.faults import TIMEOUT, WRONG_QUERY
from datasources.sql.since import NO_DATE, Mark
from situation.clock import Clock

BYTE_CAP = 64 * 1024 * 1024
"""Text and bytes of all rows of one fetch."""

_PAGE = 1000
_DETAIL_LENGTH = 300
_SHORTEST_SECRET = 4
"""A shorter password would be found in any word, and is none."""

_OF_THE_TIME_LEFT = 0.9
"""For the server's own timeout: it ends the query a little before the deadline cuts the connection."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One query. `since` is None where it has no such parameter; at most `most` rows are read."""

    statement: str
    since: Mark | None
    since_column: str
    most: int
    now: datetime
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows, column → plain value, and what stands in `since_column` of each, as the database gave it."""

    rows: list[Row]
    marks: list[Any]


@dataclass(slots=True)
class Database:
    """A department's database. Its address, which may hold a password, never leaves it."""

    url: URL = field(repr=False)
    zone: str | None
    clock: Clock
    timeout_s: float
    _engine: Engine | None = None

    @property
    def dialect(self) -> Dialect:
        """How this database is spoken to."""
        return dialect_of(self.url)

    def read(self, asked: Asked) -> Answer:
        """The rows of a query; raises SourceError. The connection is closed afterwards."""
        seconds = min(asked.deadline_s - self.clock.monotonic(), self.timeout_s)
        if seconds <= 0:
            raise TIMEOUT.error(TIMEOUT.code, "no time left")
        late = _Late(self.clock, self.clock.monotonic() + seconds)
        try:
            return self._read(asked, Session(seconds * _OF_THE_TIME_LEFT, asked.most, self.zone, asked.now, late))
        except DBAPIError as error:
            cause = error.orig or error
            fault = TIMEOUT if late() else self.dialect.fault(cause)
            raise fault.error(fault.code, self._shown(cause)) from None  # its text holds the query and may hold more
        except (SQLAlchemyError, ValueError) as error:
            if late():
                raise TIMEOUT.error(TIMEOUT.code, "cut by the deadline") from None
            raise self._not_readable(error) from None

    def _read(self, asked: Asked, session: Session) -> Answer:
        if self._engine is None:
            self._engine = self.dialect.engine(self.url, self.timeout_s)
        with self._engine.connect() as connection, self._cut(connection.connection.driver_connection, session):
            self.dialect.prepare(connection, session)
            statement = text(asked.statement)
            given = {} if asked.since is None else {"since": asked.since}
            streaming = connection.execution_options(stream_results=True, max_row_buffer=_PAGE)
            with streaming.execute(statement, given) as result:
                return _taken(result, asked, session)

    @contextlib.contextmanager
    def _cut(self, raw: Any, session: Session) -> Iterator[None]:
        """Shut the connection at the deadline, whatever the driver is waiting for."""
        fileno = self.dialect.fileno(raw)
        if fileno is None:
            yield
            return
        with socket.socket(fileno=os.dup(fileno)) as sock:
            timer = threading.Timer(session.seconds / _OF_THE_TIME_LEFT, lambda: _shut(sock))
            timer.daemon = True
            timer.start()
            try:
                yield
            finally:
                timer.cancel()
                timer.join()

    def _shown(self, error: BaseException) -> str:
        """What the database said, fit for the log: one line, without our password."""
        said = str(error.args[1] if len(error.args) > 1 else error).strip() or type(error).__name__
        password = str(self.url.password or "")
        if len(password) >= _SHORTEST_SECRET:
            for secret in (password, quote(password, safe="")):
                said = said.replace(secret, "***")
        return f"{type(error).__name__}: {clean(said.splitlines()[0], _DETAIL_LENGTH)}"

    def _not_readable(self, error: Exception) -> SourceError:
        if isinstance(error, UnicodeError):
            return SourceDataError("encoding", "text in another encoding than the database promises")
        return SourceDataError(WRONG_QUERY.code, self._shown(error))


@dataclass(frozen=True, slots=True)
class _Late:
    """Whether the deadline has passed."""

    clock: Clock
    until_s: float

    def __call__(self) -> bool:
        return self.clock.monotonic() >= self.until_s


def read_url(address: str) -> URL:
    """An address like `postgresql://reader:…@10.1.1.5/front`; raises ValueError that doesn't repeat it."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ValueError("must be an address like postgresql://user:password@host:5432/database") from None
    dialect_of(url)
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("must name a file: sqlite:////srv/front.db")
    return url


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it may close itself at this very moment
        sock.shutdown(socket.SHUT_RDWR)


def _taken(result: CursorResult[Any], asked: Asked, session: Session) -> Answer:
    columns = _columns(result)
    place = _place(columns, asked.since_column)
    answer = Answer([], [])
    size = 0
    for page in result.partitions(_PAGE):
        for row in page[: asked.most - len(answer.rows)]:
            plain = [to_plain(value) for value in row]
            size += sum(len(value) for value in plain if isinstance(value, str))
            answer.rows.append(dict(zip(columns, plain, strict=True)))
            if place is not None:
                answer.marks.append(row[place])
        if len(answer.rows) >= asked.most:
            break
        if size > BYTE_CAP:
            raise SourceDataError("too_large", f"more than {BYTE_CAP} bytes of text in {len(answer.rows)} rows")
        if session.is_late():
            raise TIMEOUT.error(TIMEOUT.code, f"after {len(answer.rows)} rows")
    return answer


def _place(columns: Sequence[str], name: str) -> int | None:
    if not name:
        return None
    if name not in columns:
        raise SourceDataError(f"no_column:{name}", f"columns are {', '.join(columns[:20])}")
    return columns.index(name)


def _columns(result: CursorResult[Any]) -> Sequence[str]:
    columns = list(result.keys())
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise SourceDataError(
            WRONG_QUERY.code, f"two columns are called {clean(twice[0], 60)}: give them names with AS"
        )
    return columns


def to_plain(value: Any) -> Any:
    """A database's value as JSON would have it: times in ISO 8601, numbers as they count, bytes as text."""
    if value is None or (isinstance(value, str) and value.startswith(NO_DATE)):
        return None
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | bytearray | memoryview):
        return _text_of(bytes(value))
    return value if isinstance(value, dict | list) else str(value)


def _text_of(value: bytes) -> str | None:
    """Text that a column of bytes holds; None for pictures and the like."""
    if b"\x00" in value:
        return None
    try:
        return decode_text(value)
    except SourceDataError:
        return None
