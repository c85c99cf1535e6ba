"""How a source is doing, judged from what its fetches brought. Pure: no clock, no log, no store."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from datasources.contract import Manifest, SourceAuthFailed, SourceError
from situation.batch import Rejection
from situation.masking import mask
from situation.records import Health, SourceHealth

REJECTED_SHARE = 0.01
"""From this share of rejected records on a source is degraded; fewer are counted and shown, and it stays ok."""

SLOW_SHARE = 0.5
"""A fetch that needs more than this share of its timeout is slow."""

FAILURES_UNTIL_UNAVAILABLE = 2
SAMPLES = 3
DOWN = frozenset({Health.UNAVAILABLE, Health.AUTH_FAILED, Health.STALE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What people should know of a source, as the settings say it. `promise_s` is in city seconds."""

    name: str = ""
    name_en: str = ""
    department: str = ""
    owner: str = ""
    phone: str = ""
    description: str = ""
    promise_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """What a good fetch told. `digest` stands for content without a time; `mark` is why it is degraded.

    `note` says what the source is at where nothing is wrong with it.
    """

    record_count: int | None  # None: this fetch was not of everything
    rejected: tuple[Rejection, ...]
    content_at: datetime | None
    digest: int | None
    latency_s: float
    mark: str = ""
    note: str = ""
    item_count: int | None = None  # how many there were to reject, where that is another number


@dataclass(slots=True)
class HealthTracker:
    """Follows one source. `interval_s` and `stale_after_s` are city seconds as the clock's speed allows them."""

    key: str
    card: Card
    manifest: Manifest
    interval_s: float
    stale_after_s: float
    previous: SourceHealth | None = None
    """What the store still knows from before a restart: counts go on, and the age of what is shown stays true."""

    health: SourceHealth = field(init=False)
    is_paused: bool = False  # somebody told us not to ask it
    failures: int = 0  # in a row
    _error: SourceError | None = None
    _last: Success | None = None
    _moved_at: datetime | None = None
    _content: tuple[datetime | None, int | None] = (None, None)

    def __post_init__(self) -> None:
        self.health = SourceHealth(
            id=self.key,
            source=self.key,
            source_kind=self.manifest.kind,
            records=self.manifest.records,
            interval_s=self.interval_s,
            stale_after_s=self.stale_after_s,
            **asdict(self.card),
        )
        before = self.previous
        if before is not None:
            self.health = replace(
                self.health,
                succeeded_at=before.succeeded_at,
                content_at=before.content_at,
                record_count=before.record_count,
                rejected_total=before.rejected_total,
                failures_total=before.failures_total,
            )

    def introduce(self, card: Card) -> None:
        """The settings say something else of the source for people."""
        self.card = card
        self.health = replace(self.health, **asdict(card))

    @property
    def is_troubled(self) -> bool:
        """Whether the last attempt failed, or nothing has succeeded yet."""
        return self._error is not None or self.health.attempted_at is None

    def succeeded(self, at: datetime, success: Success) -> SourceHealth:
        """Note a good fetch."""
        before = self.health
        content = (success.content_at, success.digest)
        if self._moved_at is None:
            # at first sight old content counts as old: a restart must not make a frozen upstream look alive
            self._moved_at = min(success.content_at, at) if success.content_at else at
            self._content = content
        elif content != (None, None) and content != self._content:
            self._moved_at, self._content = at, content
        self._last, self._error, self.failures = success, None, 0
        self.health = replace(
            before,
            attempted_at=at,
            succeeded_at=at,
            content_at=success.content_at or before.content_at,
            record_count=before.record_count if success.record_count is None else success.record_count,
            rejected_count=len(success.rejected),
            rejected_total=before.rejected_total + len(success.rejected),
            rejected_samples=tuple(mask(f"{bad.record_id}: {bad.reason}") for bad in success.rejected[:SAMPLES]),
            latency_s=round(success.latency_s, 3),
        )
        return self.judge(at)

    def unchanged(self, at: datetime, latency_s: float) -> SourceHealth:
        """Note that the upstream said that nothing changed."""
        self._error, self.failures = None, 0
        self._moved_at = self._moved_at or at
        if self._last is not None:
            self._last = replace(self._last, latency_s=latency_s)
        self.health = replace(self.health, attempted_at=at, succeeded_at=at, latency_s=round(latency_s, 3))
        return self.judge(at)

    def failed(self, at: datetime, error: SourceError) -> SourceHealth:
        """Note a failed fetch."""
        self._error = error
        self.failures += 1
        self.health = replace(self.health, attempted_at=at, failures_total=self.health.failures_total + 1)
        return self.judge(at)

    def judge(self, now: datetime) -> SourceHealth:
        """The health as of `now`; `since_at` moves when the state does."""
        state, error = self._state(now), self._text(now)
        if state != self.health.state or error != self.health.error or self.health.since_at is None:
            since_at = self.health.since_at if state == self.health.state and self.health.since_at else now
            self.health = replace(self.health, state=state, error=error, since_at=since_at)
        return self.health

    def _state(self, now: datetime) -> Health:
        if self.is_paused:
            return Health.PAUSED
        if isinstance(self._error, SourceAuthFailed):
            return Health.AUTH_FAILED
        if self.failures >= FAILURES_UNTIL_UNAVAILABLE or (self._error and self.health.succeeded_at is None):
            return Health.UNAVAILABLE
        if self.health.attempted_at is None or self.health.succeeded_at is None:
            return Health.STARTING
        if now - self.health.succeeded_at > timedelta(seconds=self.stale_after_s):
            return Health.STALE
        if self._is_frozen(now):
            return Health.FROZEN
        return Health.DEGRADED if self._error or self._mark() else Health.OK

    def _text(self, now: datetime) -> str:
        if self.is_paused:
            return ""
        if self._error is not None:
            return self._error.safe_text
        if self._is_frozen(now):
            return "frozen"
        return self._mark() or (self._last.note if self._last else "")

    def _is_frozen(self, now: datetime) -> bool:
        within_s = self.manifest.moves_within_s
        if within_s is None or self._moved_at is None:
            return False
        return now - self._moved_at > timedelta(seconds=max(within_s, 3 * self.interval_s))

    def _mark(self) -> str:
        last = self._last
        if last is None:
            return ""
        if last.mark:
            return last.mark
        told = last.record_count or 0 if last.item_count is None else last.item_count
        everything = told + len(last.rejected)
        if last.rejected and len(last.rejected) >= REJECTED_SHARE * everything:
            return f"rejected:{len(last.rejected)}"
        if last.latency_s > SLOW_SHARE * self.manifest.timeout_s:
            return "slow"
        return ""
