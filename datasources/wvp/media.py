"""Looking at a WVP camera: its snapshot, and streams that the platform starts when asked.

`GET api/play/start/<device>/<channel>` answers a StreamContent (WVP-GB28181-pro): addresses by protocol, `mediaInfo`.
So does `api/common/channel/play?channelId=` for streams that are pushed or pulled and belong to no device.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasources.contract import SourceDataError, SourceSettings
from datasources.document import address
from datasources.fields import text
from datasources.http import HttpClient
from datasources.media.addresses import LONGEST_ADDRESS, Hosts, codec_of, moved
from datasources.media.offer import Address, MediaOffer, Transport
from datasources.media.token import Token
from datasources.options import read_options
from datasources.wvp.client import WvpClient, with_token
from datasources.wvp.normalise import COMMON
from datasources.wvp.options import WvpOptions

_REFERENCE = re.compile(r"^[\w.-]{1,64}/[\w.-]{1,64}$")
_NAMES: Mapping[Transport, tuple[str, ...]] = {
    Transport.FLV: ("flv", "https_flv"),
    Transport.HLS: ("hls", "https_hls"),
    Transport.RTSP: ("rtsp", "rtsps"),
    Transport.WHEP: ("rtc", "rtcs"),
}
_ZLM_WEBRTC, _ZLM_WHEP = "/index/api/webrtc?", "/index/api/whep?"
"""ZLMediaKit answers the first with JSON of its own, the second as WHEP; the platform only names the first."""


@dataclass(frozen=True, slots=True)
class WvpMedia:
    """The cameras of one platform. `stream_host` stands in for the host that the platform names its media server by."""

    client: WvpClient
    token: Token
    hosts: Hosts
    stream_host: str = ""

    def still(self, media_ref: str, deadline_s: float) -> Address:
        """The platform's last snapshot of the channel; raises SourceDataError where it keeps none: it has no device."""
        path = f"api/device/query/snap/{_checked(media_ref)}"
        if _common(media_ref):
            raise SourceDataError("no_picture", "the platform keeps no snapshots of pushed and pulled streams")
        headers = self.client.with_key() or with_token(self.token.get(deadline_s))
        return Address(url=address(self.client.settings, path), headers=headers)

    def offer(self, media_ref: str, deadline_s: float) -> MediaOffer:
        """Have the platform start the stream; raises SourceUnavailable when the device does not answer it."""
        content = self._call("start", _checked(media_ref), deadline_s)
        if not isinstance(content, dict):
            raise SourceDataError("wrong_shape", "play/start: no stream content")
        found = {transport: self._url(content, names) for transport, names in _NAMES.items()}
        admitted = {
            transport: Address(url=url) for transport, url in found.items() if url and self.hosts.admits(transport, url)
        }
        if not admitted:
            raise SourceDataError("foreign_host", "play/start names no address on a configured host")
        info = content.get("mediaInfo")
        return MediaOffer(
            addresses=admitted, codec=codec_of(info.get("videoCodec")) if isinstance(info, Mapping) else ""
        )

    def release(self, media_ref: str, deadline_s: float) -> None:
        """Have the platform stop it; that it had stopped already is fine.

        A pushed or pulled stream is everybody's: stopping it would throw its publisher out and end what others watch.
        """
        if _common(_checked(media_ref)):
            return
        try:
            self._call("stop", media_ref, deadline_s)
        except SourceDataError as error:
            if not error.safe_text.startswith("upstream_code"):
                raise

    def _call(self, what: str, media_ref: str, deadline_s: float) -> Any:
        row_id, key = _common(media_ref), self.client.with_key()
        path = "api/common/channel/play" if row_id else f"api/play/{what}/{media_ref}"
        params = {"channelId": row_id} if row_id else {}
        if key:
            return self.client.data(path, key, deadline_s, params)
        return self.token.use(lambda token: self.client.data(path, with_token(token), deadline_s, params), deadline_s)

    def _url(self, content: Mapping[str, Any], names: tuple[str, ...]) -> str:
        """The first of `names` that has an address; a version of WVP writes objects with `url` in them."""
        for name in names:
            given = content.get(name)
            url = text(given, "url") if isinstance(given, Mapping) else text(content, name, limit=LONGEST_ADDRESS)
            if url:
                url = url.replace(_ZLM_WEBRTC, _ZLM_WHEP)
                return moved(url, self.stream_host) if self.stream_host else url
        return ""


def media(settings: SourceSettings, http: HttpClient) -> WvpMedia:
    """The platform's MEDIA."""
    options = read_options(WvpOptions, settings)
    more = (*options.hosts, options.stream_host) if options.stream_host else options.hosts
    client = WvpClient(settings, http)
    return WvpMedia(client, Token(client.login, http.clock), Hosts.of(settings.url, more), options.stream_host)


def _common(media_ref: str) -> str:
    """The database id of a channel without a device, "" for one that has it."""
    device, _, row_id = media_ref.partition("/")
    return row_id if device == COMMON and row_id.isdecimal() else ""


def _checked(media_ref: str) -> str:
    """`device/channel`, nothing that could lead anywhere else; raises SourceDataError."""
    if not _REFERENCE.match(media_ref) or ".." in media_ref:
        raise SourceDataError("no_picture", "not a channel of a device")
    return media_ref
