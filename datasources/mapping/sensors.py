"""Rows to sensors: one row is a device with its values, or one reading of one quantity. Whether they are alive and
over a limit is judged later, by the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from datasources.fields import clean, number
from datasources.joining import joined
from datasources.mapping.convert import word_of
from datasources.mapping.options import ReadingOptions
from datasources.mapping.paths import Getter, compile_path
from datasources.mapping.spec import Finish, Row, Spec
from situation.records import Datastream, Observation, Record, Sensor, Threshold

VALUE = "value"
"""The only quantity of sensors whose options name none."""

MOST_REMEMBERED = 200_000
"""Quantities found in rows, over all sensors of a source."""

_MOST_NAMES = 1_000
_NAME_LENGTH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quantity:
    """One measured quantity as it is found in rows."""

    name: str
    value: Getter
    observed_at: Getter
    moment: Callable[[Any], datetime | None]
    told: ReadingOptions
    thresholds: tuple[Threshold, ...]

    def stream(self, sensor_id: str) -> Datastream:
        """The quantity as a datastream of one sensor."""
        told = self.told
        return Datastream(
            id=f"{sensor_id}.{self.name}",
            name=told.name or self.name,
            observed_property=told.observed_property or self.name,
            unit=told.unit,
            interval_s=told.interval_s,
            thresholds=self.thresholds,
        )

    def reading(self, row: Row) -> Observation | None:
        """The value in a row; None for what is no number or has no time."""
        value, at = self.value(row.raw), self.moment(self.observed_at(row.raw))
        found = float(value) if isinstance(value, bool) else number(value)
        if found is None or at is None:
            return None
        scale = self.told.scale
        return Observation(f"{row.id}.{self.name}", at, found if scale == 1.0 else round(found * scale, 6))


Read = Callable[[Row], tuple[Sequence[Datastream], list[Observation]]]
"""The datastreams of the row's sensor, and the readings in the row."""


def finish_sensor(spec: Spec) -> Finish:
    """How a row becomes a Sensor and its readings."""
    read = _long(spec) if spec.options.reading_name else _wide(spec)

    def finish(row: Row, given: dict[str, Any]) -> Record:
        streams, readings = read(row)
        row.observations.extend(readings)
        battery = given.get("battery")
        if battery is not None:
            given["battery"] = _share(battery)
        return Sensor(
            id=row.id,
            lon=row.position[0],
            lat=row.position[1],
            datastreams=tuple(streams),
            value=readings[0].value if readings else None,
            observed_at=readings[0].observed_at if readings else None,
            **given,
        )

    return finish


def _wide(spec: Spec) -> Read:
    """One row has a value of each quantity."""
    declared = [_quantity(spec, name, told) for name, told in spec.options.readings.items()]
    only = _quantity(spec, VALUE, ReadingOptions())

    def read(row: Row) -> tuple[Sequence[Datastream], list[Observation]]:
        if declared:
            found = (quantity.reading(row) for quantity in declared)
            return [quantity.stream(row.id) for quantity in declared], [one for one in found if one is not None]
        reading = only.reading(row)
        return ([], []) if reading is None else ([only.stream(row.id)], [reading])

    return read


@dataclass(slots=True)
class _Known:
    """Datastreams by sensor, so far as rows have named them: a reply about one of them must not end the others."""

    streams: dict[str, dict[str, Datastream]] = field(default_factory=dict)
    count: int = 0

    def all_of(self, sensor_id: str, quantity: _Quantity | None) -> Sequence[Datastream]:
        """Every datastream of a sensor, that of `quantity` now among them."""
        known = self.streams.setdefault(sensor_id, {})
        if quantity is not None and quantity.name not in known and self.count < MOST_REMEMBERED:
            known[quantity.name] = quantity.stream(sensor_id)
            self.count += 1
        return tuple(known.values())


def _long(spec: Spec) -> Read:
    """One row has one value and says of which quantity; one that the options don't name is taken as it is."""
    options = spec.options
    name_of, known = compile_path(options.reading_name), _Known()
    quantities = {told.named or name: _quantity(spec, name, told) for name, told in options.readings.items()}

    def quantity_of(row: Row) -> _Quantity | None:
        named = name_of(row.raw)
        word = "" if named is None else clean(word_of(named), _NAME_LENGTH)
        if word and word not in quantities and len(quantities) < _MOST_NAMES:
            quantities[word] = _quantity(spec, word, ReadingOptions())
        return quantities.get(word)

    def read(row: Row) -> tuple[Sequence[Datastream], list[Observation]]:
        quantity = quantity_of(row)
        reading = quantity.reading(row) if quantity else None
        return known.all_of(row.id, quantity), [] if reading is None else [reading]

    return read


def _quantity(spec: Spec, name: str, told: ReadingOptions) -> _Quantity:
    limits = (Threshold(**each.model_dump()) for each in told.thresholds)
    return _Quantity(
        name=name,
        value=compile_path(told.value) if told.value else spec.getter(VALUE),
        observed_at=compile_path(told.observed_at) if told.observed_at else spec.getter("observed_at"),
        moment=spec.moment(),
        told=told,
        thresholds=tuple(sorted(limits, key=lambda threshold: threshold.level)),
    )


def _share(battery: float) -> float | None:
    """What is left, 0 … 1, from a share or a number of per cent; None for what can be neither."""
    if 0 <= battery <= 1:
        return battery
    return round(battery / 100, 2) if 1 < battery <= 100 else None


def merge_sensors(records: list[Record]) -> list[Record]:
    """One sensor per id, where a reply tells its readings in several rows: all datastreams, the newest reading."""
    merged: dict[str, Sensor] = {}
    for record in records:
        if isinstance(record, Sensor):
            known = merged.get(record.id)
            merged[record.id] = record if known is None else _merged(known, record)
    return list(merged.values())


def _merged(known: Sensor, other: Sensor) -> Sensor:
    is_newer = other.observed_at is not None and (known.observed_at is None or other.observed_at >= known.observed_at)
    return joined(known, other) if is_newer else joined(other, known)
