"""Feed: the one line from the store to every screen. Computed once, serialised once, the same bytes to all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from situation.clock import Clock
from situation.feed import wire
from situation.feed.channels import Channels, SceneReader, any_of
from situation.feed.choices import Choices
from situation.feed.composer import Composer, Frame
from situation.feed.history import History, Sent
from situation.feed.readings import StoreReadings
from situation.feed.settings import context_of
from situation.live import Moment
from situation.numbers import NUMBERS
from situation.panels import Choice
from situation.scope import EVERYTHING, Scope
from situation.settings import Settings
from situation.store import Store, StoreError

_log = logging.getLogger(__name__)

T = TypeVar("T")

POLL_S = 0.04
SNAPSHOT_S = 1.0
KEPT_EVENTS = 1_500
KEPT_BYTES = 8_000_000
MOST_BEHIND = 50
"""Events a client may fall behind before it is told to start over."""

MOST_AHEAD = 1_000
"""A client may know later changes than this process has read yet (it came from another one), but not by this many."""

SILENT_S = 5.0
"""A feed that has not looked for news for so long can't be trusted."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 10.0

OnFrame = Callable[[datetime | None, datetime, int], None]


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """Whether the feed can be trusted, and why not."""

    is_ok: bool
    reason: str
    seq: int
    clients: int


