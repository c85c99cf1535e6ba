"""The one HTTP client of all sources: deadlines, byte caps, no strange redirects, and our three errors."""

from __future__ import annotations

import http.cookiejar
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from datasources.contract import SourceAuthFailed, SourceDataError, SourceUnavailable
from datasources.deadline import CuttableAdapter, cut_after
from datasources.decode import decode_json, decode_text, looks_like_html
from datasources.login import Login, authorization
from datasources.turns import my_turn
from situation.clock import CityClock, Clock

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 30.0
BYTE_CAP = 128 * 1024 * 1024
REDIRECT_LIMIT = 3
CHUNK_BYTES = 256 * 1024
LONGEST_RETRY_AFTER_S = 3600.0

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_DEADLINE_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer. `received_at` is the city's time when its last byte came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    received_at: datetime

    @property
    def is_unchanged(self) -> bool:
        """The upstream answered 304."""
        return self.status == 304

    @property
    def validators(self) -> dict[str, str]:
        """What makes the next request for the same address conditional."""
        names = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
        return {wanted: self.headers[name] for name, wanted in names.items() if name in self.headers}

    def json(self) -> Any:
        """The body as JSON; raises SourceDataError."""
        return decode_json(self.body, self.headers.get("Content-Type", ""))

    def text(self, encoding: str | None = None) -> str:
        """The body as text: by BOM, by `encoding`, by its header, as UTF-8, or as GB18030; raises SourceDataError."""
        return decode_text(self.body, self.headers.get("Content-Type", ""), encoding)

    @property
    def is_html(self) -> bool:
        """An HTML page, which no format of ours is."""
        return looks_like_html(self.body)


@dataclass(frozen=True, slots=True)
class _Question:
    """One request. Secrets may be in every part of it."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    login: Login | None


@dataclass(slots=True)
class HttpClient:
    """Asks upstreams. One per source: connections are kept, cookies are not."""

    clock: Clock = field(default_factory=CityClock)
    session: requests.Session = field(default_factory=lambda: make_session())
    byte_cap: int = BYTE_CAP
    connect_timeout_s: float = CONNECT_TIMEOUT_S
    read_timeout_s: float = READ_TIMEOUT_S

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        deadline_s: float = float("inf"),
        tolerate: frozenset[int] = frozenset(),
        login: Login | None = None,
        method: str = "GET",
    ) -> Reply:
        """Fetch `url`, following redirects on the same host only; `login` is given when it is asked for.

        `deadline_s` is a time of `clock.monotonic()`; statuses in `tolerate` are returned instead of raised.
        """
        address = _with_params(url, params)
        for _ in range(REDIRECT_LIMIT + 1):
            reply = self._answer(_Question(method, address, headers or {}, b"", login), deadline_s)
            if reply.status not in _REDIRECTS:
                raise_for(reply, tolerate)
                return reply
            address = _redirected(address, reply)
        raise SourceUnavailable("redirect", f"more than {REDIRECT_LIMIT} redirects from {_shown(url)}")

    def post(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        deadline_s: float = float("inf"),
        tolerate: frozenset[int] = frozenset(),
        login: Login | None = None,
    ) -> Reply:
        """Send `body` to `url`; what was sent is never sent on by a redirect, which counts as unavailable."""
        reply = self._answer(_Question("POST", url, headers or {}, body, login), deadline_s)
        if reply.status in _REDIRECTS:
            raise SourceUnavailable("redirect", f"{_shown(url)} redirects what was posted")
        raise_for(reply, tolerate)
        return reply

    def _answer(self, question: _Question, deadline_s: float) -> Reply:
        """The reply, with the login given if that is what the upstream asks for."""
        reply = self._ask(question, deadline_s)
        if reply.status != 401 or question.login is None:
            return reply
        challenge = reply.headers.get("WWW-Authenticate", "")
        given = authorization(challenge, question.login, question.method, question.url)
        if not given:
            return reply
        headers = {**question.headers, "Authorization": given}
        return self._ask(replace(question, headers=headers), deadline_s)

    def _ask(self, question: _Question, deadline_s: float) -> Reply:
        url, turn = question.url, my_turn()
        left_s = min(deadline_s + turn.waited_s - self.clock.monotonic(), _NO_DEADLINE_S)
        if left_s <= 0:
            raise SourceUnavailable("timeout", f"no time left for {_shown(url)}")
        timeout = (min(self.connect_timeout_s, left_s), min(self.read_timeout_s, left_s))
        turn.ask()
        with cut_after(left_s) as cut:
            try:
                response = self.session.request(
                    question.method,
                    url,
                    headers=dict(question.headers),
                    data=question.body or None,
                    timeout=timeout,
                    stream=True,
                    allow_redirects=False,
                )
                with response:
                    body = self._read(response)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise _unavailable(error, url, cut.happened) from error
        if cut.happened:
            raise SourceUnavailable("timeout", f"cut by the deadline: {_shown(url)}")
        received_at = self.clock.now()
        turn.answer(len(body))
        return Reply(status=response.status_code, headers=response.headers, body=body, url=url, received_at=received_at)

    def _read(self, response: requests.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            # read1: `iter_content` would wait for a whole chunk, which a dripping upstream never fills
            part = response.raw.read1(CHUNK_BYTES, decode_content=True)
            if not part:
                break
            size += len(part)
            if size > self.byte_cap:
                raise SourceDataError("too_large", f"more than {self.byte_cap} bytes from {_shown(response.url)}")
            parts.append(part)
        return b"".join(parts)


def make_session() -> requests.Session:
    """A session that keeps connections, refuses cookies and ignores the machine's proxies."""
    session = requests.Session()
    session.trust_env = False  # a department's system is on the closed network; a proxy would see its credentials
    session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"User-Agent": "OneScreen", "Accept-Encoding": "gzip, deflate"})
    for scheme in ("http://", "https://"):
        session.mount(scheme, CuttableAdapter(pool_connections=4, pool_maxsize=16))
    return session


