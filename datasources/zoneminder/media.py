"""Looking at ZoneMinder's monitors: `nph-zms`, with a token in its address.

A dead camera's single image answers 200 and never sends a byte: whoever fetches it needs a hard timeout.
"""

from __future__ import annotations

from datasources.contract import SourceSettings
from datasources.http import HttpClient
from datasources.media.addresses import listed_media
from datasources.media.logged_in import LoggedInMedia
from datasources.media.offer import Address
from datasources.options import read_options
from datasources.zoneminder.api import Api
from datasources.zoneminder.options import ZoneMinderOptions


def media(settings: SourceSettings, http: HttpClient) -> LoggedInMedia:
    """The source's MEDIA; keep it: it keeps its login."""
    api = Api(settings.url, read_options(ZoneMinderOptions, settings), http)
    return LoggedInMedia(listed_media(settings, http), api.token(), _with_token)


def _with_token(address: Address, token: str) -> Address:
    return Address(url=f"{address.url}&token={token}")
