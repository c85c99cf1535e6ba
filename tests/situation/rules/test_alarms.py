"""Alarms: delayed on and off, one for each condition, grouped, and found again after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from situation.batch import Batch
from situation.clock import FakeClock
from situation.records import (
    Alarm,
    Area,
    AreaKind,
    Camera,
    Case,
    Datastream,
    DeviceState,
    Observation,
    Record,
    Sensor,
    Threshold,
)
from situation.rules import Rules
from situation.rules.settings import AlarmSettings

AT = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
CLOCK = FakeClock(AT)
SQUARE = '{"type":"Polygon","coordinates":[[[121.4,31.3],[121.5,31.3],[121.5,31.4],[121.4,31.4],[121.4,31.3]]]}'
STREET = Area(
    id="administrative/310113101",
    source="civil",
    area_kind=AreaKind.STREET,
    code="310113101",
    name="月浦镇",
    geometry=SQUARE,
)


class Nothing:
    """A store that is empty but for the records it is given."""

    def __init__(self, *records: Record) -> None:
        self.records = records
        self.gone: tuple[tuple[str, str], ...] = ()

    def load(self, kind: str) -> Iterator[tuple[int, Record]]:
        return ((number, record) for number, record in enumerate(self.records) if record.kind == kind)

    def last_seq(self) -> int:
        return 0

    def removed(self, after_seq: int) -> tuple[int, tuple[tuple[str, str], ...]]:
        gone, self.gone = self.gone, ()
        return after_seq, gone


def sensor(name: str, limit: float = 25, level: int = 1) -> Sensor:
    stream = Datastream(id=f"{name}-d", unit="cm", interval_s=60, thresholds=(Threshold(level=level, limit=limit),))
    return Sensor(
        id=name,
        source="drainage",
        name=name,
        sensor_kind="underpass_water",
        datastreams=(stream,),
        lon=121.45,
        lat=31.35,
    )


def enrich(rules: Rules, source: str, batch: Batch, at: datetime) -> None:
    CLOCK.at = at
    rules.enrich(source, batch)


def alarms(rules: Rules, at: datetime) -> list[Alarm]:
    return [record for _, batch in rules.tick(at) for record in batch.records if isinstance(record, Alarm)]


def read(rules: Rules, value: float, at: datetime, *names: str) -> None:
    enrich(rules, "drainage", Batch(observations=tuple(Observation(f"{n}-d", at, value) for n in names)), at)


@pytest.fixture
def rules() -> Rules:
    fresh = Rules.load(Nothing(STREET), AlarmSettings(), CLOCK)
    enrich(fresh, "drainage", Batch(records=(sensor("a"), sensor("b", level=2), sensor("c", level=2))), AT)
    return fresh


def test_a_limit_crossed_for_the_on_delay_raises_one_alarm(rules: Rules) -> None:
    read(rules, 42, AT, "a")
    assert alarms(rules, AT) == []
    raised = alarms(rules, AT + timedelta(seconds=60))
    assert [(a.rule, a.priority, a.value, a.limit, a.about) for a in raised] == [("threshold", 1, 42, 25, "sensor/a")]
    assert alarms(rules, AT + timedelta(seconds=61)) == []


def test_readings_of_the_past_say_how_long_a_limit_is_crossed_and_need_no_further_delay(rules: Rules) -> None:
    past = [Observation("a-d", AT - timedelta(minutes=minutes), value) for minutes, value in ((9, 3), (6, 30), (1, 42))]
    enrich(rules, "drainage", Batch(observations=tuple(past)), AT)
    raised = alarms(rules, AT)
    assert [(a.value, a.started_at) for a in raised] == [(42, AT - timedelta(minutes=6))]


def test_a_single_reading_of_the_past_is_not_enough(rules: Rules) -> None:
    enrich(rules, "drainage", Batch(observations=(Observation("a-d", AT - timedelta(minutes=6), 42),)), AT)
    assert alarms(rules, AT) == []
    raised = alarms(rules, AT + timedelta(seconds=60))
    assert [a.started_at for a in raised] == [AT - timedelta(minutes=6)]


def test_a_limit_crossed_for_a_moment_raises_nothing(rules: Rules) -> None:
    read(rules, 42, AT, "a")
    alarms(rules, AT)
    read(rules, 3, AT + timedelta(seconds=30), "a")
    alarms(rules, AT + timedelta(seconds=30))
    read(rules, 42, AT + timedelta(seconds=59), "a")
    assert alarms(rules, AT + timedelta(seconds=61)) == []


def test_an_alarm_ends_after_the_off_delay_and_not_before(rules: Rules) -> None:
    read(rules, 42, AT, "a")
    alarms(rules, AT)
    alarms(rules, AT + timedelta(seconds=60))
    read(rules, 3, AT + timedelta(seconds=70), "a")
    assert alarms(rules, AT + timedelta(seconds=70)) == []
    ended = alarms(rules, AT + timedelta(seconds=191))
    assert [a.ended_at for a in ended] == [AT + timedelta(seconds=191)]


def test_lesser_crossings_of_one_kind_in_one_street_are_one_alarm(rules: Rules) -> None:
    read(rules, 42, AT, "b", "c")
    alarms(rules, AT)
    raised = alarms(rules, AT + timedelta(seconds=60))
    assert [(a.count, a.members) for a in raised] == [(2, ("sensor/b", "sensor/c"))]


def test_a_restarted_collector_goes_on_with_the_same_alarm(rules: Rules) -> None:
    read(rules, 42, AT, "a")
    alarms(rules, AT)
    raised = alarms(rules, AT + timedelta(seconds=60))[0]
    acknowledged = replace(raised, acknowledged_at=AT, acknowledged_by="陈静")
    kept = replace(sensor("a"), state=DeviceState.ONLINE, level=1, value=42.0, observed_at=AT)
    restarted = Rules.load(Nothing(STREET, kept, acknowledged), AlarmSettings(), CLOCK)
    read(restarted, 50, AT + timedelta(seconds=90), "a")
    updated = alarms(restarted, AT + timedelta(seconds=90))
    assert [(a.id, a.value, a.acknowledged_by) for a in updated] == [(raised.id, 50, "陈静")]


def camera(number: int, state: DeviceState) -> Camera:
    return Camera(id=f"c{number}", source="police", department="gongan", state=state, lon=121.45, lat=31.35)


def test_cameras_of_one_street_that_go_together_are_one_outage(rules: Rules) -> None:
    enrich(rules, "police", Batch(records=tuple(camera(n, DeviceState.ONLINE) for n in range(40))), AT)
    later = AT + timedelta(seconds=30)
    enrich(rules, "police", Batch(records=tuple(camera(n, DeviceState.OFFLINE) for n in range(12))), later)
    raised = alarms(rules, later)
    assert [(a.rule, a.count, a.name, a.about) for a in raised] == [("camera_outage", 12, "月浦镇", "area/310113101")]


def test_an_outage_that_began_before_the_collector_is_found_and_what_is_left_of_it_is_none(rules: Rules) -> None:
    gone = [replace(camera(n, DeviceState.OFFLINE), seen_at=AT - timedelta(minutes=25)) for n in range(40)]
    there = [camera(n, DeviceState.ONLINE) for n in range(40, 60)]
    enrich(rules, "police", Batch(records=(*gone, *there)), AT)
    began_at = AT - timedelta(minutes=25)
    assert [(a.rule, a.count, a.started_at) for a in alarms(rules, AT)] == [("camera_outage", 40, began_at)]
    back = AT + timedelta(minutes=5)
    enrich(rules, "police", Batch(records=tuple(camera(n, DeviceState.ONLINE) for n in range(10, 40))), back)
    later = [alarm for seconds in range(0, 600, 20) for alarm in alarms(rules, back + timedelta(seconds=seconds))]
    assert [alarm.ended_at is not None for alarm in later] == [True]


def test_single_cameras_that_fail_over_the_day_are_no_outage(rules: Rules) -> None:
    enrich(rules, "police", Batch(records=tuple(camera(n, DeviceState.ONLINE) for n in range(40))), AT)
    for n in range(12):
        at = AT + timedelta(minutes=20 * n)
        enrich(rules, "police", Batch(records=(camera(n, DeviceState.OFFLINE),)), at)
        assert alarms(rules, at) == []


def case(number: int, at: datetime) -> Case:
    return Case(id=f"k{number}", source="centre", subcategory="道路积水", reported_at=at, lon=121.45, lat=31.35)


def test_many_cases_of_one_kind_in_one_street_are_a_surge_that_ends(rules: Rules) -> None:
    enrich(rules, "centre", Batch(records=tuple(case(n, AT - timedelta(minutes=n)) for n in range(9))), AT)
    raised = alarms(rules, AT)
    assert [(a.rule, a.count, a.name) for a in raised] == [("case_surge", 9, "月浦镇道路积水")]
    alarms(rules, AT + timedelta(hours=2))
    assert [a.ended_at is not None for a in alarms(rules, AT + timedelta(hours=2, seconds=121))] == [True]


def test_a_sensor_that_was_removed_takes_its_alarm_with_it() -> None:
    store = Nothing(STREET)
    rules = Rules.load(store, AlarmSettings(), CLOCK)
    enrich(rules, "drainage", Batch(records=(sensor("a"),)), AT)
    read(rules, 42, AT, "a")
    alarms(rules, AT)
    assert len(alarms(rules, AT + timedelta(seconds=60))) == 1
    store.gone = (("sensor", "a"),)
    alarms(rules, AT + timedelta(seconds=70))
    assert [a.ended_at is not None for a in alarms(rules, AT + timedelta(seconds=191))] == [True]


def test_a_sensor_described_anew_without_the_crossed_datastream_does_not_stop_the_rules(rules: Rules) -> None:
    read(rules, 42, AT, "a", "b")
    described = replace(sensor("a"), datastreams=(Datastream(id="other"),))
    enrich(rules, "drainage", Batch(records=(described,)), AT + timedelta(seconds=1))
    read(rules, 50, AT + timedelta(seconds=2), "a")
    alarms(rules, AT + timedelta(seconds=2))
    raised = alarms(rules, AT + timedelta(seconds=62))
    assert [a.about for a in raised] == ["sensor/b"]


def test_cameras_placed_only_after_their_areas_came_leave_no_outage_behind() -> None:
    rules = Rules.load(Nothing(), AlarmSettings(), CLOCK)
    enrich(rules, "police", Batch(records=tuple(camera(n, DeviceState.ONLINE) for n in range(40))), AT)
    enrich(rules, "police", Batch(records=tuple(camera(n, DeviceState.OFFLINE) for n in range(12))), AT)
    enrich(rules, "civil", Batch(records=(STREET,)), AT)
    enrich(rules, "police", Batch(records=tuple(camera(n, DeviceState.OFFLINE) for n in range(12))), AT)
    assert [a.about for a in alarms(rules, AT)] == ["area/310113101"]


def test_cameras_offline_when_first_heard_of_are_no_news() -> None:
    rules = Rules.load(Nothing(STREET), AlarmSettings(), CLOCK)
    enrich(rules, "police", Batch(records=tuple(camera(n, DeviceState.OFFLINE) for n in range(12))), AT)
    assert alarms(rules, AT) == []


def test_a_camera_that_another_platform_sees_is_not_out() -> None:
    rules = Rules.load(Nothing(STREET), AlarmSettings(), CLOCK)
    for source in ("police", "urban"):
        known = tuple(replace(camera(n, DeviceState.ONLINE), source=source) for n in range(40))
        enrich(rules, source, Batch(records=known), AT)
    lost = tuple(replace(camera(n, DeviceState.OFFLINE), source="urban") for n in range(40))
    enrich(rules, "urban", Batch(records=lost), AT)
    assert alarms(rules, AT) == []


def test_an_outage_goes_on_over_a_restart_until_its_cameras_are_back() -> None:
    rules = Rules.load(Nothing(STREET), AlarmSettings(), CLOCK)
    lost = tuple(replace(camera(n, DeviceState.OFFLINE), seen_at=AT) for n in range(12))
    enrich(rules, "police", Batch(records=tuple(camera(n, DeviceState.ONLINE) for n in range(40))), AT)
    enrich(rules, "police", Batch(records=lost), AT + timedelta(seconds=30))
    raised = alarms(rules, AT + timedelta(seconds=30))
    CLOCK.at = later = AT + timedelta(hours=2)
    restarted = Rules.load(Nothing(STREET, *lost, *raised), AlarmSettings(), CLOCK)
    assert not [a for s in (0, 130) for a in alarms(restarted, later + timedelta(seconds=s)) if a.ended_at]
    enrich(restarted, "police", Batch(records=tuple(camera(n, DeviceState.ONLINE) for n in range(12))), later)
    ended = [alarms(restarted, later + timedelta(seconds=s)) for s in (140, 280)]
    assert [a.id for a in ended[1] if a.ended_at] == [raised[0].id]


def test_a_case_sorted_anew_counts_in_one_surge_only(rules: Rules) -> None:
    reported = [case(n, AT - timedelta(minutes=n)) for n in range(9)]
    enrich(rules, "centre", Batch(records=tuple(reported)), AT)
    enrich(rules, "centre", Batch(records=tuple(replace(each, subcategory="井盖") for each in reported)), AT)
    assert [a.name for a in alarms(rules, AT)] == ["月浦镇井盖"]


def test_an_alarm_ends_also_when_the_clock_was_set_back(rules: Rules) -> None:
    read(rules, 42, AT, "a")
    alarms(rules, AT)
    raised = alarms(rules, AT + timedelta(seconds=60))[0]
    read(rules, 3, AT + timedelta(seconds=70), "a")
    alarms(rules, AT + timedelta(seconds=70))
    back = AT - timedelta(hours=2)
    alarms(rules, back)
    ended = alarms(rules, back + timedelta(seconds=121))
    assert [alarm.id for alarm in ended] == [raised.id]
    assert ended[0].updated_at is not None
    assert raised.updated_at is not None
    assert ended[0].updated_at >= raised.updated_at  # else the store would take it for an old word


def test_cameras_told_of_later_belong_to_the_outage_they_went_with(rules: Rules) -> None:
    went_at = AT - timedelta(minutes=25)
    gone = [replace(camera(n, DeviceState.OFFLINE), seen_at=went_at + timedelta(seconds=n)) for n in range(60)]
    enrich(rules, "police", Batch(records=tuple(gone[:20])), AT)
    assert [alarm.value for alarm in alarms(rules, AT)] == [20]
    enrich(rules, "police", Batch(records=tuple(gone[20:])), AT + timedelta(seconds=20))
    assert [alarm.value for alarm in alarms(rules, AT + timedelta(seconds=40))] == [60]
