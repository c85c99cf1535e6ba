"""Who may ask at all: one outer ASGI middleware in front of every path, default deny.

Until logins exist there is one role, `local-viewer`, for a browser on this machine. "On this machine" needs both a
loopback client address and a loopback name in `Host`: a page of another site that points its own name at 127.0.0.1
(DNS rebinding) has the first but not the second, and a request relayed by a proxy says so in its headers.
"""

from __future__ import annotations

import ipaddress
import json
import math
import re
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callbacks.clients import Clients, Turned, token_of

LOCAL_VIEWER = "local-viewer"
SENDER = "sender"
"""Whoever pushes into the inbox: from anywhere, shows who it is by a secret of its source, sees nothing."""

CLIENT = "client"
"""Whoever reads what we share: from anywhere, shows who it is by a token, sees what its share says."""

SHARE = "/share/"

LOOPBACK_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
RELAY_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
SAFE_METHODS = frozenset({"GET", "HEAD"})
WRITING_PATHS = (
    ("POST", re.compile(r"/_dash-update-component")),
    ("POST", re.compile(r"/media/[^/]{1,200}/whep")),
    ("DELETE", re.compile(r"/media/[^/]{1,200}/whep/[0-9a-f]{1,64}")),
)
"""What of a page takes more than a GET: Dash's callbacks, and calling a camera over WebRTC."""

ACTING_PATHS = re.compile(r"/api/v1/(?:sources/[^/]+/(?:pause|resume|refresh)|settings/reload)")
"""Addresses by which somebody acts upon the city's systems: a POST, and only from this machine until logins exist."""

ANONYMOUS_VIEWER = "anonymous-viewer"

