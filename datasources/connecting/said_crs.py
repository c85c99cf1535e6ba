"""The coordinate system that a reply says of itself (ArcGIS, GeoServer), and the usual planes in metres."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from situation.crs import Crs
from situation.projection import Plane

_CODE = re.compile(r"EPSG\D*?(\d{4,6})\b|CRS:?84", re.IGNORECASE)
_NAMES = {
    4326: "wgs84",
    4490: "cgcs2000",
    **dict.fromkeys((3857, 3785, 900913, 102100, 102113), "web-mercator"),
}
_ZONED, _BY_MERIDIAN = range(4513, 4534), range(4534, 4555)
"""EPSG: the planes of CGCS2000 three degrees wide, from 75° E on, with the zone before the easting and without."""

_FALSE_EASTING_M = 500_000.0
_ZONE_M = 1_000_000.0


@dataclass(frozen=True, slots=True)
class SaidCrs:
    """A system: as it is called, by our name where it has one, and what converts; empty where nothing is known."""

    text: str = ""
    name: str = ""
    crs: Crs | None = None


def said_crs(document: Any) -> SaidCrs:
    """What a document says: Esri's `spatialReference`, or the old `crs` of GeoJSON."""
    if not isinstance(document, Mapping):
        return SaidCrs()
    esri = document.get("spatialReference")
    if isinstance(esri, Mapping):
        return _of_code(esri.get("latestWkid") or esri.get("wkid"))
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    found = _CODE.search(str(properties.get("name"))) if isinstance(properties, Mapping) else None
    return SaidCrs() if found is None else _of_code(int(found[1] or 4326))


def _of_code(code: Any) -> SaidCrs:
    if not isinstance(code, int):
        return SaidCrs()
    text = f"EPSG:{code}"
    if code in _NAMES:
        return SaidCrs(text, _NAMES[code], _NAMES[code])
    if code in _ZONED or code in _BY_MERIDIAN:
        number = (code - _ZONED.start) % len(_ZONED)
        return SaidCrs(text, crs=_three_degrees(25 + number, is_zoned=code in _ZONED))
    return SaidCrs(text)


def metre_planes(lon: float) -> list[SaidCrs]:
    """Planes that positions near a longitude may be in: the web's, Shanghai's, CGCS2000's by its three-degree zones."""
    named = [
        SaidCrs("EPSG:3857", "web-mercator", "web-mercator"),
        SaidCrs("Shanghai", "shanghai-local", "shanghai-local"),
    ]
    zone = round(lon / 3)
    zones = [
        SaidCrs(f"CGCS2000, meridian {3 * each}°", crs=_three_degrees(each, is_zoned=is_zoned))
        for each in (zone, zone - 1, zone + 1)
        for is_zoned in (False, True)
    ]
    return [*named, *zones]


def _three_degrees(zone: int, *, is_zoned: bool) -> Plane:
    before_m = _ZONE_M * zone if is_zoned else 0.0
    return Plane(origin_lon=3.0 * zone, origin_lat=0.0, false_easting_m=before_m + _FALSE_EASTING_M)
