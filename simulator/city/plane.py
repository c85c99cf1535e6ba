"""A flat plane in metres around the middle of a district, in which the city is built."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Plane:
    """Equirectangular around (`lon`, `lat`): x east and y north in metres; errors below 0.1 % within a district."""

    lon: float
    lat: float

    @property
    def _scale(self) -> Floats:
        return np.array([math.cos(math.radians(self.lat)) * _METRES_PER_DEGREE, _METRES_PER_DEGREE])

    def to_metres(self, lonlat: Any) -> Floats:
        """(n, 2) lon, lat to x, y."""
        result: Floats = (np.asarray(lonlat, dtype=float).reshape(-1, 2) - (self.lon, self.lat)) * self._scale
        return result

    def to_lonlat(self, xy: Any) -> Floats:
        """(n, 2) x, y to lon, lat, rounded to 1e-6 degrees."""
        result: Floats = np.round(np.asarray(xy, dtype=float) / self._scale + (self.lon, self.lat), 6)
        return result

    def shape_to_metres(self, shape: Any) -> Any:
        """A shape in lon, lat as one in metres."""
        return shapely.transform(shape, self.to_metres)

    def shape_to_lonlat(self, shape: Any) -> Any:
        """A shape in metres as one in lon, lat."""
        return shapely.transform(shape, self.to_lonlat)
