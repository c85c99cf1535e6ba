"""Which kinds of source there are, by name. A new kind is a folder and a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from datasources import basemap, cap, geojson, open311, positions, sensorthings, table, weather, wvp
from datasources.contract import Manifest, Source, SourceSettings
from datasources.http import HttpClient
from situation.clock import CityClock, Clock


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source: its manifest and how a source of it is made from settings and a client."""

    manifest: Manifest
    build: Callable[[SourceSettings, HttpClient], Source]


KINDS: dict[str, Kind] = {
    module.MANIFEST.kind: Kind(module.MANIFEST, module.build)
    for module in (basemap, cap, geojson, open311, positions, sensorthings, table, weather, wvp)
}


class UnknownKind(ValueError):
    """The settings name a kind of source that does not exist."""


def build(settings: SourceSettings, clock: Clock | None = None, http: HttpClient | None = None) -> Source:
    """The source that one `[[sources]]` block describes; raises UnknownKind, or ValueError for wrong options."""
    kind = KINDS.get(settings.kind)
    if kind is None:
        raise UnknownKind(f"sources.{settings.key}: kind {settings.kind!r}; allowed: {', '.join(sorted(KINDS))}")
    return kind.build(settings, http or HttpClient(clock=clock or CityClock()))
