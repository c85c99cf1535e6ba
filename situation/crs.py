"""Coordinate systems: exact conversion between WGS-84, CGCS2000, GCJ-02, BD-09 and planes in metres, vectorised.

Degrees, (lon, lat); of a plane metres, (easting, northing).

GCJ-02 is WGS-84 plus a published obfuscation (a = 6378245, ee = 0.00669…23); BD-09 is GCJ-02 turned and scaled.
Neither has a closed inverse: the usual one-step inverse is wrong by up to 2.2 m, so the forward formula is iterated
until it meets the given point (error < 1 mm, in practice below a micrometre).

There is no "outside China" rectangle: such boxes cut through border districts. Whoever names a system gets its
formula everywhere; a source outside mainland China says `wgs84`.
CGCS2000 agrees with WGS-84 within centimetres and is taken as equal; `shanghai-local` is what
`situation.projection.SHANGHAI` says; `web-mercator` (EPSG:3857) is the plane of web maps, on a sphere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from situation.projection import SHANGHAI, Plane

Coordinates = tuple[NDArray[np.float64], NDArray[np.float64]]
CrsName = Literal["wgs84", "cgcs2000", "gcj02", "bd09", "shanghai-local", "web-mercator"]
CRS_NAMES: tuple[CrsName, ...] = ("wgs84", "cgcs2000", "gcj02", "bd09", "shanghai-local", "web-mercator")
Crs = str | Plane
"""A coordinate system by its name, or a city's own plane."""

_AXIS_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
_BD_SHIFT_LON, _BD_SHIFT_LAT = 0.0065, 0.006
_CONVERGED_DEG = 1e-12
_SPHERE_M = 6378137.0
_MAX_ITERATIONS = 40


def to_wgs84(crs: Crs, lons: ArrayLike, lats: ArrayLike) -> Coordinates:
    """Convert positions given in `crs` to WGS-84. NaN stays NaN; an unknown name raises ValueError."""
    return _convert(crs.to_degrees if isinstance(crs, Plane) else _named(_TO_WGS84, crs), lons, lats)


def from_wgs84(crs: Crs, lons: ArrayLike, lats: ArrayLike) -> Coordinates:
    """Convert WGS-84 positions to `crs`. NaN stays NaN; an unknown name raises ValueError."""
    return _convert(crs.from_degrees if isinstance(crs, Plane) else _named(_FROM_WGS84, crs), lons, lats)


def _named(table: dict[str, Callable[..., Coordinates]], crs: str) -> Callable[..., Coordinates]:
    conversion = table.get(crs.lower().replace("-", "").replace("_", ""))
    if conversion is None:
        raise ValueError(f"unknown coordinate system {crs!r}; known are {', '.join(CRS_NAMES)}")
    return conversion


def _convert(conversion: Callable[..., Coordinates], lons: ArrayLike, lats: ArrayLike) -> Coordinates:
    lon_array = np.atleast_1d(np.asarray(lons, dtype=np.float64))
    lat_array = np.atleast_1d(np.asarray(lats, dtype=np.float64))
    return conversion(lon_array, lat_array)


def _unchanged(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Coordinates:
    return lons.copy(), lats.copy()


def _to_web_mercator(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Coordinates:
    with np.errstate(divide="ignore"):
        return _SPHERE_M * np.radians(lons), _SPHERE_M * np.arcsinh(np.tan(np.radians(lats)))


def _of_web_mercator(eastings: NDArray[np.float64], northings: NDArray[np.float64]) -> Coordinates:
    with np.errstate(over="ignore"):  # what is no place on earth comes to a pole
        return np.degrees(eastings / _SPHERE_M), np.degrees(np.arctan(np.sinh(northings / _SPHERE_M)))


def _waves(main: NDArray[np.float64], *periods_and_amplitudes: tuple[float, float]) -> NDArray[np.float64]:
    """Sum of the two sine pairs of one axis, as published."""
    total = np.zeros_like(main)
    for period, amplitude in periods_and_amplitudes:
        total += amplitude * np.sin(main * np.pi * period)
    return total * 2.0 / 3.0


def _wgs84_to_gcj02(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Coordinates:
    x, y = lons - 105.0, lats - 35.0
    root = np.sqrt(np.abs(x))
    common = _waves(x, (6.0, 20.0), (2.0, 20.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += _waves(x, (1.0, 20.0), (1 / 3.0, 40.0)) + _waves(x, (1 / 12.0, 150.0), (1 / 30.0, 300.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += _waves(y, (1.0, 20.0), (1 / 3.0, 40.0)) + _waves(y, (1 / 12.0, 160.0), (1 / 30.0, 320.0))
    latitude = np.radians(lats)
    squash = 1.0 - _ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / (squash * np.sqrt(squash))
    parallel_m = _AXIS_M / np.sqrt(squash) * np.cos(latitude)
    return lons + np.degrees(east / parallel_m), lats + np.degrees(north / meridian_m)


def _gcj02_to_bd09(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Coordinates:
    radius = np.hypot(lons, lats) + 0.00002 * np.sin(lats * _BD_TURN)
    angle = np.arctan2(lats, lons) + 0.000003 * np.cos(lons * _BD_TURN)
    return radius * np.cos(angle) + _BD_SHIFT_LON, radius * np.sin(angle) + _BD_SHIFT_LAT


def _wgs84_to_bd09(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Coordinates:
    return _gcj02_to_bd09(*_wgs84_to_gcj02(lons, lats))


def _inverse_of(forward: Callable[..., Coordinates]) -> Callable[..., Coordinates]:
    """Fixed-point inverse of a forward formula that moves points little and smoothly."""

    def invert(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> Coordinates:
        lon_guess, lat_guess = lons.copy(), lats.copy()
        for _ in range(_MAX_ITERATIONS):
            lon_there, lat_there = forward(lon_guess, lat_guess)
            lon_off, lat_off = lons - lon_there, lats - lat_there
            lon_guess, lat_guess = lon_guess + lon_off, lat_guess + lat_off
            off = np.maximum(np.abs(lon_off), np.abs(lat_off))
            if not np.any(off > _CONVERGED_DEG):  # NaN compares false: it is done too
                break
        return lon_guess, lat_guess

    return invert


_FROM_WGS84: dict[str, Callable[..., Coordinates]] = {
    "wgs84": _unchanged,
    "cgcs2000": _unchanged,
    "gcj02": _wgs84_to_gcj02,
    "bd09": _wgs84_to_bd09,
    "shanghailocal": SHANGHAI.from_degrees,
    "webmercator": _to_web_mercator,
}
_TO_WGS84: dict[str, Callable[..., Coordinates]] = {
    "wgs84": _unchanged,
    "cgcs2000": _unchanged,
    "gcj02": _inverse_of(_wgs84_to_gcj02),
    "bd09": _inverse_of(_wgs84_to_bd09),
    "shanghailocal": SHANGHAI.to_degrees,
    "webmercator": _of_web_mercator,
}
