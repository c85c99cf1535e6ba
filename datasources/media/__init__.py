"""Pictures and streams of cameras: what an upstream offers, and how it is fetched without giving its address away."""

from datasources.media.offer import Address, CameraMedia, MediaOffer, Transport
from datasources.media.snapshot import media_of, picture, snapshot

__all__ = ["Address", "CameraMedia", "MediaOffer", "Transport", "media_of", "picture", "snapshot"]
