"""Cameras and video alarms of a WVP-GB28181-pro platform."""

from datasources.wvp.media import media as MEDIA
from datasources.wvp.options import WvpOptions as OPTIONS
from datasources.wvp.source import MANIFEST, build

__all__ = ["MANIFEST", "MEDIA", "OPTIONS", "build"]
