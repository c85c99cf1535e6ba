"""A few places for what costs the machine: ffmpeg processes."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from datasources.contract import SourceUnavailable
from datasources.media.upstream import Upstream


class Places:
    """So many at once, no more; nobody waits for a place."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken = 0
        self._lock = threading.Lock()

    def take(self) -> Place:
        """A place; raises SourceUnavailable("busy") when all are taken."""
        with self._lock:
            if self._taken >= self.most:
                raise SourceUnavailable("busy", f"{self.most} cameras are being converted already")
            self._taken += 1
        return Place(self)

    def give_back(self) -> None:
        """One place more."""
        with self._lock:
            self._taken -= 1


@dataclass(slots=True)
class Place:
    """One of the places, until it is left."""

    places: Places
    is_left: bool = False

    def leave(self) -> None:
        """Give it back, once."""
        if not self.is_left:
            self.is_left = True
            self.places.give_back()

    def held(self, upstream: Upstream) -> Upstream:
        """The upstream; its place is left when it is closed."""
        return _Held(upstream, self)


@dataclass(slots=True)
class _Held:
    upstream: Upstream
    place: Place

    @property
    def content_type(self) -> str:
        return self.upstream.content_type

    def read(self) -> bytes:
        return self.upstream.read()

    def close(self) -> None:
        try:
            self.upstream.close()
        finally:
            self.place.leave()
