"""The `gpx` source: files of a drop, or one document that a server keeps up to date."""

from __future__ import annotations

from dataclasses import dataclass

from datasources.contract import Batch, FetchContext, Manifest, SourceDataError, SourceSettings, configured
from datasources.document import address, document_cursor, fetch_document
from datasources.fields import newest, zone
from datasources.files.address import located
from datasources.files.taking import Taker
from datasources.gpx.normalise import Reading, Walk, normalise
from datasources.gpx.options import GpxOptions
from datasources.http import HttpClient
from datasources.options import read_options

MANIFEST = Manifest(
    kind="gpx",
    records=("officer",),
    interval_s=60,
    timeout_s=60,
    stale_after_s=600,
    resumes=True,
    has_tracks=True,
)


@dataclass(frozen=True, slots=True)
class GpxSource:
    """Tracks of one department. Nobody is removed: a file says where somebody was, not who else there is."""

    key: str
    manifest: Manifest
    url: str
    options: GpxOptions
    reading: Reading
    http: HttpClient

    def check(self) -> None:
        """Read the newest file once; raises SourceError, also when there is none."""
        context = FetchContext(now=self.http.clock.now())
        if not self.options.folder:
            normalise(self.http.get(self.url).body, self.url, self.reading, context.now)
        elif self._taker(context).newest() is None:
            raise SourceDataError("empty", "no file in the folder has a name that is asked for")

    def fetch(self, context: FetchContext) -> Batch:
        """Tracks that are new."""
        return self._from_drop(context) if self.options.folder else self._from_server(context)

    def _from_drop(self, context: FetchContext) -> Batch:
        taken = self._taker(context).take(context)
        if taken.is_idle:
            return Batch(not_modified=True, cursor=context.cursor)
        rejected = (*taken.rejected, *(bad for walk in taken.contents for bad in walk.rejected))
        officers = tuple(officer for walk in taken.contents for officer in walk.officers)
        return Batch(
            records=officers,
            rejected=rejected,
            content_at=newest(officer.positioned_at for officer in officers),
            cursor=taken.memory.cursor(),
        )

    def _from_server(self, context: FetchContext) -> Batch:
        reply = fetch_document(self.http, self.url, context)
        if reply.is_unchanged:
            return Batch(not_modified=True, cursor=context.cursor)
        walk = normalise(reply.body, self.url, self.reading, context.now)
        return Batch(
            records=walk.officers,
            rejected=walk.rejected,
            content_at=newest(officer.positioned_at for officer in walk.officers),
            cursor=document_cursor(reply),
        )

    def _taker(self, context: FetchContext) -> Taker[Walk]:
        def read(name: str, body: bytes) -> Walk:
            return normalise(body, name, self.reading, context.now)

        return Taker(self.options, self.http.clock, self.manifest.timeout_s, read)


def build(settings: SourceSettings, http: HttpClient) -> GpxSource:
    """Make the source; raises OptionsError for wrong options. Opens nothing yet."""
    options = located(read_options(GpxOptions, settings), settings)
    manifest = configured(MANIFEST, settings)
    zone(settings.timezone)
    reading = Reading(
        key=settings.key,
        department=settings.department,
        crs=manifest.crs,
        zone=settings.timezone,
        who=options.who,
        role=options.role,
        keep_s=options.keep_s,
    )
    return GpxSource(settings.key, manifest, address(settings, options.path), options, reading, http)
