"""Pausing, resuming and refreshing a source as people ask it through the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest
from source_settings import MemoryStore

from datasources.contract import Batch, FetchContext, Manifest, SourceUnavailable
from datasources.controlling import Controlling
from datasources.coordinator import Coordinator
from situation.clock import FakeClock
from situation.records import Health, Place
from situation.store.controls import RELOAD, Control, pause_key, refresh_key


@dataclass
class Source:
    """Answers with one place, or refuses."""

    key: str = "one"
    asked: int = 0
    is_down: bool = False

    @property
    def manifest(self) -> Manifest:
        return Manifest(kind="fake", records=("place",), interval_s=60)

    def check(self) -> None:
        return None

    def fetch(self, context: FetchContext) -> Batch:
        self.asked += 1
        if self.is_down:
            raise SourceUnavailable("timeout")
        return Batch(records=(Place(id="one.1", source="one"),))


@dataclass
class Asked:
    """What people asked, in memory."""

    clock: FakeClock
    said: dict[str, Control] = field(default_factory=dict)

    def all(self) -> dict[str, Control]:
        return self.said

    def ask(self, key: str, value: str = "") -> None:
        self.said[key] = Control(key=key, value=value, at=self.clock.now())


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def asked(clock: FakeClock) -> Asked:
    return Asked(clock)


@pytest.fixture
def coordinator(source: Source, clock: FakeClock) -> Coordinator:
    made = Coordinator(source, MemoryStore(), clock, Random(1))
    clock.advance(2)
    made.poll()
    return made


def test_a_paused_source_is_not_asked_and_says_so_until_it_is_resumed(
    coordinator: Coordinator, asked: Asked, clock: FakeClock
) -> None:
    controlling = Controlling(asked)
    controlling.look([coordinator])
    asked.ask(pause_key("one"), "on")
    controlling.look([coordinator])
    clock.advance(3600)
    coordinator.tick()
    assert not coordinator.is_due()
    assert (coordinator.health.state, coordinator.health.error) == (Health.PAUSED, "")
    asked.ask(pause_key("one"), "off")
    controlling.look([coordinator])
    assert coordinator.is_due()
    coordinator.poll()
    assert coordinator.health.state is Health.OK


def test_a_pause_outlasts_a_restart(coordinator: Coordinator, asked: Asked) -> None:
    asked.ask(pause_key("one"), "on")
    Controlling(asked).look([coordinator])
    coordinator.tick()
    assert coordinator.health.state is Health.PAUSED


def test_a_fetch_under_way_does_not_make_a_paused_source_live(coordinator: Coordinator) -> None:
    coordinator.claim()
    coordinator.set_paused(True)
    coordinator.keep(coordinator.fetch())
    assert coordinator.health.state is Health.PAUSED


def test_pausing_a_dead_source_is_no_recovery(
    coordinator: Coordinator, source: Source, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    source.is_down = True
    for _ in range(3):
        coordinator.poll()
    coordinator.set_paused(True)
    coordinator.tick()
    assert not [record for record in caplog.records if "recovered" in record.message]


def test_refresh_asks_at_once_and_only_once(coordinator: Coordinator, asked: Asked, clock: FakeClock) -> None:
    controlling = Controlling(asked)
    controlling.look([coordinator])
    assert not coordinator.is_due()
    asked.ask(refresh_key("one"))
    controlling.look([coordinator])
    assert coordinator.is_due()
    coordinator.poll()
    controlling.look([coordinator])
    assert not coordinator.is_due()


def test_what_was_asked_before_the_start_is_not_done_again(coordinator: Coordinator, asked: Asked) -> None:
    asked.ask(refresh_key("one"))
    asked.ask(RELOAD)
    reloads: list[str] = []
    Controlling(asked, lambda: reloads.append("reloaded")).look([coordinator])
    assert not coordinator.is_due()
    assert not reloads


def test_reload_is_handed_on_once(coordinator: Coordinator, asked: Asked, clock: FakeClock) -> None:
    reloads: list[str] = []
    controlling = Controlling(asked, lambda: reloads.append("reloaded"))
    controlling.look([coordinator])
    asked.ask(RELOAD)
    controlling.look([coordinator])
    controlling.look([coordinator])
    assert reloads == ["reloaded"]
