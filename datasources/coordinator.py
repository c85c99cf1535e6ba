"""The Coordinator: one per source; decides when it is asked, what an answer means, and writes what it brought."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from datasources.backoff import FASTEST_S, FIRST_RETRY_S, backoff_s
from datasources.contract import (
    Batch,
    FetchContext,
    PushSource,
    Source,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from datasources.health import DOWN, Card, HealthTracker, Success
from datasources.keeping import Book, Enrich, NoBook, Sink
from datasources.screening import is_clock_ahead, screen
from datasources.turns import Turn, taking_turns
from situation.clock import Clock
from situation.records import Health, SourceHealth

FASTEST_AHEAD_S = 5.0
"""Real seconds between two fetches that a clock running ahead of the machine's can't push below: whole districts
can't be carried over every second."""

NEVER_STALE_S = 30.0
"""Real seconds after a good reply within which a clock running ahead of the machine's makes no source stale."""

NEVER_FROZEN_S = 60.0
"""The same for content that stands still."""

STALE_INTERVALS = 3
MORE_AFTER = 8
"""Where more is waiting, the next fetch begins so many times later as this one took: the past leaves the upstream, and
the collector, most of their time for the present."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one fetch came to: a batch or an error. `error` and `batch` are never both set.

    `turn` is its turn among the large ones, to be ended when the batch is written or dropped.
    """

    started_s: float
    latency_s: float
    batch: Batch | None = None
    error: SourceError | None = None
    turn: Turn


