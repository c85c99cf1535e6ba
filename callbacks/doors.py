"""Doors: how a system that pushes shows who it is, and how much it may send. Times are real, of the machine."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from situation.clock import Clock

PREFIX = "sha256="
MOST_REMEMBERED = 20_000
"""Signatures, and callers, that are remembered: beyond it the oldest are forgotten."""

REFUSALS_PER_MINUTE = 60
"""Of one caller: then its calls are not even read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Of one source. `secret` signs bodies (with the time in `timestamp_header`, if it has a name) or is the token."""

    key: str
    secret: bytes = field(repr=False)
    is_signed: bool = True
    signature_header: str = "X-Signature"
    timestamp_header: str = "X-Timestamp"
    replay_window_s: float = 300.0
    per_minute: int = 600
    largest_bytes: int = 1_000_000

    def accepts(self, headers: Mapping[str, str], body: bytes, now_s: float) -> bool:
        """Whether whoever sent this knows the secret and has just signed it; takes the same time either way."""
        stamp = headers.get(self.timestamp_header, "") if self.timestamp_header else ""
        signed = stamp.encode() + b"." + body if self.timestamp_header else body
        mine = hmac.new(self.secret, signed, hashlib.sha256).hexdigest()
        token = headers.get("authorization", "")
        is_signed = hmac.compare_digest(self.signature(headers).encode(), mine.encode())
        is_bearer = hmac.compare_digest(token.encode(), b"Bearer " + self.secret)
        return is_signed and self._is_fresh(stamp, now_s) if self.is_signed else is_bearer

    def signature(self, headers: Mapping[str, str]) -> str:
        """The signature in the headers, hexadecimal, "" without one."""
        return headers.get(self.signature_header, "").strip().lower().removeprefix(PREFIX)

    def _is_fresh(self, stamp: str, now_s: float) -> bool:
        if not self.timestamp_header:
            return True
        try:
            sent_s = float(stamp)
        except ValueError:
            return False
        return math.isfinite(sent_s) and abs(now_s - sent_s) <= self.replay_window_s


def nobody() -> Door:
    """The door of a source that does not exist: it looks like any other and lets nobody in."""
    return Door(key="", secret=secrets.token_bytes(32))


@dataclass(slots=True)
class _Bucket:
    left: float
    at_s: float


class Limiter:
    """So many a minute for each name, a tenth of it (at least ten) at once. Names longest unseen are forgotten."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_s(self, name: str, per_minute: int) -> float:
        """Seconds until `name` may come again, 0 when it may now."""
        bucket = self._filled(name, per_minute)
        return 0.0 if bucket.left >= 1 else (1 - bucket.left) * 60 / per_minute

    def count(self, name: str, per_minute: int) -> None:
        """Note that it came."""
        self._filled(name, per_minute).left -= 1

    def _filled(self, name: str, per_minute: int) -> _Bucket:
        now_s, most = self._clock.monotonic(), max(per_minute / 10, 10.0)
        bucket = self._buckets.pop(name, None) or _Bucket(most, now_s)
        bucket.left = min(most, bucket.left + (now_s - bucket.at_s) * per_minute / 60)
        bucket.at_s = now_s
        self._buckets[name] = bucket
        while len(self._buckets) > MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        return bucket


class Signatures:
    """Which signatures were taken in already: a call that is repeated is kept once."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()

    def has(self, key: str, signature: str, now_s: float) -> bool:
        """Whether it was taken in and could still be repeated."""
        return self._seen.get((key, signature), float("-inf")) >= now_s

    def add(self, key: str, signature: str, until_s: float) -> None:
        """Remember it until it can't be repeated any more."""
        self._seen[key, signature] = until_s
        while len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
