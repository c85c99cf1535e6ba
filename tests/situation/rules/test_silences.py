"""Silent and frozen sources: one alarm for each department, one for a dead network, none for a hiccup or a pause."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from test_alarms import Nothing

from situation.batch import Batch
from situation.clock import FakeClock
from situation.records import Alarm, Department, Health, SourceHealth
from situation.rules import Rules
from situation.rules.settings import AlarmSettings

AT = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
SETTINGS = AlarmSettings(source_silent_s=180, source_back_s=60, off_delay_s=120)
WATER = Department(id="water", source="hall", name="区水务局", name_en="Water Bureau")


def source(
    key: str, department: str, state: Health = Health.OK, records: tuple[str, ...] = ("sensor",)
) -> SourceHealth:
    return SourceHealth(id=key, source=key, name=f"{key} 系统", department=department, state=state, records=records)


class City:
    """Rules that are told the same of all sources, second by second."""

    def __init__(self, *known: Alarm) -> None:
        self.clock = FakeClock(AT)
        self.rules = Rules.load(Nothing(WATER, *known), SETTINGS, self.clock)
        self.standing: dict[str, Alarm] = {alarm.id: alarm for alarm in known}

    def run(self, seconds: int, *sources: SourceHealth) -> None:
        for _ in range(0, seconds, 5):
            self.clock.advance(5)
            self.rules.watch(sources)
            for _, batch in self.rules.tick(self.clock.now()):
                self.standing |= {each.id: each for each in batch.records if isinstance(each, Alarm)}

    @property
    def active(self) -> list[Alarm]:
        return [alarm for alarm in self.standing.values() if alarm.ended_at is None]


@pytest.fixture
def city() -> City:
    return City()


def test_a_source_that_stays_silent_raises_one_alarm_that_says_who_and_leads_to_it(city: City) -> None:
    down = source("drains", "water", Health.UNAVAILABLE)
    city.run(170, down, source("police", "police"))
    assert city.active == []
    city.run(30, down, source("police", "police"))
    (alarm,) = city.active
    assert (alarm.rule, alarm.priority, alarm.name, alarm.department) == ("source_silent", 3, "区水务局", "water")
    assert (alarm.about, alarm.members, alarm.value) == ("source/drains", ("source/drains",), 1.0)
    assert json.loads(alarm.explanation) == {"sources": "drains 系统", "sources_en": "drains 系统", "total": 2}


def test_several_sources_of_a_department_are_one_alarm_that_grows(city: City) -> None:
    others = [source(f"o{number}", f"d{number}") for number in range(20)]
    city.run(200, source("a", "water", Health.UNAVAILABLE), source("b", "water"), *others)
    city.run(240, source("a", "water", Health.STALE), source("b", "water", Health.AUTH_FAILED), *others)
    (alarm,) = city.active
    assert (alarm.value, alarm.about) == (2.0, "department/water")
    assert alarm.members == ("source/a", "source/b")


def test_a_hiccup_raises_nothing(city: City) -> None:
    for _ in range(10):
        city.run(100, source("a", "water", Health.UNAVAILABLE))
        city.run(20, source("a", "water"))
    assert city.standing == {}


def test_an_alarm_holds_while_its_source_flaps_and_ends_by_itself_once_it_is_back(city: City) -> None:
    city.run(200, source("a", "water", Health.UNAVAILABLE))
    for _ in range(5):
        city.run(40, source("a", "water"))
        city.run(20, source("a", "water", Health.UNAVAILABLE))
    assert len(city.standing) == len(city.active) == 1
    city.run(50, source("a", "water"))
    assert city.active
    city.run(150, source("a", "water"))
    assert city.active == []
    assert len(city.standing) == 1


def test_a_frozen_source_has_an_alarm_of_its_own(city: City) -> None:
    city.run(200, source("a", "water", Health.FROZEN), source("b", "water", Health.UNAVAILABLE))
    assert sorted((alarm.rule, alarm.members) for alarm in city.active) == [
        ("source_frozen", ("source/a",)),
        ("source_silent", ("source/b",)),
    ]


def test_a_dead_network_is_one_alarm_and_not_thirty(city: City) -> None:
    sources = [source(f"s{number}", f"d{number % 26}", Health.UNAVAILABLE) for number in range(30)]
    city.run(400, *sources)
    (alarm,) = city.active
    assert (alarm.rule, alarm.priority, alarm.value, alarm.department) == ("network_silent", 2, 30.0, "")
    assert len(city.standing) == 1
    city.run(400, *[source(each.id, each.department) for each in sources])
    assert city.active == []


def test_a_hiccup_of_the_network_raises_nothing_beside_a_source_that_is_long_dead(city: City) -> None:
    dead = source("dead", "market", Health.UNAVAILABLE)
    others = [source(f"s{number}", f"d{number}") for number in range(20)]
    city.run(400, dead, *others)
    city.run(40, dead, *[source(each.id, each.department, Health.UNAVAILABLE) for each in others])
    city.run(40, dead, *others)
    assert [alarm.rule for alarm in city.standing.values()] == ["source_silent"]


def test_a_network_is_dead_since_so_many_are_silent_and_not_since_the_first(city: City) -> None:
    dead = source("dead", "market", Health.UNAVAILABLE)
    others = [source(f"s{number}", f"d{number}") for number in range(20)]
    city.run(400, dead, *others)
    for number in range(20):  # one after the other, as they come to be asked
        now_silent = [source(each.id, each.department, Health.UNAVAILABLE) for each in others[: number + 1]]
        city.run(5, dead, *now_silent, *others[number + 1 :])
    city.run(170, dead, *[source(each.id, each.department, Health.UNAVAILABLE) for each in others])
    network = next(alarm for alarm in city.active if alarm.rule == "network_silent")
    assert timedelta(seconds=400) < network.started_at - AT < timedelta(seconds=500)
    assert len(city.standing) == 2  # that of the dead source, which has ended, and this one


def test_departments_take_over_from_a_network_that_came_back_for_most(city: City) -> None:
    down = [source(f"s{number}", f"d{number}", Health.UNAVAILABLE) for number in range(20)]
    city.run(300, *down)
    city.run(400, *down[:2], *[source(each.id, each.department) for each in down[2:]])
    assert sorted(alarm.rule for alarm in city.active) == ["source_silent", "source_silent"]


def test_a_pause_ends_the_trouble_and_raises_none(city: City) -> None:
    city.run(200, source("a", "water", Health.UNAVAILABLE))
    city.run(300, source("a", "water", Health.PAUSED))
    assert city.active == []
    city.run(600, source("b", "water", Health.PAUSED))
    assert city.active == []


def test_what_nobody_acts_upon_within_minutes_is_of_the_least_priority(city: City) -> None:
    city.run(200, source("a", "water", Health.UNAVAILABLE, records=("place", "component")))
    assert [alarm.priority for alarm in city.active] == [4]


def test_a_restart_keeps_the_alarm_and_raises_it_no_second_time(city: City) -> None:
    city.run(200, source("a", "water", Health.UNAVAILABLE))
    again = City(*city.active)
    again.run(30, source("a", "water", Health.STARTING))
    again.run(600, source("a", "water", Health.UNAVAILABLE))
    assert len(again.standing) == len(again.active) == 1


def test_the_name_of_a_department_is_learnt_from_its_source() -> None:
    city = City()
    city.rules.enrich("hall", Batch(records=(Department(id="parks", source="hall", name="绿化局"),)))
    city.run(200, source("a", "parks", Health.UNAVAILABLE))
    assert [alarm.name for alarm in city.active] == ["绿化局"]


def test_fast_clocks_raise_nothing_within_half_a_minute_of_real_time() -> None:
    class Fast(FakeClock):
        def real_s(self, city_s: float) -> float:
            return city_s / 60

    clock = Fast(AT)
    rules = Rules.load(Nothing(), SETTINGS, clock)
    raised = []
    for _ in range(25):
        clock.at += timedelta(seconds=60)
        rules.watch([source("a", "water", Health.UNAVAILABLE)])
        raised += rules.tick(clock.now())
    assert raised == []
