"""Where a CAP message holds. CAP writes lat,lon; we keep lon, lat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from datasources.cap.elements import children, pairs, said
from datasources.fields import clean, number
from situation.crs import to_wgs84
from situation.records import AreaClaim, LonLat

_MOST_AREAS = 200
_MOST_CORNERS = 20_000
_SEPARATOR = re.compile(r"[\s;]+")
_CODE = re.compile(r"^\d{6,15}$")


def area_claims(info: Element, crs: str) -> tuple[AreaClaim, ...]:
    """The areas of one info block; a malformed polygon or circle is left out, its name and codes stay."""
    return tuple(area_claim(area, crs) for area in children(info, "area")[:_MOST_AREAS])


def area_claim(area: Element, crs: str) -> AreaClaim:
    """One area (or an Atom entry that carries the same elements)."""
    polygons = (polygon(clean(found.text, 10**6), crs) for found in children(area, "polygon"))
    circles = (_circle(clean(found.text, 200), crs) for found in children(area, "circle"))
    return AreaClaim(
        name=said(area, "areadesc", 500),
        codes=tuple(dict.fromkeys(value for _, value in pairs(area, "geocode") if _CODE.match(value))),
        polygons=tuple(found for found in polygons if found),
        circles=tuple(found for found in circles if found),
    )


def polygon(text: str, crs: str = "wgs84") -> tuple[LonLat, ...]:
    """`lat,lon lat,lon …` as a closed ring of lon, lat; empty when it is none."""
    corners = list(_pairs_of(text))
    if len(corners) < 3 or len(corners) > _MOST_CORNERS:
        return ()
    lons, lats = to_wgs84(crs, [lon for lon, _ in corners], [lat for _, lat in corners])
    ring = list(zip(lons.tolist(), lats.tolist(), strict=True))
    return tuple(ring if ring[0] == ring[-1] else [*ring, ring[0]])


def _circle(text: str, crs: str) -> tuple[float, float, float] | None:
    """`lat,lon radius` with the radius in km; None without an extent."""
    parts = _SEPARATOR.split(text.strip())
    centre = next(_pairs_of(parts[0]), None) if len(parts) == 2 else None
    radius_km = number(parts[1]) if len(parts) == 2 else None
    if centre is None or radius_km is None or not 0 < radius_km < 20_000:
        return None
    lons, lats = to_wgs84(crs, [centre[0]], [centre[1]])
    return float(lons[0]), float(lats[0]), radius_km


def _pairs_of(text: str) -> Iterator[LonLat]:
    for part in _SEPARATOR.split(text.strip()):
        lat_text, _, lon_text = part.partition(",")
        lat, lon = number(lat_text), number(lon_text)
        if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180:
            yield lon, lat
