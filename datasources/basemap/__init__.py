"""The base map's layers as GeoJSON documents."""

from datasources.basemap.source import MANIFEST, build
from datasources.basemap.source import BaseMapOptions as OPTIONS

__all__ = ["MANIFEST", "OPTIONS", "build"]
