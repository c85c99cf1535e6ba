"""The `files` source: finished files of a drop to records by the mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from datasources.contract import Batch, FetchContext, Manifest, SourceDataError, SourceSettings, configured
from datasources.fields import newest
from datasources.files.address import located, require_folder
from datasources.files.options import DropOptions
from datasources.files.taking import Taker
from datasources.files.whole import whole_lines
from datasources.formats import FormOptions, read_rows
from datasources.http import HttpClient
from datasources.mapping import MAPPABLE, Mapped, MappingOptions, RowMapping, read_mapping, require_ids
from datasources.options import read_options

MANIFEST = Manifest(
    kind="files",
    records=tuple(MAPPABLE),
    interval_s=60,
    timeout_s=60,
    stale_after_s=600,
    resumes=True,
)

_FORMATS: Mapping[str, str] = {
    "csv": "csv",
    "txt": "csv",
    "tsv": "tsv",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "geojson": "geojson",
    "xml": "xml",
    "gpx": "xml",
    "xlsx": "xlsx",
    "cbor": "cbor",
}
"""By the ending of a name, where the option `format` does not say."""


class FilesOptions(DropOptions, FormOptions, MappingOptions):
    """Where files are put, how they are read, and how their rows become records.

    Without `format` the ending of each file's name says it.
    """


@dataclass(frozen=True, slots=True)
class FilesSource:
    """One drop whose files are tables of one kind of record."""

    key: str
    manifest: Manifest
    options: FilesOptions
    mapping: RowMapping
    http: HttpClient

    def check(self) -> None:
        """Read the newest file once; raises SourceError, also when there is none."""
        mapped = self._taker(FetchContext(now=self.http.clock.now())).newest()
        if mapped is None:
            raise SourceDataError("empty", "no file in the folder has a name that is asked for")

    def fetch(self, context: FetchContext) -> Batch:
        """What was put there and is finished."""
        taken = self._taker(context).take(context)
        if taken.is_idle:
            return Batch(not_modified=True, cursor=context.cursor)
        contents = taken.contents
        is_everything = self.options.select == "newest" and bool(contents)
        return Batch(
            records=tuple(record for mapped in contents for record in mapped.records),
            observations=tuple(reading for mapped in contents for reading in mapped.observations),
            rejected=(*taken.rejected, *(bad for mapped in contents for bad in mapped.rejected)),
            complete=frozenset({self.mapping.record_type.kind}) if is_everything else frozenset(),
            content_at=newest(mapped.newest_at for mapped in contents),
            cursor=taken.memory.cursor(),
        )

    def _taker(self, context: FetchContext) -> Taker[Mapped]:
        def read(name: str, body: bytes) -> Mapped:
            form = self._form(name)
            lines, cut = whole_lines(body, form.format, form.delimiter, name)
            rows = read_rows(lines, form)
            mapped = require_ids(self.mapping.read(rows.rows, rows.geometries, now=context.now), self.mapping)
            return replace(mapped, rejected=(*mapped.rejected, *cut)) if cut else mapped

        return Taker(self.options, self.http.clock, self.manifest.timeout_s, read)

    def _form(self, name: str) -> FormOptions:
        if "format" in self.options.model_fields_set:
            return self.options
        ending = name.lower().rpartition(".")[2]
        found = _FORMATS.get(ending)
        if found is None:
            raise SourceDataError(
                "wrong_shape", f"no format is known for the ending of {name!r}: set the option format"
            )
        return self.options.model_copy(update={"format": found})


def build(settings: SourceSettings, http: HttpClient) -> FilesSource:
    """Make the source; raises OptionsError for wrong options. Opens nothing yet."""
    options = located(read_options(FilesOptions, settings), settings)
    require_folder(options, settings)
    manifest = configured(MANIFEST, settings)
    mapping = read_mapping(settings, manifest.crs)
    return FilesSource(
        settings.key, configured(MANIFEST, settings, (mapping.record_type.kind,)), options, mapping, http
    )
