"""Cameras whose pictures want a token of a login, which is fresh whenever somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from datasources.media.addresses import ListedMedia
from datasources.media.offer import Address, MediaOffer, Transport
from datasources.media.token import Token


@dataclass(frozen=True, slots=True)
class LoggedInMedia:
    """Listed addresses, each with a token put to it by `give`; as they are where nobody logs in."""

    listed: ListedMedia
    token: Token | None
    give: Callable[[Address, str], Address]

    def still(self, media_ref: str, deadline_s: float) -> Address | None:
        """Where its JPEG is."""
        return self.offer(media_ref, deadline_s).addresses.get(Transport.SNAPSHOT)

    def offer(self, media_ref: str, deadline_s: float) -> MediaOffer:
        """Every address that may be asked."""
        offer = self.listed.offer(media_ref, deadline_s)
        if self.token is None:
            return offer
        token = self.token.get(deadline_s)
        given = {transport: self.give(address, token) for transport, address in offer.addresses.items()}
        return replace(offer, addresses=given)

    def release(self, media_ref: str, deadline_s: float) -> None:
        """Nothing was started."""
