"""What the web process works with, handed to every route and callback: no globals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from callbacks.doors import Door
from situation.clock import Clock
from situation.media import MediaUnavailable as MediaUnavailable
from situation.scope import Scope
from situation.settings import Settings
from situation.store import Store

if TYPE_CHECKING:
    from situation.feed import Feed

P = ParamSpec("P")
T = TypeVar("T")

READERS = 8
"""Threads for store reads: enough for a burst of clicks, few enough to leave the feed its share of the processor."""


class MediaFetcher(Protocol):
    """Fetches pictures from upstreams; app.py hands one in because this room must not know the sources."""

    def snapshot(self, source: str, media: str, timeout_s: float) -> bytes:
        """A JPEG of the channel `media` of `source`, blocking at most `timeout_s`; raises MediaUnavailable."""
        ...


class Playable(Protocol):
    """One way to watch: `transport` is whep, flv, hls, mjpeg or converted; `codec` "" when it is not said."""

    @property
    def transport(self) -> str: ...
    @property
    def codec(self) -> str: ...


class LiveStream(Protocol):
    """A stream that is being watched."""

    @property
    def content_type(self) -> str: ...

    def take(self) -> bytes | None:
        """What has come since, b"" when nothing has, None at the end. Never blocks."""
        ...

    def close(self) -> None:
        """Watch no longer."""
        ...


class LivePiece(Protocol):
    """A playlist or segment; `content_range` "" when it is whole."""

    @property
    def body(self) -> bytes: ...
    @property
    def content_type(self) -> str: ...
    @property
    def content_range(self) -> str: ...


class LiveMedia(Protocol):
    """Live pictures from upstreams, as MediaFetcher has still ones. Methods block and raise MediaUnavailable."""

    def playable(self, source: str, media: str) -> Sequence[Playable]:
        """The ways to watch a camera now, best first. Asked only when somebody looks."""
        ...

    def stream(self, source: str, media: str, transport: str, wake: Callable[[], None]) -> LiveStream:
        """Watch; returns with the first picture. `wake` is called from another thread when there is more to take."""
        ...

    def hls(self, source: str, media: str, name: str, byte_range: str) -> LivePiece:
        """A playlist or segment under the name that a playlist gave it; the first is `index.m3u8`."""
        ...

    def call(self, source: str, media: str, sdp: bytes) -> tuple[bytes, str]:
        """WHEP: the SDP answer to an offer, and the session's name."""
        ...

    def hang_up(self, source: str, media: str, session: str) -> None:
        """WHEP: end a session."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class ReaderPool:
    """Runs blocking reads beside the event loop, on threads of its own so that nothing else can use them up."""

    def __init__(self, workers: int = READERS, name: str = "reader") -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=name)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `function(*args, **kwargs)`, run in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: function(*args, **kwargs))

    def close(self) -> None:
        """Let running reads end and refuse new ones."""
        self._executor.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of the running product. `release` names this build: walls reload when it changes.

    `doors`: key of a source → how its system shows who it is when it pushes.
    """

    settings: Settings
    store: Store
    feed: Feed
    clock: Clock
    scope: Scope
    media: MediaFetcher
    release: str
    data_folder: Path
    live: LiveMedia | None = None
    readers: ReaderPool = field(default_factory=ReaderPool)
    doors: Mapping[str, Door] = field(default_factory=dict)
