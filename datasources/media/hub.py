"""One upstream stream, read once by a thread of its own and handed to all who watch it."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence

from datasources.contract import SourceError, SourceUnavailable
from datasources.media.units import Splitter, Unit
from datasources.media.upstream import Upstream
from situation.clock import Clock

MOST_WAITING = 6_000_000
"""Bytes that wait for one slow viewer. Then pictures are skipped where they may be, or he is let go and comes again."""

PICTURELESS_S = 7.0
"""A stream without a picture for so long is dead, whatever else it says."""

FIRST_S = 8.0
"""So long a viewer waits for the first picture."""

_log = logging.getLogger(__name__)

Opener = Callable[[], tuple[Upstream, Splitter]]


class Viewer:
    """One who watches. `wake` is called, from another thread, whenever there is more to `take`."""

    def __init__(self, hub: Hub, wake: Callable[[], None]) -> None:
        self._hub = hub
        self._wake = wake
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._is_ended = False
        self.content_type = ""

    def take(self) -> bytes | None:
        """All that waits, b"" when nothing does, None when the stream has ended."""
        with self._hub.lock:
            if self._waiting:
                taken = b"".join(self._waiting)
                self._waiting.clear()
                self._size = 0
                return taken
            return None if self._is_ended else b""

    def close(self) -> None:
        """Watch no longer."""
        self._hub.leave(self)

    def offer(self, units: Sequence[Unit], may_skip: bool) -> None:
        """More to see; called with the hub's lock held."""
        for unit in units:
            if self._size + len(unit.body) > MOST_WAITING and self._waiting:
                if not may_skip:
                    self.end()
                    return
                self._waiting.clear()
                self._size = 0
            self._waiting.append(unit.body)
            self._size += len(unit.body)
        self._wake()

    def end(self) -> None:
        """Nothing more will come; called with the hub's lock held."""
        self._is_ended = True
        self._wake()


class Hub:
    """Reads for as long as it is wanted. It never starts again by itself: whoever wants more makes another one."""

    def __init__(self, name: str, opener: Opener, clock: Clock) -> None:
        self.lock = threading.Lock()
        self._opener = opener
        self._clock = clock
        self._viewers: set[Viewer] = set()
        self._splitter: Splitter | None = None
        self._failure: SourceError | None = None
        self._is_stopping = False
        self._settled = threading.Event()  # the first picture came, or it has ended
        self._has_picture = False
        self._left_s = clock.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"stream {name}", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self._is_stopping or self._failure is not None

    def join(self, wake: Callable[[], None]) -> Viewer:
        """Watch; waits for the first picture, FIRST_S at most. Raises SourceError when there is none."""
        viewer = Viewer(self, wake)
        with self.lock:
            if self._failure is not None:
                raise self._failure
            self._viewers.add(viewer)  # at once: somebody waits, so it is wanted
            opened = self._splitter
            if opened is not None:
                viewer.offer(opened.opening(), opened.may_skip)
        self._settled.wait(FIRST_S)
        splitter = self._splitter
        if splitter is None or not self._has_picture:
            viewer.close()
            raise self._failure or SourceUnavailable("timeout", "no picture came")
        viewer.content_type = splitter.content_type
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """One viewer less."""
        with self.lock:
            self._viewers.discard(viewer)
            self._left_s = self._clock.monotonic()

    def unwatched_s(self) -> float | None:
        """For how long nobody has watched; None while somebody does."""
        with self.lock:
            return None if self._viewers else self._clock.monotonic() - self._left_s

    def stop(self) -> None:
        """Read no more; the thread lets go of its upstream within SILENCE_S."""
        self._is_stopping = True

    def wait(self, timeout_s: float) -> bool:
        """Whether its thread has ended, within `timeout_s`."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        failure: SourceError = SourceUnavailable("ended", "the stream has ended")
        try:
            upstream, splitter = self._opener()
            try:
                self._relay(upstream, splitter)
            finally:
                upstream.close()
        except SourceError as error:
            failure = error
        finally:
            self._finish(failure)

    def _relay(self, upstream: Upstream, splitter: Splitter) -> None:
        with self.lock:
            self._splitter = splitter
        seen_s = self._clock.monotonic()
        while not self._is_stopping and (data := upstream.read()):
            units = self._hand_on(data, splitter)
            now_s = self._clock.monotonic()
            if any(unit.is_picture for unit in units):
                seen_s = now_s
                self._has_picture = True
                self._settled.set()
            elif now_s - seen_s > PICTURELESS_S:
                raise SourceUnavailable("timeout", "bytes, but no picture")

    def _hand_on(self, data: bytes, splitter: Splitter) -> Sequence[Unit]:
        """Cut and give under one lock: nobody who comes meanwhile is given anything twice."""
        with self.lock:
            units = splitter.feed(data)
            for viewer in self._viewers if units else ():
                viewer.offer(units, splitter.may_skip)
        return units

    def _finish(self, failure: SourceError) -> None:
        with self.lock:
            self._failure = failure
            for viewer in self._viewers:
                viewer.end()
        self._settled.set()
        if not self._is_stopping:
            _log.info("%s ended: %s", self._thread.name, failure.safe_text)
