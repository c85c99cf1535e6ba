"""SOAP as ONVIF devices speak it: an envelope, a WS-UsernameToken by the device's own clock, Faults of every status.

ONVIF Core Specification 5.9 (WS-Security UsernameToken Profile 1.0, password digest). Why not a library: see
docs/decisions.md.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from datasources.cap.elements import find_all, said
from datasources.contract import SourceAuthFailed, SourceDataError
from datasources.decode import decode_xml
from datasources.fields import clean
from datasources.http import HttpClient, Reply, raise_for
from datasources.login import Login

DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_DIGEST = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
_MAY_HOLD_A_FAULT = frozenset({400, 401, 403, 405, 500})
_REFUSALS = ("notauthorized", "not authorized", "unauthorized", "failedauthentication", "failed authentication")


@dataclass(frozen=True, slots=True)
class Soap:
    """One service of one device. `offset` is how far the device's clock is ahead of ours."""

    http: HttpClient
    login: Login | None = field(repr=False)
    offset: timedelta = timedelta(0)

    def call(self, url: str, namespace: str, action: str, deadline_s: float, body: str = "") -> Element:
        """The `<action>Response` element; raises SourceAuthFailed or SourceDataError for a Fault of any status."""
        return response_of(self.ask(url, namespace, action, deadline_s, body), action)

    def ask(self, url: str, namespace: str, action: str, deadline_s: float, body: str = "") -> Reply:
        """The reply as it is: a Fault may be in it whatever its status."""
        return self.http.post(
            url,
            self._envelope(f'<{action} xmlns="{namespace}">{body}</{action}>').encode(),
            headers={"Content-Type": f'application/soap+xml; charset=utf-8; action="{namespace}/{action}"'},
            deadline_s=deadline_s,
            tolerate=_MAY_HOLD_A_FAULT,
            login=self.login,
        )

    def _envelope(self, content: str) -> str:
        header = f"<s:Header>{self._token()}</s:Header>" if self.login else ""
        return (
            '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">'
            f"{header}<s:Body>{content}</s:Body></s:Envelope>"
        )

    def _token(self) -> str:
        user, password = self.login or ("", "")
        nonce = secrets.token_bytes(16)
        created = (self.http.clock.now() + self.offset).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        # SHA-1 is what the standard asks for; nothing of ours is protected by it
        digest = hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()
        return (
            f'<Security xmlns="{_WSSE}" s:mustUnderstand="1"><UsernameToken><Username>{escape(user)}</Username>'
            f'<Password Type="{_DIGEST}">{base64.b64encode(digest).decode()}</Password>'
            f'<Nonce>{base64.b64encode(nonce).decode()}</Nonce><Created xmlns="{_WSU}">{created}</Created>'
            "</UsernameToken></Security>"
        )


def response_of(reply: Reply, action: str) -> Element:
    """The `<action>Response` in a reply; raises SourceAuthFailed or SourceDataError for a Fault of any status."""
    try:
        root = decode_xml(reply.body)
    except SourceDataError:
        raise_for(reply)  # what has such a status and no envelope is no device's Fault
        raise
    for fault in find_all(root, "fault"):
        _raise_fault(fault, action)
    raise_for(reply)
    found = find_all(root, f"{action.lower()}response")
    if not found:
        raise SourceDataError("wrong_shape", f"no {action}Response")
    return found[0]


def _raise_fault(fault: Element, action: str) -> None:
    words = clean(" ".join(part.strip() for part in fault.itertext()), 300)
    if any(refusal in words.lower() for refusal in _REFUSALS):
        raise SourceAuthFailed("auth_failed:fault", f"{action}: {words}")
    raise SourceDataError("upstream_error", f"{action}: {words}")


def value(element: Element, *path: str) -> str:
    """The trimmed text of a descendant by local names, each the first below the one before; "" without it."""
    for name in path[:-1]:
        below = find_all(element, name)
        if not below:
            return ""
        element = below[0]
    found = find_all(element, path[-1])
    return clean("".join(found[0].itertext())) if found else said(element, path[-1])
