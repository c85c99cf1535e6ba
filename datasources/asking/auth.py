"""How requests say who asks: nothing, Basic, Digest, a bearer token, an API key; tokens and signatures stand beside."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from datasources.asking.options import AuthOptions
from datasources.asking.request import Request
from datasources.asking.signing import Nonce, Signing
from datasources.asking.tokens import Tokens, by_client_credentials, by_login
from datasources.contract import SourceSettings
from datasources.http import HttpClient
from datasources.login import Login
from datasources.secrets import reveal

AUTHORIZATION = "Authorization"


class Auth(Protocol):
    """What authenticates the requests of one source."""

    def authenticate(self, request: Request, deadline_s: float) -> Request:
        """The request with what proves who asks; may ask for a token first. Raises SourceError."""
        ...

    def renew(self) -> bool:
        """After a refusal: whether asking once more can help, with a token got anew."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a secret goes in a request."""

    place: str
    name: str
    prefix: str

    def put(self, request: Request, text: str) -> Request:
        """The request with the secret in its place."""
        said = f"{self.prefix}{text}"
        if self.place == "query":
            return request.with_query({self.name: said})
        if self.place == "cookie":
            return request.with_headers({"Cookie": f"{self.name}={said}"})
        return request.with_headers({self.name: said})


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same secret with every request; nothing to renew."""

    placed: Placed | None = None
    text: str = field(default="", repr=False)

    def authenticate(self, request: Request, deadline_s: float) -> Request:
        """The request with the secret."""
        return request if self.placed is None else self.placed.put(request, self.text)

    def renew(self) -> bool:
        """A refused secret stays refused."""
        return False


@dataclass(frozen=True, slots=True)
class Challenged:
    """A login that is given when the upstream asks for it, as Digest without showing the password."""

    login: Login = field(repr=False)

    def authenticate(self, request: Request, deadline_s: float) -> Request:
        """The request with the login at hand."""
        return replace(request, login=self.login)

    def renew(self) -> bool:
        """A refused login stays refused."""
        return False


def make_auth(options: AuthOptions, settings: SourceSettings, http: HttpClient, nonce: Nonce) -> Auth:
    """What the options say."""
    return _MAKERS[options.kind](options, settings, http, nonce)


def _placed(options: AuthOptions, name: str, prefix: str) -> Placed:
    is_usual = options.place == "header" and not options.name
    told = options.prefix if options.prefix is not None else prefix if is_usual else ""
    return Placed(options.place, options.name or name, told)


def _none(options: AuthOptions, settings: SourceSettings, http: HttpClient, nonce: Nonce) -> Auth:
    return Fixed()


def _basic(options: AuthOptions, settings: SourceSettings, http: HttpClient, nonce: Nonce) -> Auth:
    pair = f"{options.username}:{reveal(options.password)}".encode()
    return Fixed(Placed("header", AUTHORIZATION, "Basic "), base64.b64encode(pair).decode("ascii"))


def _digest(options: AuthOptions, settings: SourceSettings, http: HttpClient, nonce: Nonce) -> Auth:
    return Challenged((options.username, reveal(options.password)))


def _bearer(options: AuthOptions, settings: SourceSettings, http: HttpClient, nonce: Nonce) -> Auth:
    return Fixed(_placed(options, AUTHORIZATION, "Bearer "), reveal(options.token))


def _api_key(options: AuthOptions, settings: SourceSettings, http: HttpClient, nonce: Nonce) -> Auth:
    return Fixed(_placed(options, "X-API-Key", ""), reveal(options.api_key))


def _oauth2(options: AuthOptions, settings: SourceSettings, http: HttpClient, nonce: Nonce) -> Auth:
    return Tokens(
        by_client_credentials(options, settings, http), _placed(options, AUTHORIZATION, "Bearer "), http.clock
    )


def _login(options: AuthOptions, settings: SourceSettings, http: HttpClient, nonce: Nonce) -> Auth:
    login = options.login
    if login is None:
        raise ValueError("kind login needs login")
    placed = _placed(options, AUTHORIZATION, "Bearer ")
    if login.cookie and not options.name:
        placed = Placed("cookie", login.cookie, "")
    return Tokens(by_login(options, login, settings, http), placed, http.clock)


def _sign(options: AuthOptions, settings: SourceSettings, http: HttpClient, nonce: Nonce) -> Auth:
    if options.sign is None:
        raise ValueError("kind sign needs sign")
    return Signing(options.sign, options.key_id, options.secret, http.clock, nonce, settings.timezone)


_MAKERS: dict[str, Callable[[AuthOptions, SourceSettings, HttpClient, Nonce], Auth]] = {
    "none": _none,
    "basic": _basic,
    "digest": _digest,
    "bearer": _bearer,
    "api_key": _api_key,
    "oauth2": _oauth2,
    "login": _login,
    "sign": _sign,
}
