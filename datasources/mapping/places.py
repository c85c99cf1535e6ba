"""Positions of rows, all at once: from two columns, from one that holds both, or from a geometry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from datasources.coordinates import Position, locate
from datasources.fields import number
from datasources.geometry import middle_of
from datasources.mapping.paths import Getter
from datasources.mapping.spec import Spec

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_LON_NAMES = ("lon", "lng", "longitude", "x")
_LAT_NAMES = ("lat", "latitude", "y")


class Positions:
    """How the positions of one source's rows are read."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._lon, self._lat = spec.getter("lon"), spec.getter("lat")
        self._both: Getter | None = spec.getter("position") if "position" in spec.options.fields else None
        self._is_lat_first = spec.options.position_order == "lat-lon"

    def of(self, rows: Sequence[Any]) -> list[Position]:
        """WGS-84 positions, or (None, None), in the order of the rows."""
        pairs = [self._pair(row) if isinstance(row, Mapping) else (None, None) for row in rows]
        lons, lats = [lon for lon, _ in pairs], [lat for _, lat in pairs]
        return locate(lons, lats, self._spec.crs, self._spec.options.bounds)

    def _pair(self, row: Mapping[str, Any]) -> Position:
        if self._both is not None and (given := self._both(row)) not in (None, ""):
            return read_pair(given, is_lat_first=self._is_lat_first)
        return number(self._lon(row)), number(self._lat(row))


def read_pair(given: Any, *, is_lat_first: bool = False) -> Position:
    """`121.4,31.4`, `POINT (121.4 31.4)`, `[121.4, 31.4]`, an object of named coordinates, or GeoJSON."""
    if isinstance(given, Mapping):
        if "coordinates" in given:
            return middle_of(given)
        return _named(given, _LON_NAMES), _named(given, _LAT_NAMES)
    if isinstance(given, (list, tuple)):
        found = [number(part) for part in given[:2]]
    else:
        found = [number(part) for part in _NUMBER.findall(str(given)[:200])[:2]]
    if len(found) != 2:
        return None, None
    return (found[1], found[0]) if is_lat_first else (found[0], found[1])


def _named(given: Mapping[str, Any], names: Sequence[str]) -> float | None:
    return next((found for name in names if (found := number(given.get(name))) is not None), None)
