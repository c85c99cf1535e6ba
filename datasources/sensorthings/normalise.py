"""SensorThings entities to sensors, datastreams and observations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from datasources.contract import RecordRejected, Rejection
from datasources.coordinates import NOWHERE, Position, locate
from datasources.fields import Raw, each, newest, number, text
from datasources.geometry import middle_of
from datasources.sensorthings.readings import last_of, observed_at, own_id, part_id
from situation.records import Datastream, DeviceState, Observation, Sensor, Threshold

MISSED_READINGS = 3
"""A sensor that has missed so many readings is offline."""

LEAST_SILENCE_S = 300.0
DEFAULT_INTERVAL_S = 300.0
_KIND_NAMES = ("kind", "type", "sensorKind", "sensor_kind", "category")
_BATTERY_NAMES = ("battery", "batteryLevel", "battery_percent")
_INTERVAL_NAMES = ("interval_s", "samplingInterval", "reportInterval")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How one server's entities are read. `thresholds` (by observed property) stand in where it gives none.

    `properties` (datastream → observed property) and `last` (datastream → reading) stand in for what is expanded, where
    the server expands it wrongly or not at all; ids of datastreams are ours.
    """

    key: str
    department: str
    crs: str
    zone: str | None
    sensor_kind: str = ""
    thresholds: Mapping[str, tuple[Threshold, ...]] = field(default_factory=dict)
    properties: Mapping[str, str] | None = None
    last: Mapping[str, tuple[Observation, ...]] = field(default_factory=dict)


def normalise_things(
    rows: Sequence[Any], server: Server, now: datetime
) -> tuple[list[Sensor], list[Observation], list[Rejection]]:
    """Sensors of Things with their expanded Locations and Datastreams, and the last reading of each datastream."""
    points = [_point(row) for row in rows]
    positions = locate([lon for lon, _ in points], [lat for _, lat in points], server.crs)
    found, rejected = each(list(zip(rows, positions, strict=True)), lambda item: _sensor(item[0], item[1], server, now))
    return [sensor for sensor, _ in found], [one for _, last in found for one in last], rejected


def _sensor(row: Raw, position: Position, server: Server, now: datetime) -> tuple[Sensor, list[Observation]]:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    number_ = own_id(row)
    sensor_id = f"{server.key}.{number_}"
    properties = _mapping(row.get("properties"))
    try:
        streams, readings, seen_at = _streams(row, server)
    except RecordRejected as bad:  # by the id of the sensor, which the store knows: it is bad, not gone
        raise RecordRejected(sensor_id, bad.reason) from bad
    first = readings.get(streams[0].id) if streams else None
    return (
        Sensor(
            id=sensor_id,
            source=server.key,
            name=text(row, "name", limit=200) or number_,
            department=text(properties, "department", limit=100) or server.department,
            lon=position[0],
            lat=position[1],
            address=text(properties, "address", limit=300),
            sensor_kind=text(properties, *_KIND_NAMES, limit=100) or server.sensor_kind,
            datastreams=streams,
            state=_state(streams, seen_at, now),
            level=_level(streams, readings),
            value=first.value if first else None,
            observed_at=first.observed_at if first else None,
            battery=_battery(properties),
        ),
        list(readings.values()),
    )


def _streams(row: Raw, server: Server) -> tuple[tuple[Datastream, ...], dict[str, Observation], dict[str, datetime]]:
    """Datastreams, the last reading of each, and when each was last heard of."""
    streams: list[Datastream] = []
    readings: dict[str, Observation] = {}
    seen_at: dict[str, datetime] = {}
    for raw in (*_list(row.get("Datastreams")), *_list(row.get("MultiDatastreams"))):
        found = normalise_datastreams(raw, server)
        stream_id = f"{server.key}.{own_id(raw)}"
        last = last_of(raw, stream_id, server.zone) or server.last.get(stream_id, ())
        readings.update((one.datastream, one) for one in last)
        at = newest([one.observed_at for one in last]) or observed_at(raw, server.zone)
        streams += found
        seen_at.update((stream.id, at) for stream in found if at is not None)
    return tuple(streams), readings, seen_at


def normalise_datastreams(raw: Any, server: Server) -> tuple[Datastream, ...]:
    """One datastream, or one for each part of a MultiDatastream; raises RecordRejected."""
    if not isinstance(raw, dict):
        raise RecordRejected("?", "a datastream that is no object")
    units = raw.get("unitOfMeasurements")
    stream_id = f"{server.key}.{own_id(raw)}"
    if not isinstance(units, list):
        return (_datastream(raw, stream_id, raw.get("ObservedProperty"), raw.get("unitOfMeasurement"), server),)
    named = _list(raw.get("ObservedProperties"))
    named += [None] * (len(units) - len(named))
    return tuple(
        _datastream(raw, part_id(stream_id, index), named[index], unit, server) for index, unit in enumerate(units)
    )


