"""Distances on the ground for what lies within one district."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

M_PER_DEG = 111_320.0


def metres(lons: Floats, lats: Floats, at_lat: float) -> tuple[Floats, Floats]:
    """Differences in degrees as metres east and north, near a latitude (good to 0.1 % within a district)."""
    return lons * (M_PER_DEG * math.cos(math.radians(at_lat))), lats * M_PER_DEG
