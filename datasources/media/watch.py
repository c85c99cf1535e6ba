"""One camera that somebody looks at: what its upstream offers, and the relays that run for it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from datasources.contract import SourceDataError, SourceError, SourceUnavailable
from datasources.media.ffmpeg import open_converter
from datasources.media.flv import FlvSplitter
from datasources.media.hls import Body, HlsRelay
from datasources.media.hub import Hub, Viewer
from datasources.media.mjpeg import MjpegSplitter
from datasources.media.offer import Address, CameraMedia, MediaOffer, Transport
from datasources.media.origins import Origins
from datasources.media.places import Places
from datasources.media.units import Splitter
from datasources.media.upstream import Upstream, open_web
from datasources.media.whep import hang_up, negotiate
from situation.clock import Clock

OFFER_S = 6.0
FAILED_S = 3.0
"""A camera that just failed is left alone for so long."""

GRACE_S = 6.0
"""A stream nobody watches goes on for so long: whoever turns a page back finds it running."""

IDLE_S = 20.0
"""A camera that nothing was asked of for so long is let go: HLS and WHEP have no connection that ends."""

CONVERTED = "converted"
MOST_SESSIONS = 50


@dataclass(frozen=True, slots=True)
class Converting:
    """How ffmpeg is run: the program, None where there is none, and how many may run at once."""

    program: str | None
    places: Places


@dataclass(frozen=True, slots=True)
class Playable:
    """One way to watch: a Transport that a browser can take, or `converted`. `codec` as MediaOffer has it."""

    transport: str
    codec: str


@dataclass
class Watch:
    """Everything of one camera. Safe for use by several threads; `lock` is held while the upstream is asked."""

    name: str
    media: CameraMedia
    media_ref: str
    clock: Clock
    converting: Converting
    touched_s: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    _offer: MediaOffer | None = None
    _failure: tuple[float, SourceError] | None = None
    _hubs: dict[str, Hub] = field(default_factory=dict)
    _hls: HlsRelay | None = None
    _sessions: dict[str, str] = field(default_factory=dict)
    _is_started: bool = False

    def playable(self) -> tuple[Playable, ...]:
        """What can be watched now, best first. What failed since the last offer makes the upstream be asked again."""
        with self.lock:
            self._bury()
            offer = self._offered()
        codec = offer.codec
        direct = [
            Playable(each.value, codec)
            for each in (Transport.WHEP, Transport.FLV, Transport.HLS)
            if each in offer.addresses
        ]
        if Transport.RTSP in offer.addresses and self.converting.program and self.converting.places.most:
            direct.append(Playable(CONVERTED, "h264"))
        if Transport.MJPEG in offer.addresses:
            direct.append(Playable(Transport.MJPEG.value, "mjpeg"))
        return tuple(direct)

    def stream(self, transport: str, wake: Callable[[], None]) -> Viewer:
        """Watch FLV, MJPEG or what ffmpeg makes; waits for the first picture. Raises SourceError."""
        with self.lock:
            self._bury()
            hub = self._hubs.get(transport)
            if hub is None:
                hub = Hub(f"{self.name} {transport}", self._opener(transport), self.clock)
                self._hubs[transport] = hub
        return hub.join(wake)

    def hls(self, name: str, byte_range: str) -> Body:
        """A playlist or segment; raises SourceError."""
        with self.lock:
            if self._hls is None:
                address, origins = self._address(Transport.HLS)
                self._hls = HlsRelay(address, origins, self.clock)
            relay = self._hls
        try:
            return relay.get(name, byte_range)
        except SourceError:
            self._offer = None  # it may have moved: whoever looks next has the upstream asked again
            raise

    def call(self, sdp: bytes) -> tuple[bytes, str]:
        """The answer to an SDP offer, and the session's name with us."""
        with self.lock:
            address, origins = self._address(Transport.WHEP)
            if len(self._sessions) >= MOST_SESSIONS:
                raise SourceUnavailable("busy", "too many sessions of one camera")
        answer, session = negotiate(address, origins, sdp)
        name = secrets.token_hex(12)
        with self.lock:
            self._sessions[name] = session
        return answer, name

    def hang_up(self, name: str) -> None:
        """End a session; an unknown one is no error."""
        with self.lock:
            session = self._sessions.pop(name, "")
            if not session:
                return
            address, origins = self._address(Transport.WHEP)
        hang_up(address, origins, session)

    def settle(self) -> None:
        """Stop what nobody watches. While the upstream is being asked, there is somebody who wants it."""
        if not self.lock.acquire(blocking=False):
            return
        try:
            self._bury()
            for transport, hub in list(self._hubs.items()):
                unwatched_s = hub.unwatched_s()
                if unwatched_s is None:
                    self.touched_s = self.clock.monotonic()
                elif unwatched_s > GRACE_S:
                    hub.stop()
                    del self._hubs[transport]
        finally:
            self.lock.release()

    @property
    def is_idle(self) -> bool:
        """Whether nothing was asked of it for long enough to let it go."""
        return self.clock.monotonic() - self.touched_s > IDLE_S

    def close(self, deadline_s: float) -> None:
        """Stop everything and undo what the upstream started for us."""
        with self.lock:
            for hub in self._hubs.values():
                hub.stop()
            self._hubs.clear()
            names = list(self._sessions)
        for name in names:
            with suppress(SourceError):  # it is let go because nobody answers any more, maybe the upstream neither
                self.hang_up(name)
        if self._is_started:
            self._is_started = False
            self.media.release(self.media_ref, deadline_s)

    def _bury(self) -> None:
        """Forget streams that have ended by themselves, and what was offered: the camera may be elsewhere by now."""
        over = [transport for transport, hub in self._hubs.items() if hub.is_over]
        for transport in over:
            del self._hubs[transport]
        if over:
            self._offer = None

    def _offered(self) -> MediaOffer:
        now_s = self.clock.monotonic()
        if self._offer is not None:
            return self._offer
        if self._failure is not None and now_s - self._failure[0] < FAILED_S:
            raise self._failure[1]
        try:
            self._is_started = True
            offer = self.media.offer(self.media_ref, now_s + OFFER_S)
        except SourceError as error:
            self._failure = (self.clock.monotonic(), error)
            raise
        self._offer, self._failure = offer, None
        if self._hls is not None and not self._hls.is_of(offer.addresses.get(Transport.HLS)):
            self._hls = None
        return offer

    def _address(self, transport: Transport) -> tuple[Address, Origins]:
        offer = self._offered()
        address = offer.addresses.get(transport)
        if address is None:
            raise SourceDataError("not_offered", f"no {transport} of this camera")
        return address, Origins.of(offer.addresses.values())

    def _opener(self, transport: str) -> Callable[[], tuple[Upstream, Splitter]]:
        if transport == CONVERTED:
            program = self.converting.program
            if program is None:
                raise SourceDataError("not_offered", "there is no ffmpeg here")
            address, _ = self._address(Transport.RTSP)
            codec = self._offered().codec
            return lambda: self._convert(program, address, codec)
        address, origins = self._address(Transport(transport))
        return lambda: _relayed(transport, address, origins)

    def _convert(self, program: str, address: Address, codec: str) -> tuple[Upstream, Splitter]:
        place = self.converting.places.take()
        try:
            return place.held(open_converter(program, address, codec, self.clock)), FlvSplitter()
        except BaseException:
            place.leave()
            raise


def _relayed(transport: str, address: Address, origins: Origins) -> tuple[Upstream, Splitter]:
    upstream = open_web(address, origins)
    if transport == Transport.MJPEG:
        return upstream, MjpegSplitter(upstream.content_type)
    return upstream, FlvSplitter()
