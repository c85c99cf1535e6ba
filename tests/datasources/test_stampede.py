"""Twenty-six upstreams that fall and come back together: they are seen again soon, and not all at once."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from source_settings import MemoryStore

from datasources.contract import Batch, FetchContext, Manifest, SourceUnavailable
from datasources.coordinator import Coordinator
from situation.clock import FakeClock
from situation.records import Health, Place

COUNT = 26
STEP_S = 0.25
INTERVAL_S = 30.0
MOST_A_SECOND = 6
"""A quarter of them; in step all would come within one second."""


class Network:
    """The one cable that all upstreams hang on. `wish_s` is what a gateway at its end asks for."""

    def __init__(self, wish_s: float | None = None) -> None:
        self.is_down = False
        self.wish_s = wish_s


class Source:
    """Answers while the network is up."""

    manifest = Manifest(kind="fake", records=("place",), interval_s=INTERVAL_S, timeout_s=10, stale_after_s=120)

    def __init__(self, key: str, network: Network) -> None:
        self.key = key
        self._network = network

    def check(self) -> None:
        return None

    def fetch(self, context: FetchContext) -> Batch:
        if self._network.is_down:
            raise SourceUnavailable("http_status:503", retry_after_s=self._network.wish_s)
        return Batch(records=(Place(id=self.key, source=self.key),))


def asked_for(coordinators: list[Coordinator], clock: FakeClock, seconds: float) -> list[float]:
    """Go on for so long; when each question was asked."""
    times = []
    for _ in range(int(seconds / STEP_S)):
        clock.advance(STEP_S)
        for coordinator in coordinators:
            if coordinator.is_due():
                times.append(clock.monotonic())
                coordinator.poll()
    return times


@pytest.mark.parametrize(("wish_s", "within_s"), [(None, INTERVAL_S), (120.0, 120.0 + INTERVAL_S)])
def test_upstreams_that_return_together_are_all_back_soon_and_asked_one_after_the_other(
    clock: FakeClock, wish_s: float | None, within_s: float
) -> None:
    network = Network(wish_s)
    coordinators = [
        Coordinator(Source(f"s{number:02}", network), MemoryStore(), clock, Random(number)) for number in range(COUNT)
    ]
    asked_for(coordinators, clock, 2 * INTERVAL_S)
    network.is_down = True
    asked_for(coordinators, clock, 600)
    assert all(each.health.state is Health.UNAVAILABLE for each in coordinators)
    network.is_down = False
    times = asked_for(coordinators, clock, within_s)
    assert all(each.health.state is Health.OK for each in coordinators)
    assert max(Counter(int(at_s) for at_s in times).values()) <= MOST_A_SECOND
    afterwards = asked_for(coordinators, clock, 10 * INTERVAL_S)
    assert max(Counter(int(at_s) for at_s in afterwards).values()) <= MOST_A_SECOND
