"""Sources that push: kept before acknowledged, begun again after a fall, judged by what comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

import pytest
from source_settings import MemoryStore
from speaker import ALIVE, Again, Running, Speaker, falls, place, says

from datasources.collector import Collector
from datasources.contract import Batch, Deliver, Rejection, SourceAuthFailed, SourceUnavailable
from datasources.listening import coordinator_of
from situation.clock import FakeClock
from situation.records import Health


@pytest.fixture
def running(clock: FakeClock) -> Iterator[Callable[[Speaker], Running]]:
    """Makes a collector of a source; all of them are stopped in the end."""
    made: list[Collector] = []

    def make(source: Speaker) -> Running:
        store = MemoryStore()
        coordinator = coordinator_of(source, store, clock, Random(1))
        made.append(Collector([coordinator], store, clock, write_errors=(OSError,)))
        return Running(source, store, clock, made[-1])

    yield make
    for collector in made:
        collector.stop()
        collector.run()


Make = Callable[[Speaker], Running]


def test_batch_is_acknowledged_only_after_the_store_kept_it(running: Make) -> None:
    batch = Batch(records=(place(),))
    city = running(Speaker([says(batch)]))
    city.run_for(5)
    assert city.source.acknowledged == [batch]
    assert [each.records for each in city.store.data] == [batch.records]
    assert city.states == [Health.OK]


def test_batch_that_the_store_refused_is_not_acknowledged_and_comes_again(running: Make) -> None:
    batch = Batch(records=(place(),))
    city = running(Speaker([says(batch)]))
    city.store.failure = OSError("disk full")
    city.run_for(20)
    assert city.source.acknowledged == []
    assert city.source.refused[0] == "disk full"
    city.store.failure = None
    city.run_for(20)
    assert city.source.acknowledged == [batch]
    assert Health.UNAVAILABLE not in city.states


def test_lost_connection_is_begun_again_and_marked_until_it_stands(running: Make) -> None:
    lost = SourceUnavailable("unreachable")
    city = running(Speaker([falls(lost, ALIVE), falls(lost), says(ALIVE)]))
    city.run_for(120)
    assert city.source.listened == 3
    assert city.states == [Health.OK, Health.DEGRADED, Health.UNAVAILABLE, Health.OK]


def test_source_that_falls_at_once_is_asked_later_and_later(running: Make) -> None:
    city = running(Speaker([falls(SourceUnavailable("unreachable"))]))
    city.run_for(30)
    after_half_a_minute = city.source.listened
    city.run_for(300)
    assert after_half_a_minute >= 3
    assert city.source.listened <= after_half_a_minute + 300 / 30


def test_refused_credentials_are_not_tried_again_soon(running: Make) -> None:
    city = running(Speaker([falls(SourceAuthFailed("auth_failed"))]))
    city.run_for(25)
    assert city.source.listened == 1
    assert city.states == [Health.AUTH_FAILED]


def test_source_that_stops_by_itself_is_down(running: Make) -> None:
    city = running(Speaker([lambda deliver, again: None]))
    city.run_for(2)
    assert city.states == [Health.UNAVAILABLE]


def test_defect_of_a_source_is_shown_and_logged_and_the_others_go_on(
    running: Make, caplog: pytest.LogCaptureFixture
) -> None:
    city = running(Speaker([falls(ZeroDivisionError("oops"))]))
    city.run_for(3)
    assert city.store.healths[-2].error == "defect" or city.store.healths[-1].error == "defect"
    assert "ZeroDivisionError" in caplog.text


def test_connection_that_lives_is_fresh_and_content_that_rests_is_frozen(running: Make) -> None:
    def keeps_alive(deliver: Deliver, again: Again) -> None:
        deliver(Batch(records=(place(),), content_at=started_at))
        while again():
            deliver(ALIVE)

    city = running(Speaker([keeps_alive], moves_within_s=600))
    started_at = city.clock.now()
    city.run_for(500, turn_s=5)
    assert city.states == [Health.OK]
    city.run_for(200, turn_s=5)
    assert city.states == [Health.OK, Health.FROZEN]


def test_connection_that_says_nothing_more_is_stale(running: Make) -> None:
    city = running(Speaker([says(Batch(records=(place(),)))]))
    city.run_for(320, turn_s=5)
    assert city.states == [Health.OK, Health.STALE]


def test_health_of_a_flood_is_written_every_few_seconds_and_counts_everything(running: Make) -> None:
    def floods(deliver: Deliver, again: Again) -> None:
        for number in range(200):
            deliver(Batch(records=(place(number),), rejected=(Rejection("bad", "no id"),)))
            if number % 10 == 9:
                again()
        while again():
            pass

    city = running(Speaker([floods]))
    city.run_for(16)
    assert len(city.source.acknowledged) == 200
    healths = [health for health in city.store.healths if health.id == "speaker"]
    assert len(healths) <= city.clock.monotonic() / 5 + 2
    assert (healths[-1].rejected_total, healths[-1].record_count) == (200, 200)
    assert healths[-1].state is Health.DEGRADED


def test_batch_from_which_nothing_can_be_made_is_counted_and_does_not_come_again(
    running: Make, clock: FakeClock
) -> None:
    class Refusing(MemoryStore):
        def apply(self, source: str, batch: Batch, at: object) -> int:
            if any(record.id == "speaker.13" for record in batch.records):
                raise ValueError("can't be stored")
            return super().apply(source, batch, at)  # type: ignore[arg-type]

    source = Speaker([says(Batch(records=(place(13),)), Batch(records=(place(14),)))])
    store = Refusing()
    collector = Collector([coordinator_of(source, store, clock, Random(1))], store, clock)
    city = Running(source, store, clock, collector)
    city.run_for(10)
    assert len(source.acknowledged) == 2
    assert store.healths[-1].rejected_total == 1 or any(health.rejected_total == 1 for health in store.healths)
    collector.stop()
    collector.run()


def test_what_comes_from_the_future_is_rejected_as_of_every_source(running: Make) -> None:
    ahead = Batch(records=(place(),))
    city = running(Speaker([says(ahead)]))
    ahead_at = city.clock.now() + timedelta(hours=1)
    city.source.scripts = [says(Batch(records=(place(),), content_at=ahead_at))]
    city.run_for(5)
    assert city.store.healths[-1].error == "clock_ahead" or any(h.error == "clock_ahead" for h in city.store.healths)


def test_end_of_the_collector_ends_the_connection_in_good_order(running: Make) -> None:
    ended = threading.Event()

    def ends_well(deliver: Deliver, again: Again) -> None:
        deliver(ALIVE)
        while again():
            pass
        deliver(Batch(records=(place(),)))
        ended.set()

    city = running(Speaker([ends_well]))
    city.run_for(2)
    city.collector.stop()
    city.collector.run()
    assert ended.is_set()
    assert city.store.data


def test_a_paused_source_is_no_longer_listened_to_until_it_is_resumed(running: Make) -> None:
    city = running(Speaker([says(ALIVE)]))
    city.run_for(5)
    city.coordinator.set_paused(True)
    city.run_for(60)
    assert city.source.listened == 1
    assert not city.coordinator.is_listening
    assert city.states == [Health.OK, Health.PAUSED]
    city.coordinator.set_paused(False)
    city.run_for(30)
    assert city.source.listened == 2
    assert city.states[-1] is Health.OK
