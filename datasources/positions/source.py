"""The `positions` source. Options: `path`, `encoding`, `rows` (the list's name), `fields` (ours → theirs)."""

from __future__ import annotations

from dataclasses import dataclass

from datasources.contract import Batch, FetchContext, Manifest, SourceSettings, configured
from datasources.decode import decode_json
from datasources.document import address, document_cursor, fetch_document
from datasources.fields import newest, zone
from datasources.http import HttpClient, Reply
from datasources.positions.normalise import FIELDS, Reading, normalise

MANIFEST = Manifest(
    kind="positions",
    records=("officer",),
    interval_s=15,
    timeout_s=15,
    stale_after_s=120,
    crs="bd09",
    moves_within_s=900,
)


@dataclass(frozen=True, slots=True)
class PositionsSource:
    """Everybody's last position in one reply."""

    key: str
    manifest: Manifest
    url: str
    encoding: str | None
    reading: Reading
    http: HttpClient

    def check(self) -> None:
        """Try the service once."""
        normalise(self._json(self.http.get(self.url)), self.reading)

    def fetch(self, context: FetchContext) -> Batch:
        """All positions."""
        reply = fetch_document(self.http, self.url, context)
        if reply.is_unchanged:
            return Batch(not_modified=True, cursor=context.cursor)
        officers, rejected = normalise(self._json(reply), self.reading)
        return Batch(
            records=tuple(officers),
            rejected=tuple(rejected),
            complete=frozenset({"officer"}),
            content_at=newest(officer.positioned_at for officer in officers),
            cursor=document_cursor(reply),
        )

    def _json(self, reply: Reply) -> object:
        return decode_json(reply.body, reply.headers.get("Content-Type", ""), self.encoding)


def build(settings: SourceSettings, http: HttpClient) -> PositionsSource:
    """Make the source; raises ValueError for an unknown zone or field."""
    manifest = configured(MANIFEST, settings)
    zone(settings.timezone)
    fields = dict(settings.options.get("fields", {}))
    if unknown := set(fields) - set(FIELDS):
        where = f"sources.{settings.key}.options.fields"
        raise ValueError(f"{where}: {sorted(unknown)[0]!r}; allowed: {', '.join(FIELDS)}")
    reading = Reading(
        key=settings.key,
        department=settings.department,
        crs=manifest.crs,
        zone=settings.timezone,
        fields={**FIELDS, **fields},
        rows_at=str(settings.options.get("rows", "rows")),
    )
    path = str(settings.options.get("path", "api/person/position/list"))
    return PositionsSource(
        settings.key, manifest, address(settings, path), settings.options.get("encoding"), reading, http
    )
