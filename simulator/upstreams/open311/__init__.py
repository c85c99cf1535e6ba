"""Cases by Open311 GeoReport v2: one dialect per department."""

from simulator.upstreams.open311.routes import json_routes, plain_json_routes, xml_routes

__all__ = ["json_routes", "plain_json_routes", "xml_routes"]
