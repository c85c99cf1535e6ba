"""Asking a ZoneMinder: its tokens, its list of monitors (API 2.0, ZoneMinder 1.34 and later), its images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datasources.contract import SourceAuthFailed, SourceDataError
from datasources.fields import clean, number
from datasources.http import HttpClient, Reply, raise_for
from datasources.media.server import below
from datasources.media.token import Asked, Token
from datasources.secrets import reveal
from datasources.zoneminder.options import ZoneMinderOptions

_DEFAULT_LASTS_S = 3600.0


@dataclass(frozen=True, slots=True)
class Api:
    """One ZoneMinder."""

    url: str
    options: ZoneMinderOptions
    http: HttpClient

    def login(self, deadline_s: float) -> Asked:
        """An access token; raises SourceAuthFailed with ZoneMinder's own words in the log."""
        form = urlencode({"user": self.options.username, "pass": reveal(self.options.password)})
        reply = self.http.post(
            below(self.url, "api/host/login.json"),
            form.encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            deadline_s=deadline_s,
            tolerate=frozenset({401, 403}),
        )
        document = _document(reply)
        token = clean(document.get("access_token"))
        if not token:
            raise SourceAuthFailed("auth_failed:login", "no access_token in the login")
        return token, number(document.get("access_token_expires")) or _DEFAULT_LASTS_S

    def monitors(self, token: str, deadline_s: float) -> Any:
        """The list of monitors as it is."""
        reply = self.http.get(
            below(self.url, "api/monitors.json"),
            params={"token": token or None},
            deadline_s=deadline_s,
            tolerate=frozenset({401, 403}),
        )
        return _document(reply)

    def image(self, query: Mapping[str, Any]) -> str:
        """The address of an image or a stream of images, without a token."""
        return f"{below(self.url, self.options.cgi_path)}?{urlencode(query)}"

    def token(self) -> Token | None:
        """Its tokens; None when nobody logs in."""
        return Token(self.login, self.http.clock) if self.options.username else None


def _document(reply: Reply) -> Mapping[str, Any]:
    """The object in a reply; raises SourceAuthFailed for a refusal, whatever its status: it may come in a 200."""
    if reply.status in (401, 403) and reply.is_html:
        raise_for(reply)
    try:
        document = reply.json()
    except SourceDataError:
        raise_for(reply)
        raise
    if not isinstance(document, dict):
        raise_for(reply)
        raise SourceDataError("wrong_shape", "not an object")
    if document.get("success") is False:
        said = document.get("data")
        words = clean(said.get("message"), 200) if isinstance(said, dict) else ""
        refused = reply.status in (401, 403) or any(word in words.lower() for word in ("api disabled", "authenticated"))
        if refused:
            raise SourceAuthFailed("auth_failed:login", words or f"HTTP {reply.status}")
        raise SourceDataError("upstream_error", words)
    raise_for(reply)
    return document