_INCOMING = re.compile(r"/api/in/[a-z0-9][a-z0-9_-]{0,63}")
"""Where systems push: `callbacks/routes/incoming.py` asks them who they are."""

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPolicy:
    """`is_anonymous_allowed` opens the door to other machines; `hosts` are further names this wall is known by.

    `is_receiving`: some source is pushed to.
    """

    is_anonymous_allowed: bool = False
    hosts: frozenset[str] = frozenset()
    is_receiving: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not served."""

    status: int
    reason: str
    retry_s: float = 0.0


def content_security_policy(script_hashes: Iterable[str], tile_origin: str = "") -> str:
    """The policy of every page: everything from here, nothing inline but Dash's one start line, known by its hash.

    Styles stay `unsafe-inline`: Plotly and React write style elements. `tile_origin` is the one other host a page
    may ask, and only for pictures, when the settings name XYZ tiles. Our own pages may frame each other: that is how
    several browsers show the parts of one wall.
    """
    images = " ".join(filter(None, ("'self'", "data:", "blob:", tile_origin)))
    scripts = " ".join(("'self'", *script_hashes))
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src {images}; "
        "font-src 'self' data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )


def host_of(header: str) -> str:
    """The name or address in a `Host` header or an origin's authority, without its port, lower case."""
    text = header.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.rpartition(":")[0] if text.count(":") == 1 else text


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def is_address(host: str) -> bool:
    """Whether it is a literal IP address, which no foreign page can take over by DNS."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_incoming(scope: Scope, policy: AccessPolicy) -> bool:
    """Whether this request is somebody pushing, who is asked for a secret instead of where he is."""
    return policy.is_receiving and scope["method"] == "POST" and bool(_INCOMING.fullmatch(scope["path"]))


def refusal(scope: Scope, policy: AccessPolicy) -> Refusal | None:
    """Why this request is refused, or None when it comes from a `local-viewer`."""
    headers = Headers(scope=scope)
    host = host_of(headers.get("host", ""))
    is_local = is_local_viewer(scope)
    if not is_local and not policy.is_anonymous_allowed:
        return Refusal(401, "only browsers on this machine may see this wall until logins exist")
    if not (is_loopback(host) or is_address(host) or host in policy.hosts):
        return Refusal(403, "this wall is not known by that host name; name it with --allow-host")
    return _method_refusal(scope, headers, host, is_local=is_local)


def is_local_viewer(scope: Scope) -> bool:
    """Whether a request comes from a browser on this machine and names this machine."""
    headers = Headers(scope=scope)
    client = scope.get("client") or ("", 0)
    is_relayed = any(name in headers for name in RELAY_HEADERS)
    return is_loopback(client[0]) and is_loopback(host_of(headers.get("host", ""))) and not is_relayed


def _method_refusal(scope: Scope, headers: Headers, host: str, *, is_local: bool) -> Refusal | None:
    if scope["method"] in SAFE_METHODS:
        return None
    is_acting = scope["method"] == "POST" and ACTING_PATHS.fullmatch(scope["path"]) is not None
    is_writing = any(scope["method"] == method and path.fullmatch(scope["path"]) for method, path in WRITING_PATHS)
    if not (is_acting or is_writing):
        return Refusal(405, "this address is only for reading")
    if is_acting and not is_local:
        return Refusal(403, "only a browser on this machine may act until logins exist")
    origin = headers.get("origin")
    authority = "" if origin is None else origin.partition("://")[2]
    if is_acting and origin is not None and authority.lower() != headers.get("host", "").strip().lower():
        return Refusal(403, "a page of another site may not act here")  # nor one of another port of this machine
    if origin is not None and host_of(authority) != host:
        return Refusal(403, "a page of another site may not act here")
    return None


class AccessMiddleware:
    """Admits or refuses every request and gives every answer its security headers. WebSockets are never admitted."""

    def __init__(self, app: ASGIApp, policy: AccessPolicy, content_policy: str, clients: Clients | None = None) -> None:
        self.app = app
        self.policy = policy
        self.clients = clients
        self.headers = {**SECURITY_HEADERS, "content-security-policy": content_policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 4401, "reason": "no WebSockets here"})
            return

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        refused = self._admit(scope, state) or _nothing_meant(scope)
        if refused is not None:
            await _send_refusal(refused, send_secured)
            return
        await self.app(scope, receive, send_secured)

    def _admit(self, scope: Scope, state: MutableMapping[str, Any]) -> Refusal | None:
        """Why a request is refused; None when it is not, and then its state says who asks."""
        if is_incoming(scope, self.policy):
            state["role"] = SENDER
            return None
        if self.clients is not None and scope["path"].startswith(SHARE):
            return _admit_client(scope, state, self.clients)
        state["role"] = LOCAL_VIEWER if is_local_viewer(scope) else ANONYMOUS_VIEWER
        return refusal(scope, self.policy)


def _admit_client(scope: Scope, state: MutableMapping[str, Any], clients: Clients) -> Refusal | None:
    """A token opens from anywhere and by any name of this machine: it is no cookie that a foreign page could use."""
    if scope["method"] not in SAFE_METHODS:
        return Refusal(405, "this address is only for reading")
    token = token_of(Headers(scope=scope), QueryParams(scope["query_string"]))
    caller = (scope.get("client") or ("", 0))[0]
    admitted = clients.admit(caller, token, is_local=is_local_viewer(scope))
    if isinstance(admitted, Turned):
        return Refusal(admitted.status, admitted.reason, admitted.retry_s)
    state["role"] = CLIENT
    state["client"] = admitted
    return None


def _nothing_meant(scope: Scope) -> Refusal | None:
    """PostgreSQL takes no NUL in a text: asking it for one would be an error of the server, not of whoever asks."""
    has_nul = "\x00" in scope["path"] or b"%00" in scope["query_string"]
    return Refusal(400, "no address holds a NUL") if has_nul else None


async def _send_refusal(refused: Refusal, send: Send) -> None:
    body = json.dumps({"error": refused.reason}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers.append((b"cache-control", b"no-store"))
    if refused.retry_s:
        headers.append((b"retry-after", str(math.ceil(refused.retry_s)).encode()))
    if refused.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
