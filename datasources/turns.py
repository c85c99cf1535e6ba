"""Large replies take turns: what one of them becomes weighs many times its bytes, and several at once add up."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

LARGE_BYTES = 4 * 1024 * 1024

_turn = threading.Lock()
_mine = threading.local()


@contextlib.contextmanager
def taking_turns() -> Iterator[None]:
    """Within, this thread has only as large a reply in hand as no other thread has; used around a whole fetch."""
    _mine.may, _mine.has = True, False
    try:
        yield
    finally:
        pass_on()
        _mine.may = False


def wait_for_turn(size: int, longest_s: float) -> None:
    """Called when a reply of so many bytes is here and nothing is made of it yet: waits while another large one is.

    Never longer than `longest_s`: then both are in hand, which is only large. Nothing outside `taking_turns`.
    """
    if size >= LARGE_BYTES and getattr(_mine, "may", False) and not _mine.has:
        _mine.has = _turn.acquire(timeout=min(max(longest_s, 0.0), threading.TIMEOUT_MAX))


def pass_on() -> None:
    """Let others have their turn: before the upstream is asked again, for whose slowness nobody should wait."""
    if getattr(_mine, "has", False):
        _mine.has = False
        _turn.release()
