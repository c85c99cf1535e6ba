"""Cameras and detections of a Frigate."""

from datasources.frigate.media import media as MEDIA
from datasources.frigate.options import FrigateOptions as OPTIONS
from datasources.frigate.source import MANIFEST, build

__all__ = ["MANIFEST", "MEDIA", "OPTIONS", "build"]
