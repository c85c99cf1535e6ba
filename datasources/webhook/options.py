"""The options of the `webhook` source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from datasources.formats import FormOptions
from datasources.mapping import MappingOptions
from situation.settings import Secret

SHORTEST_SECRET = 16

Header = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")]


class WebhookOptions(MappingOptions, FormOptions):
    """How a system that calls us shows who it is, how much it may send, and what its bodies are."""

    secret: Secret
    """Signs the bodies, or is the bearer token itself."""
    auth: Literal["signature", "bearer"] = "signature"
    signature_header: Header = "X-Signature"
    """Holds `sha256=` (or nothing) and the HMAC-SHA256 of time, a full stop and body, hexadecimal."""
    timestamp_header: Header | Literal[""] = "X-Timestamp"
    """Holds the time in epoch seconds; "" where the body alone is signed: others can repeat such a call."""
    replay_window_s: Annotated[float, Field(ge=10, le=3600)] = 300.0
    """Real seconds that a signature may be old, or ahead of our clock."""
    per_minute: Annotated[int, Field(ge=1, le=60_000)] = 600
    largest_bytes: Annotated[int, Field(ge=1_000, le=16_000_000)] = 1_000_000

    @field_validator("secret")
    @classmethod
    def _is_long(cls, secret: Secret) -> Secret:
        if len(secret.reveal()) < SHORTEST_SECRET:
            raise ValueError(f"should have at least {SHORTEST_SECRET} characters; `openssl rand -hex 32` makes one")
        return secret
