"""Paths of a MediaMTX server."""

from datasources.media.addresses import listed_media as MEDIA
from datasources.mediamtx.options import MediaMtxOptions as OPTIONS
from datasources.mediamtx.source import MANIFEST, build

__all__ = ["MANIFEST", "MEDIA", "OPTIONS", "build"]
