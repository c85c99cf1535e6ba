"""Streams of a go2rtc server."""

from datasources.go2rtc.options import Go2RtcOptions as OPTIONS
from datasources.go2rtc.source import MANIFEST, build
from datasources.media.addresses import listed_media as MEDIA

__all__ = ["MANIFEST", "MEDIA", "OPTIONS", "build"]
