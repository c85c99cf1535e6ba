"""What the web process works with, handed to every route and callback: no globals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from situation.clock import Clock
from situation.scope import Scope
from situation.settings import Settings
from situation.store import Store

if TYPE_CHECKING:
    from situation.feed import Feed

P = ParamSpec("P")
T = TypeVar("T")

READERS = 8
"""Threads for store reads: enough for a burst of clicks, few enough to leave the feed its share of the processor."""


class MediaUnavailable(Exception):
    """A picture could not be had. `status` is the HTTP status to answer, the text may be shown on screens."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class MediaFetcher(Protocol):
    """Fetches pictures from upstreams; app.py hands one in because this room must not know the sources."""

    def snapshot(self, source: str, media: str, timeout_s: float) -> bytes:
        """A JPEG of the channel `media` of `source`, blocking at most `timeout_s`; raises MediaUnavailable."""
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
    """The parts of the running product. `release` names this build: walls reload when it changes."""

    settings: Settings
    store: Store
    feed: Feed
    clock: Clock
    scope: Scope
    media: MediaFetcher
    release: str
    data_folder: Path
    readers: ReaderPool = field(default_factory=ReaderPool)
