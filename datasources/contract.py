"""What a source is: a manifest, `check`, and `fetch` or `listen`. The Coordinator does everything else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from situation.batch import Batch, RecordRejected, Rejection

if TYPE_CHECKING:
    from situation.store.inbox import Inbox

__all__ = [
    "Batch",
    "Deliver",
    "DeliveryFailed",
    "FetchContext",
    "Manifest",
    "PushSource",
    "ReadsInbox",
    "RecordRejected",
    "Rejection",
    "Source",
    "SourceAuthFailed",
    "SourceDataError",
    "SourceError",
    "SourceSettings",
    "SourceUnavailable",
    "configured",
]


class SourceError(Exception):
    """Something went wrong with a source. `str()` goes to the log, `safe_text` may be shown on screens.

    `safe_text` is `code` or `code:argument` (`timeout`, `http_status:503`); docs/sources.md lists the codes.
    """

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


class DeliveryFailed(Exception):
    """The store could not keep a batch: let `listen` end with it, and acknowledge nothing of that batch upstream."""


class SourceSettings(Protocol):
    """One `[[sources]]` block of the settings file, as far as a source reads it. None: the kind's own default."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def crs(self) -> str | None: ...
    @property
    def timezone(self) -> str | None: ...
    @property
    def interval_s(self) -> float | None: ...
    @property
    def timeout_s(self) -> float | None: ...
    @property
    def stale_after_s(self) -> float | None: ...
    @property
    def options(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the Coordinator must know of a kind of source; settings of one source may override the numbers.

    `interval_s`, `stale_after_s` and `moves_within_s` are city seconds, `timeout_s` real ones. Of a push source
    `interval_s` is how often it says at least that its connection lives, `timeout_s` how long connecting may take.
    """

    kind: str
    records: tuple[str, ...]
    mode: Literal["poll", "push"] = "poll"
    interval_s: float = 60.0
    timeout_s: float = 20.0  # for one whole fetch, all its pages included
    stale_after_s: float = 300.0
    crs: str = "wgs84"
    moves_within_s: float | None = None  # content older than this is frozen; None: it may rest for ever
    resumes: bool = False  # the cursor is worth keeping over a restart
    has_tracks: bool = False  # a batch may hold several positions of one officer, each at its time


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchContext:
    """What the Coordinator hands to a fetch: the cursor of the last batch that was kept, time, and the deadline."""

    now: datetime
    cursor: Any = None  # JSON-serialisable; None on the first fetch and after a reset
    deadline_monotonic_s: float = field(default=float("inf"))


class Source(Protocol):
    """One configured upstream. Has no timer, cache or thread of its own; its HTTP client is handed in."""

    @property
    def key(self) -> str: ...
    @property
    def manifest(self) -> Manifest: ...

    def check(self) -> None:
        """Try the upstream once; raises a SourceError that says what is wrong."""
        ...

    def fetch(self, context: FetchContext) -> Batch:
        """Ask the upstream once, following its pages. Raises only SourceError."""
        ...


Deliver = Callable[[Batch], None]
"""Hands a batch over and returns when the store has kept it: only then may it be acknowledged upstream.

Blocks while the store is busy, which is the back-pressure: stop reading meanwhile. Raises DeliveryFailed. A batch that
is `not_modified` is a sign of life: the connection stands, nothing came. `content_at` is the newest time in the
content, or when it came where it names none.
"""


class PushSource(Protocol):
    """One configured upstream that speaks by itself (`Manifest.mode` "push"). `listen` has a thread of its own."""

    @property
    def key(self) -> str: ...
    @property
    def manifest(self) -> Manifest: ...

    def check(self) -> None:
        """Try the upstream once, taking nothing from a source that runs; raises a SourceError."""
        ...

    def listen(self, deliver: Deliver, stop: threading.Event) -> None:
        """Connect and deliver what comes until `stop` is set; the caller starts it again, later and later.

        Raises SourceError when the connection can't be had or is lost, and lets DeliveryFailed through.
        """
        ...


@runtime_checkable
class ReadsInbox(Protocol):
    """A push source whose messages other systems leave in the store's inbox."""

    def take_from(self, inbox: Inbox) -> None:
        """Be given the inbox, before listening begins."""
        ...


def configured(manifest: Manifest, settings: SourceSettings, records: tuple[str, ...] | None = None) -> Manifest:
    """The manifest of one source: its kind's, with what its settings override."""
    moves_within = settings.options.get("moves_within_s", manifest.moves_within_s)
    return replace(
        manifest,
        records=records or manifest.records,
        interval_s=settings.interval_s or manifest.interval_s,
        timeout_s=settings.timeout_s or manifest.timeout_s,
        stale_after_s=settings.stale_after_s or manifest.stale_after_s,
        crs=settings.crs or manifest.crs,
        moves_within_s=float(moves_within) if moves_within else None,
    )
