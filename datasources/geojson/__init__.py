"""GeoJSON features as places, areas, components …: one document or several (options `path` or `paths`)."""

from datasources.geojson.source import MANIFEST, build

__all__ = ["MANIFEST", "build"]
