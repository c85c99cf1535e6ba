"""HLS playlists (RFC 8216) rewritten: every address in them becomes one of ours, what we do not know is left out.

Tags are let through by name. Left out are low-latency parts, content steering, variables and interstitials: each of
them could name addresses in ways of its own. What remains is plain HLS, which every player speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from datasources.contract import SourceDataError, SourceError

LARGEST_PLAYLIST = 1_000_000
MOST_LINES = 20_000
DEFAULT_TARGET_S = 6.0
LONGEST_TARGET_S = 60.0

_PLAIN = frozenset(
    {
        "#EXT-X-VERSION",
        "#EXT-X-TARGETDURATION",
        "#EXT-X-MEDIA-SEQUENCE",
        "#EXT-X-DISCONTINUITY-SEQUENCE",
        "#EXT-X-DISCONTINUITY",
        "#EXT-X-ENDLIST",
        "#EXT-X-PLAYLIST-TYPE",
        "#EXT-X-I-FRAMES-ONLY",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-START",
        "#EXT-X-BYTERANGE",
        "#EXT-X-PROGRAM-DATE-TIME",
        "#EXT-X-GAP",
        "#EXT-X-BITRATE",
        "#EXT-X-STREAM-INF",
        "#EXT-X-ALLOW-CACHE",
    }
)
_ADDRESSED = {
    "#EXT-X-KEY": "key",
    "#EXT-X-SESSION-KEY": "key",
    "#EXT-X-MAP": "segment",
    "#EXT-X-MEDIA": "playlist",
    "#EXT-X-I-FRAME-STREAM-INF": "playlist",
}
"""Tags with an address in `URI`, and what is behind it."""

_URI = re.compile(r'(^|,)\s*URI="([^"]*)"')
_LASTING = re.compile(r"#EXTINF:\s*\d{1,6}(?:\.\d{1,9})?")
_NUMBER = re.compile(r"#(EXT-X-TARGETDURATION|EXT-X-MEDIA-SEQUENCE):\s*(\d{1,12}(?:\.\d{1,6})?)")

Name = Callable[[str, str], str]
"""(absolute address, `playlist`, `segment` or `key`) → the name under which we serve it; raises SourceError."""


@dataclass(frozen=True, slots=True)
class Playlist:
    """A rewritten playlist. `position` moves when new segments come; "" for a list of playlists."""

    text: str
    target_s: float
    position: str
    is_ended: bool


def rewrite(text: str, base: str, name: Name) -> Playlist:
    """The playlist that was fetched from `base`, with our names in it; raises SourceDataError for what is none."""
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    if not lines or lines[0] != "#EXTM3U" or len(lines) > MOST_LINES:
        raise SourceDataError("wrong_shape", "not an HLS playlist")
    written, pending, last, is_master = ["#EXTM3U"], "", "", False
    for line in lines[1:]:
        tag = line.partition(":")[0]
        if not line.startswith("#"):
            if line:
                last = line
                written += [pending, name(urljoin(base, line), "playlist" if is_master else "segment")]
                pending = ""
        elif lasting := _LASTING.match(line):
            pending = f"{lasting[0]},"  # its title may say anything
        elif tag == "#EXT-X-STREAM-INF":
            is_master, pending = True, _plain(line)
        elif kept := _tag(line, tag, base, name):
            written.append(kept)
    return _told(lines, [line for line in written if line], last, is_master)


def _tag(line: str, tag: str, base: str, name: Name) -> str:
    """A tag with our addresses; "" when it is left out."""
    if tag in _PLAIN:
        return _plain(line)
    kind = _ADDRESSED.get(tag)
    if kind is None:
        return ""

    def ours(found: re.Match[str]) -> str:
        return f'{found[1]}URI="{name(urljoin(base, found[2]), kind)}"'

    head, _, attributes = line.partition(":")
    try:
        written = f"{head}:{_URI.sub(ours, attributes)}"
    except SourceError:
        return ""
    return _plain(written)


def _plain(line: str) -> str:
    """The line, when nothing in it looks like an address."""
    return "" if "//" in line else line


def _told(lines: list[str], written: list[str], last: str, is_master: bool) -> Playlist:
    numbers = {found[1]: found[2] for line in lines if (found := _NUMBER.match(line))}
    target_s = float(numbers.get("EXT-X-TARGETDURATION", DEFAULT_TARGET_S)) or DEFAULT_TARGET_S
    position = "" if is_master else f"{numbers.get('EXT-X-MEDIA-SEQUENCE', '0')} {len(lines)} {last}"
    return Playlist("\n".join(written) + "\n", min(target_s, LONGEST_TARGET_S), position, "#EXT-X-ENDLIST" in lines)


def frozen_after_s(target_s: float) -> float:
    """Without a new segment for so long a live playlist stands still: soon enough to say so within ten seconds,
    where its segments are short enough for that to be known."""
    return max(1.5 * target_s, min(2 * target_s + 1, 7.0))
