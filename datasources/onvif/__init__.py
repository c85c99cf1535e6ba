"""Cameras and recorders that speak ONVIF Profile S."""

from datasources.onvif.media import media as MEDIA
from datasources.onvif.options import OnvifOptions as OPTIONS
from datasources.onvif.source import MANIFEST, build

__all__ = ["MANIFEST", "MEDIA", "OPTIONS", "build"]
