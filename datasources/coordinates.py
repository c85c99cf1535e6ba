"""Positions as upstreams give them to WGS-84, a whole batch at once; what can't be a place becomes unknown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from situation.crs import to_wgs84

Position = tuple[float | None, float | None]

NULL_ISLAND_DEG = 0.05
"""Systems write 0, 0 (one of them 0.03, 0) for a position they don't know."""

FAR_DEG = 5.0
"""About 500 km: nothing of a district lies that far from the middle of its own records."""

_TOGETHER_SHARE = 0.8
_FEWEST_TO_JUDGE = 10

NOWHERE: Position = (None, None)


def locate(
    lons: Sequence[float | None], lats: Sequence[float | None], crs: str | Sequence[str] = "wgs84"
) -> list[Position]:
    """WGS-84 positions in the same order; (None, None) where there is none or it is implausible.

    `crs` is one name for all or one for each. A latitude beyond 90° with a longitude within is a swapped pair.
    """
    if not lons:
        return []
    lon, lat = _array(lons), _array(lats)
    swapped = (np.abs(lat) > 90) & (np.abs(lat) <= 180) & (np.abs(lon) <= 90)
    lon, lat = np.where(swapped, lat, lon), np.where(swapped, lon, lat)
    with np.errstate(invalid="ignore"):
        nowhere = (np.abs(lon) < NULL_ISLAND_DEG) & (np.abs(lat) < NULL_ISLAND_DEG)
        nowhere |= (np.abs(lon) > 180) | (np.abs(lat) > 90) | ~np.isfinite(lon) | ~np.isfinite(lat)
    lon[nowhere], lat[nowhere] = np.nan, np.nan
    for name, chosen in _groups(crs, len(lon)):
        lon[chosen], lat[chosen] = to_wgs84(name, lon[chosen], lat[chosen])
    far = _is_far(lon, lat)
    lon[far], lat[far] = np.nan, np.nan
    is_known = np.isfinite(lon) & np.isfinite(lat)
    places = zip(lon.round(8).tolist(), lat.round(8).tolist(), is_known.tolist(), strict=True)
    return [(x, y) if known else NOWHERE for x, y, known in places]


def _array(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _groups(crs: str | Sequence[str], count: int) -> list[tuple[str, NDArray[np.bool_]]]:
    if isinstance(crs, str):
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
