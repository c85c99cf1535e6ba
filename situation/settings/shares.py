"""`[[shares]]`: who is given what was collected here, which part of it, how often, and whom we tell of changes."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from situation.scope import EVERYTHING, Scope
from situation.settings.kinds import Address, Key, Table, one_of
from situation.settings.secret import Secret

SHARED = {
    "cameras": "camera",
    "sensors": "sensor",
    "warnings": "warning",
    "forecasts": "forecast",
    "cases": "case",
    "alarms": "alarm",
    "officers": "officer",
    "places": "place",
    "components": "component",
    "areas": "area",
    "departments": "department",
}
"""What can be shared: the name of each collection and the kind of record in it. How sources do is our own matter."""

LEAST_SECRET = 16
"""Letters that a token or secret must have: it is all that stands between the city and whoever guesses."""


def _is_long(secret: Secret) -> Secret:
    if len(secret.reveal()) < LEAST_SECRET:
        raise ValueError(f"must have at least {LEAST_SECRET} characters")
    return secret


def _is_web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address beginning with http:// or https://")
    return url


Token = Annotated[Secret, AfterValidator(_is_long)]
Code = Annotated[str, Field(min_length=1, max_length=64)]
Collection = Annotated[str, AfterValidator(one_of(SHARED))]


class WebhookSettings(Table):
    """`[shares.webhook]`: where changes are posted, signed with `secret`; `kinds` of records, empty: all it may see."""

    url: Annotated[Address, AfterValidator(_is_web_address)]
    secret: Token
    kinds: tuple[Annotated[str, AfterValidator(one_of(SHARED.values()))], ...] = ()


class ShareSettings(Table):
    """One `[[shares]]`. Empty `areas`, `departments` or `collections` mean all of them.

    `areas` are codes of streets, communities or grids.
    """

    key: Key
    name: str = Field(default="", max_length=80)
    token: Token
    areas: tuple[Code, ...] = ()
    departments: tuple[Code, ...] = ()
    collections: tuple[Collection, ...] = ()
    requests_per_minute: int = Field(default=600, ge=1, le=60_000)
    webhook: WebhookSettings | None = None

    @property
    def scope(self) -> Scope:
        """What whoever has the token may see."""
        if not self.areas and not self.departments:
            return EVERYTHING
        return Scope(frozenset(self.areas) or None, frozenset(self.departments) or None)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of record in its collections."""
        return frozenset(SHARED[name] for name in self.collections or SHARED)
