"""One request as a value: what templates fill in, and what authentication adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from datasources.login import Login

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that is about to be sent. Secrets may be in every part of it, so that none of them is shown."""

    method: str = "GET"
    url: str = field(repr=False)
    query: Pairs = field(default=(), repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    login: Login | None = field(default=None, repr=False)
    """Given where the upstream asks for one, as Basic or Digest."""

    @property
    def address(self) -> str:
        """The whole address, its query encoded; what the address itself asks stays as it is."""
        if not self.query:
            return self.url
        return f"{self.url}{'&' if urlsplit(self.url).query else '?'}{urlencode(self.query, quote_via=quote)}"

    @property
    def path(self) -> str:
        """The path without its query."""
        return urlsplit(self.url).path or "/"

    def with_headers(self, headers: Mapping[str, str]) -> Request:
        """The same with more headers."""
        return replace(self, headers={**self.headers, **headers})

    def with_query(self, query: Mapping[str, str]) -> Request:
        """The same, asking for more; what is asked twice holds as given last, also where the address itself asks it."""
        kept = tuple(pair for pair in self.query if pair[0] not in query)
        asked = parse_qsl(urlsplit(self.url).query, keep_blank_values=True)
        left = [pair for pair in asked if pair[0] not in query]
        url = self.url
        if len(left) != len(asked):
            url = urlsplit(url)._replace(query=urlencode(left, quote_via=quote)).geturl()
        return replace(self, url=url, query=(*kept, *query.items()))
