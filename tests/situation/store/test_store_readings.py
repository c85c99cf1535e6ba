"""Readings: in bulk, repeated, late, rolled up and thinned."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from situation.batch import Batch
from situation.records import Observation
from situation.store import Point, RetentionPolicy, Store

AT = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
AT_MS = int(AT.timestamp() * 1000)
HOUR = timedelta(hours=1)


def reading(seconds: float, value: float, stream: str = "level") -> Observation:
    return Observation(stream, AT + timedelta(seconds=seconds), value)


def put(store: Store, *observations: Observation) -> None:
    store.apply("water", Batch(observations=observations), AT)


def points(store: Store, since: datetime = AT, until: datetime = AT + HOUR, max_points: int = 1000) -> list[Point]:
    return list(store.observations(["level"], since, until, max_points)["level"].points)


def test_readings_come_back_in_order_of_time(store: Store) -> None:
    put(store, reading(60, 2), reading(0, 1))
    put(store, reading(30, 5), reading(0, 1))
    assert points(store) == [(AT_MS, 1, 1, 1), (AT_MS + 30_000, 5, 5, 5), (AT_MS + 60_000, 2, 2, 2)]


def test_a_late_reading_is_not_the_latest(store: Store) -> None:
    put(store, reading(60, 2))
    put(store, reading(30, 5))
    assert store.latest(["level", "unknown"]) == {"level": (AT + timedelta(seconds=60), 2.0)}


def test_a_corrected_reading_replaces_the_first(store: Store) -> None:
    put(store, reading(60, 2))
    put(store, reading(60, 3))
    assert store.latest(["level"])["level"][1] == 3
    assert points(store) == [(AT_MS + 60_000, 3, 3, 3)]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_left_out(store: Store, value: float) -> None:
    put(store, reading(0, 1), reading(1, value))
    assert points(store) == [(AT_MS, 1, 1, 1)]


def test_unknown_datastreams_are_left_out_of_the_answer(store: Store) -> None:
    assert store.observations(["nothing"], AT, AT + HOUR, 10) == {}


def test_thinning_keeps_the_extremes(store: Store) -> None:
    put(store, *(reading(second, 0) for second in range(3600)), reading(1801, 9), reading(5, -9))
    thinned = points(store, max_points=60)
    assert len(thinned) == 60
    assert max(point.maximum for point in thinned) == 9
    assert min(point.minimum for point in thinned) == -9


@given(
    st.lists(st.tuples(st.integers(0, 7199), st.floats(-1e6, 1e6)), min_size=1, max_size=80, unique_by=lambda r: r[0])
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rolled_up_is_what_the_raw_ones_say(store: Store, raw: list[tuple[int, float]]) -> None:
    stream = f"level{store.version()}-{len(raw)}-{raw[0]}"
    put(store, *(reading(second, value, stream) for second, value in raw))
    later = AT + timedelta(hours=60)
    store.retain(later, RetentionPolicy())
    span = (AT, AT + 2 * HOUR)
    minutes = store.observations([stream], *span, 10_000)[stream]
    hours = store.observations([stream], *span, 2)[stream]
    assert (minutes.resolution, hours.resolution) == ("minute", "hour")
    assert list(minutes.points) == _rolled(raw, 60)
    assert list(hours.points) == _rolled(raw, 3600)


def _rolled(raw: list[tuple[int, float]], width_s: int) -> list[Point]:
    stretches: dict[int, list[float]] = {}
    for second, value in sorted(raw):
        stretches.setdefault(second // width_s, []).append(value)
    return [
        Point(AT_MS + stretch * width_s * 1000, min(values), max(values), values[-1])
        for stretch, values in stretches.items()
    ]


def test_late_readings_reach_the_roll_up(store: Store) -> None:
    put(store, reading(0, 1))
    store.retain(AT + 2 * HOUR, RetentionPolicy())
    put(store, reading(1, 7))
    store.retain(AT + 3 * HOUR, RetentionPolicy())
    store.retain(AT + 60 * HOUR, RetentionPolicy())
    assert points(store) == [(AT_MS, 1, 7, 7)]


def test_a_reading_later_than_the_raw_ones_are_kept_does_not_spoil_the_roll_up(store: Store) -> None:
    put(store, reading(0, 1), reading(1, 7))
    store.retain(AT + 60 * HOUR, RetentionPolicy())
    put(store, reading(2, 100))
    store.retain(AT + 60 * HOUR, RetentionPolicy())
    assert points(store) == [(AT_MS, 1, 7, 7)]


def test_each_level_is_forgotten_in_time(store: Store) -> None:
    put(store, reading(0, 1))
    store.retain(AT + timedelta(days=29), RetentionPolicy())
    assert store.observations(["level"], AT, AT + HOUR, 1000)["level"].resolution == "minute"
    store.retain(AT + timedelta(days=33), RetentionPolicy())
    after_minutes = store.observations(["level"], AT - HOUR, AT + HOUR, 1000)["level"]
    assert (after_minutes.resolution, len(after_minutes.points)) == ("hour", 1)
    store.retain(AT + timedelta(days=800), RetentionPolicy())
    assert points(store) == []


def test_a_long_stretch_joins_hours_minutes_and_raw_without_gap_or_overlap(store: Store) -> None:
    put(store, *(reading(minute * 60, minute) for minute in range(72 * 60)))
    store.retain(AT + timedelta(hours=72), RetentionPolicy())
    found = points(store, until=AT + timedelta(hours=72), max_points=100_000)
    assert [point.last for point in found] == list(range(72 * 60))
