"""Sensors and their readings by OGC SensorThings 1.1, as real servers speak it."""

from datasources.sensorthings.source import MANIFEST, build

__all__ = ["MANIFEST", "build"]
