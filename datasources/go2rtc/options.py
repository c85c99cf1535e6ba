"""What `[sources.options]` of a `go2rtc` source may hold."""

from __future__ import annotations

from pydantic import Field

from datasources.media.server import ServerOptions


class Go2RtcOptions(ServerOptions):
    """`url` is the API's (`http://host:1984`); `username` and `password` its own."""

    rtsp_port: int = Field(default=8554, ge=0, le=65535)
    """0: RTSP isn't offered."""
