"""What `[sources.options]` of a `node_media_server` source may hold."""

from __future__ import annotations

from datasources.media.server import ServerOptions


class NodeMediaServerOptions(ServerOptions):
    """`username` and `password` are those of its API."""
