"""RowMapping: rows of any system to records, as one source's options say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasources.contract import RecordRejected, Rejection, SourceDataError
from datasources.coordinates import NOWHERE
from datasources.fields import clean, each, excerpt, identifier_of
from datasources.mapping.convert import Convert, Table
from datasources.mapping.kinds import MappableKind
from datasources.mapping.paths import Getter
from datasources.mapping.places import Positions
from datasources.mapping.spec import Finish, Row
from situation.crs import Crs
from situation.records import Area, GridScheme, Observation, Record

_REASON_LENGTH = 80
_MOST_WORDS = 1_000
"""Texts of a field that are kept once: what a kind or a department is called stands in every row of a list."""


Words = Mapping[str, dict[str, str]]
"""By field, of one list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What rows came to. `newest_at` is the newest time in their content, None where they say none."""

    records: tuple[Record, ...] = ()
    observations: tuple[Observation, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """How one plain field is filled."""

    name: str
    get: Getter
    table: Table | None
    convert: Convert


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMapping:
    """One source's mapping, checked and put together when the source is built."""

    kind: MappableKind
    crs: Crs
    prefix: str
    shared_ids: re.Pattern[str] | None
    identity: Getter
    id_path: str
    fields: tuple[FieldPlan, ...]
    given: Mapping[str, Any]
    positions: Positions | None
    finish: Finish

    @property
    def record_type(self) -> type[Record]:
        """What rows become."""
        return self.kind.record_type

    def read(self, rows: Sequence[Any], geometries: Sequence[Any] = (), *, now: datetime | None = None) -> Mapped:
        """Records of `rows`; `geometries` are their GeoJSON geometries as the source gave them, in the same order.

        `now` is the city's time: what is alive or over by its age alone is judged only when it is given.
        """
        positions = self.positions.of(rows) if self.positions else [NOWHERE] * len(rows)
        shapes = geometries or [None] * len(rows)
        observations: list[Observation] = []
        words: dict[str, dict[str, str]] = {plan.name: {} for plan in self.fields}

        def to_record(index: int) -> Record:
            raw = rows[index]
            if not isinstance(raw, Mapping):
                raise RecordRejected("?", "not an object")
            row = Row(raw, "", "", positions[index], shapes[index], now, observations)
            return self._record(row, words)

        records, rejected = each(range(len(rows)), to_record)
        if self.kind.settle is not None:
            records = self.kind.settle(records)
        return Mapped(
            records=tuple(records),
            observations=tuple(observations),
            rejected=tuple(rejected),
            newest_at=self.kind.newest_at(records),
        )

    def _record(self, row: Row, words: Words) -> Record:
        row.own_id = identifier_of(self.identity(row.raw))
        if not row.own_id:
            raise RecordRejected(excerpt(row.raw), f"no {self.id_path}")
        given = dict(self.given)
        row.id = self._id(row.own_id, given)
        try:
            self._fill(given, row, words)
            row.id = self._id(row.own_id, given)
            return self.finish(row, given)
        except (TypeError, ValueError) as error:  # by the id that the store knows: the record is bad, not gone
            raise RecordRejected(row.id, clean(error, _REASON_LENGTH)) from error

    def _fill(self, given: dict[str, Any], row: Row, words: Words) -> None:
        raw = row.raw
        for plan in self.fields:
            value = plan.get(raw)
            if value is None or value == "":
                continue
            if plan.table is not None:
                value = plan.table(value)
            try:
                found = plan.convert(value)
            except ValueError as error:
                raise RecordRejected(row.id, f"{plan.name}: {clean(error, _REASON_LENGTH)}") from error
            if found is not None:
                given[plan.name] = _once(found, words[plan.name]) if type(found) is str else found

    def _id(self, own_id: str, given: Mapping[str, Any]) -> str:
        if self.record_type is Area:
            return f"{given.get('scheme', GridScheme.ADMINISTRATIVE)}/{own_id}"
        is_shared = self.shared_ids is not None and self.shared_ids.fullmatch(own_id)
        return own_id if is_shared else f"{self.prefix}{own_id}"


def _once(text: str, known: dict[str, str]) -> str:
    return known.setdefault(text, text) if len(known) < _MOST_WORDS else known.get(text, text)


def require_ids(mapped: Mapped, mapping: RowMapping) -> Mapped:
    """`mapped`, unless no row had an id: then the mapping and the upstream disagree, and nothing is gone.

    Raises SourceDataError.
    """
    missing = f"no {mapping.id_path}"
    if mapped.rejected and not mapped.records and all(bad.reason == missing for bad in mapped.rejected):
        raise SourceDataError(
            f"no_column:{clean(mapping.id_path, 40)}", f"none of {len(mapped.rejected)} rows has an id"
        )
    return mapped
