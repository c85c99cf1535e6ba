"""The ledger: what it counts of each fetch, how it spends time, and that it stays small."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from datasources.contract import Batch, Rejection, SourceUnavailable
from datasources.ledger import MOST_REASONS, Ledger
from situation.clock import FakeClock
from situation.records import Area, AreaKind, Health, Place, SourceHealth
from situation.store.sources import SourceHour, SourceReason

SQUARE = json.dumps(
    {"type": "Polygon", "coordinates": [[[121.0, 31.0], [122.0, 31.0], [122.0, 32.0], [121.0, 32.0], [121.0, 31.0]]]}
)
DISTRICT = Area(id="administrative/310113", source="areas", code="310113", area_kind=AreaKind.DISTRICT, geometry=SQUARE)


@dataclass
class MemoryHistory:
    """Keeps rows by their keys, as the store does."""

    kept: dict[tuple[str, int], SourceHour] = field(default_factory=dict)
    kept_reasons: dict[tuple[str, str, str], SourceReason] = field(default_factory=dict)

    def save(self, hours: list[SourceHour], reasons: list[SourceReason]) -> None:
        self.kept |= {(each.source, each.hour): each for each in hours}
        self.kept_reasons |= {(each.source, each.sort, each.reason): each for each in reasons}

    def drop(self, reasons: list[SourceReason]) -> None:
        for each in reasons:
            self.kept_reasons.pop((each.source, each.sort, each.reason), None)

    def hours(self, since: datetime, until: datetime, source: str = "") -> list[SourceHour]:
        return list(self.kept.values())

    def reasons(self, source: str = "") -> list[SourceReason]:
        return list(self.kept_reasons.values())


@pytest.fixture
def history() -> MemoryHistory:
    return MemoryHistory()


@pytest.fixture
def ledger(history: MemoryHistory, clock: FakeClock) -> Ledger:
    return Ledger(history, clock, [DISTRICT])  # type: ignore[arg-type]


def only(history: MemoryHistory) -> SourceHour:
    (hour,) = history.kept.values()
    return hour


def test_answers_failures_and_what_they_brought_are_counted(
    ledger: Ledger, history: MemoryHistory, clock: FakeClock
) -> None:
    batch = Batch(records=(Place(id="a", source="s"),), content_at=clock.now() - timedelta(seconds=40))
    ledger.took("s", batch, 0.5)
    ledger.unchanged("s", 1.5)
    ledger.failed("s", SourceUnavailable("timeout"))
    ledger.flush()
    hour = only(history)
    assert (hour.fetches, hour.failures, hour.unchanged, hour.records) == (3, 1, 1, 1)
    assert (hour.latency_s, hour.slowest_s) == (2.0, 1.5)
    assert (hour.content_age_least_s, hour.content_age_most_s) == (40.0, 40.0)
    assert [(each.sort, each.reason, each.count) for each in history.reasons()] == [("error", "timeout", 1)]


def test_positions_are_told_apart_inside_outside_and_none(ledger: Ledger, history: MemoryHistory) -> None:
    spots = ((121.5, 31.5), (121.6, 31.4), (120.0, 30.0), (None, None))
    records = tuple(Place(id=str(n), source="s", lon=lon, lat=lat) for n, (lon, lat) in enumerate(spots))
    ledger.took("s", Batch(records=records), 0.1)
    ledger.flush()
    hour = only(history)
    assert (hour.positioned, hour.unpositioned, hour.outside) == (3, 1, 1)


def test_rows_that_an_overlap_tells_again_count_once_an_hour(
    ledger: Ledger, history: MemoryHistory, clock: FakeClock
) -> None:
    spots = ((121.5, 31.5), (121.6, 31.4), (120.0, 30.0))
    rows = tuple(Place(id=str(n), source="s", lon=lon, lat=lat) for n, (lon, lat) in enumerate(spots))
    for batch in (rows, rows[2:], rows[2:]):
        ledger.took("s", Batch(records=batch), 0.1)
        clock.advance(60)
    ledger.flush()
    hour = only(history)
    assert (hour.records, hour.positioned, hour.outside) == (5, 3, 1)


def test_a_district_that_a_source_brings_is_the_one_positions_are_held_against(
    history: MemoryHistory, clock: FakeClock
) -> None:
    ledger = Ledger(history, clock)  # type: ignore[arg-type]
    outside = Batch(records=(Place(id="a", source="s", lon=120.0, lat=30.0),))
    ledger.took("s", outside, 0.1)
    ledger.flush()
    assert [(hour.positioned, hour.outside) for hour in history.kept.values()] == [(0, 0)]
    ledger.took("areas", Batch(records=(DISTRICT,)), 0.1)
    ledger.took("s", outside, 0.1)
    ledger.flush()
    assert {key[0]: hour.outside for key, hour in history.kept.items()} == {"s": 1, "areas": 0}


def test_a_clock_that_is_ahead_is_counted_and_its_age_is_negative(
    ledger: Ledger, history: MemoryHistory, clock: FakeClock
) -> None:
    ahead = Batch(content_at=clock.now() + timedelta(hours=8), rejected=(Rejection("a", "from the future"),))
    ledger.took("s", ahead, 0.1)
    ledger.flush()
    assert (only(history).ahead, only(history).content_age_least_s) == (2, -8 * 3600.0)


def test_rejected_records_leave_their_reason_and_one_masked_sample(ledger: Ledger, history: MemoryHistory) -> None:
    bad = Batch(rejected=(Rejection("13800135617", "no position"), Rejection("李小明", "no position")))
    ledger.took("s", bad, 0.1)
    ledger.flush()
    (reason,) = history.reasons()
    assert (reason.count, reason.reason, reason.sample) == (2, "no position", "李**: no position")


def test_time_goes_to_the_state_a_source_is_in_and_gaps_to_none(
    ledger: Ledger, history: MemoryHistory, clock: FakeClock
) -> None:
    for state in (Health.OK, Health.OK, Health.UNAVAILABLE, Health.PAUSED):
        ledger.tick([SourceHealth(id="s", source="s", state=state)])
        clock.advance(10)
    clock.advance(600)  # the machine slept
    ledger.tick([SourceHealth(id="s", source="s", state=Health.OK)])
    ledger.flush()
    hour = only(history)
    assert (hour.ok_s, hour.down_s, hour.paused_s) == (10.0, 10.0, 10.0)


def test_a_restarted_ledger_goes_on_where_it_stopped(history: MemoryHistory, clock: FakeClock) -> None:
    for _ in range(2):
        ledger = Ledger(history, clock)  # type: ignore[arg-type]
        ledger.failed("s", SourceUnavailable("timeout"))
        ledger.flush()
    assert only(history).failures == 2
    assert history.reasons()[0].count == 2


def test_only_so_many_reasons_of_a_source_are_kept(ledger: Ledger, history: MemoryHistory, clock: FakeClock) -> None:
    for number in range(MOST_REASONS + 25):
        ledger.took("s", Batch(rejected=(Rejection("x", f"reason {number}"),)), 0.1)
        clock.advance(1)
        ledger.flush()
    assert len(history.kept_reasons) == MOST_REASONS
    assert ("s", "rejected", "reason 0") not in history.kept_reasons


def test_only_the_hours_that_can_still_change_are_held(
    ledger: Ledger, history: MemoryHistory, clock: FakeClock
) -> None:
    for _ in range(30):
        ledger.unchanged("s", 0.1)
        ledger.flush()
        clock.advance(3600)
    assert len(history.kept) == 30
    assert len(ledger._hours) <= 2
