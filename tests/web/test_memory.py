"""When the web process lets the garbage collector walk through everything."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest

from callbacks import memory


@pytest.fixture(autouse=True)
def _leave_no_frozen_objects() -> Iterator[None]:
    yield
    gc.unfreeze()


async def _for_a_moment() -> tuple[int, int, int]:
    tending = asyncio.create_task(memory.tend())
    await asyncio.sleep(0)
    meanwhile = gc.get_threshold()
    tending.cancel()
    await asyncio.gather(tending, return_exceptions=True)
    return meanwhile


def test_python_makes_no_full_round_by_itself_while_screens_are_served() -> None:
    before = gc.get_threshold()
    assert asyncio.run(_for_a_moment()) == (*before[:2], memory.NEVER)


def test_afterwards_it_makes_full_rounds_as_before() -> None:
    before = gc.get_threshold()
    asyncio.run(_for_a_moment())
    assert gc.get_threshold() == before


def test_what_has_settled_is_not_walked_through_again() -> None:
    memory.settle()
    assert gc.get_freeze_count() > 10_000
