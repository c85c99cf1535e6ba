"""Positions of officers, crews and vehicles as JSON, in any coordinate system, zone and encoding."""

from datasources.positions.source import MANIFEST, build

__all__ = ["MANIFEST", "build"]
