"""The entities of one share: read from the store in its scope, kept for a few seconds because answers come by pages."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

from callbacks.devices import all_as_of_now
from callbacks.services import Services
from situation.plain import to_plain
from situation.records import Datastream, Sensor
from situation.scope import Scope
from situation.store import Query

HOLDS_S = 5.0
"""Real seconds that entities are kept at least; readings never are."""

HOLDS_TIMES = 20
"""How often the time that reading them took: of a client that goes through the pages of a large city the wall feels a
twentieth, not half."""

MOST_KEPT = 4
EVERY = Query(limit=10_000_000)
UNKNOWN = "unknown"
_THING_FIELDS = ("sensor_kind", "state", "level", "battery", "department", "source", "address")
_AREA_FIELDS = ("street_code", "community_code", "grid_code")
_GEOJSON = "application/geo+json"
_MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
_PROPERTY = "urn:onescreen:observed-property:"


@dataclass(frozen=True)
class Graph:
    """Things by id, datastreams by id with the sensor each belongs to."""

    things: Mapping[str, Sensor]
    streams: Mapping[str, tuple[Sensor, Datastream]]
    _by: Mapping[str, Mapping[str, list[str]]] = field(repr=False)

    @classmethod
    def of(cls, sensors: Iterable[Sensor]) -> Graph:
        """The graph of some sensors."""
        things = {sensor.id: sensor for sensor in sensors}
        streams = {stream.id: (sensor, stream) for sensor in things.values() for stream in sensor.datastreams}
        by: dict[str, dict[str, list[str]]] = {"Sensors": {}, "ObservedProperties": {}}
        for stream_id, (sensor, stream) in streams.items():
            by["Sensors"].setdefault(_kind(sensor), []).append(stream_id)
            by["ObservedProperties"].setdefault(_property(stream), []).append(stream_id)
        return cls(things, streams, by)

    @cached_property
    def ids(self) -> Mapping[str, list[str]]:
        """The ids of each set but Observations, in order."""
        placed = [key for key, sensor in self.things.items() if sensor.lon is not None and sensor.lat is not None]
        return {
            "Things": sorted(self.things),
            "Locations": sorted(placed),
            "Datastreams": sorted(self.streams),
            **{name: sorted(found) for name, found in self._by.items()},
        }

    def has(self, name: str, entity_id: str) -> bool:
        """Whether there is such an entity; Observations are not held here."""
        if name == "Locations":
            sensor = self.things.get(entity_id)
            return sensor is not None and sensor.lon is not None and sensor.lat is not None
        return entity_id in {"Things": self.things, "Datastreams": self.streams, **self._by}[name]

    def linked(self, name: str, entity_id: str, link: str) -> list[str]:
        """The ids that a navigation property leads to; of Observations to their datastream."""
        if name in self._by:
            return self._by[name][entity_id]
        if name == "Locations":
            return [entity_id]
        if name == "Things":
            sensor = self.things[entity_id]
            return [each.id for each in sensor.datastreams] if link == "Datastreams" else self._located(sensor)
        stream_id = entity_id if name == "Datastreams" else stream_of(entity_id)
        sensor, stream = self.streams[stream_id]
        found = {"Thing": sensor.id, "Sensor": _kind(sensor), "ObservedProperty": _property(stream)}
        return [found.get(link, stream_id)]

    def _located(self, sensor: Sensor) -> list[str]:
        return [sensor.id] if self.has("Locations", sensor.id) else []

    def fields(self, name: str, entity_id: str) -> dict[str, Any]:
        """What an entity says of itself, without its links."""
        return _FIELDS[name](self, entity_id)


def stream_of(observation_id: str) -> str:
    """The datastream in the id of an observation."""
    return observation_id.rpartition("@")[0]


def _kind(sensor: Sensor) -> str:
    return sensor.sensor_kind or UNKNOWN


def _property(stream: Datastream) -> str:
    return stream.observed_property or stream.name or UNKNOWN


def _thing(graph: Graph, entity_id: str) -> dict[str, Any]:
    plain = to_plain(graph.things[entity_id])
    properties = {name: plain[name] for name in (*_THING_FIELDS, *_AREA_FIELDS) if plain[name] not in (None, "")}
    return {"name": plain["name"] or entity_id, "description": plain["address"], "properties": properties}


def _location(graph: Graph, entity_id: str) -> dict[str, Any]:
    sensor = graph.things[entity_id]
    point = {"type": "Point", "coordinates": [sensor.lon, sensor.lat]}
    name = sensor.address or sensor.name or entity_id
    return {"name": name, "description": sensor.address, "encodingType": _GEOJSON, "location": point}


def _datastream(graph: Graph, entity_id: str) -> dict[str, Any]:
    sensor, stream = graph.streams[entity_id]
    limits = [
        {"level": each.level, "limit": each.limit, "above": each.above, "label": each.label}
        for each in stream.thresholds
        if math.isfinite(each.limit)
    ]
    return {
        "name": stream.name or entity_id,
        "description": f"{sensor.name} {stream.name}".strip(),
        "observationType": _MEASUREMENT,
        "unitOfMeasurement": {"name": stream.unit, "symbol": stream.unit, "definition": ""},
        "properties": {"interval_s": stream.interval_s, "thresholds": limits},
    }


def _sensor(_graph: Graph, entity_id: str) -> dict[str, Any]:
    return {"name": entity_id, "description": "", "encodingType": "text/plain", "metadata": entity_id}


def _observed_property(_graph: Graph, entity_id: str) -> dict[str, Any]:
    return {"name": entity_id, "description": "", "definition": f"{_PROPERTY}{entity_id}"}


_FIELDS = {
    "Things": _thing,
    "Locations": _location,
    "Datastreams": _datastream,
    "Sensors": _sensor,
    "ObservedProperties": _observed_property,
}


class Graphs:
    """The graph of each scope, read anew when it is older than that. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Scope, tuple[float, Graph]] = OrderedDict()  # with when it is over
        self._lock = Lock()

    def of(self, services: Services) -> Graph:
        """What the scope of `services` allows. Blocking."""
        with self._lock:  # whoever asks at the same time wants the same
            now_s = services.clock.monotonic()
            kept = self._kept.pop(services.scope, None)
            if kept is None or now_s > kept[0]:
                graph = _read(services)
                read_s = services.clock.monotonic()
                kept = (read_s + max(HOLDS_S, HOLDS_TIMES * (read_s - now_s)), graph)
            self._kept[services.scope] = kept
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return kept[1]


def _read(services: Services) -> Graph:
    items = services.store.records(Sensor.kind, services.scope, EVERY).items
    shown = all_as_of_now(services, Sensor.kind, items)
    return Graph.of(record for _, record in shown if isinstance(record, Sensor))
