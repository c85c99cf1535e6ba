"""Panels by a reader's own choice: built beside the composer, shared by all who choose the same, never many at once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from situation.clock import Clock
from situation.feed import wire
from situation.feed.board import Shown
from situation.live import Moment
from situation.panels import PANELS_BY_KEY, Choice, ChoiceError

HOLDS_S = 1.0
"""Real seconds for which an answer is good."""

MOST_KEPT = 200
MOST_WAITING = 64

Ask = Callable[[Callable[[Moment], bytes]], Awaitable[bytes]]


class Overloaded(Exception):
    """Too many different choices are being computed; ask again in a second."""


class Choices:
    """Answers for `/api/panels`. Belongs to the event loop; `ask` runs work on a moment beside the composer."""

    def __init__(self, ask: Ask, clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._kept: OrderedDict[tuple[object, ...], tuple[float, bytes]] = OrderedDict()
        self._under_way: dict[tuple[object, ...], asyncio.Future[bytes]] = {}
        self._turn = asyncio.Semaphore(1)  # so that a frame waits for one question at most

    async def panel(self, key: str, choice: Choice) -> bytes:
        """The JSON of a panel; raises ChoiceError, Overloaded, and whatever its build raises."""
        question = (key, *sorted(choice.items()))
        kept = self._kept.get(question)
        if kept is not None and self._clock.monotonic() - kept[0] < HOLDS_S:
            return kept[1]
        running = self._under_way.get(question)
        if running is None:
            if len(self._under_way) >= MOST_WAITING:
                raise Overloaded
            running = self._under_way[question] = asyncio.ensure_future(self._answer(question, key, choice))
            running.add_done_callback(lambda _done: self._under_way.pop(question, None))
        return await asyncio.shield(running)

    async def _answer(self, question: tuple[object, ...], key: str, choice: Choice) -> bytes:
        async with self._turn:
            body = await self._ask(lambda moment: answer(moment, key, choice))
        self._kept[question] = (self._clock.monotonic(), body)
        self._kept.move_to_end(question)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return body


def answer(moment: Moment, key: str, choice: Choice) -> bytes:
    """One panel as `/api/panels` gives it."""
    panel = PANELS_BY_KEY[key]
    if choice and panel.choose is None:
        name, value = next(iter(choice.items()))
        raise ChoiceError(name, value, ())
    values = panel.choose(moment, choice) if choice and panel.choose is not None else panel.build(moment)
    shown = Shown(values, panel.standing(moment, values)).to_wire(values)
    return wire.to_json({"seq": moment.live.seq, "at": moment.at_ms, "choice": choice, "panel": shown})
