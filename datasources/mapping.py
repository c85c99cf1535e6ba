"""Rows of any table (CSV lines, GeoJSON properties) to records, by the mapping in a source's options.

Options: `record` (place, area, component, department, officer, camera, sensor, case …), `fields` (our field → their
column), `constants` (our field → value), `values` (our field → {theirs → ours}, an unknown value stays as given),
`id_prefix` (default: the source's key and a dot for places, officers and sensors; "" keeps ids as they are).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from datasources.contract import RecordRejected, Rejection, SourceSettings
from datasources.coordinates import NOWHERE, Position, locate
from datasources.fields import Raw, boolean, clean, each, identifier, instant, number
from situation.records import (
    RECORD_TYPES,
    Area,
    AreaKind,
    Camera,
    Case,
    Department,
    DeviceState,
    GridScheme,
    ManagedComponent,
    Officer,
    Place,
    PlacedRecord,
    Record,
    Sensor,
)

MAPPABLE: tuple[type[Record], ...] = (Area, Camera, Department, ManagedComponent, Officer, Place, Sensor)
"""Kinds of record that one row can say everything about."""

PREFIXED = frozenset({Place.kind, Officer.kind, Sensor.kind, Case.kind, Camera.kind})
"""Kinds whose ids are only their source's own, so that two departments' number 17 are two things."""

LARGEST_INT = 2.0**53
"""Beyond it a number is no count of anything, and stores can't hold it."""

Convert = Callable[[object, "str | None"], Any]


def _codes(value: object, _: str | None) -> tuple[str, ...]:
    parts = value if isinstance(value, (list, tuple)) else str(value).replace("，", ",").replace(";", ",").split(",")
    return tuple(code for code in (clean(part, 64) for part in parts) if code)


def _enum(kind: type[StrEnum]) -> Convert:
    def convert(value: object, _: str | None) -> StrEnum:
        return kind(clean(value, 64))

    return convert


def _whole(value: object) -> int | None:
    found = number(value)
    if found is not None and abs(found) > LARGEST_INT:
        raise ValueError("too large")
    return None if found is None else int(found)


_CONVERTERS: Mapping[str, Convert] = {
    "str": lambda value, _: clean(value),
    "bool": lambda value, _: bool(boolean(value)),
    "bool | None": lambda value, _: boolean(value),
    "int": lambda value, _: _whole(value) or 0,
    "int | None": lambda value, _: _whole(value),
    "float": lambda value, _: number(value) or 0.0,
    "float | None": lambda value, _: number(value),
    "datetime | None": lambda value, zone: instant(value, zone),
    "tuple[str, ...]": _codes,
    "AreaKind": _enum(AreaKind),
    "GridScheme": _enum(GridScheme),
    "DeviceState": _enum(DeviceState),
}
"""How text and JSON values become a field, by the field's annotation."""

_USUAL_COLUMNS: Mapping[str, str] = {"parents": "parent"}
_NOT_MAPPED = frozenset({"source", "id", "lon", "lat"})

