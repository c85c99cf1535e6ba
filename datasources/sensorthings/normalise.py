"""SensorThings entities to sensors, datastreams and observations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from datasources.contract import RecordRejected, Rejection
from datasources.coordinates import Position, locate
from datasources.fields import Raw, each, identifier, instant, number, text
from datasources.geojson.normalise import positions_of
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
    """How one server's entities are read. `thresholds` (by observed property) stand in where it gives none."""

    key: str
    department: str
    crs: str
    zone: str | None
    sensor_kind: str = ""
    thresholds: Mapping[str, tuple[Threshold, ...]] = field(default_factory=dict)


def normalise_things(
    rows: Sequence[Any], server: Server, now: datetime
) -> tuple[list[Sensor], list[Observation], list[Rejection]]:
    """Sensors of Things with their expanded Locations and Datastreams, and the last reading of each datastream."""
    points = [_point(row) for row in rows]
    positions = locate([lon for lon, _ in points], [lat for _, lat in points], server.crs)
    found, rejected = each(list(zip(rows, positions, strict=True)), lambda item: _sensor(item[0], item[1], server, now))
    return [sensor for sensor, _ in found], [one for _, last in found for one in last], rejected


def normalise_observations(rows: Sequence[Any], server: Server) -> tuple[list[Observation], list[Rejection]]:
    """Observations whose Datastream is expanded; a reading that is no number costs itself."""
    found, rejected = each(rows, lambda row: _observation_of(row, server))
    return [observation for observation in found if observation is not None], rejected


def observed_at(row: Raw, zone: str | None) -> datetime | None:
    """When the phenomenon was: an instant, the end of an interval, or else when the result came."""
    for name in ("phenomenonTime", "resultTime"):
        value = row.get(name)
        if isinstance(value, str):
            value = value.rpartition("/")[2]
        at = instant(value, zone)
        if at is not None:
            return at
    return None


def _sensor(row: Raw, position: Position, server: Server, now: datetime) -> tuple[Sensor, list[Observation]]:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    own_id = identifier(row, "@iot.id", "id")
    sensor_id = f"{server.key}.{own_id}"
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
            name=text(row, "name", limit=200) or own_id,
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
    given = row.get("Datastreams")
    for raw in given if isinstance(given, list) else ():
        stream = normalise_datastream(raw, server)
        streams.append(stream)
        nested = raw.get("Observations")
        last = _observation(nested[0], stream.id, server) if isinstance(nested, list) and nested else None
        if last is not None:
            readings[stream.id] = last
        at = last.observed_at if last else observed_at(raw, server.zone)
        if at is not None:
            seen_at[stream.id] = at
    return tuple(streams), readings, seen_at


def normalise_datastream(raw: Any, server: Server) -> Datastream:
    """One datastream; raises RecordRejected."""
    if not isinstance(raw, dict):
        raise RecordRejected("?", "a datastream that is no object")
    own_id = identifier(raw, "@iot.id", "id")
    properties = _mapping(raw.get("properties"))
    observed_property = text(_mapping(raw.get("ObservedProperty")), "name", limit=100) or text(
        properties, "observed_property", "observedProperty", limit=100
    )
    unit = _mapping(raw.get("unitOfMeasurement"))
    interval_s = next((found for found in (number(properties.get(name)) for name in _INTERVAL_NAMES) if found), None)
    return Datastream(
        id=f"{server.key}.{own_id}",
        name=text(raw, "name", limit=200),
        observed_property=observed_property,
        unit=text(unit, "symbol", "name", limit=30),
        interval_s=max(interval_s or DEFAULT_INTERVAL_S, 1.0),
        thresholds=read_thresholds(properties.get("thresholds")) or server.thresholds.get(observed_property, ()),
    )


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


def _observation_of(row: Any, server: Server) -> Observation | None:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    stream_id = identifier(_mapping(row.get("Datastream")), "@iot.id", "id")
    return _observation(row, f"{server.key}.{stream_id}", server)


def _observation(row: Any, stream_id: str, server: Server) -> Observation | None:
    """A reading as a number (a truth value as 1 or 0); None for a result without one."""
    if not isinstance(row, dict):
        return None
    result = row.get("result")
    value = float(result) if isinstance(result, bool) else number(result)
    at = observed_at(row, server.zone)
    if value is None or at is None:
        return None
    return Observation(stream_id, at, value)


def _point(row: Any) -> tuple[float | None, float | None]:
    """The middle of a Thing's first location: a geometry, or a feature around one."""
    locations = row.get("Locations") if isinstance(row, dict) else None
    location = _mapping(_mapping(locations[0] if isinstance(locations, list) and locations else None).get("location"))
    geometry = _mapping(location.get("geometry")) or location
    flat = [(x, y) for x, y in positions_of(geometry.get("coordinates")) if x is not None and y is not None]
    if not flat:
        return None, None
    return sum(x for x, _ in flat) / len(flat), sum(y for _, y in flat) / len(flat)


def _battery(properties: Mapping[str, Any]) -> float | None:
    """The share left, to a hundredth, of a number of per cent; what can't be one is unknown."""
    percent = next((found for name in _BATTERY_NAMES if (found := number(properties.get(name))) is not None), None)
    return round(percent / 100, 2) if percent is not None and 0 <= percent <= 100 else None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def without_duplicates(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """One observation per datastream and moment, the last said, in order of time."""
    unique = {(one.datastream, one.observed_at): one for one in observations}
    return tuple(sorted(unique.values(), key=lambda one: one.observed_at))
