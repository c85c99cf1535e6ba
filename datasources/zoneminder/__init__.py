"""Monitors of a ZoneMinder."""

from datasources.zoneminder.media import media as MEDIA
from datasources.zoneminder.options import ZoneMinderOptions as OPTIONS
from datasources.zoneminder.source import MANIFEST, build

__all__ = ["MANIFEST", "MEDIA", "OPTIONS", "build"]
