"""Sensors and their readings by OGC SensorThings 1.1, as real servers speak it."""

from datasources.sensorthings.options import SensorThingsOptions as OPTIONS
from datasources.sensorthings.pushed import build
from datasources.sensorthings.source import MANIFEST

__all__ = ["MANIFEST", "OPTIONS", "build"]
