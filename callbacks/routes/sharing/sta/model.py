"""The entity sets and how they are linked, as far as they can be read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A navigation property: to which set, and whether to many of it."""

    target: str
    is_many: bool = True


LINKS: Mapping[str, Mapping[str, Link]] = {
    "Things": {"Locations": Link("Locations"), "Datastreams": Link("Datastreams")},
    "Locations": {"Things": Link("Things")},
    "Datastreams": {
        "Thing": Link("Things", is_many=False),
        "Sensor": Link("Sensors", is_many=False),
        "ObservedProperty": Link("ObservedProperties", is_many=False),
        "Observations": Link("Observations"),
    },
    "Sensors": {"Datastreams": Link("Datastreams")},
    "ObservedProperties": {"Datastreams": Link("Datastreams")},
    "Observations": {"Datastream": Link("Datastreams", is_many=False)},
}
SETS = tuple(LINKS)
