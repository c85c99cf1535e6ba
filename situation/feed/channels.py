"""Channels: for every scene that somebody follows, the events its followers get beside the overview's frames."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from situation.clock import Clock
from situation.feed import wire
from situation.feed.composer import Composer
from situation.feed.history import History, Sent

KEPT_EVENTS = 100
KEPT_BYTES = 4_000_000
MOST_BEHIND = 30
LINGERS_S = 60.0
"""Real seconds for which a scene is still built after its last follower has left: a rotation comes back to it."""

T = TypeVar("T")
InThread = Callable[[Callable[[], bytes | None]], Awaitable[bytes | None]]


class Channel:
    """The events of one scene and who follows it."""

    def __init__(self) -> None:
        self.history = History(0, KEPT_EVENTS, KEPT_BYTES)
        self.followers = 0
        self.left_s = 0.0
        self.told_ages: dict[str, int | None] = {}


class Channels:
    """All scenes that are followed. Belongs to the event loop; building happens in the composer's thread."""

    def __init__(self, composer: Composer, clock: Clock, in_thread: InThread) -> None:
        self._composer = composer
        self._clock = clock
        self._in_thread = in_thread
        self._of: dict[str, Channel] = {}

    @property
    def followed(self) -> tuple[str, ...]:
        """The scenes that are built now."""
        return tuple(self._of)

    async def step(self) -> None:
        """Send what is new in every scene that is followed, and stop building those that nobody wants any more."""
        for key, channel in list(self._of.items()):
            if not channel.followers and self._clock.monotonic() - channel.left_s > LINGERS_S:
                del self._of[key]
                await self._in_thread(lambda key=key: self._composer.close_scene(key))  # type: ignore[misc]
                continue
            await self._build(key, channel)

    async def _build(self, key: str, channel: Channel) -> None:
        if not self._composer.is_scene_due(key):
            return
        event = await self._in_thread(lambda: self._composer.compose_scene(key))
        if event is not None:
            channel.history.add(Sent(event, None))

    def tell_ages(self) -> None:
        """Tell the followers which ages moved, as a beat does for the overview."""
        for key, channel in self._of.items():
            ages = self._composer.scene_ages(key)
            moved = {panel: at for panel, at in ages.items() if channel.told_ages.get(panel) != at}
            channel.told_ages = ages
            if moved and channel.followers:
                channel.history.add(Sent(wire.scene_event(key, self._composer.published.seq, {}, moved), None))

    def wake(self) -> None:
        """Let everybody who waits look again."""
        for channel in self._of.values():
            channel.history.wake()

    @contextmanager
    def following(self, scenes: Iterable[str]) -> Iterator[list[SceneReader]]:
        """Readers of these scenes; they are built for as long as this lasts."""
        channels = {key: self._of.setdefault(key, Channel()) for key in scenes}
        for channel in channels.values():
            channel.followers += 1
        try:
            yield [SceneReader(key, channel, self) for key, channel in channels.items()]
        finally:
            for channel in channels.values():
                channel.followers -= 1
                channel.left_s = self._clock.monotonic()

    async def whole(self, key: str, channel: Channel) -> bytes:
        """A scene's opening event; builds what has not been built yet, a little at a time."""
        while True:
            event = await self._in_thread(lambda: self._composer.whole_scene(key))
            if event is not None:
                return event
            await self._build(key, channel)


class SceneReader:
    """One client's place in one scene: the whole scene first, then what changed; the whole again if it fell behind."""

    def __init__(self, key: str, channel: Channel, channels: Channels) -> None:
        self.key = key
        self._channel = channel
        self._channels = channels
        self._position: int | None = None

    @property
    def has_news(self) -> bool:
        """Whether `read` would give anything."""
        return self._position is None or self._position < self._channel.history.end

    async def read(self) -> bytes:
        """Everything since the last read."""
        history = self._channel.history
        bodies = None if self._position is None else history.since(self._position)
        is_behind = self._position is not None and history.end - self._position > MOST_BEHIND
        self._position = history.end
        if bodies is not None and not is_behind:
            return b"".join(bodies)
        # what is sent while the whole is made comes again after it: in the same order it ends at the same picture
        return await self._channels.whole(self.key, self._channel)

    async def wait(self, is_over: Callable[[], bool]) -> None:
        """Return when there is news, or when it is over."""
        if self._position is not None:
            await self._channel.history.wait(self._position, is_over)


async def any_of(waits: Iterable[Awaitable[None]]) -> None:
    """Return when the first of these does; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
