"""The `go2rtc` source: streams of a go2rtc server by `GET /api/streams`.

go2rtc connects to a camera only while somebody watches: a stream whose producers have no connection is unknown. One
that is connected lives while the bytes of its pictures grow: `bytes_recv` also counts sound, and RTCP, which a camera
goes on sending beside a dead picture (`pkg/rtsp/conn.go`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from datasources.contract import Manifest, RecordRejected, SourceDataError, SourceSettings
from datasources.fields import clean, each, number
from datasources.go2rtc.options import Go2RtcOptions
from datasources.http import HttpClient
from datasources.media.addresses import codec_of
from datasources.media.offer import Transport
from datasources.media.server import LONGEST_NAME, Listed, ServerSource, Stream, below, make_source, on_port, quoted
from datasources.options import read_options

MANIFEST = Manifest(kind="go2rtc", records=("camera",), interval_s=15, timeout_s=10, stale_after_s=90, resumes=True)
_PATHS: Mapping[Transport, str] = {
    Transport.SNAPSHOT: "api/frame.jpeg",
    Transport.MJPEG: "api/stream.mjpeg",
    Transport.HLS: "api/stream.m3u8",
    Transport.FLV: "api/stream.flv",
    Transport.WHEP: "api/webrtc",
}


@dataclass(frozen=True, slots=True)
class Api:
    """One server's API."""

    url: str
    options: Go2RtcOptions
    http: HttpClient

    def ask(self, deadline_s: float) -> Listed:
        """All streams that are configured."""
        reply = self.http.get(below(self.url, "api/streams"), login=self.options.login, deadline_s=deadline_s)
        return streams(reply.json(), self.url, self.options)


def streams(document: Any, url: str, options: Go2RtcOptions) -> Listed:
    """The streams of a reply; raises SourceDataError."""
    if not isinstance(document, dict) or not all(row is None or isinstance(row, dict) for row in document.values()):
        raise SourceDataError("wrong_shape", "streams are no objects by name")
    return each(list(document.items()), lambda item: _stream(item[0], item[1] or {}, url, options))


def _stream(given: str, row: Mapping[str, Any], url: str, options: Go2RtcOptions) -> Stream:
    name = clean(given, LONGEST_NAME)
    producers = row.get("producers") or []
    if not name or not isinstance(producers, list):
        raise RecordRejected(name or "?", "producers are no list" if name else "no name")
    addresses = {transport: f"{below(url, path)}?src={quote(given, safe='')}" for transport, path in _PATHS.items()}
    if options.rtsp_port:
        addresses[Transport.RTSP] = on_port(url, options.rtsp_port, quoted(given), "rtsp")
    return Stream(name=name, count=_received(producers), codec=_codec(producers), addresses=addresses)


def _received(producers: Iterable[Any]) -> float | None:
    """Bytes of video, else of everything, that all producers received; None when none of them is connected.

    They have only an address then.
    """
    connected = [producer for producer in producers if isinstance(producer, dict)]
    video = [number(each.get("bytes")) or 0.0 for producer in connected for each in _video_of(producer)]
    if video:
        return sum(video)
    counted = [_bytes(producer) for producer in connected]
    known = [count for count in counted if count is not None]
    return sum(known) if known else None


def _video_of(producer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The tracks of pictures that are received; [] where their kind isn't told (before 1.9)."""
    receivers = producer.get("receivers")
    tracks = [each for each in receivers if isinstance(each, dict)] if isinstance(receivers, list) else []
    codecs = [(each, each.get("codec")) for each in tracks]
    return [each for each, codec in codecs if isinstance(codec, dict) and codec.get("codec_type") == "video"]


def _bytes(producer: Mapping[str, Any]) -> float | None:
    """`bytes_recv` (since 1.9.5), `recv` before, else those of its receivers; 0 when it is connected and says none."""
    for name in ("bytes_recv", "recv"):
        found = number(producer.get(name))
        if found is not None:
            return found
    receivers = producer.get("receivers")
    if not isinstance(receivers, list):
        return None
    return sum(number(each.get("bytes")) or 0.0 for each in receivers if isinstance(each, dict))


def _codec(producers: Iterable[Any]) -> str:
    """The codec that is received, else the one a producer offers (`video, recvonly, H264`)."""
    words: list[Any] = []
    for producer in producers:
        if not isinstance(producer, dict):
            continue
        for receiver in producer.get("receivers") or ():
            codec = receiver.get("codec") if isinstance(receiver, dict) else None
            words.append(codec.get("codec_name") if isinstance(codec, dict) else None)
        for media in producer.get("medias") or ():
            words += str(media).split(", ") if str(media).startswith("video") else ()
    return next(filter(None, map(codec_of, words)), "")


def build(settings: SourceSettings, http: HttpClient) -> ServerSource:
    """Make the source; raises ValueError for wrong options."""
    options = read_options(Go2RtcOptions, settings)
    return make_source(settings, http, MANIFEST, options, Api(settings.url, options, http).ask, drops_dead=False)
