"""The `sql` source: rows of a query to records by the mapping; only what is new where the query has `:since`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from datasources.contract import Batch, FetchContext, Manifest, SourceDataError, SourceSettings, configured
from datasources.fields import instant, zone
from datasources.http import HttpClient
from datasources.mapping import MAPPABLE, RowMapping, read_mapping, require_ids
from datasources.options import read_options
from datasources.sql.options import SqlOptions
from datasources.sql.since import Mark, from_json, greatest, is_ascending, lowered, to_json, to_mark
from datasources.sql.statement import read_statement

if TYPE_CHECKING:
    from datasources.sql.database import Answer, Database

MANIFEST = Manifest(
    kind="sql",
    records=tuple(MAPPABLE),
    interval_s=60,
    timeout_s=30,
    stale_after_s=600,
    resumes=True,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a source has come: `mark` is the greatest value read, `full_at` when everything was read last."""

    mark: Mark | None = None
    full_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlSource:
    """One query of one database."""

    key: str
    manifest: Manifest
    options: SqlOptions
    mapping: RowMapping
    database: Database
    zone: str | None

    def check(self) -> None:
        """Ask for the first rows once; raises SourceError."""
        clock = self.database.clock
        context = FetchContext(now=clock.now(), deadline_monotonic_s=clock.monotonic() + self.manifest.timeout_s)
        require_ids(self.mapping.read(self._ask(context, self._start(), 100).rows), self.mapping)

    def fetch(self, context: FetchContext) -> Batch:
        """What is new, everything where the query has no `:since`."""
        progress = self._progress(context.cursor)
        is_full = progress.mark is None or self._is_full_due(progress, context.now)
        since = self._start() if is_full or progress.mark is None else lowered(progress.mark, self.options.overlap)
        answer = self._ask(context, since, self.options.row_cap + 1)
        is_cut = len(answer.rows) > self.options.row_cap
        if is_cut:
            answer = self._cut(answer)
        mark = greatest(answer.marks, progress.mark, context.now, self.zone)
        if is_cut and mark == progress.mark:
            raise SourceDataError("too_large", f"more than {self.options.row_cap} rows within overlap or full_every_s")
        mapped = require_ids(self.mapping.read(answer.rows, now=context.now), self.mapping)
        return Batch(
            records=mapped.records,
            observations=mapped.observations,
            rejected=mapped.rejected,
            complete=frozenset({self.mapping.record_type.kind}) if is_full and not is_cut else frozenset(),
            content_at=mapped.newest_at,
            cursor=self._cursor(mark, context.now if is_full else progress.full_at),
        )

    def _ask(self, context: FetchContext, since: Mark | None, most: int) -> Answer:
        from datasources.sql.database import Asked

        statement, has_since = read_statement(self.options.query)
        return self.database.read(
            Asked(
                statement=statement,
                since=since if has_since else None,
                since_column=self.options.since_column,
                most=most,
                now=context.now,
                deadline_s=context.deadline_monotonic_s,
            )
        )

    def _start(self) -> Mark:
        """The first `:since`, a time as its database compares it: of our zone, without one."""
        start = self.options.since_start
        is_text = self.database.url.get_backend_name() == "sqlite"
        if isinstance(start, datetime):
            local = start.astimezone(zone(self.zone)).replace(tzinfo=None) if start.tzinfo else start
            return local.isoformat(sep=" ", timespec="seconds") if is_text else local
        return start.isoformat() if is_text and isinstance(start, date) else start

    def _cut(self, answer: Answer) -> Answer:
        """The rows up to the cap, without those whose mark the next fetch may find more of; in order of the marks."""
        marks = [to_mark(mark) for mark in answer.marks]
        if not is_ascending(marks):
            raise SourceDataError(
                "too_large", f"more than {self.options.row_cap} rows: ask for less, or ORDER BY the since_column"
            )
        whole = marks.index(marks[-1])
        if whole == 0:
            raise SourceDataError("too_large", f"{len(marks)} rows have the same {self.options.since_column}")
        return replace(answer, rows=answer.rows[:whole], marks=answer.marks[:whole])

    def _is_full_due(self, progress: Progress, now: datetime) -> bool:
        every_s = self.options.full_every_s
        if every_s is None:
            return False
        return progress.full_at is None or now - progress.full_at >= timedelta(seconds=every_s)

    def _progress(self, cursor: Any) -> Progress:
        """From the cursor; from the start when the query was changed since."""
        if not isinstance(cursor, dict) or cursor.get("query") != self._fingerprint:
            return Progress()
        return Progress(from_json(cursor.get("since")), instant(cursor.get("full_at")))

    def _cursor(self, mark: Mark | None, full_at: datetime | None) -> dict[str, Any] | None:
        if not self.options.since_column:
            return None
        return {
            "query": self._fingerprint,
            "since": None if mark is None else to_json(mark),
            "full_at": None if full_at is None else full_at.isoformat(),
        }

    @property
    def _fingerprint(self) -> str:
        return blake2b(repr((self.options.query, self.options.since_column)).encode(), digest_size=8).hexdigest()


def build(settings: SourceSettings, http: HttpClient) -> SqlSource:
    """Make the source; raises OptionsError or ValueError for wrong options. Connects to nothing yet."""
    from datasources.sql.database import Database, read_url

    options = read_options(SqlOptions, settings)
    manifest = configured(MANIFEST, settings)
    mapping = read_mapping(settings, manifest.crs)
    url = read_url(options.database.reveal())
    return SqlSource(
        key=settings.key,
        manifest=configured(MANIFEST, settings, (mapping.record_type.kind,)),
        options=options,
        mapping=mapping,
        database=Database(url=url, zone=settings.timezone, clock=http.clock, timeout_s=manifest.timeout_s),
        zone=settings.timezone,
    )
