"""What `[sources.options]` of a `cap` source may hold."""

from __future__ import annotations

from pydantic import Field

from datasources.options import Options


class CapOptions(Options):
    """Options of `cap`."""

    path: str = Field("", description="below `url`: the feed, or the message itself")
    hosts: tuple[str, ...] = Field((), description="other hosts that the feed may link to")
    moves_within_s: float | None = Field(None, ge=0, description="content older than this is frozen; 0: never")
