"""Sensors are judged by their readings: level with hysteresis, silence against the source's own deliveries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from situation.records import Datastream, DeviceState, Observation, Sensor, Threshold
from situation.rules.readings import Readings, crossed_level
from situation.rules.settings import AlarmSettings

AT = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
WATER = Datastream(
    id="d1",
    unit="cm",
    interval_s=60,
    thresholds=(Threshold(level=1, limit=25), Threshold(level=2, limit=15), Threshold(level=3, limit=8)),
)
SENSOR = Sensor(id="s1", source="drainage", name="宝杨路下立交", sensor_kind="underpass_water", datastreams=(WATER,))


def reading(value: float, at: datetime = AT) -> Observation:
    return Observation("d1", at, value)


@pytest.mark.parametrize(
    ("value", "current", "expected"),
    [
        (7.9, 0, 0),
        (8, 0, 3),
        (15, 0, 2),
        (42, 0, 1),
        (24.5, 1, 1),
        (23.0, 1, 2),
        (24.5, 0, 2),
        (7.7, 3, 3),
        (7.5, 3, 0),
    ],
)
def test_a_level_is_reached_at_its_limit_and_left_below_the_hysteresis(
    value: float, current: int, expected: int
) -> None:
    assert crossed_level(WATER, value, current, 0.05) == expected


def test_a_low_limit_is_crossed_from_above() -> None:
    pressure = Datastream(id="d", thresholds=(Threshold(level=2, limit=0.14, above=False),))
    assert crossed_level(pressure, 0.10, 0, 0.05) == 2
    assert crossed_level(pressure, 0.20, 0, 0.05) == 0


@pytest.fixture
def readings() -> Readings:
    tracker = Readings(AlarmSettings())
    tracker.take("drainage", [SENSOR], [], AT)
    return tracker


def test_a_sensor_without_any_reading_is_unknown_not_offline(readings: Readings) -> None:
    assert readings.take("drainage", [SENSOR], [], AT + timedelta(hours=1))["s1"].state == DeviceState.UNKNOWN


def test_a_reading_makes_the_sensor_online_and_gives_it_a_level(readings: Readings) -> None:
    sensor = readings.take("drainage", [], [reading(42)], AT)["s1"]
    assert (sensor.state, sensor.level, sensor.value) == (DeviceState.ONLINE, 1, 42)


def test_a_sensor_that_stays_as_it_was_is_not_told_again(readings: Readings) -> None:
    readings.take("drainage", [], [reading(3)], AT)
    assert readings.take("drainage", [], [reading(4, AT + timedelta(seconds=60))], AT + timedelta(seconds=60)) == {}


def test_a_sensor_silent_for_three_intervals_while_its_source_delivers_is_offline(readings: Readings) -> None:
    readings.take("drainage", [], [reading(3)], AT)
    told = readings.take("drainage", [], [], AT + timedelta(seconds=181))
    assert told["s1"].state == DeviceState.OFFLINE


def test_a_source_that_delivers_nothing_does_not_make_its_sensors_offline(readings: Readings) -> None:
    readings.take("drainage", [], [reading(3)], AT)
    assert readings.take("other", [], [], AT + timedelta(hours=1)) == {}


def test_an_older_reading_that_comes_late_changes_nothing(readings: Readings) -> None:
    readings.take("drainage", [], [reading(3)], AT)
    assert readings.take("drainage", [], [reading(42, AT - timedelta(minutes=1))], AT) == {}


def test_the_description_of_a_sensor_fetched_again_keeps_its_state(readings: Readings) -> None:
    readings.take("drainage", [], [reading(42)], AT)
    assert readings.take("drainage", [SENSOR], [], AT)["s1"].level == 1


def test_each_datastream_has_its_own_order_of_time() -> None:
    level = Datastream(id="level", interval_s=60, thresholds=(Threshold(level=1, limit=25),))
    tracker = Readings(AlarmSettings())
    tracker.take("drainage", [Sensor(id="s", source="drainage", datastreams=(Datastream(id="battery"), level))], [], AT)
    later = Observation("battery", AT, 3.6)
    told = tracker.take("drainage", [], [later, Observation("level", AT - timedelta(seconds=1), 42)], AT)
    assert told["s"].level == 1


def test_a_level_found_again_after_a_restart_belongs_to_the_datastream_that_can_have_it() -> None:
    level = Datastream(id="level", interval_s=60, thresholds=(Threshold(level=1, limit=25),))
    sensor = Sensor(
        id="s", source="drainage", datastreams=(Datastream(id="battery"), level), level=1, value=3.6, observed_at=AT
    )
    tracker = Readings(AlarmSettings())
    tracker.restore(sensor)
    told = tracker.take("drainage", [], [Observation("battery", AT + timedelta(seconds=1), 3.5)], AT)
    assert told["s"].level == 1
    worst = tracker.crossed()[0].worst()
    assert worst is not None
    assert (worst[0].id, worst[1].level) == ("level", 1)
