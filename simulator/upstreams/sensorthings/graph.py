"""The entities of one SensorThings instance and how they hang together.

An entity is a type and a key. Keys are small integers, for observations `Observed`; ids are what the outside sees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from simulator.behaviour.batteries import charges
from simulator.model import CitySensor, Quantity
from simulator.upstreams.context import Upstream

_NAMESPACE = UUID("6f1c7c0e-2f0e-4c57-9d3a-0a6a52f3b3a1")
_STREAM_BITS = 20  # an observation's integer id: its second, then its datastream


@dataclass(frozen=True, slots=True)
class Observed:
    """One observation: key of its datastream, time and result."""

    stream: int
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Stream:
    """One datastream: which sensor, which of its quantities."""

    thing: int
    quantity_index: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Link:
    """A navigation property: what type it leads to, and whether to many."""

    type: str
    is_many: bool


LINKS: Mapping[str, Mapping[str, Link]] = {
    "Things": {
        "Locations": Link("Locations", True),
        "HistoricalLocations": Link("HistoricalLocations", True),
        "Datastreams": Link("Datastreams", True),
    },
    "Locations": {
        "Things": Link("Things", True),
        "HistoricalLocations": Link("HistoricalLocations", True),
    },
    "HistoricalLocations": {"Thing": Link("Things", False), "Locations": Link("Locations", True)},
    "Datastreams": {
        "Thing": Link("Things", False),
        "Sensor": Link("Sensors", False),
        "ObservedProperty": Link("ObservedProperties", False),
        "Observations": Link("Observations", True),
    },
    "Sensors": {"Datastreams": Link("Datastreams", True)},
    "ObservedProperties": {"Datastreams": Link("Datastreams", True)},
    "Observations": {
        "Datastream": Link("Datastreams", False),
        "FeatureOfInterest": Link("FeaturesOfInterest", False),
    },
    "FeaturesOfInterest": {"Observations": Link("Observations", True)},
}
"""Every entity set with its navigation properties."""


class Graph:
    """Everything of an instance that doesn't move, or only from day to day."""

    def __init__(self, upstream: Upstream, has_uuids: bool) -> None:
        self.things: Sequence[CitySensor] = [s for s in upstream.city.sensors if s.upstream == upstream.key]
        self.has_uuids = has_uuids
        self.streams = [
            Stream(thing, index, quantity)
            for thing, sensor in enumerate(self.things)
            for index, quantity in enumerate(sensor.quantities)
        ]
        self.streams_of: list[list[int]] = [[] for _ in self.things]
        for number, stream in enumerate(self.streams):
            self.streams_of[stream.thing].append(number)
        self.kinds = sorted({sensor.kind for sensor in self.things})
        self.properties = sorted({stream.quantity.observed_property for stream in self.streams})
        self._key = upstream.key
        self._now = upstream.now
        self._charges: tuple[date, list[int | None]] | None = None

    def size(self, type_name: str) -> int:
        """How many entities of a static type there are."""
        if type_name in ("Things", "Locations", "FeaturesOfInterest"):
            return len(self.things)
        sizes = {
            "Datastreams": len(self.streams),
            "Sensors": len(self.kinds),
            "ObservedProperties": len(self.properties),
        }
        return sizes.get(type_name, 0)

    def charge_of(self, thing: int) -> int | None:
        """Per cent left in a sensor's battery today, None for one on mains."""
        now = self._now()
        if self._charges is None or self._charges[0] != now.date():
            self._charges = now.date(), charges(self.things, now)
        return self._charges[1][thing]

    def id_of(self, type_name: str, key: Any) -> int | str:
        """What the outside calls an entity."""
        if isinstance(key, Observed):
            second = int(key.at.timestamp())
            if not self.has_uuids:
                return second << _STREAM_BITS | key.stream
            return str(UUID(int=key.stream << 96 | 0x4 << 76 | 0x8 << 60 | second))
        number: int = key
        return self._all_uuids[type_name][number] if self.has_uuids else number + 1

    def key_of(self, type_name: str, text: str) -> int | None:
        """The key of a static entity by its id as written in a URL."""
        if self.has_uuids:
            return self._all_keys.get(type_name, {}).get(text)
        return int(text) - 1 if text.isdecimal() and 0 < int(text) <= self.size(type_name) else None

    def observation_of(self, text: str) -> tuple[int, datetime] | None:
        """Datastream and second of an observation by its id as written in a URL."""
        try:
            number = UUID(text).int if self.has_uuids else int(text)
        except ValueError:
            return None
        stream, second = (number >> 96, number & (1 << 48) - 1) if self.has_uuids else _split(number)
        return (stream, datetime.fromtimestamp(second, UTC)) if 0 <= stream < len(self.streams) else None

    def related(self, type_name: str, key: Any, name: str) -> Sequence[int]:
        """Keys of static entities that `name` leads to from an entity; observations are asked elsewhere."""
        if isinstance(key, Observed):
            key = key.stream if name == "Datastream" else self.streams[key.stream].thing
            return (key,)
        if type_name == "Datastreams":
            return (self._of_stream(key, name),)
        if name == "Datastreams" and type_name in ("Sensors", "ObservedProperties"):
            return self._by_kind(type_name)[key]
        if name == "Datastreams":
            return self.streams_of[key]
        return (key,) if name in ("Locations", "Things") else ()

    def _of_stream(self, key: int, name: str) -> int:
        stream = self.streams[key]
        if name == "Sensor":
            return self.kinds.index(self.things[stream.thing].kind)
        if name == "ObservedProperty":
            return self.properties.index(stream.quantity.observed_property)
        return stream.thing

    def _by_kind(self, type_name: str) -> list[list[int]]:
        name = "Sensor" if type_name == "Sensors" else "ObservedProperty"
        groups: list[list[int]] = [[] for _ in range(self.size(type_name))]
        for key in range(len(self.streams)):
            groups[self._of_stream(key, name)].append(key)
        return groups

    @cached_property
    def _all_uuids(self) -> dict[str, list[str]]:
        return {
            name: [str(uuid5(_NAMESPACE, f"{self._key}/{name}/{key}")) for key in range(self.size(name))]
            for name in LINKS
            if name != "Observations"
        }

    @cached_property
    def _all_keys(self) -> dict[str, dict[str, int]]:
        return {name: {text: key for key, text in enumerate(texts)} for name, texts in self._all_uuids.items()}


def _split(number: int) -> tuple[int, int]:
    return number & (1 << _STREAM_BITS) - 1, number >> _STREAM_BITS
