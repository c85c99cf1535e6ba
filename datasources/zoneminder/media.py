"""Looking at ZoneMinder's monitors: `nph-zms` with a token that is fresh when somebody looks.

A dead camera's single image answers 200 and never sends a byte: whoever fetches it needs a hard timeout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from datasources.contract import SourceSettings
from datasources.http import HttpClient
from datasources.media.addresses import ListedMedia, listed_media
from datasources.media.offer import Address, MediaOffer, Transport
from datasources.media.token import Token
from datasources.options import read_options
from datasources.zoneminder.api import Api
from datasources.zoneminder.options import ZoneMinderOptions


@dataclass(frozen=True, slots=True)
class ZoneMinderMedia:
    """The monitors of one ZoneMinder."""

    listed: ListedMedia
    token: Token | None

    def still(self, media_ref: str, deadline_s: float) -> Address | None:
        """A single image."""
        return self.offer(media_ref, deadline_s).addresses.get(Transport.SNAPSHOT)

    def offer(self, media_ref: str, deadline_s: float) -> MediaOffer:
        """Snapshot and MJPEG, each with a token."""
        offer = self.listed.offer(media_ref, deadline_s)
        if self.token is None:
            return offer
        token = self.token.get(deadline_s)
        given = {transport: Address(url=f"{each.url}&token={token}") for transport, each in offer.addresses.items()}
        return replace(offer, addresses=given)

    def release(self, media_ref: str, deadline_s: float) -> None:
        """Nothing was started."""


def media(settings: SourceSettings, http: HttpClient) -> ZoneMinderMedia:
    """The source's MEDIA; keep it: it keeps its login."""
    api = Api(settings.url, read_options(ZoneMinderOptions, settings), http)
    return ZoneMinderMedia(listed_media(settings, http), api.token())
