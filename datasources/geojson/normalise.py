"""GeoJSON (RFC 7946) to records by a mapping of properties. Geometry of areas is kept, converted to WGS-84."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from datasources.contract import Rejection, SourceDataError
from datasources.coordinates import Position
from datasources.fields import number
from datasources.mapping import RowMapping
from situation.crs import to_wgs84
from situation.records import Area, Record

_GEOMETRIES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})
_COORDINATE_DECIMALS = 7  # a centimetre


def features(document: Any) -> list[Any]:
    """The features of a document, also when it is a bare list or one feature; raises SourceDataError."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and isinstance(document.get("features"), list):
        found: list[Any] = document["features"]
        return found
    if isinstance(document, dict) and document.get("type") == "Feature":
        return [document]
    raise SourceDataError("wrong_shape", "neither a FeatureCollection nor a list of features")


def normalise(document: Any, mapping: RowMapping) -> tuple[list[Record], list[Rejection]]:
    """Records of the features of a document, and why the others are none."""
    found = features(document)
    rows = [_row(feature) for feature in found]
    if mapping.record_type is not Area:
        return mapping.records(rows)
    areas, rejected = mapping.records(rows, [geometry_text(feature, mapping.crs) for feature in found])
    return with_ancestors(areas), rejected


def with_ancestors(records: Sequence[Record]) -> list[Record]:
    """Areas whose parents go all the way up, as far as this document knows them: upstreams name only the nearest."""
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


def geometry_text(feature: Any, crs: str) -> str:
    """The feature's geometry as GeoJSON text in WGS-84; "" when there is none or it is malformed."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    converted = convert_geometry(geometry, crs)
    return "" if converted is None else json.dumps(converted, separators=(",", ":"))


def convert_geometry(geometry: Any, crs: str) -> dict[str, Any] | None:
    """A geometry with every position converted from `crs`, in one go; None when it is none."""
    if not isinstance(geometry, dict) or geometry.get("type") not in _GEOMETRIES:
        return None
    flat = list(positions_of(geometry.get("coordinates")))
    if not flat:
        return None
    lons, lats = to_wgs84(crs, np.array([x for x, _ in flat]), np.array([y for _, y in flat]))
    pairs = iter(zip(lons.round(_COORDINATE_DECIMALS).tolist(), lats.round(_COORDINATE_DECIMALS).tolist(), strict=True))
    return {"type": geometry["type"], "coordinates": _rebuilt(geometry["coordinates"], pairs)}


def positions_of(coordinates: Any) -> Iterator[Position]:
    """Every position of a coordinates array, however deep."""
    if not isinstance(coordinates, list):
        return
    if _is_position(coordinates):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from positions_of(part)


def _rebuilt(coordinates: Any, pairs: Iterator[tuple[float, float]]) -> list[Any]:
    if _is_position(coordinates):
        return list(next(pairs))
    return [_rebuilt(part, pairs) for part in coordinates if isinstance(part, list) and part]


def _is_position(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 2
        and number(value[0]) is not None
        and number(value[1]) is not None
        and not isinstance(value[0], str)
        and not isinstance(value[1], str)
    )


def _row(feature: Any) -> Any:
    """Properties with id and position where a mapping finds them; anything else as it is, to be rejected."""
    if not isinstance(feature, dict):
        return feature
    properties = feature.get("properties")
    row = dict(properties) if isinstance(properties, dict) else {}
    if feature.get("id") is not None:
        row.setdefault("id", feature["id"])
    geometry = feature.get("geometry")
    if isinstance(geometry, dict):
        flat = list(positions_of(geometry.get("coordinates")))
        if flat:
            # a point is itself; of anything larger, the middle of its corners is where its mark goes
            row["lon"] = sum(x or 0.0 for x, _ in flat) / len(flat)
            row["lat"] = sum(y or 0.0 for _, y in flat) / len(flat)
    return row
