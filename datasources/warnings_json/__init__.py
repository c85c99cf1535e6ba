"""Warnings as JSON, by a shipped preset for each service: CMA, QWeather (both editions), the US weather service."""

from datasources.warnings_json.options import WarningsOptions as OPTIONS
from datasources.warnings_json.source import MANIFEST, build

__all__ = ["MANIFEST", "OPTIONS", "build"]
