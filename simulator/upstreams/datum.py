"""WGS-84 → GCJ-02 → BD-09: the shifts that Chinese map systems put on positions. Only forward: systems publish so."""

from __future__ import annotations

from math import atan2, cos, pi, sin, sqrt

from simulator.model import LonLat

_SEMI_MAJOR_M = 6378245.0  # Krasovsky 1940
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_ANGLE = pi * 3000.0 / 180.0


def to_gcj02(lon: float, lat: float) -> LonLat:
    """GCJ-02 of a WGS-84 position in China."""
    x, y = lon - 105.0, lat - 35.0
    phi = lat / 180.0 * pi
    magic = 1.0 - _ECCENTRICITY_SQUARED * sin(phi) ** 2
    root = sqrt(magic)
    north = _shift_north(x, y) * 180.0
    north /= (_SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED)) / (magic * root) * pi
    east = _shift_east(x, y) * 180.0 / (_SEMI_MAJOR_M / root * cos(phi) * pi)
    return lon + east, lat + north


def to_bd09(lon: float, lat: float) -> LonLat:
    """BD-09 of a WGS-84 position in China."""
    x, y = to_gcj02(lon, lat)
    radius = sqrt(x * x + y * y) + 0.00002 * sin(y * _BD_ANGLE)
    theta = atan2(y, x) + 0.000003 * cos(x * _BD_ANGLE)
    return radius * cos(theta) + 0.0065, radius * sin(theta) + 0.006


def _waves(value: float, amplitudes: tuple[tuple[float, float], ...]) -> float:
    return sum(amplitude * sin(value * factor * pi) for amplitude, factor in amplitudes) * 2.0 / 3.0


def _shift_north(x: float, y: float) -> float:
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    shift += _waves(x, ((20.0, 6.0), (20.0, 2.0)))
    shift += _waves(y, ((20.0, 1.0), (40.0, 1.0 / 3.0)))
    return shift + _waves(y, ((160.0, 1.0 / 12.0), (320.0, 1.0 / 30.0)))


def _shift_east(x: float, y: float) -> float:
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    shift += _waves(x, ((20.0, 6.0), (20.0, 2.0)))
    shift += _waves(x, ((20.0, 1.0), (40.0, 1.0 / 3.0)))
    return shift + _waves(x, ((150.0, 1.0 / 12.0), (300.0, 1.0 / 30.0)))
