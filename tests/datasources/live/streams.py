"""Streams for tests: FLV made tag by tag, an upstream the test plays, a source that counts what it is asked."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from datasources.contract import SourceError, SourceUnavailable
from datasources.media import Address, MediaOffer, Transport

HEADER = b"FLV\x01\x01\x00\x00\x00\x09\x00\x00\x00\x00"
SETTINGS = b"\x17\x00\x00\x00\x00avcC"
HEVC_SETTINGS = b"\x90hvc1hvcC"
KEY = b"\x17\x01\x00\x00\x00key"
BETWEEN = b"\x27\x01\x00\x00\x00between"


def tag(body: bytes, kind: int = 9, at_ms: int = 0) -> bytes:
    """One FLV tag with the length of itself behind it."""
    head = bytes([kind]) + len(body).to_bytes(3) + (at_ms & 0xFFFFFF).to_bytes(3) + bytes([at_ms >> 24]) + b"\0\0\0"
    return head + body + (len(head) + len(body)).to_bytes(4)


METADATA = tag(b"\x02\x00\x0aonMetaData", kind=18)
BEGINNING = HEADER + METADATA + tag(SETTINGS)


class Played:
    """An Upstream whose bytes the test puts in; `put(b"")` ends it."""

    content_type = "video/x-flv"

    def __init__(self) -> None:
        self._queue: queue.Queue[bytes | SourceError] = queue.Queue()
        self.closed = threading.Event()

    def put(self, data: bytes | SourceError) -> None:
        self._queue.put(data)

    def read(self) -> bytes:
        try:
            data = self._queue.get(timeout=10)
        except queue.Empty:  # its test is over: an error in this thread would fail whichever test runs now
            return b""
        if isinstance(data, SourceError):
            raise data
        return data

    def close(self) -> None:
        self.closed.set()


class Noticed:
    """A viewer's wake that a test can wait for."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __call__(self) -> None:
        self._event.set()

    def until(self, has_come: Callable[[], bool], timeout_s: float = 60.0) -> bool:
        """Wait, wake by wake, until something has come."""
        while not has_come():
            self._event.clear()
            if has_come():
                return True
            if not self._event.wait(timeout_s):
                return has_come()
        return True


@dataclass
class CountedMedia:
    """A CameraMedia that offers what it is told."""

    addresses: dict[Transport, Address] = field(default_factory=dict)
    codec: str = ""
    failure: SourceUnavailable | None = None
    offered: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)

    def still(self, media_ref: str, deadline_s: float) -> Address | None:
        return self.addresses.get(Transport.SNAPSHOT)

    def offer(self, media_ref: str, deadline_s: float) -> MediaOffer:
        self.offered.append(media_ref)
        if self.failure is not None:
            raise self.failure
        return MediaOffer(addresses=dict(self.addresses), codec=self.codec)

    def release(self, media_ref: str, deadline_s: float) -> None:
        self.released.append(media_ref)
