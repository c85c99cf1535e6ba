"""Sensors that share what they have in common are the same sensors."""

from __future__ import annotations

from situation.records import Datastream, Sensor, Threshold
from situation.rules.alike import Alike


def sensor(number: int) -> Sensor:
    limits = (Threshold(level=1, limit=20.0 + number - number),)
    stream = Datastream(id=f"s{number}/0", unit="".join(("c", "m")), thresholds=limits)
    return Sensor(id=f"s{number}", source="".join(("wat", "er")), datastreams=(stream,))


def test_a_sensor_stays_what_it_is() -> None:
    assert Alike().sensor(sensor(1)) == sensor(1)


def test_what_two_sensors_have_in_common_is_kept_once() -> None:
    alike = Alike()
    one, other = alike.sensor(sensor(1)), alike.sensor(sensor(2))
    assert one.source is other.source
    assert one.datastreams[0].thresholds is other.datastreams[0].thresholds
