"""What `[sources.options]` of a `wvp` source may hold."""

from __future__ import annotations

from pydantic import Field

from datasources.media.addresses import HostOptions
from situation.settings import Secret


class WvpOptions(HostOptions):
    """Credentials (an API key, or a user), what is collected, and where streams come from."""

    api_key: Secret = Field(default=Secret(""))
    username: str = ""
    password: Secret = Field(default=Secret(""))
    page_size: int = Field(default=2000, ge=1, le=10_000)
    """Channels asked for at once."""
    alarms: bool = True
    stream_host: str = ""
    """Host that streams are fetched from, when the platform names its media server by one we can't reach."""
