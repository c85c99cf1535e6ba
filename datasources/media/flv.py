"""HTTP-FLV (Adobe FLV 10.1, Annex E; codecs by FourCC as in Enhanced RTMP) cut into tags.

A late viewer is given the header, the newest metadata and decoder settings, and everything since the last key picture.
"""

from __future__ import annotations

from datasources.contract import SourceDataError
from datasources.media.units import Unit

CONTENT_TYPE = "video/x-flv"
LARGEST_TAG = 8_000_000
LARGEST_GROUP = 12_000_000
"""A group of pictures larger than this is not kept: late viewers wait for the next key picture."""

_HEADER = 13  # "FLV", version, flags, its length in four bytes, the length of no previous tag
_TAG = 11
_AUDIO, _VIDEO, _SCRIPT = 8, 9, 18
_AVC, _HEVC = 7, 12


class FlvSplitter:
    """Cuts one FLV stream (a Splitter). `codec` is `h264`, `h265` or "" until its first picture came."""

    content_type = CONTENT_TYPE
    may_skip = False

    def __init__(self) -> None:
        self._rest = bytearray()
        self._header = b""
        self._settings: dict[int, bytes] = {}  # by type of tag: metadata, decoder settings
        self._group: list[Unit] = []
        self._group_bytes = 0
        self.codec = ""

    def feed(self, data: bytes) -> list[Unit]:
        """The header and every whole tag."""
        self._rest += data
        units: list[Unit] = []
        if not self._header:
            if len(self._rest) < _HEADER:
                return units
            if self._rest[:3] != b"FLV":
                raise SourceDataError("wrong_shape", "not an FLV stream")
            self._header = self._take(_HEADER)
            units.append(Unit(self._header))
        while len(self._rest) >= _TAG:
            size = int.from_bytes(self._rest[1:4]) + _TAG + 4
            if size > LARGEST_TAG or self._rest[0] & 0x1F not in (_AUDIO, _VIDEO, _SCRIPT):
                raise SourceDataError("wrong_shape", "a broken FLV tag")
            if len(self._rest) < size:
                break
            units.append(self._noted(self._take(size)))
        return units

    def opening(self) -> list[Unit]:
        """Header, metadata, decoder settings and the group of pictures under way."""
        if not self._header:
            return []
        settings = [Unit(self._settings[kind]) for kind in (_SCRIPT, _VIDEO, _AUDIO) if kind in self._settings]
        return [Unit(self._header), *settings, *self._group]

    def _take(self, size: int) -> bytes:
        taken = bytes(self._rest[:size])
        del self._rest[:size]
        return taken

    def _noted(self, tag: bytes) -> Unit:
        kind, body = tag[0] & 0x1F, tag[_TAG:-4]
        if kind == _SCRIPT or _is_settings(kind, body):
            self._settings[kind] = tag
            if kind == _VIDEO:
                self.codec = _codec(body)
            return Unit(tag)
        is_picture = kind == _VIDEO and len(body) > 0
        unit = Unit(tag, is_picture, is_picture and (body[0] >> 4) & 0x7 == 1)
        self._keep(unit)
        return unit

    def _keep(self, unit: Unit) -> None:
        if unit.is_key:
            self._group, self._group_bytes = [], 0
        elif not self._group:
            return  # before the first key picture, or of a group that is too large
        self._group.append(unit)
        self._group_bytes += len(unit.body)
        if self._group_bytes > LARGEST_GROUP:
            self._group, self._group_bytes = [], 0


def _is_settings(kind: int, body: bytes) -> bool:
    """Decoder settings come once and are needed by everybody who comes later."""
    if len(body) < 2:
        return False
    if kind == _AUDIO:
        codec = body[0] >> 4
        return (codec == 10 and body[1] == 0) or (codec == 9 and body[0] & 0x0F == 0)
    if body[0] & 0x80:
        return body[0] & 0x0F == 0
    return body[0] & 0x0F in (_AVC, _HEVC) and body[1] == 0


def _codec(body: bytes) -> str:
    if body[0] & 0x80:
        return {b"avc1": "h264", b"hvc1": "h265"}.get(bytes(body[1:5]), "other")
    return {_AVC: "h264", _HEVC: "h265"}.get(body[0] & 0x0F, "other")
