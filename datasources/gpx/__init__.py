"""GPX files of where officers, vehicles and crews went: their last positions, and the way there as their track."""

from datasources.gpx.options import GpxOptions
from datasources.gpx.source import MANIFEST, build

OPTIONS = GpxOptions

__all__ = ["MANIFEST", "OPTIONS", "build"]
