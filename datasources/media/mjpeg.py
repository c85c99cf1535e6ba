"""Motion JPEG (`multipart/x-mixed-replace`) cut into pictures, whatever its upstream's boundary and headers are like.

Handed on with one boundary of ours and the length of every picture: a page can read it without looking for ends.
"""

from __future__ import annotations

import re

from datasources.contract import SourceDataError
from datasources.media.units import Unit

BOUNDARY = "onescreen"
CONTENT_TYPE = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
LARGEST_PICTURE = 8_000_000
_BEGIN, _END = b"\xff\xd8\xff", b"\xff\xd9"
_LENGTH = re.compile(rb"content-length:\s*(\d{1,9})", re.IGNORECASE)
_BOUNDARY = re.compile(r"boundary=\"?([^\";,\s]+)", re.IGNORECASE)


class MjpegSplitter:
    """Cuts one stream of JPEG pictures (a Splitter)."""

    content_type = CONTENT_TYPE
    may_skip = True

    def __init__(self, content_type: str = "") -> None:
        named = _BOUNDARY.search(content_type)
        mark = named[1].removeprefix("--") if named else ""
        self._mark = f"\r\n--{mark}".encode()
        self._rest = bytearray()
        self._last: Unit | None = None

    def feed(self, data: bytes) -> list[Unit]:
        """Every whole picture."""
        self._rest += data
        units = []
        while (picture := self._next()) is not None:
            self._last = Unit(part(picture), is_picture=True, is_key=True)
            units.append(self._last)
        return units

    def opening(self) -> list[Unit]:
        """The last picture."""
        return [self._last] if self._last else []

    def _next(self) -> bytes | None:
        begin = self._rest.find(_BEGIN)
        if begin < 0:
            self._check(len(self._rest))
            return None
        end = self._end(begin)
        if end is None:
            self._check(len(self._rest) - begin)
            return None
        picture = bytes(self._rest[begin:end])
        del self._rest[:end]
        return picture

    def _end(self, begin: int) -> int | None:
        """Where the picture ends: by its part's length, else before the next boundary; None while it is not whole."""
        lengths = _LENGTH.findall(self._rest, 0, begin)
        if lengths:
            end = begin + int(lengths[-1])
            return end if end <= len(self._rest) else None
        mark = self._rest.find(self._mark, begin)
        if mark >= 0:
            return mark
        # a picture that ends exactly where what has come ends: waiting for the next boundary costs a whole picture
        return len(self._rest) if self._rest.endswith((_END, _END + b"\r\n")) else None

    def _check(self, size: int) -> None:
        if size > LARGEST_PICTURE:
            raise SourceDataError("no_picture", "not a stream of JPEG pictures")


def part(picture: bytes) -> bytes:
    """One picture as a part of our own stream."""
    head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
    return head.encode() + picture + b"\r\n"
