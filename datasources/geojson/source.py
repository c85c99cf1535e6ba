"""The `geojson` source."""

from __future__ import annotations

from dataclasses import dataclass

from datasources.contract import Batch, FetchContext, Manifest, Rejection, SourceSettings, configured
from datasources.document import address, document_cursor, fetch_document
from datasources.geojson.normalise import normalise
from datasources.http import HttpClient
from datasources.mapping import RowMapping, read_mapping
from situation.records import Record

MANIFEST = Manifest(kind="geojson", records=("place",), interval_s=600, timeout_s=60, stale_after_s=3600)


@dataclass(frozen=True, slots=True)
class GeoJsonSource:
    """Features of one or several documents, all of one kind of record."""

    key: str
    manifest: Manifest
    urls: tuple[str, ...]
    mapping: RowMapping
    http: HttpClient

    def check(self) -> None:
        """Try the first document once."""
        normalise(self.http.get(self.urls[0]).json(), self.mapping)

    def fetch(self, context: FetchContext) -> Batch:
        """All documents; a single one only when it changed."""
        if len(self.urls) == 1:
            reply = fetch_document(self.http, self.urls[0], context)
            if reply.is_unchanged:
                return Batch(not_modified=True, cursor=context.cursor)
            records, rejected = normalise(reply.json(), self.mapping)
            return self._batch(records, rejected, document_cursor(reply))
        records, rejected = [], []
        for url in self.urls:
            found, refused = normalise(self.http.get(url, deadline_s=context.deadline_monotonic_s).json(), self.mapping)
            records += found
            rejected += refused
        return self._batch(records, rejected, None)

    def _batch(self, records: list[Record], rejected: list[Rejection], cursor: object) -> Batch:
        kind = self.mapping.record_type.kind
        return Batch(records=tuple(records), rejected=tuple(rejected), complete=frozenset({kind}), cursor=cursor)


def build(settings: SourceSettings, http: HttpClient) -> GeoJsonSource:
    """Make the source; raises ValueError for wrong options."""
    manifest = configured(MANIFEST, settings)
    mapping = read_mapping(settings, manifest.crs)
    paths = settings.options.get("paths") or [""]
    return GeoJsonSource(
        key=settings.key,
        manifest=configured(MANIFEST, settings, (mapping.record_type.kind,)),
        urls=tuple(address(settings, str(path)) for path in paths),
        mapping=mapping,
        http=http,
    )
