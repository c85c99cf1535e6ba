"""Cases by Open311 GeoReport v2, JSON or XML, with or without the dispatch chain of real servers."""

from datasources.open311.source import MANIFEST, build

__all__ = ["MANIFEST", "build"]
