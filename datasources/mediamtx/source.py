"""The `mediamtx` source: paths of a MediaMTX server by its control API (`GET /v3/paths/list`, MediaMTX 1.x).

`ready` is a word; a path lives while the bytes that come in grow (`bytesReceived`, since 1.13 `inboundBytes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasources.contract import Manifest, SourceDataError, SourceSettings
from datasources.fields import Raw, each, identifier, number, rows
from datasources.http import HttpClient
from datasources.media.addresses import codec_of
from datasources.media.offer import Transport
from datasources.media.server import LONGEST_NAME, Listed, ServerSource, Stream, below, make_source, on_port, quoted
from datasources.mediamtx.options import MediaMtxOptions
from datasources.options import read_options

MANIFEST = Manifest(kind="mediamtx", records=("camera",), interval_s=15, timeout_s=15, stale_after_s=90, resumes=True)
MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Api:
    """One server's control API."""

    url: str
    options: MediaMtxOptions
    http: HttpClient

    def ask(self, deadline_s: float) -> Listed:
        """All paths, of all pages."""
        found: list[Any] = []
        for page in range(MOST_PAGES):
            document = self.http.get(
                below(self.url, "v3/paths/list"),
                params={"page": page, "itemsPerPage": self.options.page_size},
                login=self.options.login,
                deadline_s=deadline_s,
            ).json()
            if not isinstance(document, dict):
                raise SourceDataError("wrong_shape", "paths/list is no object")
            items = rows(document.get("items"), "items")
            found += items
            if not items or page + 1 >= (number(document.get("pageCount")) or 1):
                break
        return each(found, lambda row: stream(row, self.url, self.options))


def stream(row: Raw, url: str, options: MediaMtxOptions) -> Stream:
    """One path; raises RecordRejected without a name."""
    name = identifier(row, "name")[:LONGEST_NAME]
    return Stream(
        name=name,
        count=_count(row, options.on_demand),
        codec=next(filter(None, map(codec_of, _tracks(row))), ""),
        addresses=_addresses(quoted(name), url, options),
    )


def _tracks(row: Raw) -> list[Any]:
    """What its tracks are coded in: `tracks2` holds objects and takes the place of `tracks`, words, now deprecated."""
    told = [track for name in ("tracks2", "tracks") if isinstance(row.get(name), list) for track in row[name]]
    return [track.get("codec") if isinstance(track, dict) else track for track in told]


def _count(row: Raw, on_demand: bool) -> float | None:
    """Bytes that came in; None for a path that is pulled only while somebody watches, and now nobody does."""
    if not _is_ready(row):
        return None if on_demand else 0.0
    counted = (number(row.get(name)) for name in ("inboundBytes", "bytesReceived"))
    return next((count for count in counted if count is not None), 0.0)


def _is_ready(row: Raw) -> bool:
    """Whether somebody's pictures come: `ready`, later called `available`. Of `online` only a no counts.

    A configured pull is `online` while idle, and a path that is `alwaysAvailable` is ready, with a placeholder whose
    bytes may be counted, though nobody publishes (MediaMTX, internal/core/path.go).
    """
    is_available = row.get("ready") is True or row.get("available") is True
    return is_available and row.get("online") is not False


def _addresses(name: str, url: str, options: MediaMtxOptions) -> Mapping[Transport, str]:
    web, rtsp = ("https", "rtsps") if options.is_encrypted else ("http", "rtsp")
    places = {
        Transport.HLS: (options.hls_port, f"{name}/index.m3u8", web),
        Transport.WHEP: (options.webrtc_port, f"{name}/whep", web),
        Transport.RTSP: (options.rtsp_port, name, rtsp),
    }
    return {transport: on_port(url, port, path, scheme) for transport, (port, path, scheme) in places.items() if port}


def build(settings: SourceSettings, http: HttpClient) -> ServerSource:
    """Make the source; raises ValueError for wrong options."""
    options = read_options(MediaMtxOptions, settings)
    return make_source(settings, http, MANIFEST, options, Api(settings.url, options, http).ask)
