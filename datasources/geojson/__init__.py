"""GeoJSON documents as places, areas, components …, by a mapping of properties."""

from datasources.geojson.source import MANIFEST, build
from datasources.geojson.source import GeoJsonOptions as OPTIONS

__all__ = ["MANIFEST", "OPTIONS", "build"]
