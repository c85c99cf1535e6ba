"""One source's word of a record as a row of the table `record`."""

from __future__ import annotations

from typing import Any

from situation.records import Record
from situation.store.claims import Claim
from situation.store.codec import to_ms_or_none
from situation.store.placing import area_codes, wants_codes
from situation.store.significance import began_at, ended_at, position, revised_at, status

Row = dict[str, Any]


def row_of(given: Record, record: Record, claim: Claim, source: str, at_ms: int, body: str) -> Row:
    """The row for `record`, which is `given` with the area codes we found; `body` is it encoded, `at_ms` now."""
    lon, lat = position(record)
    street, community, grid = area_codes(record)
    return {
        "number": claim.number,
        "source": source,
        "kind": record.kind,
        "id": record.id,
        "is_primary": claim.is_primary,
        "lon": lon,
        "lat": lat,
        "street_code": street,
        "community_code": community,
        "grid_code": grid,
        "is_located": wants_codes(given),
        "department": record.department,
        "status": status(record),
        "at_ms": to_ms_or_none(began_at(record)),
        "revised_at_ms": to_ms_or_none(revised_at(record)),
        "ended_at_ms": to_ms_or_none(ended_at(record)),
        "changed_at_ms": at_ms,
        "digest": claim.digest,
        "body": body,
    }
