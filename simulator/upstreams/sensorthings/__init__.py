"""Sensors by OGC SensorThings API 1.1 (Part 1, sensing, read only): two dialects of ids, as real servers have."""

from simulator.upstreams.sensorthings.routes import routes, uuid_routes

__all__ = ["routes", "uuid_routes"]
