"""One answer of an upstream that may go on for ever, read piece by piece: headers in time, silence cut short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urljoin

import requests
import urllib3
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from datasources.contract import SourceAuthFailed, SourceDataError, SourceUnavailable
from datasources.deadline import cut_after
from datasources.http import make_session
from datasources.media.offer import Address
from datasources.media.origins import Origins

CONNECT_S = 3.0
HEADERS_S = 5.0
"""Until the headers of an answer are here; every read has `silence_s` of its own."""

SILENCE_S = 5.0
"""A stream that says nothing for so long is dead: a tile must say so within ten seconds."""

PIECE = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REDIRECT_LIMIT = 3
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)


class Upstream(Protocol):
    """What a relay reads from."""

    @property
    def content_type(self) -> str: ...

    def read(self) -> bytes:
        """The next bytes, b"" at the end; raises SourceError."""
        ...

    def close(self) -> None:
        """Let it go. Called by the thread that reads."""
        ...


class WebUpstream:
    """A stream over HTTP (an Upstream)."""

    def __init__(self, response: requests.Response, session: requests.Session) -> None:
        self._response = response
        self._session = session
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.content_type: str = response.headers.get("Content-Type", "")

    def read(self) -> bytes:
        """What has come; blocks for SILENCE_S at most."""
        try:
            piece: bytes = self._response.raw.read1(PIECE, decode_content=True)
        except _FAILURES as error:
            raise _unavailable(error) from error
        return piece

    def read_all(self, most: int, within_s: float) -> bytes:
        """The whole body; raises SourceDataError when it is larger than `most`, SourceUnavailable when too slow."""
        parts, size = [], 0
        with cut_after(within_s) as cut:
            while piece := self.read():
                size += len(piece)
                if size > most:
                    raise SourceDataError("too_large", f"more than {most} bytes of media")
                if cut.happened:
                    raise SourceUnavailable("timeout", "a body that never ends")
                parts.append(piece)
        return b"".join(parts)

    def close(self) -> None:
        """Give up the connection."""
        self._response.close()
        self._session.close()


def open_web(
    address: Address,
    origins: Origins,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    tolerate: frozenset[int] = frozenset(),
) -> WebUpstream:
    """Ask for `address` and return once its headers are here. Redirects stay on the hosts of `origins`.

    Raises SourceUnavailable, SourceAuthFailed (401, 403) or SourceDataError; statuses in `tolerate` are returned.
    """
    session = make_session()
    url = origins.check(address.url)
    sent = {"Accept-Encoding": "identity", **address.headers, **(headers or {})}
    auth: AuthBase | None = None
    try:
        for _ in range(_REDIRECT_LIMIT + 1):
            response = _ask(session, method, url, sent, auth, body)
            if response.status_code == 401 and address.login and auth is None:
                auth = _auth(response, address.login)
                response = _ask(session, method, url, sent, auth, body)
            if response.status_code not in _REDIRECTS:
                return _accepted(WebUpstream(response, session), tolerate)
            response.close()
            url = origins.check(urljoin(url, response.headers.get("Location", "")))
        raise SourceUnavailable("redirect", f"more than {_REDIRECT_LIMIT} redirects of a stream")
    except BaseException:
        session.close()
        raise


def _ask(
    session: requests.Session,
    method: str,
    url: str,
    headers: Mapping[str, str],
    auth: AuthBase | None,
    body: bytes | None,
) -> requests.Response:
    with cut_after(HEADERS_S):
        try:
            return session.request(
                method,
                url,
                headers=dict(headers),
                auth=auth,
                data=body,
                timeout=(CONNECT_S, SILENCE_S),
                stream=True,
                allow_redirects=False,
            )
        except _FAILURES as error:
            raise _unavailable(error) from error


def _auth(response: requests.Response, login: tuple[str, str]) -> AuthBase:
    """As the upstream asks: Digest where it is offered, else Basic."""
    offered = response.headers.get("WWW-Authenticate", "").lower()
    response.close()
    return HTTPDigestAuth(*login) if "digest" in offered else HTTPBasicAuth(*login)


def _accepted(upstream: WebUpstream, tolerate: frozenset[int]) -> WebUpstream:
    status = upstream.status
    if status < 300 or status in tolerate:
        return upstream
    upstream.close()
    if status in (401, 403):
        raise SourceAuthFailed(f"auth_failed:{status}", "the media was refused")
    if status == 429 or status >= 500:
        raise SourceUnavailable(f"http_status:{status}", "the media is not to be had now")
    raise SourceDataError(f"http_status:{status}", "no such media")


def _unavailable(error: Exception) -> SourceUnavailable:
    """Without the address: it may hold a key."""
    is_silent = isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError))
    return SourceUnavailable("timeout" if is_silent else "unreachable", type(error).__name__)
