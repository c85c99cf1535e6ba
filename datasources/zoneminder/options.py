"""What `[sources.options]` of a `zoneminder` source may hold."""

from __future__ import annotations

from pydantic import Field

from datasources.media.server import ServerOptions


class ZoneMinderOptions(ServerOptions):
    """`url` is ZoneMinder's own (`http://host/zm`). Without `username` nothing is logged in."""

    silent_after_s: float = Field(default=120, ge=1)
    """City seconds after which frame rates that don't move by a hundredth are those of a capture that has died."""
    cgi_path: str = "cgi-bin/nph-zms"
    """Where its images are made, below `url`."""
    scale: int = Field(default=100, ge=1, le=100)
    """Percent of the size that snapshots and MJPEG are asked in."""
    max_fps: float = Field(default=5, gt=0, le=30)
    """Frames per second of MJPEG."""
