"""Current conditions and an hourly forecast as JSON."""

from datasources.weather.source import MANIFEST, build
from datasources.weather.source import WeatherOptions as OPTIONS

__all__ = ["MANIFEST", "OPTIONS", "build"]
