"""Base map documents: an index of layers, and one FeatureCollection each."""

from __future__ import annotations

import json
from typing import Any

from datasources.contract import RecordRejected, Rejection, SourceDataError
from datasources.fields import clean, each, identifier, text
from datasources.formats.features import features
from datasources.geometry import convert_geometry
from situation.records import BaseMapLayer


def layer_addresses(document: Any) -> tuple[list[tuple[str, str]], list[Rejection]]:
    """(id, address) of each layer of an index, and what names none; raises SourceDataError."""
    layers = document.get("layers") if isinstance(document, dict) else None
    if not isinstance(layers, list):
        raise SourceDataError("wrong_shape", "an index without a list of layers")
    return each(layers, _layer_address)


def _layer_address(layer: Any) -> tuple[str, str]:
    if not isinstance(layer, dict):
        raise RecordRejected("?", "not an object")
    layer_id = identifier(layer, "id")
    return layer_id, text(layer, "url") or f"{layer_id}.geojson"


def normalise(layer_id: str, document: Any, *, key: str, department: str, crs: str) -> BaseMapLayer:
    """One layer; features without a geometry are left out, one without any raises RecordRejected."""
    drawn = []
    for feature in features(document):
        geometry = convert_geometry(feature.get("geometry"), crs) if isinstance(feature, dict) else None
        if geometry is not None:
            drawn.append({"type": "Feature", "properties": _properties(feature), "geometry": geometry})
    if not drawn and features(document):
        raise RecordRejected(layer_id, "no feature with a geometry")
    body = json.dumps({"type": "FeatureCollection", "features": drawn}, ensure_ascii=False, separators=(",", ":"))
    return BaseMapLayer(id=layer_id, source=key, name=layer_id, department=department, geometry=body)


def _properties(feature: dict[str, Any]) -> dict[str, str]:
    given = feature.get("properties")
    if not isinstance(given, dict):
        return {}
    told = {name: clean(given.get(name), 100) for name in ("name", "name_en", "kind")}
    return {name: value for name, value in told.items() if value}
