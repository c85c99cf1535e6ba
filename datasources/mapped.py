"""Sources that are whole documents of rows: fetched by GET, only when they changed, and mapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import Field

from datasources.contract import Batch, FetchContext, Manifest, SourceSettings, configured
from datasources.document import address, document_cursor, fetch_document
from datasources.formats import FormOptions, read_rows
from datasources.http import HttpClient, Reply
from datasources.mapping import Mapped, MappingOptions, RowMapping, read_mapping, require_ids
from datasources.options import read_options


class DocumentOptions(FormOptions, MappingOptions):
    """Options of sources that are documents: `path`, or several `paths`, below `url`."""

    path: str = ""
    paths: tuple[str, ...] = Field(default=())


@dataclass(frozen=True, slots=True)
class MappedDocuments:
    """Rows of one or several documents, all of one kind of record; together everything the source has."""

    key: str
    manifest: Manifest
    urls: Sequence[str]
    form: FormOptions
    mapping: RowMapping
    http: HttpClient

    def check(self) -> None:
        """Try the first document once."""
        self._read(self.http.get(self.urls[0]))

    def fetch(self, context: FetchContext) -> Batch:
        """All documents; a single one only when it changed."""
        if len(self.urls) == 1:
            reply = fetch_document(self.http, self.urls[0], context)
            if reply.is_unchanged:
                return Batch(not_modified=True, cursor=context.cursor)
            return self._batch([self._read(reply)], document_cursor(reply))
        deadline_s = context.deadline_monotonic_s
        return self._batch([self._read(self.http.get(url, deadline_s=deadline_s)) for url in self.urls], None)

    def _read(self, reply: Reply) -> Mapped:
        found = read_rows(reply.body, self.form, reply.headers.get("Content-Type", ""))
        mapped = self.mapping.read(found.rows, found.geometries, now=reply.received_at)
        return require_ids(mapped, self.mapping)

    def _batch(self, parts: Sequence[Mapped], cursor: object) -> Batch:
        return Batch(
            records=tuple(record for part in parts for record in part.records),
            observations=tuple(one for part in parts for one in part.observations),
            rejected=tuple(bad for part in parts for bad in part.rejected),
            complete=frozenset({self.mapping.record_type.kind}),
            content_at=max((part.newest_at for part in parts if part.newest_at), default=None),
            cursor=cursor,
        )


def build_documents(
    manifest: Manifest, options_type: type[DocumentOptions], settings: SourceSettings, http: HttpClient
) -> MappedDocuments:
    """Make such a source; raises OptionsError."""
    options = read_options(options_type, settings)
    mapping = read_mapping(settings, settings.crs or manifest.crs, options)
    return MappedDocuments(
        key=settings.key,
        manifest=replace(configured(manifest, settings), records=(mapping.record_type.kind,)),
        urls=tuple(address(settings, path) for path in options.paths or (options.path,)),
        form=options,
        mapping=mapping,
        http=http,
    )
