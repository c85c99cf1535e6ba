"""The `open311` source.

Options: `format` (json or xml), `states` (their words → CaseState), `agencies` (agency_responsible → department key),
`backfill_days` (30), `page_size` (1000), `jurisdiction_id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from datasources.contract import Batch, FetchContext, Manifest, SourceError, SourceSettings, configured
from datasources.document import address
from datasources.fields import instant, zone
from datasources.http import HttpClient
from datasources.open311.document import read_rows
from datasources.open311.normalise import Dialect, content_at, normalise, service_names
from datasources.open311.pages import read_pages
from datasources.open311.states import read_states

MANIFEST = Manifest(kind="open311", records=("case",), interval_s=10, timeout_s=60, stale_after_s=120, resumes=True)
FORMATS = ("json", "xml")
WINDOW = timedelta(days=90)
OVERLAP = timedelta(minutes=2)
"""Asked again each time: servers show a change a little after the time they give it."""

SERVICES_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Open311Source:
    """A department's cases: back-filled in windows at first, then by what changed since."""

    key: str
    manifest: Manifest
    settings: SourceSettings
    dialect: Dialect
    http: HttpClient

    def check(self) -> None:
        """Try one small page."""
        read_rows(self.http.get(self._url("requests"), params={"page_size": 1}))

    def fetch(self, context: FetchContext) -> Batch:
        """Everything of the back-fill's days on the first fetch, then what was updated since the cursor."""
        cursor = context.cursor if isinstance(context.cursor, dict) else {}
        since = instant(cursor.get("updated_after"))
        rows = self._window_rows(context) if since is None else self._changed_rows(since, context)
        services, services_at = self._services(cursor, context)
        cases, rejected = normalise(rows, replace(self.dialect, services=services))
        newest_at = content_at(cases)
        # never ahead of our time: after an upstream's clock was put right, its changes would be missed
        reached = max(since or context.now - WINDOW, min(newest_at or context.now - OVERLAP, context.now))
        return Batch(
            records=tuple({case.id: case for case in cases}.values()),
            rejected=tuple(rejected),
            content_at=newest_at,
            cursor={
                "updated_after": reached.isoformat(),
                "services": services,
                "services_at": services_at.isoformat() if services_at else None,
            },
        )

    def _window_rows(self, context: FetchContext) -> list[Any]:
        end = context.now
        start = end - timedelta(days=float(self.settings.options.get("backfill_days", 30)))
        rows: list[Any] = []
        while end > start:
            begin = max(start, end - WINDOW)
            rows += self._rows({"start_date": _w3c(begin), "end_date": _w3c(end)}, context)
            end = begin
        return rows

    def _changed_rows(self, since: datetime, context: FetchContext) -> list[Any]:
        return self._rows({"updated_after": _w3c(since - OVERLAP)}, context)

    def _rows(self, query: Mapping[str, str], context: FetchContext) -> list[Any]:
        page_size = int(self.settings.options.get("page_size", 1000))
        return read_pages(
            self.http, self._url("requests"), {**self._fixed(), **query, "page_size": page_size}, self.settings, context
        )

    def _services(
        self, cursor: Mapping[str, Any], context: FetchContext
    ) -> tuple[dict[str, list[str]], datetime | None]:
        """The services list, asked for once an hour; a server without one has no names, and still has cases."""
        known, asked_at = cursor.get("services"), instant(cursor.get("services_at"))
        if isinstance(known, dict) and asked_at and context.now - asked_at < SERVICES_EVERY:
            return known, asked_at
        try:
            reply = self.http.get(self._url("services"), params=self._fixed(), deadline_s=context.deadline_monotonic_s)
            return service_names(read_rows(reply)), context.now
        except SourceError:  # the cases are here already; their names can wait
            return (known if isinstance(known, dict) else {}), context.now

    def _fixed(self) -> dict[str, str]:
        jurisdiction = self.settings.options.get("jurisdiction_id")
        return {"jurisdiction_id": str(jurisdiction)} if jurisdiction else {}

    def _url(self, resource: str) -> str:
        return address(self.settings, f"{resource}.{self.settings.options.get('format', 'json')}")


def _w3c(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def build(settings: SourceSettings, http: HttpClient) -> Open311Source:
    """Make the source; raises ValueError for wrong options."""
    chosen = settings.options.get("format", "json")
    if chosen not in FORMATS:
        raise ValueError(f"sources.{settings.key}.options.format: {chosen!r}; allowed: {', '.join(FORMATS)}")
    zone(settings.timezone)
    manifest = configured(MANIFEST, settings)
    dialect = Dialect(
        key=settings.key,
        department=settings.department,
        crs=manifest.crs,
        zone=settings.timezone,
        states=read_states(settings.key, settings.options.get("states", {})),
        agencies=dict(settings.options.get("agencies", {})),
    )
    return Open311Source(settings.key, manifest, settings, dialect, http)