class Coordinator:
    """Owns time, retry and health of one source.

    `fetch` may run in any thread; `keep` and `tick` write to the store and belong to its one writer. The caller runs
    at most one of them at a time for one source: `is_due` says no while a fetch is under way.
    """

    def __init__(
        self,
        source: Source | PushSource,
        store: Sink,
        clock: Clock,
        rng: Random,
        *,
        card: Card = Card(),  # noqa: B008 - frozen
        enrich: Enrich | None = None,
        previous: SourceHealth | None = None,
        book: Book = NoBook(),  # noqa: B008 - it has no state
        resumes: bool = True,
    ) -> None:
        """`previous` is the source's health as stored before a restart; `book` keeps its past.

        `resumes`: the cursor that was kept still fits the source.
        """
        self.source = source
        self.key = source.key
        self._store = store
        self._clock = clock
        self._rng = rng
        self._enrich = enrich or (lambda _, batch: batch)
        self._book = book
        manifest = source.manifest
        city_s = 1.0 / clock.real_s(1.0)  # of one real second
        fastest_s = max(FASTEST_S, min(manifest.interval_s, FASTEST_AHEAD_S))
        self.interval_s = max(manifest.interval_s / city_s, fastest_s)
        """Real seconds between two fetches."""
        interval_city_s = self.interval_s * city_s
        never_stale_s = min(manifest.stale_after_s, NEVER_STALE_S) * city_s
        if manifest.moves_within_s is not None:
            never_frozen_s = min(manifest.moves_within_s, NEVER_FROZEN_S) * city_s
            manifest = replace(manifest, moves_within_s=max(manifest.moves_within_s, never_frozen_s))
        self.tracker = HealthTracker(
            key=self.key,
            card=replace(card, name=card.name or self.key),
            manifest=manifest,
            interval_s=interval_city_s,
            stale_after_s=max(manifest.stale_after_s, STALE_INTERVALS * interval_city_s, never_stale_s),
            previous=previous,
        )
        self._cursor = store.cursor(self.key) if resumes and manifest.resumes else None
        self._written: SourceHealth | None = None
        self._owed: Batch | None = None
        # a random part of a second each, so that they don't all ask at the same instant
        self._next_s = clock.monotonic() + rng.uniform(0, min(self.interval_s, 1.0))
        self._due_s = self._next_s
        self._is_fetching = False

    @property
    def health(self) -> SourceHealth:
        """The source's health as last judged."""
        return self.tracker.health

    @property
    def next_s(self) -> float:
        """When the next fetch is due, in `clock.monotonic()` seconds."""
        return self._next_s

    @property
    def has_answered(self) -> bool:
        """Whether the first fetch is over, however it ended."""
        return self.health.attempted_at is not None or self.tracker.is_paused

    def is_due(self) -> bool:
        """Whether a fetch should start now."""
        return not self._is_fetching and not self.tracker.is_paused and self._clock.monotonic() >= self._next_s

    def set_paused(self, is_paused: bool) -> None:
        """Ask the source no more, or again and at once; a fetch under way is still kept."""
        if is_paused != self.tracker.is_paused:
            self.tracker.is_paused = is_paused
            _logger.info("source %s is %s", self.key, "paused" if is_paused else "asked again")
            self.refresh()

    def refresh(self) -> None:
        """Ask the source at the next opportunity, whatever its interval or back-off."""
        self._next_s = self._clock.monotonic()

    def introduce(self, card: Card) -> None:
        """Say from now on of the source what this card says; `tick` writes it."""
        named = replace(card, name=card.name or self.key)
        if named != self.tracker.card:
            self.tracker.introduce(named)
            self._written = None

    def claim(self) -> None:
        """Say that a fetch is about to run, before handing it to a thread."""
        self._due_s = self._next_s
        self._is_fetching = True

    def poll(self) -> None:
        """Fetch and keep, in this thread."""
        self.claim()
        self.keep(self.fetch())

    def fetch(self) -> Outcome:
        """Ask the source once; never raises."""
        started_s = self._clock.monotonic()
        context = FetchContext(
            now=self._clock.now(),
            cursor=self._cursor,
            deadline_monotonic_s=started_s + self.source.manifest.timeout_s,
        )
        batch, error = None, None
        try:
            with taking_turns() as turn:
                batch = self._ask(context)
        except SourceError as failure:
            error = failure
        except Exception as defect:  # a defect of one adapter must not stop the others; it is shown and logged
            error = SourceDataError("defect", f"{type(defect).__name__}: {defect}")
            error.__cause__ = defect
        latency_s = self._clock.monotonic() - started_s
        return Outcome(started_s=started_s, latency_s=latency_s, batch=batch, error=error, turn=turn)

    def _ask(self, context: FetchContext) -> Batch:
        if not hasattr(self.source, "fetch"):
            raise TypeError("a push source is listened to by a PushCoordinator")
        return self.source.fetch(context)

    def stop(self) -> None:
        """The collector ends: a fetch under way is not waited for."""

    def keep(self, outcome: Outcome) -> None:
        """Write what a fetch brought, and the source's health; raises what the store raises."""
        try:
            self._keep_owed()
            if outcome.batch is not None:
                self._take(outcome, outcome.batch)
            else:
                self._fail(outcome, outcome.error or SourceUnavailable("unreachable"))
        except BaseException:
            self._next_s = self._clock.monotonic() + min(FIRST_RETRY_S, self.interval_s)
            raise
        finally:
            outcome.turn.end()
            self._is_fetching = False

    def tick(self) -> None:
        """Judge the health anew, for states that come with time alone, and write it when it changed."""
        before = self.health.state
        health = self.tracker.judge(self._clock.now())
        self._log_edge(before, health)
        if self._written is None or (health.state, health.error) != (self._written.state, self._written.error):
            self._write_health(health)

    def _take(self, outcome: Outcome, batch: Batch) -> None:
        """Keep a batch; one that nothing can be made of is a failure of its source and of no other."""
        try:
            self._succeed(outcome, batch)
        except (ValueError, TypeError, ArithmeticError, LookupError) as defect:
            self._owed = None
            error = SourceDataError("defect", f"{type(defect).__name__}: {defect}")
            error.__cause__ = defect
            self._fail(outcome, error)

    def _keep_owed(self) -> None:
        """Write what the store could not take before: the rules have judged it already and won't say it again."""
        if self._owed is not None:
            self._store.apply(self.key, self._owed, self._clock.now())
            self._cursor, self._owed = self._owed.cursor, None

    def _succeed(self, outcome: Outcome, batch: Batch) -> None:
        now = self._clock.now()
        before = self.health.state
        if batch.not_modified:
            self._write_health(self.tracker.unchanged(now, outcome.latency_s), not_modified=True)
            self._book.unchanged(self.key, outcome.latency_s)
        else:
            batch = screen(batch, now)
            self._owed = self._enrich(self.key, batch)
            self._keep_owed()
            self._write_health(self.tracker.succeeded(now, self._success(outcome, batch, now)))
            self._book.took(self.key, batch, outcome.latency_s)
        self._log_edge(before, self.health)
        wait_s = self.interval_s
        if batch.has_more:
            wait_s = min(wait_s, max(MORE_AFTER * outcome.latency_s, FASTEST_S))
        # from when it was due, not from when its turn came: what was late once must not be late ever after
        due_s = min(self._due_s, outcome.started_s)
        self._next_s = max(due_s + wait_s, outcome.started_s + wait_s / 2, self._clock.monotonic())

    def _success(self, outcome: Outcome, batch: Batch, now: datetime) -> Success:
        is_everything, kinds = bool(batch.complete), self.source.manifest.records
        has_time = batch.content_at is not None or self.source.manifest.moves_within_s is None
        return Success(
            record_count=_distinct(batch) if is_everything else self._store.claims(self.key, kinds),
            item_count=None if is_everything else len(batch.records) + len(batch.observations),
            rejected=batch.rejected,
            content_at=batch.content_at,
            digest=None if has_time else hash((batch.records, batch.observations)),
            latency_s=outcome.latency_s,
            mark=self._mark(batch, now),
            note=batch.note,
        )

    def _mark(self, batch: Batch, now: datetime) -> str:
        """Why the source is degraded though it answered, or ""."""
        if self._store.doubted(self.key):
            return "half_gone"
        return "clock_ahead" if is_clock_ahead(batch.content_at, now) else ""

    def _fail(self, outcome: Outcome, error: SourceError) -> None:
        before = self.health.state
        health = self.tracker.failed(self._clock.now(), error)
        self._book.failed(self.key, error)
        self._log_edge(before, health, error)
        self._next_s = self._clock.monotonic() + backoff_s(self.tracker.failures, error, self.interval_s, self._rng)
        self._write_health(health)

    def _write_health(self, health: SourceHealth, *, not_modified: bool = False) -> None:
        batch = Batch(records=(health,), cursor=self._cursor, not_modified=not_modified)
        self._store.apply(self.key, batch, self._clock.now())
        self._written = health

    def _log_edge(self, before: Health, health: SourceHealth, error: SourceError | None = None) -> None:
        """One line when a source goes down, one when it is back; nothing in between."""
        was_down, is_down = before in DOWN, health.state in DOWN
        if is_down and not was_down:
            cause = error.__cause__ if error is not None and error.safe_text == "defect" else None
            detail = f" ({error})" if error is not None and str(error) != error.safe_text else ""
            _logger.error("source %s is down: %s%s", self.key, health.error or health.state, detail, exc_info=cause)
        elif was_down and not is_down and health.state is not Health.PAUSED:
            _logger.info("source %s recovered", self.key)


def _distinct(batch: Batch) -> int:
    return sum(
        len({record.id for record in batch.records if record.kind == kind})
        for kind in {record.kind for record in batch.records}
    )
