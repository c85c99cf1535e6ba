"""The `gtfs_realtime` source: one feed of VehiclePositions over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field

from datasources.contract import Batch, FetchContext, Manifest, SourceSettings, configured
from datasources.document import address, document_cursor, fetch_document
from datasources.fields import newest
from datasources.gtfs_realtime.normalise import VEHICLE_ROLE, Reading, normalise
from datasources.http import HttpClient
from datasources.options import Options, read_options
from datasources.secrets import reveal
from situation.settings import Secret

MANIFEST = Manifest(
    kind="gtfs_realtime",
    records=("officer",),
    interval_s=15,
    timeout_s=15,
    stale_after_s=120,
    moves_within_s=900,
)


class GtfsOptions(Options):
    """`path` of the feed; `api_key` and the name of the header it goes in; `role` of its vehicles."""

    path: str = ""
    api_key: Secret | None = None
    api_key_header: str = "x-api-key"
    role: str = VEHICLE_ROLE


@dataclass(frozen=True, slots=True)
class GtfsSource:
    """Everything that moves for one operator."""

    key: str
    manifest: Manifest
    url: str
    reading: Reading
    http: HttpClient
    headers: dict[str, str] = field(repr=False)

    def check(self) -> None:
        """Try the feed once."""
        normalise(self.http.get(self.url, headers=self.headers).body, self.reading)

    def fetch(self, context: FetchContext) -> Batch:
        """Where everything is."""
        reply = fetch_document(self.http, self.url, context, self.headers)
        if reply.is_unchanged:
            return Batch(not_modified=True, cursor=context.cursor)
        found = normalise(reply.body, self.reading)
        return Batch(
            records=found.officers,
            rejected=found.rejected,
            complete=frozenset({"officer"}) if found.is_whole else frozenset(),
            content_at=newest(officer.positioned_at for officer in found.officers) or found.told_at,
            cursor=document_cursor(reply),
        )


def build(settings: SourceSettings, http: HttpClient) -> GtfsSource:
    """Make the source; raises OptionsError for wrong options."""
    options = read_options(GtfsOptions, settings)
    manifest = configured(MANIFEST, settings)
    key = reveal(options.api_key)
    return GtfsSource(
        key=settings.key,
        manifest=manifest,
        url=address(settings, options.path),
        reading=Reading(key=settings.key, department=settings.department, crs=manifest.crs, role=options.role),
        http=http,
        headers={options.api_key_header: key} if key else {},
    )
