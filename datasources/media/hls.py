"""HLS through us: playlists rewritten, segments fetched once for all who watch, frozen playlists found out."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from datasources.contract import SourceDataError, SourceUnavailable
from datasources.media.offer import Address
from datasources.media.origins import Origins
from datasources.media.playlist import LARGEST_PLAYLIST, Playlist, frozen_after_s, rewrite
from datasources.media.upstream import open_web
from situation.clock import Clock

INDEX = "index.m3u8"
PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
PLAYLIST_KEPT_S = 0.5
LARGEST_SEGMENT = 24_000_000
KEPT_BYTES = 16_000_000
MOST_NAMES = 4_000
WITHIN_S = 8.0
"""For one whole playlist or segment."""

_TYPES: Mapping[str, str] = {
    ".ts": "video/mp2t",
    ".m4s": "video/mp4",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".aac": "audio/aac",
}
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})?$")
_CONTENT_RANGE = re.compile(r"bytes \d+-\d+/(\d+|\*)$")


@dataclass(frozen=True, slots=True)
class Body:
    """An answer for a browser. The type is ours, never the upstream's: no reply of its can become a page of ours."""

    body: bytes
    content_type: str
    content_range: str = ""


@dataclass(frozen=True, slots=True)
class _Named:
    url: str
    kind: str


class HlsRelay:
    """One camera's HLS. Asked by several threads at once; each playlist and segment is fetched by one of them."""

    def __init__(self, address: Address, origins: Origins, clock: Clock) -> None:
        self._address = address
        self._origins = origins
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self._names: OrderedDict[str, _Named] = OrderedDict()
        self._moved: dict[str, tuple[str, float]] = {}  # by name: where the playlist stood, and since when
        self._kept: OrderedDict[str, tuple[float, Body]] = OrderedDict()
        self._kept_bytes = 0
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}

    def is_of(self, address: Address | None) -> bool:
        """Whether it still is this address that is offered."""
        return address == self._address

    def get(self, name: str, byte_range: str = "") -> Body:
        """What we serve under a name that one of our playlists gave; raises SourceError."""
        named = self._named(name)
        asked = f"{name} {byte_range}"
        with self._turn(asked):
            kept = self._kept_body(asked, PLAYLIST_KEPT_S if named.kind == "playlist" else float("inf"))
            if kept is not None:
                return kept
            body = self._playlist(name, named.url) if named.kind == "playlist" else self._piece(named.url, byte_range)
            self._keep(asked, body)
            return body

    def _named(self, name: str) -> _Named:
        if name == INDEX:
            return _Named(self._address.url, "playlist")
        with self._lock:
            named = self._names.get(name)
            if named is None:
                raise SourceDataError("gone", "no such part of the stream, or no longer")
            self._names.move_to_end(name)
            return named

    def _name(self, url: str, kind: str) -> str:
        """A name that says nothing of the address, the same for the same address."""
        self._origins.check(url)
        suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
        suffix = ".m3u8" if kind == "playlist" else suffix if suffix in _TYPES else ".bin"
        name = hmac.new(self._key, url.encode(), hashlib.sha256).hexdigest()[:24] + suffix
        with self._lock:
            self._names[name] = _Named(url, kind)
            self._names.move_to_end(name)
            while len(self._names) > MOST_NAMES:
                self._names.popitem(last=False)
        return name

    def _playlist(self, name: str, url: str) -> Body:
        upstream = open_web(replace(self._address, url=url), self._origins)
        try:
            text = upstream.read_all(LARGEST_PLAYLIST, WITHIN_S).decode("utf-8", "replace")
        finally:
            upstream.close()
        playlist = rewrite(text, url, self._name)
        self._judge(name, playlist, _unchanged_s(upstream.headers))
        return Body(playlist.text.encode(), PLAYLIST_TYPE)

    def _judge(self, name: str, playlist: Playlist, unchanged_s: float) -> None:
        """Raises SourceUnavailable("frozen") for a playlist to which nothing has been added for too long."""
        if not playlist.position or playlist.is_ended:
            return
        now_s, limit_s = self._clock.monotonic(), frozen_after_s(playlist.target_s)
        with self._lock:
            position, since_s = self._moved.get(name, ("", now_s))
            if position != playlist.position:
                since_s = now_s
            self._moved[name] = (playlist.position, since_s)
        if max(now_s - since_s, unchanged_s) > limit_s:
            raise SourceUnavailable("frozen", f"the playlist has not moved for {limit_s:.0f} s")

    def _piece(self, url: str, byte_range: str) -> Body:
        wanted = _RANGE.match(byte_range)
        if byte_range and wanted is None:
            raise SourceDataError("http_status:416", "a byte range we do not pass on")
        headers = {"Range": byte_range} if wanted else {}
        upstream = open_web(replace(self._address, url=url), self._origins, headers=headers)
        try:
            body = upstream.read_all(LARGEST_SEGMENT, WITHIN_S)
        finally:
            upstream.close()
        kind = _TYPES.get(PurePosixPath(urlsplit(url).path).suffix.lower(), "application/octet-stream")
        if wanted is None:
            return Body(body, kind)
        told = upstream.headers.get("Content-Range", "")
        if upstream.status == 206 and _CONTENT_RANGE.match(told):
            return Body(body, kind, told)
        return _sliced(body, kind, wanted)

    def _turn(self, asked: str) -> threading.Lock:
        with self._lock:
            if len(self._turns) > 2 * MOST_NAMES:
                self._turns = {name: turn for name, turn in self._turns.items() if turn.locked()}
            return self._turns.setdefault(asked, threading.Lock())

    def _kept_body(self, asked: str, most_s: float) -> Body | None:
        with self._lock:
            at_s, body = self._kept.get(asked, (0.0, None))
            return body if body is not None and self._clock.monotonic() - at_s <= most_s else None

    def _keep(self, asked: str, body: Body) -> None:
        with self._lock:
            _, old = self._kept.pop(asked, (0.0, None))
            self._kept[asked] = (self._clock.monotonic(), body)
            self._kept_bytes += len(body.body) - (len(old.body) if old else 0)
            while self._kept_bytes > KEPT_BYTES:
                _, (_, gone) = self._kept.popitem(last=False)
                self._kept_bytes -= len(gone.body)


def _sliced(body: bytes, kind: str, wanted: re.Match[str]) -> Body:
    """The range of an upstream that knows none."""
    begin, end = int(wanted[1]), min(int(wanted[2] or len(body)), len(body) - 1)
    if begin > end:
        raise SourceDataError("http_status:416", "a byte range beyond the end")
    return Body(body[begin : end + 1], kind, f"bytes {begin}-{end}/{len(body)}")


def _unchanged_s(headers: Mapping[str, str]) -> float:
    """For how long the upstream itself says the playlist has been as it is, by its own clock; 0 where it is silent."""
    try:
        told = [parsedate_to_datetime(headers[name]) for name in ("Date", "Last-Modified")]
        return (told[0] - told[1]).total_seconds()
    except (KeyError, ValueError, TypeError):
        return 0.0
