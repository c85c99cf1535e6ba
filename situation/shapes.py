"""Shapes drawn on the map: what lies inside a circle or a polygon. WGS-84 degrees, radii in metres on the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Bounds = tuple[float, float, float, float]
Mask = npt.NDArray[np.bool_]
Degrees = npt.NDArray[np.float64]

EARTH_M = 6_371_008.8
"""Mean radius; a circle of 10 km is right to 30 m, which is far below what a hand can draw."""

MOST_CORNERS = 200
LEAST_RADIUS_M, MOST_RADIUS_M = 1.0, 100_000.0


class ShapeError(ValueError):
    """Text that is no shape; says what is expected."""


class Shape(Protocol):
    """Ground with a border; what lies on the border lies inside."""

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north of everything that could lie inside."""
        ...

    def holds(self, lons: Degrees, lats: Degrees) -> Mask:
        """Which positions lie inside; NaN lies nowhere."""
        ...


@dataclass(frozen=True)
class Polygon:
    """A polygon of corners (lon, lat); where its lines cross themselves, every enclosed part is inside."""

    corners: tuple[tuple[float, float], ...]

    @cached_property
    def geometry(self) -> BaseGeometry:
        """The ground."""
        geometry: BaseGeometry = shapely.make_valid(shapely.Polygon(self.corners))
        shapely.prepare(geometry)
        return geometry

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north."""
        lons, lats = [lon for lon, _ in self.corners], [lat for _, lat in self.corners]
        return min(lons), min(lats), max(lons), max(lats)

    def holds(self, lons: Degrees, lats: Degrees) -> Mask:
        """Which positions lie inside."""
        return np.asarray(shapely.intersects_xy(self.geometry, lons, lats))


@dataclass(frozen=True)
class Circle:
    """Everything at most `radius_m` metres from (lon, lat), by great circle."""

    lon: float
    lat: float
    radius_m: float

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north, a little generous."""
        north_deg = math.degrees(self.radius_m / EARTH_M) * 1.001
        east_deg = north_deg / max(math.cos(math.radians(min(abs(self.lat) + north_deg, 89.9))), 1e-3)
        return self.lon - east_deg, self.lat - north_deg, self.lon + east_deg, self.lat + north_deg

    def holds(self, lons: Degrees, lats: Degrees) -> Mask:
        """Which positions lie inside."""
        return np.asarray(self.distances_m(lons, lats) <= self.radius_m)

    def distances_m(self, lons: Degrees, lats: Degrees) -> Degrees:
        """Metres from the centre (haversine)."""
        north, east = np.radians(lats - self.lat), np.radians(lons - self.lon)
        chord = np.sin(north / 2) ** 2 + np.cos(np.radians(lats)) * math.cos(math.radians(self.lat)) * (
            np.sin(east / 2) ** 2
        )
        metres: Degrees = 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
        return metres


@dataclass(frozen=True)
class Ground:
    """Ground of any form, like that of an area."""

    geometry: BaseGeometry

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north."""
        west, south, east, north = self.geometry.bounds
        return west, south, east, north

    def holds(self, lons: Degrees, lats: Degrees) -> Mask:
        """Which positions lie inside."""
        shapely.prepare(self.geometry)
        return np.asarray(shapely.intersects_xy(self.geometry, lons, lats))


@dataclass(frozen=True)
class Common:
    """What lies in both of two shapes."""

    one: Shape
    other: Shape

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north of what both have."""
        return common_bounds(self.one.bounds, self.other.bounds)

    def holds(self, lons: Degrees, lats: Degrees) -> Mask:
        """Which positions lie in both."""
        return self.one.holds(lons, lats) & self.other.holds(lons, lats)


def common_bounds(one: Bounds, other: Bounds) -> Bounds:
    """What lies in both; west of east, or north of south, where that is nothing."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def parse_polygon(text: str) -> Polygon:
    """`lon,lat;lon,lat;lon,lat…`, at least three corners; raises ShapeError."""
    expected = f"polygon is lon,lat;lon,lat;… in degrees (WGS-84), 3 to {MOST_CORNERS} corners"
    corners = tuple(_position(part, expected) for part in text.strip(";").split(";"))
    if corners[0] == corners[-1]:
        corners = corners[:-1]
    if not 3 <= len(corners) <= MOST_CORNERS:
        raise ShapeError(expected)
    return Polygon(corners)


def parse_circle(text: str) -> Circle:
    """`lon,lat,metres`; raises ShapeError."""
    expected = "circle is lon,lat,metres (WGS-84), for example 121.489,31.405,500; at most 100 km"
    position, _, radius = text.rpartition(",")
    lon, lat = _position(position, expected)
    radius_m = _number(radius, expected)
    if not LEAST_RADIUS_M <= radius_m <= MOST_RADIUS_M:
        raise ShapeError(expected)
    return Circle(lon, lat, radius_m)


def _position(text: str, expected: str) -> tuple[float, float]:
    lon_text, _, lat_text = text.partition(",")
    lon, lat = _number(lon_text, expected), _number(lat_text, expected)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ShapeError(expected)
    return lon, lat


def _number(text: str, expected: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ShapeError(expected) from error
    if not math.isfinite(value):
        raise ShapeError(expected)
    return value
