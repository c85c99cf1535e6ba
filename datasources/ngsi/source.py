"""The `ngsi` source: entities of some types, all pages, to records of one kind by a preset or the options' mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasources.contract import Batch, FetchContext, Manifest, SourceSettings, configured
from datasources.document import address
from datasources.http import HttpClient
from datasources.mapping import MAPPABLE, RowMapping, read_mapping
from datasources.ngsi.entities import geometry_of, row_of
from datasources.ngsi.options import NgsiOptions
from datasources.ngsi.pages import read_entities
from datasources.ngsi.presets import with_preset
from datasources.ngsi.units import units_of
from datasources.options import read_options
from datasources.secrets import reveal

MANIFEST = Manifest(
    kind="ngsi",
    records=tuple(MAPPABLE),
    interval_s=60,
    timeout_s=30,
    stale_after_s=600,
)

_PATHS = {"ld": "ngsi-ld/v1/entities", "v2": "v2/entities"}


@dataclass(frozen=True, slots=True)
class NgsiSource:
    """Entities of one broker that are one kind of record."""

    key: str
    manifest: Manifest
    url: str
    options: NgsiOptions
    mapping: RowMapping
    units: Mapping[str, str]
    http: HttpClient

    def check(self) -> None:
        """Read the entities once."""
        self.fetch(FetchContext(now=self.http.clock.now()))

    def fetch(self, context: FetchContext) -> Batch:
        """Everything there is of these types."""
        token = reveal(self.options.token)
        rows = [
            row_of(entity, self.units) for entity in read_entities(self.http, self.url, self.options, token, context)
        ]
        mapped = self.mapping.read(rows, [geometry_of(row) for row in rows], now=context.now)
        return Batch(
            records=mapped.records,
            observations=mapped.observations,
            rejected=mapped.rejected,
            complete=frozenset({self.mapping.record_type.kind}),
            content_at=mapped.newest_at,
        )


@dataclass(frozen=True, slots=True)
class _Preset:
    """A block of the settings with a preset beneath its options, for the mapping."""

    block: SourceSettings
    options: Mapping[str, Any]

    @property
    def key(self) -> str:
        return self.block.key

    def __getattr__(self, name: str) -> Any:
        return getattr(self.block, name)


def build(settings: SourceSettings, http: HttpClient) -> NgsiSource:
    """Make the source; raises OptionsError for wrong options."""
    options = read_options(NgsiOptions, settings)
    manifest = configured(MANIFEST, settings)
    block = _Preset(settings, with_preset(options.preset, settings.options))
    mapping = read_mapping(block, manifest.crs)
    return NgsiSource(
        key=settings.key,
        manifest=configured(MANIFEST, settings, (mapping.record_type.kind,)),
        url=address(settings, options.path or _PATHS[options.dialect]),
        options=options,
        mapping=mapping,
        units=units_of(block.options.get("readings")),
        http=http,
    )
