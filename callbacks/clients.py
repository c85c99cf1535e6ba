"""Clients: whom we share with, how they show who they are, how often they may ask. Times are real, of the machine."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from callbacks.doors import REFUSALS_PER_MINUTE, Limiter
from situation.clock import Clock
from situation.scope import EVERYTHING, Scope
from situation.settings import SHARED, ShareSettings

NO_TOKEN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Whoever reads below `/share`: what they may see. `per_minute` None: as often as they like."""

    key: str
    name: str = ""
    scope: Scope = EVERYTHING
    kinds: frozenset[str] = frozenset(SHARED.values())
    per_minute: int | None = None
    digest: bytes = field(default=b"", repr=False)


LOCAL = Client(key="local-viewer")
"""A browser on this machine, which sees the whole city anyway."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A caller who is turned away. `retry_s`: seconds until it may come again, 0 where that would not help."""

    status: int
    reason: str
    retry_s: float = 0.0


class Clients:
    """Knows clients by their tokens. Whoever has none learns nothing, and soon is no longer listened to."""

    def __init__(self, clients: Iterable[Client], clock: Clock) -> None:
        self._clients = tuple(clients)
        self._asked, self._refused = Limiter(clock), Limiter(clock)

    def admit(self, caller: str, token: str, *, is_local: bool) -> Client | Turned:
        """Who asks with this token from this address; counts the call."""
        if not token:
            return LOCAL if is_local else self._turn_away(caller)
        client = self._client(token)
        if client is None:
            return self._turn_away(caller)
        if client.per_minute is None:
            return client
        if wait_s := self._asked.wait_s(client.key, client.per_minute):
            return Turned(429, "too often", wait_s)
        self._asked.count(client.key, client.per_minute)
        return client

    def _client(self, token: str) -> Client | None:
        """All are compared whatever the first ones said, so that the time taken tells nothing."""
        digest = _digest(token)
        matching = [client for client in self._clients if hmac.compare_digest(client.digest, digest)]
        return matching[0] if matching else None

    def _turn_away(self, caller: str) -> Turned:
        if wait_s := self._refused.wait_s(caller, REFUSALS_PER_MINUTE):
            return Turned(429, "too many calls were refused", wait_s)
        self._refused.count(caller, REFUSALS_PER_MINUTE)
        return Turned(401, "a valid token is needed here")


def clients_of(shares: Iterable[ShareSettings], clock: Clock) -> Clients:
    """The clients of the settings."""
    return Clients(
        (
            Client(
                key=share.key,
                name=share.name,
                scope=share.scope,
                kinds=share.kinds,
                per_minute=share.requests_per_minute,
                digest=_digest(share.token.reveal()),
            )
            for share in shares
        ),
        clock,
    )


def token_of(headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """The token that a request carries: as Bearer, as `X-API-Key`, as the password of Basic, or as `api_key`."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() == "basic":
        return _password(given)
    return headers.get("x-api-key") or query.get("api_key", NO_TOKEN)


def _password(given: str) -> str:
    """The password of a Basic header; what can't be read is a wrong token, never none."""
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2] or given
    except (binascii.Error, UnicodeDecodeError):
        return given or "?"


def _digest(token: str) -> bytes:
    """Of one length, so that comparing takes the same time for any token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
