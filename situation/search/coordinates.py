"""Coordinates typed into the search box: which points they can mean, each saying in which system it was read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from situation.crs import to_wgs84

_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(
    rf"\(?\s*({_NUMBER})\s*°?\s*([NSEW东西南北]?)\s*[,，;；\s]\s*({_NUMBER})\s*°?\s*([NSEW东西南北]?)\s*\)?", re.I
)
_DMS = re.compile(
    r"(\d{1,3})\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′分]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"″秒]|′′)\s*)?"
)
_SYSTEMS = {
    "wgs84": re.compile(r"wgs[-_ ]?84|cgcs[-_ ]?2000|gps", re.I),
    "gcj02": re.compile(r"gcj[-_ ]?02|火星|高德|腾讯|amap", re.I),
    "bd09": re.compile(r"bd[-_ ]?09|百度|baidu", re.I),
}
OFFERED = ("wgs84", "gcj02")
"""What a pair without a system can mean: both are offered, because both are common and 500 m apart."""

_LATITUDE_SIGNS = frozenset("nNsS南北")
_NEGATIVE_SIGNS = frozenset("sSwW南西")


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in WGS-84; `crs` is the system in which the typed numbers were read."""

    lon: float
    lat: float
    crs: str


def spots_of(text: str) -> tuple[Spot, ...]:
    """The points a text can mean, none when it is no pair. `121.48, 31.40` and `31.40 121.48` both do."""
    text = unicodedata.normalize("NFKC", text)
    named = tuple(crs for crs, pattern in _SYSTEMS.items() if pattern.search(text))
    rest = text
    for pattern in _SYSTEMS.values():
        rest = pattern.sub(" ", rest)
    pair = _pair(rest.strip(" :：,，"))
    if pair is None:
        return ()
    return tuple(_spot(pair, crs) for crs in (named[:1] or OFFERED))


def _spot(pair: tuple[float, float], crs: str) -> Spot:
    lons, lats = to_wgs84(crs, [pair[0]], [pair[1]])
    return Spot(round(float(lons[0]), 7), round(float(lats[0]), 7), crs)


def _pair(text: str) -> tuple[float, float] | None:
    """Longitude and latitude. Without letters the one that can be no latitude is the longitude, else it comes first."""
    match = _PAIR.fullmatch(_decimal(text))
    if match is None:
        return None
    first, first_sign, second, second_sign = match.groups()
    one, other = _signed(first, first_sign), _signed(second, second_sign)
    is_lat_first = first_sign in _LATITUDE_SIGNS if first_sign else abs(other) > 90 >= abs(one)
    lon, lat = (other, one) if is_lat_first else (one, other)
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _signed(number: str, sign: str) -> float:
    return -float(number) if sign and sign in _NEGATIVE_SIGNS else float(number)


def _decimal(text: str) -> str:
    """Degrees, minutes and seconds as decimal degrees."""

    def joined(match: re.Match[str]) -> str:
        degrees, minutes, seconds = (float(part or 0) for part in match.groups())
        return f"{degrees + minutes / 60 + seconds / 3600:.8f}"

    return _DMS.sub(joined, text)
