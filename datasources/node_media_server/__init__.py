"""Streams published to Node-Media-Server."""

from datasources.media.addresses import listed_media as MEDIA
from datasources.node_media_server.options import NodeMediaServerOptions as OPTIONS
from datasources.node_media_server.source import MANIFEST, build

__all__ = ["MANIFEST", "MEDIA", "OPTIONS", "build"]
