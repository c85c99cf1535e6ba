"""What a source is: a manifest, `check`, and `fetch` or `listen`. The Coordinator does everything else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from situation.batch import Batch, RecordRejected, Rejection

__all__ = [
    "Batch",
    "FetchContext",
    "Manifest",
    "RecordRejected",
    "Rejection",
    "Source",
    "SourceAuthFailed",
    "SourceDataError",
    "SourceError",
    "SourceUnavailable",
]


class SourceError(Exception):
    """Something went wrong with a source. `safe_text` may be shown on screens, `str()` goes to the log."""

    def __init__(self, safe_text: str, detail: str = "") -> None:
        super().__init__(detail or safe_text)
        self.safe_text = safe_text


class SourceUnavailable(SourceError):
    """The upstream could not be asked (refused, timeout, 5xx, 429). `retry_after_s` is its own wish, if any."""

    def __init__(self, safe_text: str, detail: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(safe_text, detail)
        self.retry_after_s = retry_after_s


class SourceAuthFailed(SourceError):
    """The upstream refused our credentials (401, 403, or an error code inside a 200)."""


class SourceDataError(SourceError):
    """The upstream answered, but not with what its format promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the Coordinator must know of a kind of source; settings of one source may override the numbers."""

    kind: str
    records: tuple[str, ...]
    mode: Literal["poll", "push"] = "poll"
    interval_s: float = 60.0
    timeout_s: float = 20.0  # for one whole fetch, all its pages included
    stale_after_s: float = 300.0
    crs: str = "wgs84"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchContext:
    """What the Coordinator hands to a fetch: the cursor of the last batch that was kept, time, and the deadline."""

    now: datetime
    cursor: Any = None  # JSON-serialisable; None on the first fetch and after a reset
    deadline_monotonic_s: float = field(default=float("inf"))


class Source(Protocol):
    """One configured upstream. Has no timer, cache, thread or session of its own."""

    key: str
    manifest: Manifest

    def check(self) -> None:
        """Try the upstream once; raises a SourceError that says what is wrong."""
        ...

    def fetch(self, context: FetchContext) -> Batch:
        """Ask the upstream once, following its pages. Raises only SourceError."""
        ...
