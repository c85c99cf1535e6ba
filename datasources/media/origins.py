"""Where a camera's media may be fetched from: the hosts its source named, and nowhere a reply points to instead."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from datasources.contract import SourceDataError
from datasources.media.offer import Address

WEB = frozenset({"http", "https"})
PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}


@dataclass(frozen=True, slots=True)
class Origins:
    """Hosts with their ports. Names are compared as they are written: nothing is resolved to be compared."""

    allowed: frozenset[tuple[str, int]]

    @classmethod
    def of(cls, addresses: Iterable[Address]) -> Origins:
        """The hosts that a source itself named; raises SourceDataError for an address that is none."""
        return cls(frozenset(_origin(address.url, frozenset(PORTS)) for address in addresses))

    def check(self, url: str, schemes: frozenset[str] = WEB) -> str:
        """The address, when it is on one of our hosts; raises SourceDataError("foreign_host")."""
        if _origin(url, schemes) not in self.allowed:
            raise SourceDataError("foreign_host", f"points to {urlsplit(url).hostname}")
        return url


def _origin(url: str, schemes: frozenset[str]) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise SourceDataError("foreign_host", "not an address") from error
    if parts.scheme not in schemes or not host or _is_link_local(host):
        raise SourceDataError("foreign_host", f"an address of scheme {parts.scheme[:20]!r} on {host[:100]!r}")
    return host, port or PORTS[parts.scheme]


def _is_link_local(host: str) -> bool:
    """No camera worth showing is there, but clouds keep their machines' credentials at 169.254.169.254."""
    try:
        address = ipaddress.ip_address(_as_dotted(host))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_link_local


def _as_dotted(host: str) -> str:
    """An IPv4 address written as one number, in hexadecimal or in fewer parts: systems take them all."""
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return host
