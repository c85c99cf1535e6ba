"""What `[sources.options]` of an `nginx_rtmp` source may hold."""

from __future__ import annotations

from pydantic import Field

from datasources.media.server import ServerOptions


class NginxRtmpOptions(ServerOptions):
    """Paths below `url`; in them `{app}` and `{name}` stand for the application and the stream."""

    stat_path: str = "stat"
    applications: tuple[str, ...] = Field(default=())
    """Only these; all without any."""
    hls_path: str = "hls/{name}/index.m3u8"
    """Where the HTTP server gives the application's HLS; "" for none."""
    flv_path: str = ""
    """Where nginx-http-flv gives FLV (`live?app={app}&stream={name}`); "" for none."""
    snapshot_path: str = ""
    """Where a JPEG of each stream lies, if something writes one (`snap/{name}.jpg`); "" for none."""
