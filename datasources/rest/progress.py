"""How far an incremental source has come: what its cursor remembers and what it asks for next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from datasources.fields import instant, number
from datasources.mapping.convert import moment, word_of
from datasources.mapping.paths import Getter, compile_path
from datasources.rest.options import IncrementalOptions

FUTURE_TOLERANCE = timedelta(minutes=5)
"""Rows from further ahead don't move the cursor: a wrong clock upstream must not hide what comes until then."""


@dataclass(frozen=True, slots=True)
class Start:
    """What one fetch asks for. `since` None: everything."""

    since: datetime | float | str | None
    is_full: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Reads and writes the cursor `{"since": …, "full_at": …}`."""

    options: IncrementalOptions
    get: Getter
    zone: str | None
    time_format: str

    @classmethod
    def of(cls, options: IncrementalOptions, zone: str | None, time_format: str) -> Progress:
        """How far a source with these options comes."""
        return cls(options, compile_path(options.field), zone, time_format)

    def start(self, cursor: Any, now: datetime) -> Start:
        """What to ask for, given the cursor of the last batch."""
        kept = cursor if isinstance(cursor, Mapping) else {}
        since = self._read(kept.get("since"))
        full_every_s = self.options.full_every_s
        if full_every_s is not None:
            full_at = instant(kept.get("full_at"))
            if full_at is None or now - full_at >= timedelta(seconds=full_every_s):
                return Start(None, is_full=True)
        if since is None:
            backfill_s = self.options.backfill_s
            is_told = backfill_s is not None and self.options.type == "time"
            return Start(now - timedelta(seconds=backfill_s or 0) if is_told else None, is_full=False)
        if isinstance(since, datetime):
            since -= timedelta(seconds=self.options.overlap_s)
        return Start(since, is_full=False)

    def cursor(self, before: Any, rows: Sequence[Any], start: Start, now: datetime) -> dict[str, Any]:
        """The cursor after a fetch that read `rows`; it never goes back."""
        kept = before if isinstance(before, Mapping) else {}
        found = [self._read(self.get(row)) for row in rows if isinstance(row, Mapping)]
        known = [value for value in (*found, self._read(kept.get("since"))) if value is not None]
        latest = now + FUTURE_TOLERANCE
        values = [value for value in known if not isinstance(value, datetime) or value <= latest]
        newest: Any = max(values, default=None)  # all of one type: `_read` makes them so
        if isinstance(newest, datetime):
            newest = newest.isoformat()
        full_at = now.isoformat() if start.is_full else kept.get("full_at")
        return {"since": newest, "full_at": full_at}

    def _read(self, value: Any) -> Any:
        if value is None or value == "":
            return None
        if self.options.type == "number":
            found = number(value)
            return int(found) if found is not None and found.is_integer() else found
        if self.options.type == "text":
            return word_of(value)
        return moment(self.zone, self.time_format, takes_beginning=False)(value)
