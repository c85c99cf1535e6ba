"""Where a broker is and how it is spoken to: the options that every kind of source over MQTT has."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from datasources.contract import SourceUnavailable
from datasources.options import Options
from situation.settings import Secret

Subscription = tuple[str, int]
"""Topic filter, QoS."""

PORTS = {"mqtt": 1883, "mqtts": 8883}
Protocol = Literal["5", "3.1.1"]


class BrokerOptions(Options):
    """How to speak to a broker: a mix-in for kinds of source that do. Paths are files of the collector's machine."""

    client_id: str = Field(default="", max_length=128)
    """The name of our session at the broker (default: `onescreen-` and the source's key); only one may use it."""
    username: str = ""
    password: Secret | None = None
    protocol: Protocol = "5"
    qos: Literal[0, 1] = 1
    session_expiry_s: Annotated[int, Field(ge=0, le=0xFFFFFFFE)] = 7 * 86400
    """Real seconds for which a broker keeps for us what comes while we are away (MQTT 5; before, its own setting)."""
    keepalive_s: Annotated[int, Field(ge=5, le=3600)] = 30
    ca: str = ""
    """PEM file with the authorities that may have signed the broker's certificate; empty: those of the machine."""
    certificate: str = ""
    private_key: str = ""
    """PEM files with which we show the broker who we are."""
    largest_bytes: Annotated[int, Field(ge=1_000, le=16_000_000)] = 1_000_000
    """A larger message costs itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """One broker and our session there. An empty `session_expiry_s` is one that ends with the connection."""

    host: str
    port: int
    is_tls: bool
    client_id: str
    options: BrokerOptions
    connect_s: float = 10.0
    is_lasting: bool = True  # the broker keeps messages for us while we are away

    def tls(self) -> ssl.SSLContext:
        """How the connection is secured; raises SourceUnavailable when our files can't be used."""
        options = self.options
        try:
            context = ssl.create_default_context(cafile=options.ca or None)
            if options.certificate:
                context.load_cert_chain(options.certificate, options.private_key or None, password=_no_password)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise SourceUnavailable("tls", f"ca, certificate or private_key can't be used: {error}") from error
        return context


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `is_retained`: the broker had it already, so it may be of any age."""

    topic: str
    payload: bytes
    is_retained: bool = False
    mid: int = 0
    qos: int = 0


def broker_of(url: str, options: BrokerOptions, key: str, connect_s: float = 10.0) -> Broker:
    """The broker at `mqtt://host:port` or `mqtts://host:port`; raises ValueError for another address."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"sources.{key}: must be an address beginning with mqtt:// or mqtts://")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"sources.{key}: username and password belong in the options, not in the address")
    return Broker(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        is_tls=parts.scheme == "mqtts",
        client_id=options.client_id or f"onescreen-{key}",
        options=options,
        connect_s=connect_s,
    )


def _no_password() -> str:
    """OpenSSL would ask at the terminal for the password of a key that has one."""
    raise ValueError("private_key must not need a password")
