"""The `gtfs_realtime` kind: vehicles of a feed as officers, and feeds that are none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from google.transit import gtfs_realtime_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st

from datasources.contract import SourceDataError
from datasources.gtfs_realtime.normalise import Reading, normalise
from situation.records import Officer

READING = Reading(key="bus", department="transport", crs="wgs84", role="vehicle")


def feed(*vehicles: dict[str, Any], differential: bool = False) -> Any:
    """A feed of vehicles; each has the fields of `VehiclePosition` by dotted name."""
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = 1786255140
    if differential:
        message.header.incrementality = pb.FeedHeader.DIFFERENTIAL
    for number, vehicle in enumerate(vehicles):
        entity = message.entity.add(id=f"e{number}")
        entity.vehicle.SetInParent()
        for path, value in vehicle.items():
            part = entity.vehicle
            *above, name = path.split(".")
            for each in above:
                part = getattr(part, each)
            setattr(part, name, value)
    return message


BUS = {
    "vehicle.id": "A-17",
    "vehicle.label": "沪A1234",
    "trip.route_id": "101路",
    "position.latitude": 31.4,
    "position.longitude": 121.48,
    "position.bearing": 90.0,
    "position.speed": 8.5,
    "timestamp": 1786255130,
}


def test_a_vehicle_is_an_officer_with_its_role() -> None:
    found = normalise(feed(BUS).SerializeToString(), READING)
    (bus,) = found.officers
    assert isinstance(bus, Officer)
    assert (bus.id, bus.name, bus.role, bus.department) == ("bus.A-17", "101路 沪A1234", "vehicle", "transport")
    assert bus.positioned_at == datetime.fromtimestamp(1786255130, UTC)
    assert (bus.speed_mps, bus.heading_deg, bus.on_duty) == (8.5, 90.0, True)
    assert (round(bus.lon or 0, 4), round(bus.lat or 0, 4)) == (121.48, 31.4)
    assert found.is_whole


def test_what_a_vehicle_does_not_say_is_unknown() -> None:
    (bus,) = normalise(feed({"timestamp": 0}).SerializeToString(), READING).officers
    assert (bus.id, bus.name) == ("bus.e0", "e0")
    assert (bus.lon, bus.lat, bus.positioned_at, bus.speed_mps, bus.heading_deg, bus.on_duty) == (None,) * 6


def test_a_vehicle_that_is_deleted_is_left_out_and_changes_alone_are_not_everything() -> None:
    message = feed(BUS, {**BUS, "vehicle.id": "B"}, differential=True)
    message.entity[0].is_deleted = True
    found = normalise(message.SerializeToString(), READING)
    assert [bus.id for bus in found.officers] == ["bus.B"]
    assert not found.is_whole


def test_a_feed_of_alerts_is_told_apart() -> None:
    message = feed()
    message.entity.add(id="a").alert.SetInParent()
    with pytest.raises(SourceDataError, match="without vehicle positions"):
        normalise(message.SerializeToString(), READING)


def test_an_empty_feed_is_no_error() -> None:
    assert normalise(feed().SerializeToString(), READING).officers == ()


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b"\xff" * 40, feed(BUS).SerializeToString()[:-3]])
def test_what_is_no_feed_is_a_data_error(body: bytes) -> None:
    with pytest.raises(SourceDataError):
        normalise(body, READING)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_feed_or_a_data_error(body: bytes) -> None:
    try:
        found = normalise(body, READING)
    except SourceDataError:
        return
    assert all(officer.id.startswith("bus.") for officer in found.officers)
