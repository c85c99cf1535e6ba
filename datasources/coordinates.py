"""Positions as upstreams give them to WGS-84, a whole batch at once; what can't be a place becomes unknown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from situation.crs import Crs, to_wgs84
from situation.projection import Plane

Degrees = NDArray[np.float64]
Bounds = tuple[float, float, float, float]
"""West, south, east, north; WGS-84 degrees."""

Position = tuple[float | None, float | None]

NULL_ISLAND_DEG = 0.05
"""Systems write 0, 0 (one of them 0.03, 0) for a position they don't know."""

FAR_DEG = 5.0
"""About 500 km: nothing of a district lies that far from the middle of its own records."""

NEAR_DEG = 1.0
"""About 100 km: what lies no farther from a district's bounds may well be meant."""

_IN_METRES = frozenset({"shanghailocal", "webmercator"})
_MANY_TIMES = 4
_TOGETHER_SHARE = 0.8
_FEWEST_TO_JUDGE = 10

NOWHERE: Position = (None, None)


def locate(
    lons: Sequence[float | None],
    lats: Sequence[float | None],
    crs: Crs | Sequence[str] = "wgs84",
    bounds: Bounds | None = None,
) -> list[Position]:
    """WGS-84 positions in the same order; (None, None) where there is none or it is implausible.

    `crs` is one for all or a name for each. A latitude beyond 90° with a longitude within is a swapped pair; with the
    `bounds` of the district also one that lies near them only in the other order, and all when most fit only so.
    """
    if not lons:
        return []
    given = _array(lons), _array(lats)
    lon, lat = _converted(*given, crs)
    if bounds is not None:
        other_lon, other_lat = _converted(given[1], given[0], crs)
        turned = _is_turned((lon, lat), (other_lon, other_lat), bounds)
        lon, lat = np.where(turned, other_lon, lon), np.where(turned, other_lat, lat)
    far = _is_far(lon, lat)
    lon[far], lat[far] = np.nan, np.nan
    is_known = np.isfinite(lon) & np.isfinite(lat)
    places = zip(lon.round(8).tolist(), lat.round(8).tolist(), is_known.tolist(), strict=True)
    return [(x, y) if known else NOWHERE for x, y, known in places]


def _converted(lon: Degrees, lat: Degrees, crs: Crs | Sequence[str]) -> tuple[Degrees, Degrees]:
    lon, lat = lon.copy(), lat.copy()
    for each, chosen in _groups(crs, len(lon)):
        x, y = lon[chosen], lat[chosen]
        if not _is_plane(each):  # 0, 0 is a plane's origin, and as good a place as any other
            x, y = _plausible(x, y)
        lon[chosen], lat[chosen] = _plausible(*to_wgs84(each, x, y))
    return lon, lat


def _plausible(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Degrees that can be a place, a swapped pair turned round where only one order is possible; else NaN."""
    with np.errstate(invalid="ignore"):
        swapped = (np.abs(lat) > 90) & (np.abs(lat) <= 180) & (np.abs(lon) <= 90)
        lon, lat = np.where(swapped, lat, lon), np.where(swapped, lon, lat)
        nowhere = (np.abs(lon) < NULL_ISLAND_DEG) & (np.abs(lat) < NULL_ISLAND_DEG)
        nowhere |= (np.abs(lon) > 180) | (np.abs(lat) > 90) | ~np.isfinite(lon) | ~np.isfinite(lat)
    lon[nowhere], lat[nowhere] = np.nan, np.nan
    return lon, lat


def _is_plane(crs: Crs) -> bool:
    return isinstance(crs, Plane) or crs.lower().replace("-", "").replace("_", "") in _IN_METRES


def _is_turned(
    given: tuple[Degrees, Degrees], other: tuple[Degrees, Degrees], bounds: Bounds
) -> NDArray[np.bool_] | np.bool_:
    """Which pairs are meant in the other order. In metres both orders may be near: then the whole batch decides."""
    fits, fits_turned = _is_within(*given, bounds, 0.0).sum(), _is_within(*other, bounds, 0.0).sum()
    if fits_turned > _MANY_TIMES * fits and 2 * fits_turned > np.isfinite(given[0]).sum():
        return np.True_
    return ~_is_within(*given, bounds, NEAR_DEG) & _is_within(*other, bounds, NEAR_DEG)


def _is_within(lon: Degrees, lat: Degrees, bounds: Bounds, margin: float) -> NDArray[np.bool_]:
    west, south, east, north = bounds
    with np.errstate(invalid="ignore"):
        within: NDArray[np.bool_] = (lon >= west - margin) & (lon <= east + margin)
        within &= (lat >= south - margin) & (lat <= north + margin)
    return within


def _array(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _groups(crs: Crs | Sequence[str], count: int) -> list[tuple[Crs, NDArray[np.bool_]]]:
    if isinstance(crs, str | Plane):
        return [(crs, np.ones(count, dtype=bool))]
    names = np.array(crs)
    return [(str(name), names == name) for name in np.unique(names)]


def _is_far(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which positions lie absurdly far from where nearly all of the others are."""
    is_known = np.isfinite(lon)
    if int(is_known.sum()) < _FEWEST_TO_JUDGE:
        return np.zeros(len(lon), dtype=bool)
    middle = (float(np.median(lon[is_known])), float(np.median(lat[is_known])))
    with np.errstate(invalid="ignore"):
        far: NDArray[np.bool_] = (np.abs(lon - middle[0]) > FAR_DEG) | (np.abs(lat - middle[1]) > FAR_DEG)
    if float((far & is_known).sum()) > (1 - _TOGETHER_SHARE) * float(is_known.sum()):
        return np.zeros(len(lon), dtype=bool)  # a source that covers a country: nobody is an outlier
    return far
