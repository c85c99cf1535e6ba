"""Records as the API shows them: ISO 8601 UTC times, null for unknown, nothing that must not leave the server."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from situation.records import Area, Record

HIDDEN_FIELDS = frozenset({"media"})
"""How a camera is reached: opaque, and no business of any browser."""

MASKED_FIELDS = frozenset({"phone"})
_DIGITS = re.compile(r"\d{7,}")

JSON_TYPE = "application/json"
GEOJSON_TYPE = "application/geo+json"


def masked_phone(text: str) -> str:
    """A telephone number with its middle hidden, 138****5617; short internal numbers stay."""
    return _DIGITS.sub(_mask_digits, text)


def _mask_digits(match: re.Match[str]) -> str:
    digits = match.group()
    return (
        f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}" if len(digits) > 8 else f"{digits[:2]}****{digits[-2:]}"
    )


def to_plain(record: Record, number: int | None = None) -> dict[str, Any]:
    """The record as JSON values, hidden fields left out, telephones masked. `number` is what its mark carries."""
    plain: dict[str, Any] = msgspec.to_builtins(record)
    shown: dict[str, Any] = {"kind": record.kind} if number is None else {"kind": record.kind, "mark": number}
    for name, value in plain.items():
        if name in HIDDEN_FIELDS:
            continue
        shown[name] = masked_phone(value) if name in MASKED_FIELDS else value
    if isinstance(record, Area):
        shown["geometry"] = json.loads(record.geometry) if record.geometry else None
    return shown


def to_feature(record: Record, number: int | None = None) -> dict[str, Any]:
    """The record as a GeoJSON feature (RFC 7946); its geometry is null when its position is unknown."""
    properties = to_plain(record, number)
    if isinstance(record, Area):
        geometry = properties.pop("geometry")
    else:
        lon, lat = properties.pop("lon", None), properties.pop("lat", None)
        is_placed = lon is not None and lat is not None
        geometry = {"type": "Point", "coordinates": [lon, lat]} if is_placed else None
    return {"type": "Feature", "id": record.id, "geometry": geometry, "properties": properties}


def to_body(items: Sequence[tuple[int, Record]], envelope: Mapping[str, Any], is_geojson: bool) -> bytes:
    """One page of a collection as bytes: the same records and numbers in either shape."""
    if not is_geojson:
        return msgspec.json.encode({"items": [to_plain(record, number) for number, record in items], **envelope})
    links = [{"rel": "next", "href": envelope["next"], "type": GEOJSON_TYPE}] if envelope["next"] else []
    return msgspec.json.encode(
        {
            "type": "FeatureCollection",
            "features": [to_feature(record, number) for number, record in items],
            "numberMatched": envelope["total"],
            "numberReturned": len(items),
            "timeStamp": envelope["at"],
            "links": links,
        }
    )
