"""Tokens that are asked for and hold for a while: OAuth2 client credentials (RFC 6749 4.4), and logins of all kinds."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any, Protocol
from urllib.parse import urlencode

from datasources.asking.options import AuthOptions, LoginOptions
from datasources.asking.request import Request
from datasources.asking.templates import fill, texts
from datasources.contract import SourceAuthFailed, SourceSettings
from datasources.document import address
from datasources.fields import number
from datasources.http import HttpClient, Reply
from datasources.mapping.paths import find
from datasources.secrets import reveal
from situation.clock import Clock

USED_SHARE = 0.9
"""Of the time that a token holds: then it is asked for anew, before it ends in the middle of a list."""

LONGEST_TOKEN = 16_384
_REFUSALS = frozenset({400, 401, 403})
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Token:
    """A token and for how many real seconds it holds."""

    text: str = field(repr=False)
    lasts_s: float


Obtain = Callable[[float], Token]
"""Asks for a token until a deadline; raises SourceError."""


class Placing(Protocol):
    """Puts a secret where it belongs in a request."""

    def put(self, request: Request, text: str) -> Request: ...


@dataclass(slots=True)
class Tokens:
    """One token, asked for when it is needed, kept while it holds, renewed once after a refusal."""

    obtain: Obtain
    placed: Placing
    clock: Clock
    _token: Token | None = None
    _until_s: float = 0.0
    _is_fresh: bool = False

    def authenticate(self, request: Request, deadline_s: float) -> Request:
        """The request with the token."""
        self._is_fresh = self._token is None or self.clock.monotonic() >= self._until_s
        if self._token is None or self._is_fresh:
            self._token = self.obtain(deadline_s)
            self._until_s = self.clock.monotonic() + USED_SHARE * self._token.lasts_s
        return self.placed.put(request, self._token.text)

    def renew(self) -> bool:
        """Forget the token; a refused one that was got just now would only be got again."""
        self._token = None
        return not self._is_fresh


def by_client_credentials(options: AuthOptions, settings: SourceSettings, http: HttpClient) -> Obtain:
    """OAuth2 client credentials at `token_url` (a path below the source's address, or a whole address)."""
    url = _below(settings, options.token_url)

    def obtain(deadline_s: float) -> Token:
        form = {"grant_type": "client_credentials", **({"scope": options.scope} if options.scope else {})}
        headers = dict(_FORM)
        secret = reveal(options.client_secret)
        if options.client_in_body:
            form |= {"client_id": options.client_id, "client_secret": secret}
        else:
            pair = base64.b64encode(f"{options.client_id}:{secret}".encode()).decode("ascii")
            headers["Authorization"] = f"Basic {pair}"
        reply = http.post(url, urlencode(form).encode(), headers=headers, deadline_s=deadline_s, tolerate=_REFUSALS)
        document = _document(reply)
        return _token(document.get("access_token"), document.get("expires_in"), options.lasts_s)

    return obtain


def by_login(options: AuthOptions, login: LoginOptions, settings: SourceSettings, http: HttpClient) -> Obtain:
    """A login as the options describe it."""
    url = _below(settings, login.path)
    values = {"username": options.username, "password": reveal(options.password), "client_id": options.client_id}

    def obtain(deadline_s: float) -> Token:
        told = {**values, "now": http.clock.now()}
        request = Request(
            method=login.method,
            url=url,
            query=tuple(texts(login.query, told, settings.timezone).items()),
            headers={"Accept": "application/json", **texts(login.headers, told, settings.timezone)},
        )
        reply = _send_login(http, request, login, told, deadline_s)
        expires_in = find(login.expires_in_at, _document(reply)) if login.expires_in_at else None
        return _token(_found(reply, login), expires_in, options.lasts_s)

    return obtain


def _send_login(
    http: HttpClient, request: Request, login: LoginOptions, values: Mapping[str, Any], deadline_s: float
) -> Reply:
    if login.method == "GET":
        return http.get(request.address, headers=request.headers, deadline_s=deadline_s, tolerate=_REFUSALS)
    filled = fill(login.body or {}, values)
    is_json = login.body_form == "json"
    body = json.dumps(filled, ensure_ascii=False).encode() if is_json else urlencode(filled).encode()
    headers = {"Content-Type": "application/json"} if is_json else _FORM
    return http.post(
        request.address, body, headers={**headers, **request.headers}, deadline_s=deadline_s, tolerate=_REFUSALS
    )


def _found(reply: Reply, login: LoginOptions) -> Any:
    _document_status(reply)
    if login.header:
        return reply.headers.get(login.header)
    if login.cookie:
        return _cookie(reply.headers.get("Set-Cookie", ""), login.cookie)
    return find(login.token_at, _document(reply))


def _cookie(header: str, name: str) -> str | None:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return found.value if found else None


def _token(text: Any, expires_in: Any, lasts_s: float) -> Token:
    if not isinstance(text, (str, int)) or not str(text) or len(str(text)) > LONGEST_TOKEN or isinstance(text, bool):
        raise SourceAuthFailed("auth_failed:no_token", "the reply to the login holds no token")
    told = number(expires_in)
    return Token(str(text), told if told is not None and told > 0 else lasts_s)


def _document(reply: Reply) -> dict[str, Any]:
    _document_status(reply)
    document = reply.json()
    return document if isinstance(document, dict) else {"value": document}


def _document_status(reply: Reply) -> None:
    if reply.status in _REFUSALS:
        raise SourceAuthFailed(f"auth_failed:{reply.status}", "the login was refused")


def _below(settings: SourceSettings, path: str) -> str:
    return path if path.startswith(("http://", "https://")) else address(settings, path)
