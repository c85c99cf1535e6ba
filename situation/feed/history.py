"""The last frames, kept once for all clients: each reads on from where it stands, at its own pace."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice


@dataclass(frozen=True, slots=True)
class Sent:
    """One event as it went out. Only frames (`seq` is not None) are worth sending again."""

    body: bytes
    seq: int | None


class History:
    """A bounded run of sent events, numbered from 0. Belongs to the event loop.

    Several frames may carry the same seq (time alone changes what is shown), so a client that has seen `seq` is
    given everything from the first frame of that seq on: frames hold absolute values, repeating one does no harm.
    """

    def __init__(self, floor_seq: int, limit: int, limit_bytes: int) -> None:
        self._events: deque[Sent] = deque()
        self._first = 0
        self._bytes = 0
        self._floor_seq = floor_seq
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._news = asyncio.Event()

    @property
    def end(self) -> int:
        """Number that the next event will get."""
        return self._first + len(self._events)

    def add(self, sent: Sent) -> None:
        """Keep an event and wake whoever waits for it; the oldest ones go when there are too many."""
        self._events.append(sent)
        self._bytes += len(sent.body)
        while len(self._events) > self._limit or (self._bytes > self._limit_bytes and len(self._events) > 1):
            gone = self._events.popleft()
            self._first += 1
            self._bytes -= len(gone.body)
            if gone.seq is not None:
                self._floor_seq = gone.seq + 1
        news, self._news = self._news, asyncio.Event()
        news.set()

    def start_after(self, seq: int) -> int | None:
        """Where a client that has seen `seq` must read on; None when frames it missed are gone."""
        if seq < self._floor_seq:
            return None
        position = self.end
        for back, sent in enumerate(reversed(self._events), start=1):
            if sent.seq is None:
                continue
            if sent.seq < seq:
                break
            position = self.end - back
        return position

    def since(self, position: int) -> Iterator[bytes] | None:
        """The events from a position on; None when some of them are gone."""
        if position < self._first:
            return None
        return (sent.body for sent in islice(self._events, position - self._first, None))

    async def wait(self, position: int, is_over: Callable[[], bool]) -> None:
        """Return when there is an event at `position`, or when it is over."""
        while position >= self.end and not is_over():
            await self._news.wait()

    def wake(self) -> None:
        """Let everybody who waits look again (the feed is closing)."""
        news, self._news = self._news, asyncio.Event()
        news.set()
