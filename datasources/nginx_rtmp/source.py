"""The `nginx_rtmp` source: streams that are published to nginx's RTMP module, by its statistics (`rtmp_stat`).

Its HLS playlist goes on being served, frozen, for half a minute after a feed has died; the statistics drop it at once.
They are those of the one worker that answers (`<pid>`): with several workers nobody is told of all streams.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree.ElementTree import Element

from datasources.cap.elements import child, children, find_all, said
from datasources.contract import Manifest, RecordRejected, SourceDataError, SourceSettings
from datasources.decode import decode_xml
from datasources.fields import each, number
from datasources.http import HttpClient
from datasources.media.addresses import codec_of
from datasources.media.offer import Transport
from datasources.media.server import LONGEST_NAME, Listed, ServerSource, Stream, below, make_source, quoted
from datasources.nginx_rtmp.options import NginxRtmpOptions
from datasources.options import read_options

MANIFEST = Manifest(kind="nginx_rtmp", records=("camera",), interval_s=15, timeout_s=10, stale_after_s=90, resumes=True)


REMEMBERED = 120
"""Answers of which it is remembered who gave them: half an hour. Who comes back after another was not restarted."""

ASKED_AGAIN = 6
"""Times that are asked at once when another worker answers: to see soon whether the first is still there."""


@dataclass(slots=True)
class Statistics:
    """One server's statistics page."""

    url: str
    options: NginxRtmpOptions
    http: HttpClient
    _workers: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED), repr=False)

    def ask(self, deadline_s: float) -> Listed:
        """All streams that are published now; raises SourceDataError("several_workers")."""
        body = self._told(deadline_s)
        if len(self._workers) > 1 and self._workers[-1] != self._workers[-2]:
            for _ in range(ASKED_AGAIN):
                self._told(deadline_s)
        changes = sum(one != other for one, other in pairwise(self._workers))
        if changes >= len(set(self._workers)):
            raise SourceDataError("several_workers", "each tells only its own streams: set worker_processes 1")
        return streams(body, self.url, self.options)

    def _told(self, deadline_s: float) -> bytes:
        """The statistics of whichever worker takes the connection: one that is kept would always ask the same."""
        url = below(self.url, self.options.stat_path)
        headers = {"Connection": "close"}
        body = self.http.get(url, headers=headers, deadline_s=deadline_s, login=self.options.login).body
        self._workers.append(_worker_of(body))
        return body


def _worker_of(body: bytes) -> str:
    """The process that tells; "" where it isn't said."""
    return said(decode_xml(body), "pid", 20)


def streams(body: bytes, url: str, options: NginxRtmpOptions) -> Listed:
    """The published streams of a statistics document; raises SourceDataError."""
    root = decode_xml(body)
    if root.tag != "rtmp":
        raise SourceDataError("wrong_shape", f"not RTMP statistics: {root.tag[:40]}")
    return each(list(_published(root, options)), lambda found: _stream(found[0], found[1], url, options))


def _published(root: Element, options: NginxRtmpOptions) -> Iterator[tuple[str, Element]]:
    """Streams with their application's name; who only plays one makes it no camera."""
    for application in find_all(root, "application"):
        name = said(application, "name", LONGEST_NAME)
        if options.applications and name not in options.applications:
            continue
        for live in children(application, "live"):
            for stream in children(live, "stream"):
                if child(stream, "publishing") is not None:
                    yield name, stream


def _stream(application: str, element: Element, url: str, options: NginxRtmpOptions) -> Stream:
    name = said(element, "name", LONGEST_NAME)
    if not name:
        raise RecordRejected("?", "a stream without a name")
    paths = {
        Transport.HLS: options.hls_path,
        Transport.FLV: options.flv_path,
        Transport.SNAPSHOT: options.snapshot_path,
    }
    filled = {
        transport: path.replace("{app}", quoted(application)).replace("{name}", quoted(name))
        for transport, path in paths.items()
        if path
    }
    codecs = [codec_of(said(video, "codec", 20)) for video in find_all(element, "video")]
    return Stream(
        name=f"{application}/{name}" if application else name,
        count=number(said(element, "bytes_in", 30)) or 0.0,
        codec=next(filter(None, codecs), ""),
        addresses={transport: below(url, path) for transport, path in filled.items()},
    )


def build(settings: SourceSettings, http: HttpClient) -> ServerSource:
    """Make the source; raises ValueError for wrong options."""
    options = read_options(NginxRtmpOptions, settings)
    return make_source(settings, http, MANIFEST, options, Statistics(settings.url, options, http).ask)
