"""Cases by Open311 GeoReport v2, JSON or XML, with or without the dispatch chain of real servers."""

from datasources.open311.options import Open311Options as OPTIONS
from datasources.open311.source import MANIFEST, build

__all__ = ["MANIFEST", "OPTIONS", "build"]
