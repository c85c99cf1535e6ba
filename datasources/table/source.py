"""The `table` source. Options besides the mapping: `path`, `encoding`, `delimiter`."""

from __future__ import annotations

from dataclasses import dataclass

from datasources.contract import Batch, FetchContext, Manifest, SourceDataError, SourceSettings, configured
from datasources.document import address, document_cursor, fetch_document
from datasources.http import HttpClient, Reply
from datasources.mapping import RowMapping, read_mapping
from datasources.table.normalise import normalise

MANIFEST = Manifest(kind="table", records=("place",), interval_s=600, timeout_s=60, stale_after_s=3600)


@dataclass(frozen=True, slots=True)
class TableSource:
    """One CSV document whose lines are records of one kind."""

    key: str
    manifest: Manifest
    url: str
    mapping: RowMapping
    encoding: str | None
    delimiter: str
    http: HttpClient

    def check(self) -> None:
        """Try the table once."""
        normalise(self._text(self.http.get(self.url)), self.mapping, self.delimiter)

    def fetch(self, context: FetchContext) -> Batch:
        """The whole table, when it changed."""
        reply = fetch_document(self.http, self.url, context)
        if reply.is_unchanged:
            return Batch(not_modified=True, cursor=context.cursor)
        records, rejected = normalise(self._text(reply), self.mapping, self.delimiter)
        return Batch(
            records=tuple(records),
            rejected=tuple(rejected),
            complete=frozenset({self.mapping.record_type.kind}),
            cursor=document_cursor(reply),
        )

    def _text(self, reply: Reply) -> str:
        if reply.is_html:
            raise SourceDataError("html", "HTML where CSV is due")
        return reply.text(self.encoding)


def build(settings: SourceSettings, http: HttpClient) -> TableSource:
    """Make the source; raises ValueError for wrong options."""
    manifest = configured(MANIFEST, settings)
    mapping = read_mapping(settings, manifest.crs)
    return TableSource(
        key=settings.key,
        manifest=configured(MANIFEST, settings, (mapping.record_type.kind,)),
        url=address(settings),
        mapping=mapping,
        encoding=settings.options.get("encoding"),
        delimiter=str(settings.options.get("delimiter", ",")),
        http=http,
    )
