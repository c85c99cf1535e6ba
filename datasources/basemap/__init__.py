"""The base map's layers as GeoJSON documents."""

from datasources.basemap.source import MANIFEST, build

__all__ = ["MANIFEST", "build"]
