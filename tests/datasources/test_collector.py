"""The collector: hanging upstreams starve nobody, foundations come first, the store may fail for a while."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

import pytest
from source_settings import MemoryStore

from datasources.collector import AT_ONCE, COLLECTOR_KEY, Collector
from datasources.contract import Batch, FetchContext, Manifest
from datasources.coordinator import Coordinator
from situation.clock import FakeClock
from situation.records import Health, Place, SourceHealth


@dataclass
class Source:
    """Answers at once, or hangs until the test is over."""

    key: str
    released: threading.Event
    records: tuple[str, ...] = ("place",)
    hangs: bool = False
    is_hanging: bool = False
    asked: int = 0

    @property
    def manifest(self) -> Manifest:
        return Manifest(kind="fake", records=self.records, interval_s=10, timeout_s=20)

    def check(self) -> None:
        return None

    def fetch(self, context: FetchContext) -> Batch:
        self.asked += 1
        if self.hangs:
            self.is_hanging = True
            self.released.wait(20)
        return Batch(records=(Place(id=f"{self.key}.1", source=self.key),))


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Set when the test is over, so that no thread outlives it."""
    event = threading.Event()
    yield event
    event.set()


def collector_of(
    sources: list[Source], store: MemoryStore, clock: FakeClock, *, is_first_start: bool = False
) -> Collector:
    coordinators = [Coordinator(source, store, clock, Random(1)) for source in sources]
    return Collector(coordinators, store, clock, is_first_start=is_first_start, write_errors=(OSError,))


def run_for(collector: Collector, clock: FakeClock, seconds: int) -> None:
    """Steps of half a second; in each, what can be fetched is fetched and written, however busy the machine is."""
    for _ in range(seconds * 2):
        clock.advance(0.5)
        collector.step()
        settle(collector)


def settle(collector: Collector) -> None:
    """Let every thread that fetches either answer and be written, or hang."""
    for _ in range(2000):
        fetching = [each.source for each in collector._coordinators if each._is_fetching]
        if all(isinstance(source, Source) and source.is_hanging for source in fetching):
            return
        collector._write_work(0.01)
    pytest.fail("a source neither answers nor hangs")


def test_healthy_half_keeps_its_cadence_while_the_other_half_hangs(clock: FakeClock, released: threading.Event) -> None:
    sources = [Source(f"s{number:02}", released, hangs=number % 2 == 0) for number in range(26)]
    store = MemoryStore()
    run_for(collector_of(sources, store, clock), clock, 60)
    assert all(source.asked >= 5 for source in sources if not source.hangs)
    assert all(source.asked == 1 for source in sources if source.hangs)


def test_sources_in_trouble_put_off_none_that_are_well(clock: FakeClock, released: threading.Event) -> None:
    hanging = [Source(f"h{number:02}", released, hangs=True) for number in range(13)]
    healthy = [Source(f"s{number:02}", released) for number in range(2)]
    store = MemoryStore()
    troubled = [Coordinator(source, store, clock, Random(1)) for source in hanging]
    well = [Coordinator(source, store, clock, Random(1)) for source in healthy]
    for coordinator in well:
        coordinator.poll()
    clock.advance(11)  # all are due at once, those that will hang the longest
    collector = Collector([*troubled, *well], store, clock)
    collector.step()
    assert not any(coordinator.is_due() for coordinator in well)
    assert sum(coordinator.is_due() for coordinator in troubled) == 13 - AT_ONCE


def test_foundations_are_collected_first_into_an_empty_store(clock: FakeClock, released: threading.Event) -> None:
    areas, cameras = Source("areas", released, records=("area",)), Source("cameras", released, records=("camera",))
    store = MemoryStore()
    collector = collector_of([cameras, areas], store, clock, is_first_start=True)
    clock.advance(2)
    collector.step()
    settle(collector)
    assert (areas.asked, cameras.asked) == (1, 0)
    run_for(collector, clock, 3)
    assert cameras.asked == 1


def test_foundations_that_never_come_are_not_waited_for_for_ever(clock: FakeClock, released: threading.Event) -> None:
    areas = Source("areas", released, records=("area",), hangs=True)
    cameras = Source("cameras", released, records=("camera",))
    collector = collector_of([areas, cameras], MemoryStore(), clock, is_first_start=True)
    run_for(collector, clock, 32)
    assert cameras.asked >= 1


def test_heartbeat_tells_that_the_collector_lives(clock: FakeClock) -> None:
    store = MemoryStore()
    run_for(collector_of([], store, clock), clock, 11)
    beats = [health for health in store.healths if health.id == COLLECTOR_KEY]
    assert len(beats) == 3
    assert beats[-1].state is Health.OK
    assert beats[-1].succeeded_at is not None


def test_store_that_can_not_be_written_is_logged_once_and_recovers(
    clock: FakeClock, released: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    store, source = MemoryStore(failure=OSError("disk full")), Source("one", released)
    collector = collector_of([source], store, clock)
    run_for(collector, clock, 20)
    store.failure = None
    run_for(collector, clock, 20)
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    assert store.data


def test_rules_are_asked_once_a_second_and_what_they_say_is_kept(clock: FakeClock) -> None:
    class Rules:
        def __init__(self) -> None:
            self.ticks = 0

        def enrich(self, source_key: str, batch: Batch) -> Batch:
            return batch

        def watch(self, sources: Sequence[SourceHealth]) -> None:
            return None

        def tick(self, now: datetime) -> list[tuple[str, Batch]]:
            self.ticks += 1
            return [("rules", Batch(records=(Place(id="x", source="rules"),)))]

    rules, store = Rules(), MemoryStore()
    collector = Collector([], store, clock, rules=rules)
    run_for(collector, clock, 10)
    assert rules.ticks == 10
    assert [key for key, _, _ in store.kept].count("rules") == 10


def test_stop_ends_run(clock: FakeClock) -> None:
    collector = collector_of([], MemoryStore(), clock)
    threading.Timer(0.1, collector.stop).start()
    collector.run()


def test_an_alarm_that_could_not_be_written_is_written_later(clock: FakeClock) -> None:
    said = [[("rules", Batch(records=(Place(id="alarm", source="rules"),)))]]

    class Rules:
        def enrich(self, source_key: str, batch: Batch) -> Batch:
            return batch

        def watch(self, sources: Sequence[SourceHealth]) -> None:
            return None

        def tick(self, now: datetime) -> list[tuple[str, Batch]]:
            return said.pop() if said else []

    store = MemoryStore(failure=OSError("disk full"))
    collector = Collector([], store, clock, rules=Rules(), write_errors=(OSError,))
    run_for(collector, clock, 5)
    store.failure = None
    run_for(collector, clock, 5)
    assert [key for key, _, _ in store.kept].count("rules") == 1
