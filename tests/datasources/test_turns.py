"""Large replies are in hand one at a time, and no upstream's slowness keeps the turn from others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from datasources.turns import LARGE_BYTES, pass_on, taking_turns, wait_for_turn

SOON_S = 10.0


def test_a_second_large_reply_waits_until_the_first_is_done() -> None:
    has_first, may_end, order = threading.Event(), threading.Event(), []

    def first() -> None:
        with taking_turns():
            wait_for_turn(LARGE_BYTES, SOON_S)
            has_first.set()
            may_end.wait(SOON_S)
            order.append("first")

    def second() -> None:
        has_first.wait(SOON_S)
        with taking_turns():
            may_end.set()
            wait_for_turn(LARGE_BYTES, SOON_S)
            order.append("second")

    _both(first, second)
    assert order == ["first", "second"]


def test_a_small_reply_waits_for_nobody() -> None:
    with taking_turns():
        wait_for_turn(LARGE_BYTES, SOON_S)
        assert _elsewhere(LARGE_BYTES - 1)


def test_the_turn_is_passed_on_before_the_next_page_is_asked_for() -> None:
    with taking_turns():
        wait_for_turn(LARGE_BYTES, SOON_S)
        pass_on()
        assert _elsewhere(LARGE_BYTES)


def test_the_turn_is_passed_on_when_a_fetch_fails() -> None:
    with pytest.raises(ValueError, match="broken"):
        _break()
    assert _elsewhere(LARGE_BYTES)


def test_whoever_has_waited_until_the_deadline_goes_on_and_takes_no_turn_from_the_other() -> None:
    with taking_turns():
        wait_for_turn(LARGE_BYTES, SOON_S)
        assert _elsewhere(LARGE_BYTES, longest_s=0.0)
        assert _elsewhere(LARGE_BYTES, longest_s=-1.0)


def test_outside_a_fetch_nothing_waits() -> None:
    with taking_turns():
        wait_for_turn(LARGE_BYTES, SOON_S)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(wait_for_turn, LARGE_BYTES, float("inf")).result(SOON_S)


def _break() -> None:
    with taking_turns():
        wait_for_turn(LARGE_BYTES, SOON_S)
        raise ValueError("broken")


def _elsewhere(size: int, longest_s: float = SOON_S) -> bool:
    """Whether a reply in another thread gets through well before what the other thread here would take."""

    def fetch() -> bool:
        with taking_turns():
            wait_for_turn(size, longest_s)
            return True

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(fetch).result(SOON_S / 2)


def _both(*parts: Callable[[], None]) -> None:
    with ThreadPoolExecutor(len(parts)) as pool:
        for done in [pool.submit(part) for part in parts]:
            done.result(SOON_S)
