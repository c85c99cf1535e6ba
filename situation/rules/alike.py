"""Equal values kept once: in a large city the same words and limits stand in a hundred thousand sensors."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TypeVar, cast

from situation.records import Datastream, Sensor

ValueT = TypeVar("ValueT", bound=Hashable)


class Alike:
    """Remembers every value once. Only for what takes few values: words, codes, units, limits."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Hashable] = {}

    def sensor(self, sensor: Sensor) -> Sensor:
        """An equal sensor that shares what it has in common with others: 0.6 kB instead of 2.1."""
        return replace(
            sensor,
            source=self._one(sensor.source),
            department=self._one(sensor.department),
            street_code=self._one(sensor.street_code),
            community_code=self._one(sensor.community_code),
            grid_code=self._one(sensor.grid_code),
            sensor_kind=self._one(sensor.sensor_kind),
            datastreams=tuple(self._datastream(each) for each in sensor.datastreams),
        )

    def _datastream(self, datastream: Datastream) -> Datastream:
        return replace(
            datastream,
            name=self._one(datastream.name),
            observed_property=self._one(datastream.observed_property),
            unit=self._one(datastream.unit),
            interval_s=self._one(datastream.interval_s),
            thresholds=self._one(datastream.thresholds),
        )

    def _one(self, value: ValueT) -> ValueT:
        return cast(ValueT, self._known.setdefault(value, value))
