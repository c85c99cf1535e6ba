"""Looking at ONVIF cameras: `<device id> <packed addresses>`, with that device's login, on that device's hosts."""

from __future__ import annotations

from dataclasses import dataclass

from datasources.contract import SourceDataError, SourceSettings
from datasources.http import HttpClient
from datasources.media.addresses import Hosts, ListedMedia
from datasources.media.offer import Address, MediaOffer
from datasources.onvif.options import OnvifOptions
from datasources.onvif.source import devices_of
from datasources.options import read_options


@dataclass(frozen=True, slots=True)
class OnvifMedia:
    """The cameras of all devices of a source. Nothing is started: RTSP streams run while somebody reads them."""

    by_device: dict[str, ListedMedia]

    def still(self, media_ref: str, deadline_s: float) -> Address | None:
        """The device's snapshot."""
        device, packed = self._device(media_ref)
        return device.still(packed, deadline_s)

    def offer(self, media_ref: str, deadline_s: float) -> MediaOffer:
        """The snapshot, and the RTSP stream of the chosen profile."""
        device, packed = self._device(media_ref)
        return device.offer(packed, deadline_s)

    def release(self, media_ref: str, deadline_s: float) -> None:
        """Nothing was started."""

    def _device(self, media_ref: str) -> tuple[ListedMedia, str]:
        name, _, packed = media_ref.partition(" ")
        device = self.by_device.get(name)
        if device is None:
            raise SourceDataError("no_picture", "not a device of this source")
        return device, packed


def media(settings: SourceSettings, http: HttpClient) -> OnvifMedia:
    """The source's MEDIA."""
    devices = devices_of(settings, read_options(OnvifOptions, settings), http)
    return OnvifMedia({each.id: ListedMedia(Hosts.of(each.url, each.hosts), each.login) for each in devices})