def _datastream(raw: Raw, stream_id: str, observed: Any, unit: Any, server: Server) -> Datastream:
    properties = _mapping(raw.get("properties"))
    if server.properties is not None:
        observed = {"name": server.properties.get(stream_id)}
    observed_property = text(_mapping(observed), "name", limit=100) or text(
        properties, "observed_property", "observedProperty", limit=100
    )
    interval_s = next((found for found in (number(properties.get(name)) for name in _INTERVAL_NAMES) if found), None)
    return Datastream(
        id=stream_id,
        name=text(raw, "name", limit=200),
        observed_property=observed_property,
        unit=text(_mapping(unit), "symbol", "name", limit=30),
        interval_s=max(interval_s or DEFAULT_INTERVAL_S, 1.0),
        thresholds=read_thresholds(properties.get("thresholds")) or server.thresholds.get(observed_property, ()),
    )


def apart(rows: Sequence[Any]) -> list[Any]:
    """Things as one Thing for each of their datastreams."""
    found: list[Any] = []
    for row in rows:
        streams = _list(_mapping(row).get("Datastreams"))
        found += [as_thing({**_mapping(stream), "Thing": row}) for stream in streams]
    return found


def as_thing(row: Any) -> Any:
    """A Datastream listed by itself as a Thing that has only it, in the place of its Thing or of what it observes."""
    if not isinstance(row, dict):
        return row
    thing, feature = _mapping(row.get("Thing")), _mapping(row.get("FeatureOfInterest"))
    places = _list(thing.get("Locations")) or [
        {"location": each} for each in (feature.get("feature"), row.get("observedArea")) if isinstance(each, dict)
    ]
    return {
        **{name: row[name] for name in ("@iot.id", "id", "@iot.selfLink", "name") if name in row},
        "properties": {**_mapping(thing.get("properties")), **_mapping(row.get("properties"))},
        "Locations": places,
        "Datastreams": [row],
    }


def read_thresholds(given: Any) -> tuple[Threshold, ...]:
    """Thresholds out of a list of `{level, limit, above, label}`, the worst first; malformed ones are left out."""
    found = []
    for row in given if isinstance(given, (list, tuple)) else ():
        level, limit = (number(row.get("level")), number(row.get("limit"))) if isinstance(row, dict) else (None, None)
        if level in (1, 2, 3) and limit is not None:
            above = row.get("above") is not False
            found.append(Threshold(level=int(level or 0), limit=limit, above=above, label=text(row, "label", limit=50)))
    return tuple(sorted(found, key=lambda threshold: threshold.level))


def _level(streams: Sequence[Datastream], readings: Mapping[str, Observation]) -> int:
    """The worst level that a last reading has crossed; 0 for none."""
    crossed = [
        threshold.level
        for stream in streams
        if stream.id in readings
        for threshold in stream.thresholds
        if _is_crossed(threshold, readings[stream.id].value)
    ]
    return min(crossed, default=0)


def _is_crossed(threshold: Threshold, value: float) -> bool:
    return value >= threshold.limit if threshold.above else value <= threshold.limit


def _state(streams: Sequence[Datastream], seen_at: Mapping[str, datetime], now: datetime) -> DeviceState:
    """Alive when any of its datastreams has spoken lately; unknown when none ever has."""
    if not seen_at:
        return DeviceState.UNKNOWN
    for stream in streams:
        silence = timedelta(seconds=max(MISSED_READINGS * stream.interval_s, LEAST_SILENCE_S))
        if stream.id in seen_at and now - seen_at[stream.id] <= silence:
            return DeviceState.ONLINE
    return DeviceState.OFFLINE


def _point(row: Any) -> Position:
    """The middle of a Thing's first location that has one: a geometry, or a feature around one."""
    for location in _places(row):
        place = _mapping(_mapping(location).get("location"))
        middle = middle_of(_mapping(place.get("geometry")) or place)
        if middle != NOWHERE:
            return middle
    return NOWHERE


def _places(row: Any) -> list[Any]:
    """Where a Thing is; of one that only says where it was, the places of the last time."""
    thing = _mapping(row)
    present = _list(thing.get("Locations"))
    if present:
        return present
    past = [each for each in _list(thing.get("HistoricalLocations")) if isinstance(each, dict)]
    return _list(max(past, key=lambda each: str(each.get("time", ""))).get("Locations")) if past else []


def _battery(properties: Mapping[str, Any]) -> float | None:
    """The share left, to a hundredth, of a number of per cent; what can't be one is unknown."""
    percent = next((found for name in _BATTERY_NAMES if (found := number(properties.get(name))) is not None), None)
    return round(percent / 100, 2) if percent is not None and 0 <= percent <= 100 else None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
