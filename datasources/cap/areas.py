"""Where a CAP message holds. CAP writes lat,lon; we keep lon, lat."""

from __future__ import annotations

import math
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
_LISTED = re.compile(r"[\s,;，；]+")
_OF_OTHERS = ("same", "ugc", "fips", "emma", "nuts", "cap-cp", "clc", "warncell", "zone")
"""Schemes of other countries, whose numbers look like adcodes and mean other places."""

_SAME_CIRCLE = 0.1
"""Share of its radius by which a polygon may stray from a circle and still be only that circle, drawn."""

_KM_PER_DEG = 111.32


def area_claims(info: Element, crs: str) -> tuple[AreaClaim, ...]:
    """The areas of one info block; a malformed polygon or circle is left out, its name and codes stay."""
    return tuple(area_claim(area, crs) for area in children(info, "area")[:_MOST_AREAS])


def area_claim(area: Element, crs: str) -> AreaClaim:
    """One area (or an Atom entry that carries the same elements)."""
    polygons = tuple(found for part in children(area, "polygon") if (found := polygon(clean(part.text, 10**6), crs)))
    circles = (_circle(clean(part.text, 200), crs) for part in children(area, "circle"))
    return AreaClaim(
        name=said(area, "areadesc", 500),
        codes=tuple(dict.fromkeys(_codes(area))),
        polygons=polygons,
        circles=tuple(found for found in circles if found and not any(_draws(ring, found) for ring in polygons)),
    )


def _codes(area: Element) -> Iterator[str]:
    """Codes that may be ours, also several in one value."""
    for scheme, value in pairs(area, "geocode"):
        if not any(other in scheme.lower() for other in _OF_OTHERS):
            yield from (code for code in _LISTED.split(value) if _CODE.match(code))


def _draws(ring: tuple[LonLat, ...], circle: tuple[float, float, float]) -> bool:
    """Whether a polygon is only this circle once more: some services send both."""
    lon, lat, radius_km = circle
    if len(ring) < 9:
        return False
    narrow = math.cos(math.radians(lat))
    away_km = (math.hypot((x - lon) * narrow, y - lat) * _KM_PER_DEG for x, y in ring)
    return all(abs(away - radius_km) <= _SAME_CIRCLE * radius_km for away in away_km)


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
