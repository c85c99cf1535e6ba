"""Records as the API shows them: ISO 8601 UTC times, null for unknown, nothing that must not leave the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from situation.plain import to_plain
from situation.records import Area, Record

JSON_TYPE = "application/json"
GEOJSON_TYPE = "application/geo+json"


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
