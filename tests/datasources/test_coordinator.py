"""The Coordinator on a clock that stands still: cadence, back-off, recovery, edges, staleness, frozen content."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import pytest
from source_settings import MemoryStore

from datasources.backoff import AUTH_BACKOFF_S
from datasources.contract import (
    Batch,
    FetchContext,
    Manifest,
    Rejection,
    SourceAuthFailed,
    SourceDataError,
    SourceUnavailable,
)
from datasources.coordinator import Coordinator
from datasources.health import Card
from situation.clock import FakeClock
from situation.records import Health, Observation, Officer, Place

MANIFEST = Manifest(kind="scripted", records=("place",), interval_s=30, timeout_s=10, stale_after_s=120)


@dataclass
class ScriptedSource:
    """Answers what it is told, and remembers how it was asked."""

    manifest: Manifest = MANIFEST
    key: str = "scripted"
    answer: Batch | Exception = field(default_factory=Batch)
    asked: list[FetchContext] = field(default_factory=list)
    during: Callable[[], None] = lambda: None

    def check(self) -> None:
        return None

    def fetch(self, context: FetchContext) -> Batch:
        self.asked.append(context)
        self.during()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def place(number: int) -> Place:
    return Place(id=f"p{number}", source="scripted", name=f"地点{number}")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def source() -> ScriptedSource:
    return ScriptedSource(answer=Batch(records=(place(1),), complete=frozenset({"place"})))


@pytest.fixture
def coordinator(source: ScriptedSource, store: MemoryStore, clock: FakeClock) -> Coordinator:
    return Coordinator(source, store, clock, Random(1), card=Card(name="来源", department="dept"))


def advance_until_due(coordinator: Coordinator, clock: FakeClock) -> float:
    """Seconds until the next fetch is due, with the clock moved there."""
    wait_s = max(coordinator.next_s - clock.monotonic(), 0.0)
    clock.advance(wait_s)
    return wait_s


def test_source_is_starting_until_it_has_answered(coordinator: Coordinator) -> None:
    assert coordinator.health.state is Health.STARTING
    assert coordinator.health.succeeded_at is None


def test_good_fetch_is_kept_and_makes_the_source_ok(
    coordinator: Coordinator, store: MemoryStore, clock: FakeClock
) -> None:
    coordinator.poll()
    assert store.data[0].records == (place(1),)
    health = store.healths[-1]
    assert (health.state, health.record_count, health.succeeded_at) == (Health.OK, 1, clock.now())
    assert health.name == "来源"


def test_fetches_keep_their_cadence_whatever_a_fetch_takes(
    coordinator: Coordinator, source: ScriptedSource, clock: FakeClock
) -> None:
    source.during = lambda: clock.advance(3)
    advance_until_due(coordinator, clock)
    started_s = clock.monotonic()
    coordinator.poll()
    assert coordinator.next_s == started_s + 30


@pytest.mark.parametrize(("late_s", "again_s"), [(4.0, 26.0), (25.0, 15.0)])
def test_a_fetch_that_began_late_makes_the_next_one_no_later(
    coordinator: Coordinator, clock: FakeClock, late_s: float, again_s: float
) -> None:
    advance_until_due(coordinator, clock)
    clock.advance(late_s)
    coordinator.poll()
    assert coordinator.next_s - clock.monotonic() == pytest.approx(again_s)


@pytest.mark.parametrize(("took_s", "again_s"), [(0.0, 1.0), (2.0, 16.0), (20.0, 30.0)])
def test_what_is_left_of_the_past_is_asked_for_soon_but_leaves_time_for_the_present(
    coordinator: Coordinator, source: ScriptedSource, clock: FakeClock, took_s: float, again_s: float
) -> None:
    source.answer = Batch(records=(place(1),), has_more=True)
    source.during = lambda: clock.advance(took_s)
    advance_until_due(coordinator, clock)
    started_s = clock.monotonic()
    coordinator.poll()
    assert coordinator.next_s == started_s + again_s


def test_it_is_not_due_while_a_fetch_is_under_way(coordinator: Coordinator, clock: FakeClock) -> None:
    advance_until_due(coordinator, clock)
    assert coordinator.is_due()
    coordinator.claim()
    clock.advance(1000)
    assert not coordinator.is_due()


def test_every_fetch_gets_a_total_deadline(coordinator: Coordinator, source: ScriptedSource, clock: FakeClock) -> None:
    clock.advance(5)
    coordinator.poll()
    assert source.asked[0].deadline_monotonic_s == clock.monotonic() + 10


def test_one_failure_leaves_a_source_degraded_and_two_make_it_unavailable(
    coordinator: Coordinator, source: ScriptedSource, clock: FakeClock
) -> None:
    coordinator.poll()
    source.answer = SourceUnavailable("timeout")
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.error) == (Health.DEGRADED, "timeout")
    coordinator.poll()
    assert coordinator.health.state is Health.UNAVAILABLE


def test_source_that_never_answered_is_unavailable_at_once(coordinator: Coordinator, source: ScriptedSource) -> None:
    source.answer = SourceUnavailable("unreachable")
    coordinator.poll()
    assert coordinator.health.state is Health.UNAVAILABLE


def test_backoff_grows_with_jitter_but_never_beyond_the_interval(
    coordinator: Coordinator, source: ScriptedSource, clock: FakeClock
) -> None:
    source.answer = SourceUnavailable("unreachable")
    waits = []
    for _ in range(8):
        coordinator.poll()
        waits.append(advance_until_due(coordinator, clock))
    assert 2.5 <= waits[0] <= 5
    assert 5 <= waits[1] <= 10
    assert all(15 <= wait <= 30 for wait in waits[3:])
    assert len(set(waits[3:])) > 1


def test_retry_after_is_honoured(coordinator: Coordinator, source: ScriptedSource, clock: FakeClock) -> None:
    source.answer = SourceUnavailable("http_status:429", retry_after_s=200)
    coordinator.poll()
    assert 200 <= advance_until_due(coordinator, clock) <= 215


def test_refused_credentials_are_not_tried_again_soon(
    coordinator: Coordinator, source: ScriptedSource, clock: FakeClock
) -> None:
    source.answer = SourceAuthFailed("auth_failed:401")
    coordinator.poll()
    assert coordinator.health.state is Health.AUTH_FAILED
    assert advance_until_due(coordinator, clock) >= AUTH_BACKOFF_S / 2


def test_recovery_is_seen_within_one_interval_and_clears_the_error(
    coordinator: Coordinator, source: ScriptedSource, clock: FakeClock
) -> None:
    good, source.answer = source.answer, SourceUnavailable("unreachable")
    for _ in range(10):
        coordinator.poll()
        assert advance_until_due(coordinator, clock) <= 30
    source.answer = good
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.error) == (Health.OK, "")
    assert coordinator.health.failures_total == 10


def test_one_line_is_logged_per_edge(
    coordinator: Coordinator, source: ScriptedSource, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    good, source.answer = source.answer, SourceUnavailable("unreachable", "refused at 10.0.0.1")
    for _ in range(5):
        coordinator.poll()
        coordinator.tick()
    source.answer = good
    for _ in range(3):
        coordinator.poll()
        coordinator.tick()
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    assert "is down" in caplog.messages[0]
    assert "recovered" in caplog.messages[1]


def test_state_keeps_its_beginning_until_it_changes(
    coordinator: Coordinator, source: ScriptedSource, clock: FakeClock
) -> None:
    coordinator.poll()
    began_at = clock.now()
    clock.advance(30)
    coordinator.poll()
    assert coordinator.health.since_at == began_at


def test_source_that_hangs_becomes_stale_by_time_alone(
    coordinator: Coordinator, store: MemoryStore, clock: FakeClock
) -> None:
    coordinator.poll()
    coordinator.claim()
    clock.advance(119)
    coordinator.tick()
    assert coordinator.health.state is Health.OK
    clock.advance(2)
    coordinator.tick()
    assert store.healths[-1].state is Health.STALE


def test_tick_writes_nothing_while_nothing_changes(coordinator: Coordinator, store: MemoryStore) -> None:
    coordinator.poll()
    written = len(store.kept)
    for _ in range(10):
        coordinator.tick()
    assert len(store.kept) == written


def test_content_that_no_longer_moves_is_frozen_and_thaws(store: MemoryStore, clock: FakeClock) -> None:
    manifest = replace(MANIFEST, moves_within_s=300)
    source = ScriptedSource(manifest=manifest, answer=Batch(content_at=clock.now()))
    coordinator = Coordinator(source, store, clock, Random(1))
    for _ in range(11):
        coordinator.poll()
        assert coordinator.health.state is Health.OK
        clock.advance(30)
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.error) == (Health.FROZEN, "frozen")
    source.answer = Batch(content_at=clock.now())
    coordinator.poll()
    assert coordinator.health.state is Health.OK


def test_content_already_old_at_first_sight_is_frozen(store: MemoryStore, clock: FakeClock) -> None:
    manifest = replace(MANIFEST, moves_within_s=300)
    source = ScriptedSource(manifest=manifest, answer=Batch(content_at=clock.now() - timedelta(hours=1)))
    coordinator = Coordinator(source, store, clock, Random(1))
    coordinator.poll()
    assert coordinator.health.state is Health.FROZEN


def test_content_without_times_is_compared_by_itself(store: MemoryStore, clock: FakeClock) -> None:
    manifest = replace(MANIFEST, moves_within_s=90)
    source = ScriptedSource(manifest=manifest)
    coordinator = Coordinator(source, store, clock, Random(1))
    for number in range(10):
        source.answer = Batch(records=(place(number),))
        coordinator.poll()
        clock.advance(30)
        assert coordinator.health.state is Health.OK
    for _ in range(5):
        coordinator.poll()
        clock.advance(30)
    assert coordinator.health.state is Health.FROZEN


def test_source_that_may_rest_is_never_frozen(
    coordinator: Coordinator, source: ScriptedSource, clock: FakeClock
) -> None:
    source.answer = Batch(content_at=clock.now())
    for _ in range(200):
        coordinator.poll()
        clock.advance(30)
    assert coordinator.health.state is Health.OK


def test_many_rejected_records_degrade_and_are_counted(coordinator: Coordinator, source: ScriptedSource) -> None:
    bad = tuple(Rejection(f"r{number}", "no name") for number in range(5))
    source.answer = Batch(records=(place(1),), complete=frozenset({"place"}), rejected=bad)
    coordinator.poll()
    coordinator.poll()
    health = coordinator.health
    assert (health.state, health.error) == (Health.DEGRADED, "rejected:5")
    assert (health.rejected_count, health.rejected_total) == (5, 10)
    assert health.rejected_samples == ("r0: no name", "r1: no name", "r2: no name")


def test_one_rejected_record_of_many_is_counted_and_no_more(coordinator: Coordinator, source: ScriptedSource) -> None:
    many = tuple(place(number) for number in range(500))
    source.answer = Batch(records=many, complete=frozenset({"place"}), rejected=(Rejection("x", "bad"),))
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.rejected_count) == (Health.OK, 1)


def test_slow_source_is_degraded(coordinator: Coordinator, source: ScriptedSource, clock: FakeClock) -> None:
    source.during = lambda: clock.advance(6)
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.error) == (Health.DEGRADED, "slow")


def test_loss_that_the_store_doubts_shows_in_the_health(coordinator: Coordinator, store: MemoryStore) -> None:
    store.doubts = frozenset({"place"})
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.error) == (Health.DEGRADED, "half_gone")
    store.doubts = frozenset()
    coordinator.poll()
    assert coordinator.health.state is Health.OK


def test_cursor_is_handed_back_once_its_batch_is_kept(
    coordinator: Coordinator, source: ScriptedSource, store: MemoryStore
) -> None:
    source.answer = Batch(cursor={"page": 1})
    store.failure = OSError("disk full")
    with pytest.raises(OSError, match="disk full"):
        coordinator.poll()
    store.failure = None
    coordinator.poll()
    coordinator.poll()
    assert [context.cursor for context in source.asked] == [None, None, {"page": 1}]


def test_store_that_fails_leaves_the_source_to_be_tried_again(
    coordinator: Coordinator, store: MemoryStore, clock: FakeClock
) -> None:
    store.failure = OSError("disk full")
    with pytest.raises(OSError, match="disk full"):
        coordinator.poll()
    clock.advance(5)
    assert coordinator.is_due()


def test_what_the_rules_judged_while_the_store_could_not_be_written_is_kept_later(
    source: ScriptedSource, store: MemoryStore, clock: FakeClock
) -> None:
    judged = [Batch(records=(place(7),)), Batch(records=(place(8),))]
    coordinator = Coordinator(source, store, clock, Random(1), enrich=lambda key, batch: judged.pop(0))
    store.failure = OSError("disk full")
    with pytest.raises(OSError, match="disk full"):
        coordinator.poll()
    store.failure = None
    coordinator.poll()
    assert [batch.records for batch in store.data] == [(place(7),), (place(8),)]


@pytest.mark.parametrize("defect", [OverflowError("too big"), UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates")])
def test_a_batch_that_can_not_be_stored_costs_only_its_source(
    source: ScriptedSource, store: MemoryStore, clock: FakeClock, defect: Exception
) -> None:
    def enrich(key: str, batch: Batch) -> Batch:
        raise defect

    Coordinator(source, store, clock, Random(1), enrich=enrich).poll()
    assert store.healths[-1].error == "defect"


@pytest.mark.parametrize(("resumes", "expected"), [(True, {"since": 7}), (False, None)])
def test_cursor_survives_a_restart_only_where_it_is_worth_it(
    store: MemoryStore, clock: FakeClock, resumes: bool, expected: object
) -> None:
    store.cursors["scripted"] = {"since": 7}
    source = ScriptedSource(manifest=replace(MANIFEST, resumes=resumes))
    Coordinator(source, store, clock, Random(1)).poll()
    assert source.asked[0].cursor == expected


def test_restart_keeps_counts_and_the_age_of_what_is_shown(
    coordinator: Coordinator, source: ScriptedSource, store: MemoryStore, clock: FakeClock
) -> None:
    coordinator.poll()
    before, kept_at = coordinator.health, clock.now()
    clock.advance(60)
    restarted = Coordinator(source, store, clock, Random(1), previous=before)
    assert restarted.health.state is Health.STARTING
    assert (restarted.health.record_count, restarted.health.succeeded_at) == (1, kept_at)
    source.answer = SourceUnavailable("unreachable")
    restarted.poll()
    restarted.poll()
    assert restarted.health.state is Health.UNAVAILABLE
    assert restarted.health.succeeded_at == kept_at


def test_unchanged_content_keeps_source_and_records(
    coordinator: Coordinator, source: ScriptedSource, store: MemoryStore, clock: FakeClock
) -> None:
    coordinator.poll()
    source.answer = Batch(not_modified=True)
    clock.advance(30)
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.record_count) == (Health.OK, 1)
    assert coordinator.health.succeeded_at == clock.now()
    assert store.kept[-1][1].not_modified


def test_a_source_that_tells_only_news_has_all_it_ever_told_and_is_judged_by_the_news(
    coordinator: Coordinator, source: ScriptedSource, clock: FakeClock
) -> None:
    source.answer = Batch(records=tuple(place(n) for n in range(500)), cursor=1)
    coordinator.poll()
    source.answer = Batch(records=(place(1), place(900)), cursor=2)
    advance_until_due(coordinator, clock)
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.record_count) == (Health.OK, 501)
    source.answer = Batch(cursor=3)
    coordinator.poll()
    assert coordinator.health.record_count == 501
    source.answer = Batch(records=(place(2),), rejected=(Rejection("p3", "bad"),), cursor=4)
    coordinator.poll()
    assert coordinator.health.error == "rejected:1"


def test_defect_of_an_adapter_costs_only_its_source(
    coordinator: Coordinator, source: ScriptedSource, caplog: pytest.LogCaptureFixture
) -> None:
    source.answer = ZeroDivisionError("oops")
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.error) == (Health.UNAVAILABLE, "defect")
    assert "ZeroDivisionError" in caplog.text


def test_what_comes_from_the_future_is_rejected(
    coordinator: Coordinator, source: ScriptedSource, store: MemoryStore, clock: FakeClock
) -> None:
    ahead, fine = clock.now() + timedelta(minutes=6), clock.now() + timedelta(minutes=4)
    source.answer = Batch(
        records=(
            Officer(id="a", source="scripted", positioned_at=ahead),
            Officer(id="b", source="scripted", positioned_at=fine),
        ),
        observations=(Observation("s", ahead, 1.0), Observation("s", fine, 2.0)),
        content_at=ahead,
    )
    coordinator.poll()
    kept = store.data[0]
    assert [record.id for record in kept.records] == ["b"]
    assert [observation.value for observation in kept.observations] == [2.0]
    assert {rejection.reason for rejection in kept.rejected} == {"from the future"}
    assert (coordinator.health.state, coordinator.health.error) == (Health.DEGRADED, "clock_ahead")


def test_garbage_degrades_at_first_and_is_an_outage_when_it_stays(
    coordinator: Coordinator, source: ScriptedSource
) -> None:
    coordinator.poll()
    source.answer = SourceDataError("not_json")
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.error) == (Health.DEGRADED, "not_json")
    coordinator.poll()
    assert coordinator.health.state is Health.UNAVAILABLE


def test_clock_that_runs_ahead_neither_hurries_polls_nor_makes_sources_stale(
    store: MemoryStore, clock: FakeClock
) -> None:
    @dataclass(slots=True)
    class FastClock:
        inner: FakeClock

        def now(self) -> datetime:
            return self.inner.now()

        def monotonic(self) -> float:
            return self.inner.monotonic()

        def real_s(self, city_s: float) -> float:
            return city_s / 1000

    coordinator = Coordinator(ScriptedSource(), store, FastClock(clock), Random(1))
    assert coordinator.interval_s == 5.0
    assert coordinator.health.interval_s == pytest.approx(5_000)
    assert coordinator.health.stale_after_s == pytest.approx(30_000)
