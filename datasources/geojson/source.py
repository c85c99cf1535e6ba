"""The `geojson` source: features of one or several documents."""

from __future__ import annotations

from typing import Literal

from datasources.contract import Manifest, SourceSettings
from datasources.http import HttpClient
from datasources.mapped import DocumentOptions, MappedDocuments, build_documents

MANIFEST = Manifest(kind="geojson", records=("place",), interval_s=600, timeout_s=60, stale_after_s=3600)


class GeoJsonOptions(DocumentOptions):
    """Options of `geojson`."""

    format: Literal["geojson"] = "geojson"


def build(settings: SourceSettings, http: HttpClient) -> MappedDocuments:
    """Make the source; raises OptionsError."""
    return build_documents(MANIFEST, GeoJsonOptions, settings, http)
