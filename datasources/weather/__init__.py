"""Current conditions and an hourly forecast as JSON."""

from datasources.weather.source import MANIFEST, build

__all__ = ["MANIFEST", "build"]
