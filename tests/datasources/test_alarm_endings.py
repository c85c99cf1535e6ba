"""Alarms that are pushed: over when their time is over though nobody speaks again, and on again when told again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from stepping import step_until

from datasources.composition import Composition
from datasources.settings import load
from situation.clock import FakeClock
from situation.records import Alarm
from situation.store import Store

DISTRICT = """
[district]
name = "长宁区"
adcode = "310105"

[[sources]]
key = "panels"
kind = "webhook"
[sources.options]
secret = "${PANELS}"
record = "alarm"
fields = { id = "id", name = "what", started_at = "from", ended_at = "to" }
"""


class City:
    """A composition on a store of its own; what is sent lies in the inbox, as the web process puts it there."""

    def __init__(self, folder: Path, clock: FakeClock, more: str = "") -> None:
        self.file, self.clock = folder / "district.toml", clock
        self.file.write_text(DISTRICT + more, encoding="utf-8")
        self.store = Store.open(f"sqlite:///{folder / 'store.db'}", migrate=True)
        self.start()

    def start(self) -> None:
        self.composition = Composition(load(self.file, {"PANELS": "0123456789abcdef"}), self.store, self.clock)

    def send(self, **row: str | None) -> None:
        self.store.inbox.put("panels", self.clock.now(), "application/json", json.dumps(row).encode())

    def alarm(self) -> Alarm | None:
        found = self.store.get("alarm", "panels.z1")
        assert found is None or isinstance(found[1], Alarm)
        return found[1] if found else None  # type: ignore[return-value]

    def until(self, is_done: Callable[[], object]) -> None:
        step_until(self.composition.collector, self.clock, is_done)

    def started_at(self) -> datetime | None:
        alarm = self.alarm()
        return alarm.started_at if alarm else None

    def ended_at(self) -> datetime | None:
        alarm = self.alarm()
        return alarm.ended_at if alarm else None

    def stop(self) -> None:
        self.composition.collector.stop()
        self.composition.collector.run()
        self.store.close()


@pytest.fixture
def city(tmp_path: Path, clock: FakeClock) -> Iterator[City]:
    made = City(tmp_path, clock, "active_for_s = 600\n")
    yield made
    made.stop()


@pytest.fixture
def told(tmp_path: Path, clock: FakeClock) -> Iterator[City]:
    """One whose alarms are told their end."""
    made = City(tmp_path, clock)
    yield made
    made.stop()


def test_alarm_that_is_told_no_end_is_over_when_its_time_is(city: City) -> None:
    began = city.clock.now().replace(microsecond=0)
    city.send(id="z1", what="烟感报警", **{"from": began.isoformat()})
    city.until(city.alarm)
    assert city.ended_at() is None
    city.clock.advance(500)
    city.composition.collector.step(0.02)
    assert city.ended_at() is None
    city.clock.advance(100)
    city.until(city.ended_at)
    assert city.ended_at() == began + timedelta(seconds=600)


def test_alarm_that_was_on_before_a_restart_ends_too(city: City) -> None:
    city.send(id="z1", what="烟感报警", **{"from": city.clock.now().isoformat()})
    city.until(city.alarm)
    city.composition.collector.stop()
    city.composition.collector.run()
    city.clock.advance(700)
    city.start()
    city.until(city.ended_at)


def test_alarm_that_comes_again_under_its_id_is_on_again(told: City) -> None:
    first = told.clock.now()
    told.send(id="z1", what="烟感报警", **{"from": first.isoformat()})
    told.until(told.alarm)
    told.send(id="z1", what="烟感报警", **{"from": first.isoformat(), "to": (first + timedelta(seconds=1)).isoformat()})
    told.until(told.ended_at)
    told.clock.advance(60)
    again = told.clock.now()
    told.send(id="z1", what="烟感报警", **{"from": again.isoformat()})
    told.until(lambda: told.started_at() == again)
    assert told.ended_at() is None


def test_word_of_an_alarm_that_comes_after_its_end_does_not_bring_it_back(told: City) -> None:
    first = told.clock.now()
    row = {"from": first.isoformat(), "to": (first + timedelta(seconds=1)).isoformat()}
    told.send(id="z1", what="烟感报警", **row)
    told.until(told.ended_at)
    told.send(id="z1", what="烟感报警 2F", **{"from": first.isoformat()})
    told.until(lambda: told.store.inbox.waiting("panels", 10, 10_000) == [])
    assert told.ended_at() is not None
