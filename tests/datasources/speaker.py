"""A source that pushes what its script says, in turns with the collector that keeps it: no real time matters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from source_settings import MemoryStore

from datasources.collector import Collector
from datasources.contract import Batch, Deliver, DeliveryFailed, Manifest
from datasources.listening import PushCoordinator
from situation.clock import FakeClock
from situation.records import Health, Place

ALIVE = Batch(not_modified=True)
Again = Callable[[], bool]
Script = Callable[[Deliver, Again], None]
"""What a source does: it delivers, and rests by asking whether it goes on; no more at the end."""

PATIENCE_S = 20.0
"""Real seconds a source has for one turn on a machine that is busy; it needs a thousandth of one."""


@dataclass
class Speaker:
    """A source that does what its script says each time it is listened to; the last part is repeated."""

    scripts: list[Script]
    key: str = "speaker"
    moves_within_s: float | None = None
    listened: int = 0
    acknowledged: list[Batch] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _resting: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event | None = None

    @property
    def manifest(self) -> Manifest:
        return Manifest(
            kind="fake",
            mode="push",
            records=("place",),
            interval_s=60,
            stale_after_s=300,
            moves_within_s=self.moves_within_s,
        )

    def check(self) -> None:
        return None

    def listen(self, deliver: Deliver, stop: threading.Event) -> None:
        script = self.scripts[min(self.listened, len(self.scripts) - 1)]
        self.listened += 1
        self._stop = stop

        def deliver_and_acknowledge(batch: Batch) -> None:
            try:
                deliver(batch)
            except DeliveryFailed as failure:
                self.refused.append(str(failure))
                raise
            self.acknowledged.append(batch)

        try:
            script(deliver_and_acknowledge, self._rest)
        finally:
            self._resting.clear()

    def _rest(self) -> bool:
        self._resting.set()
        assert self._stop is not None
        while not self._stop.is_set():
            if self._turns.acquire(timeout=0.05):
                return True
        return False

    @property
    def is_resting(self) -> bool:
        """Whether it has done all it does in this turn, and was not told to end."""
        return self._resting.is_set() and self._stop is not None and not self._stop.is_set()

    def begin_turn(self) -> None:
        """Let it go on, when it rests."""
        if self._resting.is_set():
            self._resting.clear()
            self._turns.release()


def place(number: int = 1) -> Place:
    return Place(id=f"speaker.{number}", source="speaker", name=str(number))


def says(*batches: Batch) -> Script:
    """Delivers the batches, then waits to be stopped."""

    def script(deliver: Deliver, again: Again) -> None:
        for batch in batches:
            deliver(batch)
        while again():
            pass

    return script


def falls(error: Exception, *batches: Batch) -> Script:
    """Delivers the batches, then fails."""

    def script(deliver: Deliver, again: Again) -> None:
        for batch in batches:
            deliver(batch)
        raise error

    return script


@dataclass
class Running:
    """A collector with one speaker, moved on by hand."""

    source: Speaker
    store: MemoryStore
    clock: FakeClock
    collector: Collector

    def run_for(self, seconds: float, turn_s: float = 0.5) -> None:
        """Turn by turn; in each the source does all it wants, however long its thread takes for that."""
        for _ in range(round(seconds / turn_s)):
            self.clock.advance(turn_s)
            self.source.begin_turn()
            self.collector.step()
            self._settle()

    def _settle(self) -> None:
        for _ in range(round(PATIENCE_S / 0.01)):
            if not self.coordinator.is_listening or self.source.is_resting:
                return
            self.collector.step(0.01)
        pytest.fail("the source neither rests nor ends")

    @property
    def coordinator(self) -> PushCoordinator:
        (found,) = self.collector._coordinators
        assert isinstance(found, PushCoordinator)
        return found

    @property
    def states(self) -> list[Health]:
        """The states of the source as stored, repetitions left out."""
        found = [health.state for health in self.store.healths if health.id == "speaker"]
        return [state for number, state in enumerate(found) if number == 0 or found[number - 1] != state]
