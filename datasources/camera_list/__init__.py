"""Cameras of a plain list with addresses of pictures and streams."""

from datasources.camera_list.options import CameraListOptions as OPTIONS
from datasources.camera_list.source import MANIFEST, build
from datasources.media.addresses import listed_media as MEDIA

__all__ = ["MANIFEST", "MEDIA", "OPTIONS", "build"]
