"""Any HTTP interface that answers with rows: JSON, XML, CSV, GeoJSON …, by options alone."""

from datasources.media.addresses import listed_media as MEDIA
from datasources.rest.options import RestOptions as OPTIONS
from datasources.rest.source import MANIFEST, build

__all__ = ["MANIFEST", "MEDIA", "OPTIONS", "build"]
