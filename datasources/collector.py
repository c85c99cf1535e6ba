"""The collector: all sources at their own pace, one writer for the store, the rules once a second, a heartbeat."""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from datasources.contract import Batch, DeliveryFailed
from datasources.controlling import Controlling
from datasources.coordinator import Coordinator, Outcome
from datasources.keeping import NoRules, Rules, Sink
from datasources.ledger import Ledger
from datasources.listening import Delivery, PushCoordinator
from situation.clock import Clock
from situation.records import Health, SourceHealth

COLLECTOR_KEY = "collector"
"""The collector's own row among the sources; it counts neither in `sources_total` nor in `sources_ok`."""

AT_ONCE = 4
"""Fetches begun at the same time: more would only take the interpreter from the one that writes."""

PATIENCE_S = 1.0
"""A fetch that takes longer waits for its upstream and no longer counts, so that hanging ones starve nobody."""

LOOK_EVERY_S = 0.05
TICK_EVERY_S = 1.0
HEARTBEAT_EVERY_S = 5.0
HEARTBEAT_STALE_AFTER_S = 20.0
RETAIN_EVERY_S = 180.0
FLUSH_EVERY_S = 10.0
FOUNDATIONS_WAIT_S = 30.0
FAREWELL_S = 2.0
"""Real seconds that sources which push are given to end their connections when the collector ends."""

FOUNDATIONS = frozenset({"area", "department"})
"""What every other record is placed in or belongs to: collected first into an empty store."""

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Every:
    """Says when something is due that happens every so many real seconds."""

    clock: Clock
    seconds: float
    next_s: float = 0.0

    def is_due(self) -> bool:
        now_s = self.clock.monotonic()
        if now_s < self.next_s:
            return False
        self.next_s = now_s + self.seconds
        return True


