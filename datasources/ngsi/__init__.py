"""FIWARE context brokers: entities of NGSIv2 and NGSI-LD as sensors, places, cameras, vehicles …"""

from datasources.ngsi.options import NgsiOptions
from datasources.ngsi.source import MANIFEST, build

OPTIONS = NgsiOptions

__all__ = ["MANIFEST", "OPTIONS", "build"]
