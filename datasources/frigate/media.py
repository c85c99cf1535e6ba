"""Looking at Frigate's cameras: `latest.jpg`, its MJPEG, and RTSP where its go2rtc restreams them."""

from __future__ import annotations

from datasources.contract import SourceSettings
from datasources.frigate.api import Api, bearer
from datasources.frigate.options import FrigateOptions
from datasources.http import HttpClient
from datasources.media.addresses import listed_media
from datasources.media.logged_in import LoggedInMedia
from datasources.media.offer import Address
from datasources.options import read_options


def media(settings: SourceSettings, http: HttpClient) -> LoggedInMedia:
    """The source's MEDIA; keep it: it keeps its login."""
    api = Api.of(settings.url, read_options(FrigateOptions, settings), http)
    return LoggedInMedia(listed_media(settings, http), api.token, _with_token)


def _with_token(address: Address, token: str) -> Address:
    return Address(url=address.url, headers=bearer(token)) if address.url.startswith("http") else address
