"""GTFS Realtime: where buses and trams are (VehiclePositions), as officers with the role of a vehicle."""

from datasources.gtfs_realtime.source import MANIFEST, GtfsOptions, build

OPTIONS = GtfsOptions

__all__ = ["MANIFEST", "OPTIONS", "build"]
