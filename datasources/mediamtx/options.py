"""What `[sources.options]` of a `mediamtx` source may hold."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from datasources.media.server import ServerOptions

Port = Annotated[int, Field(ge=0, le=65535)]


class MediaMtxOptions(ServerOptions):
    """`url` is the API's (`http://host:9997`); `username` and `password` are given to API and streams. Port 0: none."""

    hls_port: Port = 8888
    webrtc_port: Port = 8889
    rtsp_port: Port = 8554
    is_encrypted: bool = False
    """Whether HLS, WebRTC and RTSP are spoken over TLS."""
    on_demand: bool = False
    """Whether paths are pulled only while somebody watches: those that aren't ready are then unknown, not offline."""
    page_size: int = Field(default=200, ge=1, le=1000)
