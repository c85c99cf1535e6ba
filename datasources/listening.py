"""Coordinators of sources that push: a thread listens, the collector's one writer keeps what it delivers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from datasources.backoff import FIRST_RETRY_S
from datasources.contract import (
    Batch,
    DeliveryFailed,
    FetchContext,
    PushSource,
    Rejection,
    Source,
    SourceDataError,
    SourceUnavailable,
)
from datasources.coordinator import Coordinator, Outcome
from datasources.health import Success
from datasources.screening import screen

HEALTH_EVERY_S = 5.0
"""Real seconds between two writes of a healthy source's health: hundreds of batches may come in between."""

MOST_REJECTED = 10_000
"""Rejections that are remembered until the health is written: a flood of garbage must not fill the memory."""

KNOWN_AT_MOST = 1_000_000

_LOOK_S = 0.5
_DEFECTS = (ValueError, TypeError, ArithmeticError, LookupError)

_logger = logging.getLogger(__name__)


class Delivery:
    """One batch on its way to the store; the thread that listens waits for it."""

    def __init__(self, batch: Batch, handed_over_s: float) -> None:
        self.batch = batch
        self.handed_over_s = handed_over_s
        self._done = threading.Event()
        self._failure: BaseException | None = None

    def kept(self) -> None:
        """Say that the store has it."""
        self._done.set()

    def failed(self, failure: BaseException) -> None:
        """Say that the store could not keep it."""
        self._failure = failure
        self._done.set()

    def wait(self, stop: threading.Event) -> None:
        """Block until it is kept; raises DeliveryFailed when it was not, or when all ends before."""
        while not self._done.wait(_LOOK_S):
            if stop.is_set():
                raise DeliveryFailed("the collector ends")
        if self._failure is not None:
            raise DeliveryFailed(str(self._failure)) from self._failure


@dataclass(slots=True)
class _Window:
    """What was delivered since the health was last written."""

    batches: int = 0
    lives: int = 0  # signs of life
    items: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    content_at: datetime | None = None
    latency_s: float = 0.0
    mark: str = ""
    at: datetime | None = None

    def note(self, batch: Batch, at: datetime, latency_s: float) -> None:
        """Take one batch into account."""
        self.at, self.latency_s = at, max(self.latency_s, latency_s)
        if batch.not_modified:
            self.lives += 1
            return
        self.batches += 1
        self.items += len(batch.records) + len(batch.observations)
        self.rejected += batch.rejected[: MOST_REJECTED - len(self.rejected)]
        if batch.content_at is not None:
            self.content_at = max(batch.content_at, self.content_at or batch.content_at)


HandOver = Callable[["PushCoordinator", Delivery], None]


