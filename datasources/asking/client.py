"""An HTTP client that says who asks, for kinds of source whose standard leaves that to the installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datasources.asking.auth import Auth, Fixed, make_auth
from datasources.asking.options import AuthOptions
from datasources.asking.request import Request
from datasources.asking.signing import Nonce, random_nonce
from datasources.contract import SourceAuthFailed, SourceSettings
from datasources.http import HttpClient, Reply
from datasources.login import Login


@dataclass(slots=True)
class AuthenticatedClient(HttpClient):
    """Adds to every GET what proves who asks; a refused token is got anew once."""

    auth: Auth = field(default_factory=Fixed)

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
        """As HttpClient has it; may ask for a token first."""
        query = tuple((name, str(value)) for name, value in (params or {}).items() if value is not None)
        request = Request(method=method, url=url, query=query, headers=headers or {}, login=login)

        def ask() -> Reply:
            ready = self.auth.authenticate(request, deadline_s)
            return HttpClient.get(
                self,
                ready.address,
                headers=ready.headers,
                deadline_s=deadline_s,
                tolerate=tolerate,
                login=ready.login,
                method=method,
            )

        try:
            return ask()
        except SourceAuthFailed:
            if not self.auth.renew():
                raise
        return ask()


def authenticated(
    http: HttpClient, options: AuthOptions, settings: SourceSettings, nonce: Nonce = random_nonce
) -> HttpClient:
    """The same client, saying who asks where the options say how."""
    if options.kind == "none":
        return http
    return AuthenticatedClient(
        clock=http.clock,
        session=http.session,
        byte_cap=http.byte_cap,
        connect_timeout_s=http.connect_timeout_s,
        read_timeout_s=http.read_timeout_s,
        auth=make_auth(options, settings, http, nonce),
    )
