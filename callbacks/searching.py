"""The search index of this web process: read once after the start, kept fresh beside the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence

from callbacks import memory
from callbacks.services import Services
from situation.search import KINDS, Group, SearchIndex
from situation.store import StoreError

_log = logging.getLogger(__name__)

FRESH_S = 2.0
"""A search this long after the last refresh starts another one; it does not wait for it."""

IDLE_S = 60.0
"""Refreshed this often though nobody searches, so that the first search after a quiet night is quick too."""

RETRY_S = 10.0
FIRST_REST_S = 3.0
"""The first screens come before the index."""


class Searcher:
    """Use `start` and `close` around the application's life. All methods belong to the event loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._index = SearchIndex(services.store, services.scope)
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._refreshed_s = float("-inf")

    @property
    def index(self) -> SearchIndex:
        """The index itself."""
        return self._index

    def start(self) -> None:
        """Begin to read, in the background."""
        self._task = asyncio.create_task(self._follow(), name="search")

    async def close(self) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def search(self, text: str, limit: int, kinds: Sequence[str] = KINDS) -> tuple[Group, ...] | None:
        """What matches; None until the index has been read for the first time."""
        if self._services.clock.monotonic() - self._refreshed_s > FRESH_S:
            self._wanted.set()
        if not self._index.is_built:
            return None
        return await self._services.readers.run(self._index.search, text, limit, kinds)

    async def refresh(self) -> None:
        """Take in what was changed, now."""
        await self._services.readers.run(self._index.refresh)
        self._refreshed_s = self._services.clock.monotonic()

    async def _follow(self) -> None:
        await self._rest(FIRST_REST_S)
        while True:
            try:
                is_first = not self._index.is_built
                await self.refresh()
                if is_first:
                    memory.settle()
                pause_s = IDLE_S
            except StoreError as error:
                _log.warning("the search index can't be refreshed: %s", error)
                pause_s = RETRY_S
            await self._rest(pause_s)

    async def _rest(self, seconds: float) -> None:
        """Until somebody searches, or so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wanted.wait(), seconds)
        self._wanted.clear()
