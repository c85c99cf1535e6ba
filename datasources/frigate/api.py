"""Asking a Frigate (0.12 and later): its login, its documents, pages of events and reviews."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from datasources.contract import SourceAuthFailed
from datasources.fields import number, rows
from datasources.frigate.options import FrigateOptions
from datasources.http import HttpClient
from datasources.media.server import below
from datasources.media.token import Asked, Token
from datasources.secrets import reveal

TOKEN_LASTS_S = 12 * 3600.0
PAGE = 500
MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class Api:
    """One Frigate. `token` is None where it wants no login."""

    url: str
    http: HttpClient
    token: Token | None = None

    @classmethod
    def of(cls, url: str, options: FrigateOptions, http: HttpClient) -> Api:
        """With a token where there is a user."""
        if not options.username:
            return cls(url, http)
        body = json.dumps({"user": options.username, "password": reveal(options.password)}).encode()
        return cls(url, http, Token(lambda deadline_s: _login(url, body, http, deadline_s), http.clock))

    def get(self, path: str, deadline_s: float, params: Mapping[str, Any] | None = None) -> Any:
        """A document; raises SourceError."""

        def ask(headers: Mapping[str, str]) -> Any:
            return self.http.get(below(self.url, path), params=params, headers=headers, deadline_s=deadline_s).json()

        if self.token is None:
            return ask({})
        return self.token.use(lambda token: ask(bearer(token)), deadline_s)

    def pages(self, path: str, deadline_s: float, params: Mapping[str, Any]) -> list[Any]:
        """All rows of a list that comes newest first, page by page back in time."""
        found: list[Any] = []
        before: float | None = None
        for _ in range(MOST_PAGES):
            page = rows(self.get(path, deadline_s, {**params, "limit": PAGE, "before": before}), path)
            found += page
            starts = [number(row.get("start_time")) for row in page if isinstance(row, dict)]
            oldest = min((start for start in starts if start is not None), default=None)
            if len(page) < PAGE or oldest is None or oldest == before:
                break
            before = oldest
        return found


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def _login(url: str, body: bytes, http: HttpClient, deadline_s: float) -> Asked:
    """A token from the cookie that Frigate sets, whatever its name."""
    headers = {"Content-Type": "application/json"}
    reply = http.post(below(url, "api/login"), body, headers=headers, deadline_s=deadline_s)
    try:
        cookies = SimpleCookie(reply.headers.get("Set-Cookie", ""))
    except CookieError as error:
        raise SourceAuthFailed("auth_failed:login", "an unreadable cookie") from error
    token = next((cookie.value for cookie in cookies.values()), "")
    if not token:
        raise SourceAuthFailed("auth_failed:login", "Frigate set no token")
    return token, TOKEN_LASTS_S
