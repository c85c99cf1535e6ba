"""Rows of a positions service to officers. Names of fields differ per vendor: the option `fields` overrides these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasources.contract import RecordRejected, Rejection, SourceAuthFailed, SourceDataError
from datasources.coordinates import Position, locate
from datasources.fields import Raw, boolean, each, identifier, instant, number, text
from situation.records import Officer

FIELDS: Mapping[str, str] = {
    "id": "personId",
    "name": "personName",
    "role": "post",
    "phone": "phone",
    "department": "deptCode",
    "beat": "gridCode",
    "lon": "lng",
    "lat": "lat",
    "positioned_at": "locateTime",
    "speed_kmph": "speed",
    "heading_deg": "direction",
    "on_duty": "onDuty",
}

_REFUSALS = frozenset({401, 403})
_KMPH_PER_MPS = 3.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one service's rows are read."""

    key: str
    department: str
    crs: str
    zone: str | None
    fields: Mapping[str, str]
    rows_at: str = "rows"


def normalise(document: Any, reading: Reading) -> tuple[list[Officer], list[Rejection]]:
    """Officers of a reply; raises SourceAuthFailed or SourceDataError for a refusal inside a 200."""
    found = _rows(document, reading.rows_at)
    name = reading.fields
    positions = locate(
        [number(row.get(name["lon"])) if isinstance(row, dict) else None for row in found],
        [number(row.get(name["lat"])) if isinstance(row, dict) else None for row in found],
        reading.crs,
    )
    return each(list(zip(found, positions, strict=True)), lambda item: _officer(item[0], item[1], reading))


def _rows(document: Any, rows_at: str) -> Sequence[Any]:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        raise SourceDataError("wrong_shape", "neither a list nor an object")
    code = document.get("code", 0)
    if code in _REFUSALS:
        raise SourceAuthFailed(f"auth_failed:{code}")
    rows = document.get(rows_at)
    if not isinstance(rows, list):
        raise SourceDataError(f"upstream_code:{text(document, 'code', limit=20)}", f"no list {rows_at!r} in the reply")
    return rows


def _officer(row: Raw, position: Position, reading: Reading) -> Officer:
    if not isinstance(row, dict):
        raise RecordRejected("?", "not an object")
    name = reading.fields
    own_id = identifier(row, name["id"])
    positioned_at = instant(row.get(name["positioned_at"]), reading.zone)
    speed_kmph = number(row.get(name["speed_kmph"]))
    return Officer(
        id=f"{reading.key}.{own_id}",
        source=reading.key,
        name=text(row, name["name"], limit=100),
        department=text(row, name["department"], limit=100) or reading.department,
        lon=position[0],
        lat=position[1],
        role=text(row, name["role"], limit=100),
        phone=text(row, name["phone"], limit=40),
        beat_code=text(row, name["beat"], limit=40),
        on_duty=boolean(row.get(name["on_duty"])),
        positioned_at=positioned_at,
        speed_mps=None if speed_kmph is None else round(speed_kmph / _KMPH_PER_MPS, 2),
        heading_deg=number(row.get(name["heading_deg"])),
    )
