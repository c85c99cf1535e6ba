"""Area codes of records: who needs them, how they are put in, and under which codes a record is found."""

from __future__ import annotations

import dataclasses

from situation.records import Area, PlacedRecord, Record


def wants_codes(record: Record) -> bool:
    """Whether a record has a place and its source gave no area code at all."""
    return isinstance(record, PlacedRecord) and not (record.street_code or record.community_code or record.grid_code)


def with_codes(record: Record, street: str, community: str, grid: str) -> Record:
    """A placed record with these area codes."""
    if not isinstance(record, PlacedRecord):
        return record
    return dataclasses.replace(record, street_code=street, community_code=community, grid_code=grid)


_AREA_LEVELS = {"street": ("street",), "community": ("community", "street"), "grid": ("grid", "community", "street")}


def area_codes(record: Record) -> tuple[str, str, str]:
    """(street, community, grid) under which a record is found; an area is found under itself and its parents."""
    if isinstance(record, PlacedRecord):
        return record.street_code, record.community_code, record.grid_code
    if not isinstance(record, Area):
        return "", "", ""
    codes: dict[str, str] = dict(
        zip(_AREA_LEVELS.get(record.area_kind.value, ()), (record.code, *record.parents), strict=False)
    )
    return codes.get("street", ""), codes.get("community", ""), codes.get("grid", "")
