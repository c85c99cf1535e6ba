"""Cameras and video alarms of a WVP-GB28181-pro platform."""

from datasources.wvp.source import MANIFEST, build

__all__ = ["MANIFEST", "build"]
