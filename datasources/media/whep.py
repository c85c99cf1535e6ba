"""WHEP (draft-ietf-wish-whep): an SDP offer goes to the upstream, its answer back; the session's address stays here.

The pictures then travel between browser and upstream by themselves: the answer's candidates name the upstream's
media address, which WebRTC cannot do without.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from datasources.contract import SourceDataError
from datasources.media.offer import Address
from datasources.media.origins import Origins
from datasources.media.upstream import open_web

SDP_TYPE = "application/sdp"
LARGEST_SDP = 100_000
WITHIN_S = 8.0
_GONE = frozenset({404, 405, 410})


def negotiate(address: Address, origins: Origins, offer: bytes) -> tuple[bytes, str]:
    """The SDP answer to an offer, and the address of the session ("" where the upstream gives none)."""
    if len(offer) > LARGEST_SDP or not offer.startswith(b"v=0"):
        raise SourceDataError("wrong_shape", "not an SDP offer")
    headers = {"Content-Type": SDP_TYPE, "Accept": SDP_TYPE}
    upstream = open_web(address, origins, method="POST", headers=headers, body=offer)
    try:
        answer = upstream.read_all(LARGEST_SDP, WITHIN_S)
    finally:
        upstream.close()
    if not answer.startswith(b"v=0"):
        raise SourceDataError("wrong_shape", "not an SDP answer")
    location = upstream.headers.get("Location", "")
    return answer, origins.check(urljoin(address.url, location)) if location else ""


def hang_up(address: Address, origins: Origins, session: str) -> None:
    """End a session; one that is gone already is no error."""
    open_web(replace(address, url=session), origins, method="DELETE", tolerate=_GONE).close()
