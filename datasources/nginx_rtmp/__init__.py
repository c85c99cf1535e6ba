"""Streams published to nginx with the RTMP module."""

from datasources.media.addresses import listed_media as MEDIA
from datasources.nginx_rtmp.options import NginxRtmpOptions as OPTIONS
from datasources.nginx_rtmp.source import MANIFEST, build

__all__ = ["MANIFEST", "MEDIA", "OPTIONS", "build"]
