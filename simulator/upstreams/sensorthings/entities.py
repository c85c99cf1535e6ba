"""Entities as SensorThings JSON, without their links: what stands in a row of a collection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulator.model import CitySensor
from simulator.upstreams.sensorthings.graph import Graph, Observed

GEOJSON = "application/geo+json"
_MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
Properties = dict[str, Any]


def time_text(at: datetime) -> str:
    """`2026-11-21T21:14:00Z`, with milliseconds only where there are any."""
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{at.microsecond // 1000:03d}Z" if at.microsecond else "Z")


def properties_of(graph: Graph, type_name: str, key: Any) -> Properties:
    """The entity's own properties."""
    return _ENTITIES[type_name](graph, key)


def _point(sensor: CitySensor) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(sensor.lon, 6), round(sensor.lat, 6)]}


def _thing(graph: Graph, key: int) -> Properties:
    sensor = graph.things[key]
    properties: Properties = {
        "code": sensor.code,
        "kind": sensor.kind,
        "name_en": sensor.name_en,
        "address": sensor.address,
        "department": sensor.department,
        "street_code": sensor.street,
        "grid_code": sensor.grid,
    }
    if sensor.place:
        properties["place"] = sensor.place
    charge = graph.charge_of(key)
    if charge is not None:
        properties["battery"] = charge
    return {"name": sensor.name, "description": f"{sensor.address} {sensor.name}", "properties": properties}


def _location(graph: Graph, key: int) -> Properties:
    sensor = graph.things[key]
    return {
        "name": sensor.address,
        "description": sensor.address,
        "encodingType": GEOJSON,
        "location": _point(sensor),
    }


def _feature(graph: Graph, key: int) -> Properties:
    sensor = graph.things[key]
    return {"name": sensor.address, "description": sensor.address, "encodingType": GEOJSON, "feature": _point(sensor)}


def _datastream(graph: Graph, key: int) -> Properties:
    stream = graph.streams[key]
    quantity, sensor = stream.quantity, graph.things[stream.thing]
    return {
        "name": f"{sensor.name} {quantity.name}",
        "description": quantity.name,
        "observationType": _MEASUREMENT,
        "unitOfMeasurement": {"name": quantity.unit, "symbol": quantity.unit, "definition": f"ucum:{quantity.unit}"},
        "observedArea": _point(sensor),
        "properties": {
            "observed_property": quantity.observed_property,
            "interval_s": quantity.interval_s,
            "thresholds": [{"level": level, "limit": limit, "above": above} for level, limit, above in quantity.limits],
        },
    }


def _sensor(graph: Graph, key: int) -> Properties:
    kind = graph.kinds[key]
    return {"name": kind, "description": kind, "encodingType": "text/plain", "metadata": kind, "properties": {}}


def _observed_property(graph: Graph, key: int) -> Properties:
    name = graph.properties[key]
    quantity = next(stream.quantity for stream in graph.streams if stream.quantity.observed_property == name)
    return {
        "name": name,
        "definition": f"urn:onescreen:property:{name}",
        "description": quantity.name,
        "properties": {},
    }


def _observation(graph: Graph, key: Observed) -> Properties:
    at = time_text(key.at)
    return {"phenomenonTime": at, "result": key.value, "resultTime": at}


_ENTITIES: dict[str, Callable[[Graph, Any], Properties]] = {
    "Things": _thing,
    "Locations": _location,
    "Datastreams": _datastream,
    "Sensors": _sensor,
    "ObservedProperties": _observed_property,
    "Observations": _observation,
    "FeaturesOfInterest": _feature,
}
