"""What `[sources.options]` of a `frigate` source may hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from datasources.media.server import ServerOptions


class FrigateOptions(ServerOptions):
    """`url` is Frigate's own (`http://host:5000`, or with a login `https://host:8971`)."""

    silent_after_s: float = Field(default=120, ge=1)
    """City seconds after which statistics that Frigate no longer renews say nothing: its cameras are offline."""
    alarms: tuple[Literal["reviews", "events"], ...] = ("reviews",)
    """What becomes alarms: reviews (Frigate 0.14: what is worth looking at), single events, both or none."""
    severities: tuple[Literal["alert", "detection"], ...] = ("alert",)
    """Which reviews."""
    labels: tuple[str, ...] = ()
    """Only what shows one of these objects; all without any."""
    words: dict[str, str] = Field(default_factory=dict)
    """Frigate's word for an object → ours (`person = "行人"`); others are shown as given."""
    rtsp_port: int = Field(default=0, ge=0, le=65535)
    """Where its go2rtc restreams cameras under their own names (8554); 0: it doesn't."""
