"""The `warnings_json` source: one JSON document that lists all warnings in force, by a shipped preset."""

from __future__ import annotations

from dataclasses import dataclass

from datasources.asking.client import authenticated
from datasources.cap.normalise import Office
from datasources.contract import Batch, FetchContext, Manifest, SourceSettings, configured
from datasources.document import address, document_cursor, fetch_document
from datasources.fields import each, newest, zone
from datasources.http import HttpClient
from datasources.options import read_options
from datasources.secrets import reveal
from datasources.superseding import read_replaced, settled
from datasources.warnings_json.options import WarningsOptions
from datasources.warnings_json.preset import Asked, Preset
from datasources.warnings_json.presets import PRESETS

MANIFEST = Manifest(
    kind="warnings_json", records=("warning",), interval_s=60, timeout_s=20, stale_after_s=900, resumes=True
)


@dataclass(frozen=True, slots=True)
class WarningsSource:
    """All warnings of one service; what it no longer lists is lifted."""

    key: str
    manifest: Manifest
    settings: SourceSettings
    options: WarningsOptions
    preset: Preset
    asked: Asked
    http: HttpClient

    def check(self) -> None:
        """Try the list once."""
        reply = self.http.get(self._url(), params=self._query(), headers=self._headers())
        self.preset.rows(reply.json(), self.asked)

    def fetch(self, context: FetchContext) -> Batch:
        """Every warning listed, each told which actual Update or Cancel took its place."""
        reply = fetch_document(self.http, self._url(), context, self._headers(), self._query())
        if reply.is_unchanged:
            return Batch(not_modified=True, cursor=context.cursor)
        rows = self.preset.rows(reply.json(), self.asked)
        warnings, rejected = each(rows, lambda row: self.preset.read(row, self.asked))
        known = context.cursor if isinstance(context.cursor, dict) else {}
        now = settled(warnings, read_replaced(known.get("replaced")))
        return Batch(
            records=now.warnings,
            rejected=tuple(rejected),
            complete=frozenset({"warning"}),
            content_at=newest(warning.sent_at for warning in warnings),
            cursor={**(document_cursor(reply) or {}), "replaced": now.replaced_cursor()},
        )

    def _url(self) -> str:
        return address(self.settings, self.options.path)

    def _query(self) -> dict[str, str]:
        return {name: reveal(value) for name, value in self.options.query.items()}

    def _headers(self) -> dict[str, str]:
        key = reveal(self.options.api_key)
        return {self.preset.key_header: key} if key and self.preset.key_header else {}


def build(settings: SourceSettings, http: HttpClient) -> WarningsSource:
    """Make the source; raises OptionsError for wrong options, ValueError for an unknown zone."""
    zone(settings.timezone)
    options = read_options(WarningsOptions, settings)
    manifest = configured(MANIFEST, settings)
    office = Office(key=settings.key, department=settings.department, crs=manifest.crs, zone=settings.timezone)
    asked = Asked(office=office, areas=options.areas)
    preset, asking = PRESETS[options.preset], authenticated(http, options.auth, settings)
    return WarningsSource(settings.key, manifest, settings, options, preset, asked, asking)