class Collector:
    """Runs coordinators. Each fetch and each source that pushes has a thread, so that hanging upstreams starve nobody;
    everything that writes happens in the thread that calls `run`."""

    def __init__(
        self,
        coordinators: Sequence[Coordinator],
        store: Sink,
        clock: Clock,
        *,
        rules: Rules | None = None,
        ledger: Ledger | None = None,
        controlling: Controlling | None = None,
        retain: Callable[[datetime], object] | None = None,
        is_first_start: bool = False,
        write_errors: tuple[type[Exception], ...] = (),
    ) -> None:
        """`ledger` keeps the past of the sources, `controlling` follows what people ask.

        `write_errors`: what the store raises when it can't write (disk full); logged once, tried again.
        """
        self._coordinators = tuple(coordinators)
        self._store = store
        self._clock = clock
        self._rules = rules or NoRules()
        self._ledger = ledger
        self._controlling = controlling
        self._retain = retain or (lambda now: None)
        self._write_errors = write_errors
        # bounded by the sources: each waits until its one outcome or delivery is written
        self._work: queue.SimpleQueue[tuple[Coordinator, Outcome | Delivery]] = queue.SimpleQueue()
        self._fetched: set[str] = set()
        self._wishes: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._owed: deque[tuple[str, Batch]] = deque()
        self._begun_s: dict[bool, list[float]] = {False: [], True: []}  # by whether the source was in trouble
        self._stopping = threading.Event()
        self._is_writing_down = False
        self._foundations = self._first(is_first_start)
        self._foundations_until_s = clock.monotonic() + FOUNDATIONS_WAIT_S
        self._started_at = clock.now()
        self._tick = _Every(clock, TICK_EVERY_S)
        self._beat = _Every(clock, HEARTBEAT_EVERY_S)
        self._bookkeeping = _Every(clock, FLUSH_EVERY_S, clock.monotonic() + FLUSH_EVERY_S)
        self._retention = _Every(clock, RETAIN_EVERY_S, clock.monotonic() + RETAIN_EVERY_S)
        self._attach()

    def adopt(self, coordinators: Sequence[Coordinator]) -> None:
        """Go on with these; what the others still fetch or deliver is not kept. For the thread that calls `run`."""
        for coordinator in set(self._coordinators).difference(coordinators):
            coordinator.stop()
        self._coordinators = tuple(coordinators)
        self._foundations = tuple(each for each in self._foundations if each in self._coordinators)
        self._attach()

    def run(self) -> None:
        """Collect until `stop`; call it from the one thread that may write to the store."""
        self._guarded(self._look)  # before anything is asked: a pause outlasts a restart
        while not self._stopping.is_set():
            self.step(LOOK_EVERY_S)
        self._say_farewell()
        if self._ledger is not None:
            self._guarded(self._ledger.flush)

    def stop(self) -> None:
        """Ask `run` to end; may be called from any thread or signal handler."""
        self._stopping.set()

    def later(self, wish: Callable[[], object]) -> None:
        """Have something done in the writer's thread, soon; may be called from any thread or signal handler."""
        self._wishes.put(wish)

    def _attach(self) -> None:
        for coordinator in self._listeners():
            coordinator.attach(lambda each, delivery: self._work.put((each, delivery)))

    def _listeners(self) -> list[PushCoordinator]:
        return [each for each in self._coordinators if isinstance(each, PushCoordinator)]

    def _say_farewell(self) -> None:
        """Let sources that push have written what they delivered, and end their connections in good order."""
        for coordinator in self._coordinators:
            coordinator.stop()
        for _ in range(round(FAREWELL_S / LOOK_EVERY_S)):
            if not any(each.is_listening for each in self._listeners()):
                return
            self._write_work(LOOK_EVERY_S)

    def step(self, wait_s: float = 0.0) -> None:
        """Start what is due, write what has come (waiting at most `wait_s` for something), tick what is due."""
        while not self._wishes.empty():
            self._guarded(self._wishes.get())
        self._start_due()
        self._write_work(wait_s)
        if self._tick.is_due():
            self._guarded(self._on_tick)
        if self._beat.is_due():
            self._guarded(self._on_beat)
        if self._ledger is not None and self._bookkeeping.is_due():
            self._guarded(self._ledger.flush)
        if self._retention.is_due():
            self._guarded(lambda: self._retain(self._clock.now()))

    def _first(self, is_first_start: bool) -> tuple[Coordinator, ...]:
        if not is_first_start:
            return ()
        return tuple(each for each in self._coordinators if FOUNDATIONS & set(each.source.manifest.records))

    def _start_due(self) -> None:
        now_s = self._clock.monotonic()
        for begun_s in self._begun_s.values():
            begun_s[:] = [each for each in begun_s if now_s - each < PATIENCE_S]
        for coordinator in sorted(self._allowed(), key=lambda each: each.next_s):
            # those in trouble have room of their own: a dozen that hang would else put off all that are well
            begun_s = self._begun_s[coordinator.tracker.is_troubled]
            if len(begun_s) + len(self._fetched) < AT_ONCE and coordinator.is_due():
                coordinator.claim()
                begun_s.append(now_s)
                # a daemon: a fetch that hangs must not keep the process from ending
                threading.Thread(target=self._fetch, args=(coordinator,), name=coordinator.key, daemon=True).start()

    def _allowed(self) -> tuple[Coordinator, ...]:
        if self._foundations:
            are_done = all(each.has_answered for each in self._foundations)
            if not are_done and self._clock.monotonic() < self._foundations_until_s:
                return self._foundations
            self._foundations = ()
        return self._coordinators

    def _fetch(self, coordinator: Coordinator) -> None:
        outcome = coordinator.fetch()
        self._fetched.add(coordinator.key)
        self._work.put((coordinator, outcome))

    def _write_work(self, wait_s: float) -> None:
        for _ in range(len(self._coordinators)):  # bounded, so that ticks are never put off for long
            try:
                coordinator, work = self._work.get(timeout=wait_s) if wait_s else self._work.get_nowait()
            except queue.Empty:
                return
            wait_s = 0.0
            if isinstance(work, Outcome):
                self._fetched.discard(coordinator.key)
            if coordinator not in self._coordinators:  # its source was changed or removed meanwhile
                if isinstance(work, Delivery):
                    work.failed(DeliveryFailed("the settings have changed"))
                else:
                    work.turn.end()
            elif isinstance(work, Outcome):
                self._guarded(partial(coordinator.keep, work))
            elif isinstance(coordinator, PushCoordinator):
                self._guarded(partial(coordinator.take, work))

    def _look(self) -> None:
        if self._controlling is not None:
            self._controlling.look(self._coordinators)

    def _on_tick(self) -> None:
        self._look()
        for coordinator in self._coordinators:
            coordinator.tick()
        healths = [coordinator.health for coordinator in self._coordinators]
        if self._ledger is not None:
            self._ledger.tick(healths)
        self._rules.watch(healths)
        self._write_owed()
        self._owed.extend(self._rules.tick(self._clock.now()))
        self._write_owed()

    def _write_owed(self) -> None:
        """Write what the rules said; they say it once, so it waits until the store can take it."""
        while self._owed:
            key, batch = self._owed[0]
            self._store.apply(key, batch, self._clock.now())
            self._owed.popleft()

    def _on_beat(self) -> None:
        """Write the heartbeat, from which the web process knows that the collector lives."""
        now = self._clock.now()
        city_s = 1.0 / max(self._clock.real_s(1.0), 1e-9)
        beat = SourceHealth(
            id=COLLECTOR_KEY,
            source=COLLECTOR_KEY,
            name=COLLECTOR_KEY,
            source_kind=COLLECTOR_KEY,
            state=Health.OK,
            interval_s=HEARTBEAT_EVERY_S * city_s,
            stale_after_s=HEARTBEAT_STALE_AFTER_S * city_s,
            since_at=self._started_at,
            attempted_at=now,
            succeeded_at=now,
            content_at=now,
            record_count=sum(each.health.record_count for each in self._coordinators),
            rejected_total=sum(each.health.rejected_total for each in self._coordinators),
            failures_total=sum(each.health.failures_total for each in self._coordinators),
        )
        self._store.apply(COLLECTOR_KEY, Batch(records=(beat,)), now)

    def _guarded(self, write: Callable[[], object]) -> None:
        """Write; when the store can't, say so once and go on: what could not be kept is fetched again."""
        try:
            write()
        except self._write_errors as error:
            if not self._is_writing_down:
                _logger.error("the store can't be written: %s", error)
            self._is_writing_down = True
            return
        if self._is_writing_down:
            _logger.info("the store can be written again")
            self._is_writing_down = False
