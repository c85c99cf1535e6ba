"""What a camera's upstream offers to look at. Nothing of it ever leaves the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Transport(StrEnum):
    """How moving or still pictures come out of an upstream."""

    SNAPSHOT = "snapshot"  # one JPEG
    MJPEG = "mjpeg"  # multipart/x-mixed-replace
    HLS = "hls"
    FLV = "flv"  # HTTP-FLV
    WHEP = "whep"  # WebRTC, RFC 9725 style POST of an SDP offer
    RTSP = "rtsp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where something is fetched from. `login` is (user, password): Basic or Digest, as the upstream asks."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    login: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaOffer:
    """The transports of one camera, any number of them. `codec` is `h264`, `h265` or "" when it is not said."""

    addresses: Mapping[Transport, Address]
    codec: str = ""


class CameraMedia(Protocol):
    """How the cameras of one source are looked at. `media_ref` is `Camera.media`, which the source itself wrote.

    Every method asks the upstream until `deadline_s` (of `clock.monotonic()`) at most, raises SourceError only, and
    names addresses on configured hosts only. A kind offers one by `MEDIA` in its package.
    """

    def still(self, media_ref: str, deadline_s: float) -> Address | None:
        """Where a JPEG is; None when there is none. Never makes the upstream start anything."""
        ...

    def offer(self, media_ref: str, deadline_s: float) -> MediaOffer:
        """What can be played now. May make the upstream start (`play/start`): called when somebody looks."""
        ...

    def release(self, media_ref: str, deadline_s: float) -> None:
        """Undo what `offer` started; called after the last viewer has gone. Harmless when nothing was started."""
        ...
