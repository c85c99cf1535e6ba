"""Positions of officers, crews and vehicles as JSON, in any coordinate system, zone and encoding."""

from datasources.positions.source import MANIFEST, build
from datasources.positions.source import PositionOptions as OPTIONS

__all__ = ["MANIFEST", "OPTIONS", "build"]
