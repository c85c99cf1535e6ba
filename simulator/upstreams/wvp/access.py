"""Who may ask a WVP platform: an access token of thirty minutes after login, or an API key."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from starlette.requests import Request

from simulator.upstreams.context import Upstream

ACCOUNT = ("onescreen", "onescreen-demo")  # the demonstration's name and password
LIFETIME = timedelta(minutes=30)


def api_key(upstream: Upstream) -> str:
    """The demonstration's key of a platform."""
    return f"demo-{upstream.key}"


def login(upstream: Upstream, name: str, password_md5: str) -> str | None:
    """An access token, None for a wrong name or password (which arrives as its MD5, as WVP wants it)."""
    user, secret = ACCOUNT
    expected = hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest()
    if name != user or not hmac.compare_digest(password_md5.lower(), expected):
        return None
    expires_s = int((upstream.now() + LIFETIME).timestamp())
    return f"{expires_s}.{_signature(upstream, expires_s)}"


def is_admitted(upstream: Upstream, request: Request) -> bool:
    """Whether the request carries a living token or the key."""
    key = request.headers.get("api-key", "")
    if key:
        return hmac.compare_digest(key, api_key(upstream))
    token = request.headers.get("access-token") or request.query_params.get("access-token", "")
    expires_text, _, signature = token.partition(".")
    if not expires_text.isdecimal() or not hmac.compare_digest(signature, _signature(upstream, int(expires_text))):
        return False
    return upstream.now() < datetime.fromtimestamp(int(expires_text), upstream.now().tzinfo)


def _signature(upstream: Upstream, expires_s: int) -> str:
    """Tokens carry their own proof, so they outlive a restart of the simulator."""
    return hashlib.sha256(f"{upstream.city.seed}/{upstream.key}/{expires_s}".encode()).hexdigest()[:32]
