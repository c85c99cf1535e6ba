"""How the sources did: one row for each source and hour, and for each reason why something of it failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, select

from situation.store import tables
from situation.store.codec import to_ms
from situation.store.sql import upsert
from situation.store.tables import HOUR_MS

Begin = Callable[[], AbstractContextManager[Connection]]
Sort = Literal["rejected", "error"]

UP = ("ok_s", "degraded_s")
NOT_UP = ("frozen_s", "stale_s", "down_s")
"""Time in which a source was watched: what it is up of. Starting and paused time counts for neither."""


@dataclass(slots=True, kw_only=True)
class SourceHour:
    """What one source did in one hour (`hour`: hours since 1970). Durations are city seconds, latencies real ones.

    `records` and `observations` count what was delivered, again each time; `positioned`, `unpositioned` and `outside`
    (of the positioned: not in the district) count records that can have a position; `ahead` is what came from the
    future; `content_age_*_s` how old the newest content was, negative when its clock is ahead, None when unknown.
    """

    source: str
    hour: int
    fetches: int = 0
    failures: int = 0
    unchanged: int = 0
    records: int = 0
    observations: int = 0
    rejected: int = 0
    positioned: int = 0
    unpositioned: int = 0
    outside: int = 0
    ahead: int = 0
    latency_s: float = 0.0  # of all answers together
    slowest_s: float = 0.0
    content_age_least_s: float | None = None
    content_age_most_s: float | None = None
    ok_s: float = 0.0
    degraded_s: float = 0.0
    frozen_s: float = 0.0
    stale_s: float = 0.0
    down_s: float = 0.0
    starting_s: float = 0.0
    paused_s: float = 0.0

    @property
    def at(self) -> datetime:
        """When the hour began."""
        return datetime.fromtimestamp(self.hour * 3600, UTC)

    @property
    def up_s(self) -> float:
        """Seconds in which what it said could be taken for the present."""
        return self.ok_s + self.degraded_s

    @property
    def watched_s(self) -> float:
        """Seconds that can be up or not: neither paused, nor just starting, nor unobserved."""
        return self.up_s + self.frozen_s + self.stale_s + self.down_s


@dataclass(slots=True, kw_only=True)
class SourceReason:
    """Why records were rejected or fetches failed: how often, since when, and one masked sample."""

    source: str
    sort: Sort
    reason: str
    count: int
    first_at: datetime
    last_at: datetime
    sample: str = ""


_TOTAL: dict[str, Callable[[Any], Any]] = {
    "hour": func.min,
    "slowest_s": func.max,
    "content_age_least_s": func.min,
    "content_age_most_s": func.max,
}
"""How hours become one, where they are not added."""

_HOUR_FIELDS = tuple(each.name for each in fields(SourceHour))


def hour_of(at: datetime) -> int:
    """The hour a moment lies in."""
    return to_ms(at) // HOUR_MS


class SourceHistory:
    """Reads and writes the past of the sources. One writer (the collector), any number of readers."""

    def __init__(self, read: Begin, write: Begin) -> None:
        self._read = read
        self._write = write

    def save(self, hours: Iterable[SourceHour], reasons: Iterable[SourceReason]) -> None:
        """Keep these rows in place of what was kept of the same hours and reasons."""
        hour_rows = [asdict(hour) for hour in hours]
        reason_rows = [_to_row(reason) for reason in reasons]
        if hour_rows or reason_rows:
            with self._write() as connection:
                upsert(connection, tables.source_hour, hour_rows)
                upsert(connection, tables.source_reason, reason_rows)

    def hours(self, since: datetime, until: datetime, source: str = "") -> list[SourceHour]:
        """The hours that begin in [since's hour, until), of one source or all, by source and time."""
        table = tables.source_hour
        wanted = select(*(table.c[name] for name in _HOUR_FIELDS)).where(
            table.c.hour >= hour_of(since), table.c.hour * HOUR_MS < to_ms(until)
        )
        if source:
            wanted = wanted.where(table.c.source == source)
        with self._read() as connection:
            rows = connection.execute(wanted.order_by(table.c.source, table.c.hour)).all()
        return [SourceHour(**dict(zip(_HOUR_FIELDS, row, strict=True))) for row in rows]

    def totals(self, since: datetime, until: datetime) -> list[SourceHour]:
        """One row for each source: the sum of its hours that begin in [since's hour, until); `hour` is the first."""
        table = tables.source_hour
        columns = [_TOTAL.get(name, func.sum)(table.c[name]) for name in _HOUR_FIELDS[1:]]
        wanted = select(table.c.source, *columns).where(
            table.c.hour >= hour_of(since), table.c.hour * HOUR_MS < to_ms(until)
        )
        with self._read() as connection:
            rows = connection.execute(wanted.group_by(table.c.source).order_by(table.c.source)).all()
        return [SourceHour(**_plain(dict(zip(_HOUR_FIELDS, row, strict=True)))) for row in rows]

    def reasons(self, source: str = "") -> list[SourceReason]:
        """Why something failed, of one source or all, the newest first."""
        table = tables.source_reason
        wanted = select(table) if not source else select(table).where(table.c.source == source)
        with self._read() as connection:
            rows = connection.execute(wanted.order_by(table.c.last_at_ms.desc(), table.c.reason)).all()
        return [_to_reason(*row) for row in rows]

    def drop(self, reasons: Sequence[SourceReason]) -> None:
        """Forget reasons, to keep a source's list short."""
        table = tables.source_reason
        with self._write() as connection:
            for reason in reasons:
                mine = (table.c.source == reason.source) & (table.c.sort == reason.sort)
                connection.execute(delete(table).where(mine, table.c.reason == reason.reason))

    def forget(self, before: datetime) -> None:
        """Forget what is older."""
        with self._write() as connection:
            connection.execute(delete(tables.source_hour).where(tables.source_hour.c.hour < hour_of(before)))
            connection.execute(delete(tables.source_reason).where(tables.source_reason.c.last_at_ms < to_ms(before)))
            connection.execute(delete(tables.control_log).where(tables.control_log.c.at_ms < to_ms(before)))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL's sums of whole numbers are decimals."""
    return {name: int(value) if isinstance(value, Decimal) else value for name, value in row.items()}


def _to_row(reason: SourceReason) -> dict[str, object]:
    return {
        "source": reason.source,
        "sort": reason.sort,
        "reason": reason.reason,
        "count": reason.count,
        "first_at_ms": to_ms(reason.first_at),
        "last_at_ms": to_ms(reason.last_at),
        "sample": reason.sample,
    }


def _to_reason(
    source: str, sort: Sort, reason: str, count: int, first_at_ms: int, last_at_ms: int, sample: str
) -> SourceReason:
    return SourceReason(
        source=source,
        sort=sort,
        reason=reason,
        count=count,
        first_at=datetime.fromtimestamp(first_at_ms / 1000, UTC),
        last_at=datetime.fromtimestamp(last_at_ms / 1000, UTC),
        sample=sample,
    )
