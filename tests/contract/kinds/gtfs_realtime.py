"""A feed of three buses."""

from typing import Any

from examples import Example, Pages
from google.transit import gtfs_realtime_pb2 as pb


def _feed() -> Any:
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = 1786255140
    return message


def _pages(*ids: str) -> Pages:
    message = _feed()
    for own_id in ids:
        vehicle = message.entity.add(id=own_id).vehicle
        vehicle.position.latitude, vehicle.position.longitude = 31.4, 121.48
        vehicle.timestamp = 1786255130
    return {"/vehicles.pb": message.SerializeToString()}


def _alerts() -> Pages:
    message = _feed()
    message.entity.add(id="a").alert.SetInParent()
    return {"/vehicles.pb": message.SerializeToString()}


EXAMPLE = Example(
    kind="gtfs_realtime",
    path="vehicles.pb",
    pages=_pages("a", "b", "c"),
    kept=3,
    malformed=_pages("a", "b", ""),
    empty=_pages(),
    wrong=_alerts(),
)