class PushCoordinator(Coordinator):
    """Owns retry and health of one source that pushes.

    Its one long fetch is the listening; it ends with an error and is begun again after a while, or with the collector.
    `take` and `tick` write to the store and belong to its one writer.
    """

    source: PushSource

    def __init__(self, *args: Any, **options: Any) -> None:
        """Made as every Coordinator."""
        super().__init__(*args, **options)
        self._hand_over: HandOver | None = None
        self._stop = threading.Event()
        self._window = _Window()
        self._window_s = float("-inf")
        self._known: set[tuple[str, str]] = set()

    def attach(self, hand_over: HandOver) -> None:
        """Say where deliveries go; they must come back to `take` in the writer's thread."""
        self._hand_over = hand_over

    def stop(self) -> None:
        """Ask the source to end its connection in good order; it does so in its own thread."""
        self._stop.set()

    def refresh(self) -> None:
        """End the connection in good order and begin anew, unless paused."""
        super().refresh()
        if self.is_listening:
            self._stop.set()

    @property
    def is_listening(self) -> bool:
        """Whether the source's thread runs."""
        return self._is_fetching

    def claim(self) -> None:
        """Say that the source is about to be listened to."""
        super().claim()
        self._stop.clear()

    def _ask(self, context: FetchContext) -> Batch:
        try:
            self.source.listen(self._deliver, self._stop)
        except DeliveryFailed:  # the store's trouble, not the source's: what was not acknowledged comes again
            return Batch(not_modified=True)
        if not self._stop.is_set():
            raise SourceUnavailable("unreachable", "the source stopped listening by itself")
        return Batch(not_modified=True)

    def _deliver(self, batch: Batch) -> None:
        if self._hand_over is None:
            raise DeliveryFailed("nobody takes deliveries")
        delivery = Delivery(batch, self._clock.monotonic())
        self._hand_over(self, delivery)
        delivery.wait(self._stop)

    def take(self, delivery: Delivery) -> None:
        """Keep what the source delivered and tell it so; raises what the store raises, after telling that too."""
        batch, now = delivery.batch, self._clock.now()
        try:
            self._keep_owed()
            if not batch.not_modified:
                batch = self._kept(batch, now)
        except BaseException as failure:
            delivery.failed(failure)
            raise
        delivery.kept()
        latency_s = self._clock.monotonic() - delivery.handed_over_s
        self._window.note(batch, now, latency_s)
        if batch.not_modified:
            self._book.unchanged(self.key, latency_s)
        else:
            self._book.took(self.key, batch, latency_s)
        if self._clock.monotonic() - self._window_s >= HEALTH_EVERY_S or self.tracker.is_troubled:
            self._write_window()

    def _kept(self, batch: Batch, now: datetime) -> Batch:
        """The batch as it was kept; one that nothing can be made of is counted, or it would come again for ever."""
        try:
            batch = screen(batch, now)
            self._owed = self._enrich(self.key, batch)
            self._keep_owed()
        except _DEFECTS as defect:
            self._owed = None
            _logger.error("source %s: a batch could not be used", self.key, exc_info=defect)
            return Batch(rejected=(Rejection("?", f"defect: {type(defect).__name__}"),))
        self._window.mark = self._mark(batch, now) or self._window.mark
        if len(self._known) < KNOWN_AT_MOST:
            self._known.update((record.kind, record.id) for record in batch.records)
        return batch

    def tick(self) -> None:
        """Judge the health anew, and write what was delivered since it was last written."""
        if self._clock.monotonic() - self._window_s >= HEALTH_EVERY_S:
            self._write_window()
        super().tick()

    def _write_window(self) -> None:
        window, before = self._window, self.health.state
        if window.at is None:
            return
        if window.batches:
            health = self.tracker.succeeded(window.at, self._told(window))
        else:
            health = self.tracker.unchanged(window.at, window.latency_s)
        self._write_health(health, not_modified=not window.batches)
        self._window, self._window_s = _Window(), self._clock.monotonic()
        self._log_edge(before, health)

    def _told(self, window: _Window) -> Success:
        return Success(
            record_count=max(len(self._known), self.health.record_count),
            item_count=window.items,
            rejected=tuple(window.rejected),
            content_at=window.content_at,
            digest=None,
            latency_s=window.latency_s,
            mark=window.mark,
        )

    def keep(self, outcome: Outcome) -> None:
        """Note that the listening ended: why, and when it is begun again."""
        if isinstance(outcome.error, SourceDataError) and outcome.error.safe_text == "defect":
            _logger.error("source %s: listening failed", self.key, exc_info=outcome.error.__cause__)
        if outcome.batch is None:
            super().keep(outcome)
            return
        self._is_fetching = False
        self._next_s = self._clock.monotonic() + self._rng.uniform(0.5, 1.0) * FIRST_RETRY_S


def coordinator_of(source: Source | PushSource, *args: Any, **options: Any) -> Coordinator:
    """The right coordinator for a source, by the mode of its manifest; the rest as `Coordinator`."""
    made = PushCoordinator if source.manifest.mode == "push" else Coordinator
    return made(source, *args, **options)
