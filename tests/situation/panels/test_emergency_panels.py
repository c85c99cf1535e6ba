"""The emergency scene: which incident it picks, what lies around it, and that lists and plan name things alike."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_city import (
    NOW,
    SETTINGS,
    STREETS,
    MemoryStore,
    alarm,
    camera,
    case,
    department,
    hours_ago,
    officer,
    place,
    sensor,
    sources,
    street,
    warning,
)

from situation.clock import FakeClock
from situation.feed.readings import StoreReadings
from situation.feed.settings import context_of
from situation.live import Live, Moment
from situation.panels import PANELS_BY_KEY, ChoiceError
from situation.panels.cameras import Focus, bearing_deg, distances_m
from situation.panels.emergency.incident import SERIOUS, incident_of
from situation.panels.emergency.timeline import crossings
from situation.records import AreaClaim, Datastream, DeviceState, Record, Threshold, WarningLevel

LIMITS = (Threshold(level=1, limit=25.0), Threshold(level=2, limit=15.0), Threshold(level=3, limit=10.0))
HERE = {"lon": 121.48, "lat": 31.40}
METRE = 1 / 111_195  # of latitude, in degrees


def moment(*records: Record, store: MemoryStore | None = None) -> Moment:
    store = store or MemoryStore()
    store.put(*sources(), street(STREETS[0], 121.4, 121.5), *records)
    context = context_of(SETTINGS, FakeClock(NOW), StoreReadings(store))  # type: ignore[arg-type]
    return Moment(Live.load(store, NOW), NOW, context)


def built(name: str, now: Moment, **choice: str) -> dict[str, Any]:
    panel = PANELS_BY_KEY[f"emergency-{name}"]
    assert panel.choose is not None
    return panel.choose(now, choice) if choice else panel.build(now)


def incident(*records: Record, **choice: str) -> str | None:
    found = incident_of(moment(*records), choice)
    return None if found is None else found.key


RED = {"level": WarningLevel.RED}
ORANGE = {"level": WarningLevel.ORANGE}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((), None),
        ((alarm("1", priority=3),), None),
        ((alarm("1", priority=2, ended_at=NOW),), None),
        ((warning("1", level=WarningLevel.YELLOW),), None),
        ((alarm("1", priority=2), alarm("2", priority=1)), "alarm/2"),
        ((alarm("1", priority=1, acknowledged_at=NOW), alarm("2", priority=1)), "alarm/2"),
        ((alarm("1", priority=1, acknowledged_at=NOW), alarm("2", priority=2)), "alarm/1"),
        ((alarm("1", priority=2), warning("w", **ORANGE)), "alarm/1"),
        ((alarm("1", priority=2), warning("w", **RED)), "warning/w"),
        ((alarm("1", priority=1), warning("w", **RED)), "alarm/1"),
        ((warning("w", level=WarningLevel.UNKNOWN),), "warning/w"),
        ((warning("w", is_actual=False, **RED),), None),
        ((alarm("1", priority=1, lon=None, lat=None), alarm("2", priority=1, started_at=NOW)), "alarm/2"),
        ((alarm("1", priority=1, started_at=NOW), alarm("2", priority=1)), "alarm/2"),
    ],
)
def test_the_worst_incident_is_picked(records: tuple[Record, ...], expected: str | None) -> None:
    assert incident(*records) == expected


ALARMS = st.lists(
    st.tuples(st.integers(1, 4), st.booleans(), st.booleans(), st.booleans(), st.integers(1, 500)), max_size=12
)


@settings(max_examples=80)
@given(ALARMS)
def test_nothing_more_urgent_is_passed_over(drawn: list[tuple[int, bool, bool, bool, int]]) -> None:
    alarms = [
        alarm(
            str(n),
            priority=priority,
            acknowledged_at=NOW if is_handled else None,
            ended_at=NOW if is_over else None,
            lon=121.48 if is_placed else None,
            lat=31.40 if is_placed else None,
            started_at=NOW - timedelta(minutes=minutes),
        )
        for n, (priority, is_handled, is_over, is_placed, minutes) in enumerate(drawn)
    ]
    found = incident_of(moment(*alarms))
    burning = [each for each in alarms if each.ended_at is None and each.priority <= SERIOUS]
    if not burning:
        assert found is None
        return
    assert found is not None
    assert found.priority == min(each.priority for each in burning)
    worst = [each for each in burning if each.priority == found.priority]
    if any(each.acknowledged_at is None for each in worst):
        assert found.record in [each for each in worst if each.acknowledged_at is None]


def test_an_incident_can_be_asked_for_also_when_it_has_ended() -> None:
    records = (alarm("1", priority=1), alarm("2", priority=4, ended_at=NOW), warning("w"))
    assert incident(*records, alarm="2") == "alarm/2"
    assert incident(*records, warning="w") == "warning/w"


@pytest.mark.parametrize("choice", [{"alarm": "9"}, {"warning": "9"}, {"colour": "red"}])
def test_what_nobody_knows_is_refused(choice: dict[str, str]) -> None:
    with pytest.raises(ChoiceError):
        incident_of(moment(alarm("1", priority=1)), choice)


def test_every_panel_builds_when_nothing_burns_and_the_head_names_the_last() -> None:
    over = alarm("old", priority=1, started_at=hours_ago(3), ended_at=hours_ago(2))
    now = moment(over, alarm("older", priority=1, started_at=hours_ago(9), ended_at=hours_ago(8)), sensor("1"))
    head = built("head", now)
    assert head["incident"] is None
    assert head["last"]["id"] == "old"
    assert head["counts"] == [[1, 0, 0], [2, 0, 0], [3, 0, 0], [4, 0, 0]]
    for name in ("plan", "cameras", "sensors", "people", "resources"):
        assert built(name, now)["about"] is None
    assert [event["what"] for event in built("timeline", now)["events"]] == ["ended", "alarm", "ended", "alarm"]


def test_nobody_can_tell_before_anything_was_delivered() -> None:
    store = MemoryStore()
    context = context_of(SETTINGS, FakeClock(NOW), StoreReadings(store))  # type: ignore[arg-type]
    head = built("head", Moment(Live.load(store, NOW), NOW, context))
    assert (head["is_known"], head["counts"]) == (False, None)


def test_the_counts_of_the_head_are_the_active_alarms() -> None:
    alarms = [alarm(str(n), priority=1 + n % 4, acknowledged_at=NOW if n % 3 else None) for n in range(11)]
    counts = built("head", moment(*alarms))["counts"]
    assert sum(all_ for _, all_, _ in counts) == 11
    assert sum(new for _, _, new in counts) == 4


def burning(*records: Record, store: MemoryStore | None = None) -> Moment:
    stream = Datastream(id="w/1", unit="cm", interval_s=60, thresholds=LIMITS)
    own = sensor("1", sensor_kind="underpass_water", datastreams=(stream,), level=1, **HERE)
    fire = alarm("1", priority=1, about="sensor/1", value=30.0, limit=25.0, department="drainage", **HERE)
    return moment(fire, own, *records, store=store)


def test_people_are_lettered_by_distance_and_only_those_whose_place_is_known() -> None:
    now = burning(
        department("drainage", name_en="Drainage"),
        officer("far", lat=31.40 + 900 * METRE, positioned_at=NOW, department="police"),
        officer("near", lat=31.40 + 100 * METRE, positioned_at=NOW, department="drainage"),
        officer("lost", positioned_at=hours_ago(1)),
        officer("off", positioned_at=NOW, on_duty=False),
        officer("away", lat=31.40 + 9000 * METRE, positioned_at=NOW),
    )
    values = built("people", now)
    assert [(row["label"], row["id"], row["distance_m"]) for row in values["rows"]] == [
        ("A", "near", 100),
        ("B", "far", 900),
    ]
    assert (values["near"], values["lost"], values["on_duty"]) == (2, 1, 4)
    assert [(each["id"], each["people"], each["is_own"]) for each in values["departments"]] == [
        ("drainage", 1, True),
        ("police", 1, False),
    ]


def test_list_and_plan_name_the_same_things_by_the_same_signs() -> None:
    now = burning(
        *(camera(f"c{n}", lat=31.40 + 10 * n * METRE) for n in range(14)),
        *(officer(f"o{n}", lat=31.40 - 10 * n * METRE, positioned_at=NOW) for n in range(12)),
        place("pump", "pumping_station", lat=31.41),
        place("school", "school", lat=31.401),
    )
    marks = built("plan", now)["marks"]
    numbered = {mark["label"]: mark["id"] for mark in marks if mark["kind"] == "camera"}
    assert numbered == {str(n + 1): tile["id"] for n, tile in enumerate(built("cameras", now)["tiles"])}
    lettered = {mark["label"]: mark["id"] for mark in marks if mark["kind"] == "officer"}
    assert lettered == {row["label"]: row["id"] for row in built("people", now)["rows"]}
    places = {mark["id"]: (mark["role"], mark["label"]) for mark in marks if mark["kind"] == "place"}
    assert places == {"pump": ("help", "1"), "school": ("risk", "")}
    assert [mark["is_own"] for mark in marks if mark["kind"] == "alarm"] == [True]


def test_places_at_risk_are_counted_within_a_kilometre() -> None:
    now = burning(
        *(place(f"s{n}", "school", lat=31.40 + 300 * n * METRE) for n in range(6)),
        place("clinic", "hospital", lat=31.45),
    )
    values = built("resources", now)
    assert [(group["kind"], group["count"], len(group["rows"])) for group in values["risk"]] == [("school", 4, 3)]
    assert [group["kind"] for group in values["help"]] == ["hospital"]


def test_what_a_depot_near_it_has_in_stock_is_told_with_its_age() -> None:
    full = replace(place("d", "supply_depot"), stock=1200.0, stock_unit="只", stock_at=NOW)
    rows = built("resources", burning(full, place("aed", "aed")))["help"]
    assert [group["kind"] for group in rows] == ["supply_depot", "aed"]
    (depot,), (unknown,) = (group["rows"] for group in rows)
    assert (depot["stock"], depot["stock_unit"], depot["stock_at"]) == (1200, "只", round(NOW.timestamp() * 1000))
    assert (unknown["stock"], unknown["stock_unit"], unknown["stock_at"]) == (None, "", None)


def test_what_a_warning_endangers_lies_in_its_ground() -> None:
    square = ((121.41, 31.31), (121.45, 31.31), (121.45, 31.49), (121.41, 31.49), (121.41, 31.31))
    red = warning("w", areas=(AreaClaim(polygons=(square,)),), **RED)
    now = moment(red, place("in", "school", lon=121.42), place("out", "school", lon=121.47))
    values = built("resources", now)
    assert [(group["kind"], group["count"]) for group in values["risk"]] == [("school", 1)]
    plan = built("plan", now)
    assert plan["outline"]["level"] == "red"
    assert plan["rings"] == []


def test_sensors_are_its_own_then_near_ones_then_others_of_its_kind() -> None:
    store = MemoryStore(readings={"w/1": [(NOW - timedelta(minutes=n), 40.0 - n) for n in range(30, -1, -1)]})

    def limited(key: str, kind: str, north_m: float) -> Record:
        stream = Datastream(id=f"s/{key}", interval_s=60, thresholds=LIMITS)
        return sensor(key, sensor_kind=kind, datastreams=(stream,), lat=31.40 + north_m * METRE, lon=121.48)

    now = burning(
        limited("smoke", "smoke", 50),
        limited("gas", "methane", 100),
        limited("same", "underpass_water", 3000),
        sensor("no limits", lat=31.4001),
        store=store,
    )
    rows = built("sensors", now)["rows"]
    assert [(row["id"], row["why"]) for row in rows] == [
        ("1", "own"),
        ("smoke", "near"),
        ("gas", "near"),
        ("same", "alike"),
    ]
    assert rows[0]["rate_per_h"] == pytest.approx(60.0)
    assert rows[0]["reaches"] is None  # beyond the worst limit and rising: nothing is left to reach
    assert rows[3]["distance_m"] == 3000


def test_the_timeline_tells_what_happened_around_newest_first() -> None:
    store = MemoryStore(
        readings={"w/1": [(NOW - timedelta(minutes=40 - 10 * n), v) for n, v in enumerate((5.0, 12.0, 30.0))]}
    )
    now = burning(
        alarm("near", priority=3, started_at=hours_ago(0.4), lat=31.401, lon=121.48),
        alarm("far", priority=3, started_at=hours_ago(0.4), lat=31.6, lon=121.48),
        case("k", reported_at=hours_ago(0.3), category="event", subcategory="water", **HERE),
        case("old", reported_at=hours_ago(9), **HERE),
        warning("w", sent_at=hours_ago(0.6)),
        *(camera(f"c{n}", state=DeviceState.OFFLINE, seen_at=hours_ago(0.2), **HERE) for n in range(3)),
        store=store,
    )
    events = built("timeline", now)["events"]
    times = [event["at"] for event in events]
    assert times == sorted(times, reverse=True)
    told = [(event["what"], event["id"]) for event in events]
    assert ("alarm", "1") in told
    assert ("alarm", "near") in told
    assert ("alarm", "far") not in told
    assert [event["level"] for event in events if event["what"] == "crossed"] == [1, 2, 3]
    assert [event["count"] for event in events if event["what"] == "cameras_lost"] == [3]
    assert [event["id"] for event in events if event["what"] == "case"] == ["k"]
    assert ("warning", "w") in told


@given(st.lists(st.floats(0, 50), min_size=2, max_size=60))
def test_crossings_alternate_and_end_where_the_reading_is(values: list[float]) -> None:
    limit = LIMITS[1]
    events = crossings([(n, value) for n, value in enumerate(values)], limit, "cm")
    words = [event["what"] for event in events]
    assert all(one != other for one, other in itertools.pairwise(words))
    if events:
        assert (words[-1] == "crossed") == (values[-1] >= limit.limit)


@given(st.floats(-179, 179), st.floats(-60, 60), st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_distance_and_bearing_lead_back(lon: float, lat: float, east: float, north: float) -> None:
    here, there = Focus("", "", lon, lat), Focus("", "", lon + east, lat + north)
    out = float(distances_m(np.array([there.lon]), np.array([there.lat]), here)[0])
    back = float(distances_m(np.array([here.lon]), np.array([here.lat]), there)[0])
    assert out == pytest.approx(back, rel=1e-6, abs=0.01)
    if out > 10:
        turn = (bearing_deg(here, there.lon, there.lat) - bearing_deg(there, here.lon, here.lat)) % 360
        assert turn == pytest.approx(180, abs=0.5)
