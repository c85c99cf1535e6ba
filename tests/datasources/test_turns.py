"""Large fetches are in hand one at a time, until they are written, and no upstream's slowness keeps others waiting."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from datasources.turns import LARGE_BYTES, LENT_AFTER_S, LONGEST_WAIT_S, Turn, Turns, my_turn, taking_turns

SOON_S = 10.0


class Watch:
    """Real seconds, told by the test."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def begun(turns: Turns, size: int = LARGE_BYTES) -> Turn:
    with taking_turns(turns) as turn:
        my_turn().answer(size)
    return turn


def broken(turns: Turns) -> None:
    with taking_turns(turns):
        my_turn().answer(LARGE_BYTES)
        raise ValueError("broken")


def waiting(pool: ThreadPoolExecutor, turns: Turns) -> Future[Turn]:
    """A large fetch in a thread of its own, which has found that it is not its turn."""
    looked = threading.Event()
    plain = turns.changed.wait

    def wait(timeout: float | None = None) -> bool:
        looked.set()
        return plain(timeout)

    turns.changed.wait = wait  # type: ignore[method-assign]
    later = pool.submit(begun, turns)
    assert looked.wait(SOON_S)
    return later


def test_a_second_large_fetch_waits_until_the_first_is_written_not_only_fetched() -> None:
    turns = Turns()
    first = begun(turns)
    with ThreadPoolExecutor(1) as pool:
        second = waiting(pool, turns)
        assert not second.done()
        first.end()
        assert second.result(SOON_S) is turns.holder


def test_those_that_wait_come_in_the_order_in_which_they_came() -> None:
    turns = Turns()
    first = begun(turns)
    with ThreadPoolExecutor(2) as pool:
        second = waiting(pool, turns)
        third = waiting(pool, turns)
        first.end()
        second.result(SOON_S)
        assert not third.done()
        second.result().end()
        assert third.result(SOON_S) is turns.holder


def test_many_small_pages_make_a_large_fetch() -> None:
    turns = Turns()
    with taking_turns(turns) as turn:
        turn.answer(LARGE_BYTES // 2)
        assert turns.holder is None
        turn.answer(LARGE_BYTES // 2)
        assert turns.holder is turn


def test_a_small_fetch_waits_for_nobody() -> None:
    turns = Turns()
    first = begun(turns)
    begun(turns, LARGE_BYTES - 1)
    assert turns.holder is first


def test_the_turn_is_kept_while_the_next_page_comes_soon() -> None:
    watch = Watch()
    turns = Turns(watch)
    begun(turns).ask()
    with ThreadPoolExecutor(1) as pool:
        second = waiting(pool, turns)
        assert not second.done()
        watch.now_s = LENT_AFTER_S
        assert second.result(SOON_S) is turns.holder  # a slow upstream keeps nobody waiting


def test_whoever_lent_its_turn_waits_for_it_again() -> None:
    watch = Watch()
    turns = Turns(watch)
    first = begun(turns)
    first.ask()
    watch.now_s = LENT_AFTER_S
    second = begun(turns)
    with ThreadPoolExecutor(1) as pool:
        again = pool.submit(first.answer, 1)
        second.end()
        again.result(SOON_S)
    assert turns.holder is first


def test_the_turn_ends_when_a_fetch_fails() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="broken"):
        broken(turns)
    assert turns.holder is None


def test_nobody_waits_for_ever_and_the_wait_is_known() -> None:
    watch = Watch()
    turns = Turns(watch)
    first = begun(turns)
    with ThreadPoolExecutor(1) as pool:
        second = waiting(pool, turns)
        watch.now_s = LONGEST_WAIT_S
        assert second.result(SOON_S).waited_s == LONGEST_WAIT_S
    assert turns.holder is first


def test_outside_a_fetch_nothing_waits() -> None:
    begun(Turns())
    my_turn().answer(LARGE_BYTES)
