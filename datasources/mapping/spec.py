"""One source's mapping as it was set, and what is asked of it while the reading of its rows is put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from datasources.coordinates import NOWHERE, Position
from datasources.mapping.convert import Table, converter, moment, table
from datasources.mapping.options import MappingOptions
from datasources.mapping.paths import Getter, compile_path
from situation.crs import Crs
from situation.records import Observation, Record


@dataclass(slots=True)
class Row:
    """One row on its way to a record. `own_id` is theirs, `id` ours; `observations` is where readings go."""

    raw: Mapping[str, Any]
    own_id: str
    id: str
    position: Position = NOWHERE
    geometry: Any = None
    now: datetime | None = None
    observations: list[Observation] = field(default_factory=list)


Finish = Callable[[Row, dict[str, Any]], Record]
"""The record of a row from what its plain fields hold; may raise RecordRejected or ValueError."""

Settle = Callable[[list[Record]], list[Record]]
"""What only all records of a reply together can say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """The options of one source's mapping, with what its block says besides."""

    key: str
    url: str
    department: str
    crs: Crs
    zone: str | None
    options: MappingOptions

    def getter(self, name: str) -> Getter:
        """Where a field stands: where `fields` says, else under its own name."""
        path = self.options.fields.get(name)
        return (lambda row: row.get(name)) if path is None else compile_path(path)

    def table(self, name: str) -> Table | None:
        """The table of values of a field, None where it has none."""
        return table(self.options.values.get(name, {}))

    def value(self, name: str) -> Getter:
        """A field's value, translated by its table; the constant, else None, where the row has none."""
        get, ours, constant = self.getter(name), self.table(name), self.options.constants.get(name)

        def find(row: Any) -> Any:
            found = get(row)
            if found is None or found == "":
                return constant
            return found if ours is None else ours(found)

        return find

    def convert(self, name: str, annotation: str) -> Callable[[Any], Any] | None:
        """How a value becomes that field; None for a field that no single value can fill."""
        options = self.options
        return converter(name, annotation, self.zone, options.time_format, options.scale.get(name, 1.0))

    def moment(self) -> Callable[[Any], datetime | None]:
        """How times are read; of an interval its end."""
        return moment(self.zone, self.options.time_format, takes_beginning=False)
