"""All cameras that somebody looks at. A camera's upstream is asked when the first one looks, let go after the last."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from datasources.contract import SourceDataError, SourceError, SourceUnavailable
from datasources.media.ffmpeg import find_ffmpeg
from datasources.media.hls import Body
from datasources.media.hub import Viewer
from datasources.media.offer import CameraMedia
from datasources.media.places import Places
from datasources.media.watch import Converting, Playable, Watch
from situation.clock import Clock
from situation.media import MediaUnavailable

BEAT_S = 1.0
RELEASE_S = 5.0
CLOSE_S = 2.0
MOST_WATCHED = 200
"""Cameras looked at at once: more than any room has screens for."""

_log = logging.getLogger(__name__)

MediaOf = Callable[[str], CameraMedia | None]
"""Key of a source → how its cameras are looked at; None: not at all."""


STATUS = {"timeout": 504, "not_offered": 404, "gone": 404, "busy": 503, "frozen": 503}
"""What a browser is answered, by the code of what went wrong upstream; 502 for the others."""


@contextmanager
def _told() -> Iterator[None]:
    """Errors of an upstream become those that the routes know; what is shown of them is their code."""
    try:
        yield
    except SourceError as error:
        raise MediaUnavailable(STATUS.get(error.safe_text, 502), error.safe_text) from error


@dataclass
class Gateway:
    """Live pictures for the web process. Every method blocks, is for a thread, and raises MediaUnavailable."""

    media_of: MediaOf
    clock: Clock
    converting: Converting
    _watches: dict[tuple[str, str], Watch] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _keeper: threading.Thread | None = None

    def playable(self, source: str, media: str) -> tuple[Playable, ...]:
        """The ways to watch a camera now, best first."""
        with _told():
            return self._watch(source, media).playable()

    def stream(self, source: str, media: str, transport: str, wake: Callable[[], None]) -> Viewer:
        """Watch by `flv`, `mjpeg` or `converted`; waits for the first picture."""
        with _told():
            return self._watch(source, media).stream(transport, wake)

    def hls(self, source: str, media: str, name: str, byte_range: str) -> Body:
        """A playlist or segment, whole (`byte_range` "") or in part."""
        with _told():
            return self._watch(source, media).hls(name, byte_range)

    def call(self, source: str, media: str, sdp: bytes) -> tuple[bytes, str]:
        """WHEP: the SDP answer and the session's name."""
        with _told():
            return self._watch(source, media).call(sdp)

    def hang_up(self, source: str, media: str, session: str) -> None:
        """WHEP: end a session."""
        with _told():
            self._watch(source, media).hang_up(session)

    def watched(self) -> int:
        """How many cameras are looked at."""
        return len(self._watches)

    def settle(self) -> None:
        """Let go of what nobody looks at any more; called every BEAT_S."""
        for watch in list(self._watches.values()):
            watch.settle()
        with self._lock:
            idle = [key for key, watch in self._watches.items() if watch.is_idle]
            gone = [self._watches.pop(key) for key in idle]
        for watch in gone:
            self._release(watch, RELEASE_S)

    def close(self) -> None:
        """Let go of everything; takes CLOSE_S at most, plus what one upstream needs to answer."""
        self._stop.set()
        with self._lock:
            gone = list(self._watches.values())
            self._watches.clear()
        releasing = [threading.Thread(target=self._release, args=(watch, CLOSE_S), daemon=True) for watch in gone]
        for thread in releasing:
            thread.start()
        for thread in releasing:
            thread.join(CLOSE_S)

    def _watch(self, source: str, media_ref: str) -> Watch:
        key = (source, media_ref)
        with self._lock:
            watch = self._watches.get(key)
            if watch is None:
                watch = self._new(source, media_ref)
                self._watches[key] = watch
            watch.touched_s = self.clock.monotonic()
        return watch

    def _new(self, source: str, media_ref: str) -> Watch:
        media = self.media_of(source)
        if media is None:
            raise SourceDataError("not_offered", f"source {source} has no live pictures")
        if len(self._watches) >= MOST_WATCHED:
            raise SourceUnavailable("busy", f"{MOST_WATCHED} cameras are looked at already")
        if self._keeper is None and not self._stop.is_set():
            self._keeper = threading.Thread(target=self._keep, name="media gateway", daemon=True)
            self._keeper.start()
        return Watch(f"of {source}", media, media_ref, self.clock, self.converting)

    def _keep(self) -> None:
        while not self._stop.wait(BEAT_S):
            self.settle()

    def _release(self, watch: Watch, within_s: float) -> None:
        try:
            watch.close(self.clock.monotonic() + within_s)
        except SourceError as error:
            _log.warning("a camera %s was not let go properly: %s", watch.name, error)


def open_gateway(media_of: MediaOf, conversions: int, clock: Clock) -> Gateway:
    """The gateway to the cameras of all sources; `conversions` ffmpeg processes at once, 0 for none."""
    converting = Converting(find_ffmpeg() if conversions else None, Places(conversions))
    return Gateway(media_of, clock, converting)
