"""What `[sources.options]` of a `cap` source may hold."""

from __future__ import annotations

from pydantic import Field

from datasources.asking.options import AskingOptions
from datasources.options import HostName


class CapOptions(AskingOptions):
    """Options of `cap`."""

    path: str = Field("", description="below `url`: the feed, or the message itself")
    hosts: tuple[HostName, ...] = Field((), description="other hosts that the feed may link to")