_BY_POSITION = frozenset({"street_code", "community_code", "grid_code"})
"""The store finds these from the position; a column of that name is believed only when the mapping says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMapping:
    """One source's mapping, checked when the source is built."""

    record_type: type[Record]
    fields: Mapping[str, str]
    constants: Mapping[str, Any]
    values: Mapping[str, Mapping[str, Any]]
    id_prefix: str
    key: str
    department: str
    crs: str
    zone: str | None

    def records(self, rows: Sequence[Raw], geometries: Sequence[str] = ()) -> tuple[list[Record], list[Rejection]]:
        """Records of `rows`; `geometries` are GeoJSON texts of areas, in the same order."""
        positions = self._positions(rows)
        texts = geometries or [""] * len(rows)
        return each(
            list(zip(rows, positions, texts, strict=True)), lambda item: self._record(item[0], item[1], item[2])
        )

    def _positions(self, rows: Sequence[Raw]) -> list[Position]:
        if not issubclass(self.record_type, PlacedRecord):
            return [NOWHERE] * len(rows)
        lon, lat = self.fields.get("lon", "lon"), self.fields.get("lat", "lat")
        return locate([_number(row, lon) for row in rows], [_number(row, lat) for row in rows], self.crs)

    def _record(self, row: Raw, position: Position, geometry: str) -> Record:
        if not isinstance(row, Mapping):
            raise RecordRejected("?", "not an object")
        own_id = identifier(row, self.fields.get("id", "id"))
        given: dict[str, Any] = {"source": self.key, "department": self.department, **self.constants}
        try:
            self._fill(given, row, own_id)
            if issubclass(self.record_type, PlacedRecord):
                given["lon"], given["lat"] = position
            return self._made(own_id, given, geometry)
        except RecordRejected as bad:  # by the id of the record, which the store knows: it is bad, not gone
            raise RecordRejected(self._id(own_id, given), bad.reason) from bad

    def _id(self, own_id: str, given: Mapping[str, Any]) -> str:
        if self.record_type is Area:
            return f"{given.get('scheme', GridScheme.ADMINISTRATIVE)}/{own_id}"
        return f"{self.id_prefix}{own_id}"

    def _fill(self, given: dict[str, Any], row: Mapping[str, Any], own_id: str) -> None:
        for field in dataclasses.fields(self.record_type):
            if field.name in _NOT_MAPPED or (field.name in _BY_POSITION and field.name not in self.fields):
                continue
            column = self._column(field.name, row)
            if row.get(column) in (None, ""):
                continue
            convert = _CONVERTERS.get(str(field.type))
            if convert is not None:
                given[field.name] = self._value(own_id, field.name, row[column], convert)

    def _column(self, field: str, row: Mapping[str, Any]) -> str:
        """Where a field stands in a row: where the mapping says, else under its own name, else under its usual one."""
        if field in self.fields:
            return self.fields[field]
        return field if field in row else _USUAL_COLUMNS.get(field, field)

    def _value(self, own_id: str, name: str, value: object, convert: Convert) -> Any:
        known = self.values.get(name, {})
        chosen = known.get(str(value), value)
        try:
            return convert(chosen, self.zone)
        except ValueError as error:
            raise RecordRejected(own_id, f"{name}: {clean(error, 80)}") from error

    def _made(self, own_id: str, given: dict[str, Any], geometry: str) -> Record:
        if self.record_type is not Area:
            return self.record_type(id=self._id(own_id, given), **given)
        given = {"scheme": GridScheme.ADMINISTRATIVE, **given, "code": own_id}
        if "area_kind" not in given:
            raise RecordRejected(own_id, "no area_kind")
        if geometry:
            given["geometry"] = geometry
        return Area(id=self._id(own_id, given), **given)


def read_mapping(settings: SourceSettings, crs: str) -> RowMapping:
    """The mapping of a source; raises ValueError that names the option and what is allowed."""
    options = settings.options
    record_type = RECORD_TYPES.get(str(options.get("record", Place.kind)))
    if record_type not in MAPPABLE:
        allowed = ", ".join(kind.kind for kind in MAPPABLE)
        raise ValueError(f"sources.{settings.key}.options.record: {options.get('record')!r}; allowed: {allowed}")
    known = {field.name for field in dataclasses.fields(record_type)} - {"source"}
    for option in ("fields", "constants", "values"):
        for name in options.get(option, {}):
            if name not in known:
                where = f"sources.{settings.key}.options.{option}"
                raise ValueError(f"{where}: {name!r}; allowed: {', '.join(sorted(known))}")
    default_prefix = f"{settings.key}." if record_type.kind in PREFIXED else ""
    return RowMapping(
        record_type=record_type,
        fields=dict(options.get("fields", {})),
        constants=_constants(record_type, options.get("constants", {})),
        values={name: dict(table) for name, table in options.get("values", {}).items()},
        id_prefix=str(options.get("id_prefix", default_prefix)),
        key=settings.key,
        department=settings.department,
        crs=crs,
        zone=settings.timezone,
    )


def _constants(record_type: type[Record], given: Mapping[str, Any]) -> dict[str, Any]:
    annotations = {field.name: str(field.type) for field in dataclasses.fields(record_type)}
    return {name: _CONVERTERS[annotations[name]](value, None) for name, value in given.items()}


def newest_time(records: Sequence[Record]) -> datetime | None:
    """The newest position time among records, for sources of positions."""
    times = [record.positioned_at for record in records if isinstance(record, Officer) and record.positioned_at]
    return max(times, default=None)


def _number(row: Raw, column: str) -> float | None:
    return number(row.get(column)) if isinstance(row, Mapping) else None
