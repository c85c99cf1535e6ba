"""GeoJSON (RFC 7946) features as rows: their properties, with id and position where a mapping finds them."""

from __future__ import annotations

from typing import Any

from datasources.contract import SourceDataError
from datasources.geometry import middle_of


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


def feature_rows(found: list[Any]) -> list[Any]:
    """Rows of features; what is no object stays as it is, to be rejected."""
    return [_row(feature) for feature in found]


def _row(feature: Any) -> Any:
    if not isinstance(feature, dict):
        return feature
    properties = feature.get("properties")
    row = dict(properties) if isinstance(properties, dict) else {}
    if feature.get("id") is not None:
        row.setdefault("id", feature["id"])
    lon, lat = middle_of(feature.get("geometry"))
    if lon is not None:
        row["lon"], row["lat"] = lon, lat
    return row
