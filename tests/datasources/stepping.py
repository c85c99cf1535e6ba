"""A collector driven by a test, while the replies it waits for come over real sockets and threads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from datasources.collector import Collector
from situation.clock import FakeClock


def step_until(collector: Collector, clock: FakeClock, is_done: Callable[[], object]) -> None:
    """Step until something is so; what is waited for takes real time, however short."""
    for _ in range(500):
        collector.step(0.02)
        clock.advance(0.1)
        if is_done():
            return
    pytest.fail("it never happened")