def http_date(value: str | None) -> datetime | None:
    """The time in a header like `Date` or `Last-Modified`; None for what is none."""
    try:
        found = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (number or HTTP date), capped; None when absent or unreadable."""
    if value is None:
        return None
    if value.strip().isdigit():
        return min(float(value), LONGEST_RETRY_AFTER_S)
    at = http_date(value)
    if at is None:
        return None
    return min(max((at - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)


def raise_for(reply: Reply, tolerate: frozenset[int] = frozenset()) -> None:
    """Raise what the status of a reply means, if it is none of a good reply or in `tolerate`."""
    status = reply.status
    if status < 300 or status == 304 or status in tolerate:
        return
    detail = f"HTTP {status} from {_shown(reply.url)}"
    if status in (401, 403):
        raise SourceAuthFailed(f"auth_failed:{status}", detail)
    if status == 429 or status >= 500:
        wish = retry_after_s(reply.headers.get("Retry-After"), reply.received_at)
        raise SourceUnavailable(f"http_status:{status}", detail, wish)
    raise SourceDataError(f"http_status:{status}", detail)


def _redirected(address: str, reply: Reply) -> str:
    target = urljoin(address, reply.headers.get("Location", ""))
    here, there = urlsplit(address), urlsplit(target)
    if here.netloc != there.netloc or (here.scheme == "https" and there.scheme != "https"):
        raise SourceUnavailable("redirect", f"{_shown(address)} redirects to {_shown(target)}")
    return target


def _unavailable(error: Exception, url: str, was_cut: bool) -> SourceUnavailable:
    detail = f"{_cause_of(error)} at {_shown(url)}"
    if was_cut or isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)):
        return SourceUnavailable("timeout", detail)
    if isinstance(error, requests.exceptions.SSLError):
        return SourceUnavailable("tls", detail)
    return SourceUnavailable("unreachable", detail)


def _cause_of(error: Exception) -> str:
    """What happened below: a name that nobody knows is another thing than a refused connection."""
    cause = error.args[0] if error.args and isinstance(error, requests.ConnectionError) else error
    return type(getattr(cause, "reason", None) or error).__name__


def _with_params(url: str, params: Mapping[str, Any] | None) -> str:
    if not params:
        return url
    prepared = requests.Request("GET", url, params={k: v for k, v in params.items() if v is not None}).prepare()
    return prepared.url or url


def _shown(url: str) -> str:
    """An address fit for a log: without credentials and query, which may carry keys."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
