"""Rows to areas: their id is scheme and code, their geometry comes with the row, their ancestors from each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from datasources.contract import RecordRejected
from datasources.geometry import geometry_text
from datasources.mapping.spec import Finish, Row, Spec
from situation.records import Area, GridScheme, Record


def finish_area(spec: Spec) -> Finish:
    """How a row becomes an Area; one without a level is rejected."""

    def finish(row: Row, given: dict[str, Any]) -> Record:
        given = {"scheme": GridScheme.ADMINISTRATIVE, **given, "code": row.own_id}
        if "area_kind" not in given:
            raise RecordRejected(row.id, "no area_kind")
        geometry = geometry_text(row.geometry, spec.crs)
        if geometry:
            given["geometry"] = geometry
        return Area(id=row.id, **given)

    return finish


def with_ancestors(records: list[Record]) -> list[Record]:
    """Areas whose parents go all the way up, as far as this reply knows them: upstreams name only the nearest."""
    areas = [record for record in records if isinstance(record, Area)]
    parent_of = {area.code: area.parents[0] for area in areas if len(area.parents) == 1}
    return [
        replace(area, parents=_chain(area.parents[0], parent_of)) if len(area.parents) == 1 else area for area in areas
    ]


def _chain(parent: str, parent_of: Mapping[str, str]) -> tuple[str, ...]:
    chain = [parent]
    while (above := parent_of.get(chain[-1])) and above not in chain:
        chain.append(above)
    return tuple(chain)