class Feed:
    """Follows the store for everybody who may see `scope`. All methods belong to the event loop it was started in."""

    def __init__(
        self, store: Store, settings: Settings, clock: Clock, scope: Scope = EVERYTHING, release: str = ""
    ) -> None:
        self._clock = clock
        self._release = release
        self._beat_every_s = settings.feed.beat_every_s
        context = context_of(settings, clock, StoreReadings(store))
        self.sources = context.sources
        """What is known of the past of the sources; written by whoever reads it."""
        self.pictures = context.pictures
        """What is found of cameras' pictures; written by whoever fetches them."""
        self._composer = Composer(store, context, clock, scope, settings.feed.frame_every_s)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="feed")
        self._channels = Channels(self._composer, clock, self._in_thread)
        self._choices = Choices(self.ask, clock)
        self._history = History(0, KEPT_EVENTS, KEPT_BYTES)
        self._task: asyncio.Task[None] | None = None
        self._listeners: list[OnFrame] = []
        self._clients = 0
        self._is_closing = False
        self._failure = "not started"
        self._looked_s = float("-inf")
        self._beaten_s = float("-inf")
        self._told_ages: dict[str, int | None] = {}
        self._packed: tuple[object, float, bytes] = (None, float("-inf"), b"")
        self._columns: tuple[object, list[dict[str, Any]], bytes] = (None, [], b"")

    @property
    def clients(self) -> int:
        """How many are listening now."""
        return self._clients

    @property
    def seq(self) -> int:
        """Number of the last change that every screen has or is about to get."""
        return self._composer.published.seq

    def on_frame(self, listener: OnFrame) -> None:
        """Have `listener(oldest_at, sent_at, bytes)` called for every frame; no `oldest_at` when only time passed."""
        self._listeners.append(listener)

    def health(self) -> FeedHealth:
        """Whether what the screens get can be trusted."""
        reason = self._failure
        if not reason and self._clock.monotonic() - self._looked_s > SILENT_S:
            reason = "the feed has not looked for news for too long"
        return FeedHealth(not reason, reason, self.seq, self._clients)

    def numbers(self) -> dict[str, float | int | None]:
        """Every number of `situation.numbers` as the screens show it."""
        shown = self._composer.published.panels.get("kpi")
        return {number.key: None if shown is None else shown.values.get(number.key) for number in NUMBERS}

    def panels(self) -> dict[str, Any]:
        """Every panel as on the wire, with all its values."""
        return {key: shown.to_wire(shown.values) for key, shown in self._composer.published.panels.items()}

    async def ask(self, work: Callable[[Moment], T]) -> T:
        """What `work` makes of the situation as it stands now, in the feed's own thread: milliseconds, no more."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._composer.ask, work)

    async def panel(self, key: str, choice: Choice) -> bytes:
        """JSON of one panel by a reader's choice; raises ChoiceError, Overloaded, what its build raises."""
        return await self._choices.panel(key, choice)

    async def start(self, *, follow: bool = True) -> None:
        """Read the situation and follow it; raises StoreError when it can't be read. Without `follow`, call `step`."""
        await self._in_thread(self._composer.load)
        resend = self._composer.resend()
        self._history = History(resend.seq, KEPT_EVENTS, KEPT_BYTES)
        self._history.add(Sent(resend.body, resend.seq))
        self._failure = ""
        self._looked_s = self._beaten_s = self._clock.monotonic()
        self._told_ages = self._ages()
        if follow:
            self._task = asyncio.create_task(self._follow(), name="feed")

    async def close(self) -> None:
        """Stop following and let every subscriber end."""
        self._is_closing = True
        self._history.wake()
        self._channels.wake()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown(wait=True)

    async def step(self) -> None:
        """Look for news once, and send what is due."""
        frame = await self._in_thread(self._composer.step)
        self._looked_s = self._clock.monotonic()
        if frame is not None:
            self._send(frame)
        await self._channels.step()
        if self._looked_s - self._beaten_s >= self._beat_every_s:
            self._beaten_s = self._looked_s
            self._beat()

    async def subscribe(self, last_event_id: int | None = None, scenes: Sequence[str] = ()) -> AsyncIterator[bytes]:
        """Server-sent events from now on, or from where a returning client stopped. Ends after a `reset`.

        `scenes` are those whose panels are wanted too: each comes whole first, then what changed.
        """
        self._clients += 1
        try:
            history = self._history
            position = history.end if last_event_id is None else self._resume(history, last_event_id)
            yield wire.COMMENT + self._whole_beat()
            is_back = False
            with self._channels.following(scenes) as readers:
                while not self._is_closing:
                    bodies = None if position is None else history.since(position)
                    if position is None or bodies is None or (is_back and history.end - position > MOST_BEHIND):
                        yield wire.RESET
                        return
                    chunk, position, is_back = b"".join(bodies), history.end, True
                    if chunk:
                        yield chunk
                    for reader in readers:
                        if reader.has_news:
                            yield await reader.read()
                    if position == history.end:
                        await self._news(history, position, readers)
        finally:
            self._clients -= 1

    async def _news(self, history: History, position: int, readers: Sequence[SceneReader]) -> None:
        """Return when there is anything to send, or when the feed closes."""
        if not readers:
            await history.wait(position, self._is_over)
        elif not any(reader.has_news for reader in readers):
            await any_of([history.wait(position, self._is_over), *(reader.wait(self._is_over) for reader in readers)])

    def _is_over(self) -> bool:
        return self._is_closing

    def snapshot(self) -> bytes:
        """Everything, for a screen that starts; the same object until something changes or a second has passed."""
        published, now_s = self._composer.published, self._clock.monotonic()
        of, packed_s, body = self._packed
        if of is published and now_s - packed_s < SNAPSHOT_S:
            return body
        if self._columns[0] is not published.marks:
            self._columns = (published.marks, *wire.columns(published.marks))
        header = {
            "release": self._release,
            "seq": published.seq,
            "at": wire.to_ms(self._clock.now()),
            "newest_at": wire.to_ms(published.newest_at),
            "oldest_at": wire.to_ms(published.oldest_at),
            "panels": self.panels(),
            "marks": self._columns[1],
            "categories": published.categories,
        }
        body = wire.snapshot(header, self._columns[2])
        self._packed = (published, now_s, body)
        return body

    def _resume(self, history: History, seq: int) -> int | None:
        if seq > self.seq + MOST_AHEAD:
            return None  # a number this store never gave out: it was replaced
        return history.start_after(seq)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _follow(self) -> None:
        """Never ends by itself: a failure is logged, makes the health red, and everything is read anew."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                if self._failure:
                    frame = await self._in_thread(self._composer.load)
                    if frame is not None:
                        self._send(frame)
                    _log.info("the feed works again")
                    self._failure, pause_s = "", FIRST_PAUSE_S
                await self.step()
                # news at hand leave on the dot, not at the next look for more of them
                await asyncio.sleep(min(self._composer.rests_s() or POLL_S, POLL_S))
            except Exception as error:
                if not self._failure:
                    is_defect = not isinstance(error, StoreError)  # of a store that is away one line says all
                    _log.error("the feed failed and starts anew: %s", error, exc_info=is_defect)
                self._failure = f"the feed failed: {error}"
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _send(self, frame: Frame) -> None:
        self._history.add(Sent(frame.body, frame.seq))
        sent_at = self._clock.now()
        for listener in self._listeners:
            listener(frame.oldest_at, sent_at, len(frame.body))

    def _ages(self) -> dict[str, int | None]:
        return {key: wire.to_ms(shown.standing.as_of) for key, shown in self._composer.published.panels.items()}

    def _beat(self) -> None:
        ages = self._ages()
        moved = {key: as_of for key, as_of in ages.items() if self._told_ages.get(key) != as_of}
        self._told_ages = ages
        self._history.add(Sent(self._beat_with(moved), None))
        self._channels.tell_ages()

    def _whole_beat(self) -> bytes:
        return self._beat_with(self._ages())

    def _beat_with(self, ages: dict[str, int | None]) -> bytes:
        beat = {"at": wire.to_ms(self._clock.now()), "release": self._release, "seq": self.seq, "as_of": ages}
        return wire.event("beat", beat)
