"""Large fetches take turns: what their replies become weighs many times their bytes, and several at once add up."""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

LARGE_BYTES = 8 * 1024 * 1024
"""Of all replies of a fetch together."""

LENT_AFTER_S = 1.0
"""An upstream that takes longer to answer keeps nobody waiting: another may go first meanwhile."""

LONGEST_WAIT_S = 60.0
"""Then two are in hand, which is only large."""

_LOOK_S = 0.1


class Turns:
    """Whose turn it is. `monotonic` tells real seconds."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.monotonic = monotonic
        self.holder: Turn | None = None
        self.waiting: deque[Turn] = deque()  # the next one first
        self.changed = threading.Condition()


class Turn:
    """What one fetch has of it: from its first megabytes until what they became is written, or it has failed."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._size = 0
        self._asking_since_s: float | None = None
        self._is_over = False
        self.waited_s = 0.0
        """Real seconds spent waiting for others, which are no fault of the upstream."""

    def ask(self) -> None:
        """The upstream is about to be asked."""
        self._asking_since_s = self._turns.monotonic()

    def answer(self, size: int) -> None:
        """A reply of so many bytes is here and nothing is made of it yet: waits where the fetch is a large one."""
        self._asking_since_s = None
        self._size += size
        if self._size < LARGE_BYTES or self._is_over:
            return
        with self._turns.changed:
            if self._turns.holder is not self:
                self._wait()

    def _wait(self) -> None:
        turns, began_s = self._turns, self._turns.monotonic()
        turns.waiting.append(self)
        while not self._is_next() and turns.monotonic() - began_s < LONGEST_WAIT_S:
            turns.changed.wait(_LOOK_S)
        if self._is_next():
            turns.holder = self
            _give_back()
        turns.waiting.remove(self)
        self.waited_s += turns.monotonic() - began_s

    def end(self) -> None:
        """Let others have their turn; nothing for a fetch that was none, or is over."""
        with self._turns.changed:
            self._is_over = True
            if self._turns.holder is self:
                self._turns.holder = None
                self._turns.changed.notify_all()

    def _is_next(self) -> bool:
        holder = self._turns.holder
        if self._turns.waiting[0] is not self:
            return False
        if holder is None:
            return True
        since_s = holder._asking_since_s
        return since_s is not None and self._turns.monotonic() - since_s >= LENT_AFTER_S


def _give_back() -> None:
    """What the last large fetch left free in between goes back to the system; only glibc has to be asked to."""
    if _trim is not None:
        _trim(0)


_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
_turns = Turns()
_mine = threading.local()


@contextlib.contextmanager
def taking_turns(turns: Turns = _turns) -> Iterator[Turn]:
    """The turn of a whole fetch, which runs in this thread; ended here when it fails, else by whoever has written."""
    turn = _mine.turn = Turn(turns)
    try:
        yield turn
    except BaseException:
        turn.end()
        raise
    finally:
        _mine.turn = None


def my_turn() -> Turn:
    """That of the fetch in this thread; outside of one, a turn that waits for nobody and nobody waits for."""
    return getattr(_mine, "turn", None) or Turn(Turns())
