"""The values of the panels."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
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
    source,
    sources,
    street,
    warning,
)

from situation.clock import FakeClock
from situation.feed.readings import StoreReadings
from situation.feed.settings import context_of
from situation.live import Context, Live, Moment
from situation.panels import PANELS, PANELS_BY_KEY
from situation.records import (
    AreaClaim,
    CaseState,
    Datastream,
    DeviceState,
    Forecast,
    ForecastStep,
    Health,
    Record,
    Threshold,
    WarningLevel,
)

LIMITS = (Threshold(level=1, limit=4.0), Threshold(level=2, limit=3.5), Threshold(level=3, limit=3.2))


def moment(*records: Record, store: MemoryStore | None = None, watched: str = "") -> Moment:
    store = store or MemoryStore()
    store.put(*records)
    context: Context = context_of(SETTINGS, FakeClock(NOW), StoreReadings(store))  # type: ignore[arg-type]
    return Moment(Live.load(store, NOW), NOW, replace(context, watched_sensor=watched))


def built(key: str, *records: Record, **how: Any) -> dict[str, Any]:
    return PANELS_BY_KEY[key].build(moment(*records, **how))


def readings(store: MemoryStore, stream: str, *values: float) -> None:
    count = len(values)
    store.readings[stream] = [(NOW - timedelta(minutes=5 * (count - 1 - i)), value) for i, value in enumerate(values)]


def test_every_panel_of_an_empty_city_can_be_built_and_written_down() -> None:
    empty = moment()
    for panel in PANELS:
        values = panel.build(empty)
        json.loads(msgspec.json.encode(values))
        assert panel.standing(empty, values).state.value == "no-data"


def test_a_panel_whose_kinds_no_source_delivers_is_not_configured() -> None:
    now = moment(source("cases", "case"))
    panel = PANELS_BY_KEY["duty"]
    assert panel.standing(now, panel.build(now)).state.value == "not-configured"


def test_streets_come_with_most_open_first_and_what_lies_elsewhere_is_counted() -> None:
    cases = [
        case("1", street_code=STREETS[1], due_at=hours_ago(1)),
        case("2", street_code=STREETS[1]),
        case("3", street_code=STREETS[0]),
        case("4", street_code="somewhere"),
    ]
    values = built("streets", *sources(), street(STREETS[0], 121.4, 121.5), street(STREETS[1], 121.5, 121.6), *cases)
    assert [row[0] for row in values["rows"]] == [STREETS[1], STREETS[0]]
    assert values["rows"][0][3:5] == [2, 1]
    assert values["elsewhere"] == [1, 0]
    assert values["total"] == [4, 1]


def test_hourly_counts_end_with_the_current_hour_and_the_band_is_of_the_same_weekday() -> None:
    history = [
        case(f"w{week}-{i}", registered_at=hours_ago(week * 168 + 2), state=CaseState.CLOSED, closed_at=hours_ago(1))
        for week in range(1, 5)
        for i in range(week)
    ]
    old = case("old", registered_at=hours_ago(29 * 24), state=CaseState.CLOSED, closed_at=hours_ago(1))
    values = built("hourly", *sources(), *history, old, case("today", registered_at=hours_ago(0.5)))
    assert values["day"] == "2026-08-09"
    assert len(values["counts"]) == 15
    assert values["counts"][13] == 1
    assert (values["low"][12], values["high"][12], values["median"][12]) == (1, 4, 2.5)


def test_without_history_there_is_no_band() -> None:
    values = built("hourly", *sources(), case("1"))
    assert values["low"] == values["median"] == [None] * 24


def test_alarms_come_unacknowledged_first_then_by_priority_then_the_oldest_first() -> None:
    alarms = [
        alarm("seen", priority=1, acknowledged_at=NOW, acknowledged_by="李某"),
        alarm("young", priority=2, started_at=hours_ago(0.1)),
        alarm("old", priority=2, started_at=hours_ago(3)),
        alarm("worst", priority=1),
        alarm("over", ended_at=NOW),
    ]
    values = built("alarms", *sources(), *alarms)
    assert [row["id"] for row in values["rows"]] == ["worst", "old", "young", "seen"]
    assert (values["unacknowledged"], values["handling"], values["total"]) == (3, 1, 4)


def test_an_alarm_row_names_its_street_and_department() -> None:
    row = built(
        "alarms",
        *sources(),
        street(STREETS[0], 121.4, 121.5),
        department("water", name_en="Water"),
        alarm("1", street_code=STREETS[0], department="water", value=42.0, unit="cm", limit=25.0),
    )["rows"][0]
    assert (row["street"], row["department"], row["department_en"]) == (f"street {STREETS[0]}", "water", "Water")
    assert (row["value"], row["unit"], row["limit"]) == (42.0, "cm", 25.0)


def test_the_banner_shows_an_unacknowledged_alarm_of_priority_one_only() -> None:
    assert built("banner", *sources(), alarm("1", priority=2))["alarm"] is None
    assert built("banner", *sources(), alarm("1", priority=1, acknowledged_at=NOW))["alarm"] is None
    assert built("banner", *sources(), alarm("1", priority=1))["alarm"]["id"] == "1"


def test_the_header_shows_the_weather_of_now_and_none_when_it_is_old() -> None:
    def observed(minutes_ago: float) -> Forecast:
        now = ForecastStep(at=NOW - timedelta(minutes=minutes_ago), temperature_c=28.4, wind_mps=9.0)
        return Forecast(id="w", source="weather", now=now)

    assert built("banner", observed(5))["weather"]["temperature_c"] == 28.4
    assert built("banner", observed(31))["weather"] is None


def test_a_sensor_silent_over_its_limit_keeps_its_alarm_and_says_since_when() -> None:
    store = MemoryStore(readings={"r/1": [(hours_ago(0.2), 42.0)]})
    silent = sensor("1", state=DeviceState.OFFLINE, level=1, datastreams=(Datastream(id="r/1"),))
    values = built("alarms", *sources(), silent, alarm("1", about="sensor/1", value=42.0), store=store)
    assert [(row["state"], row["value_at"], row["value"]) for row in values["rows"]] == [
        ("silent", round(hours_ago(0.2).timestamp() * 1000), 42.0)
    ]


@pytest.mark.parametrize(
    ("about", "others", "expected"),
    [
        (sensor("1"), (), ("live", None)),
        (sensor("1"), (source("things", "sensor", state=Health.STALE),), ("unknown", None)),
        (sensor("1", state=DeviceState.OFFLINE, observed_at=NOW), (), ("silent", NOW)),
        (camera("1", state=DeviceState.OFFLINE, seen_at=NOW), (), ("silent", NOW)),
        (camera("1"), (source("video-a", "camera", state=Health.STALE),), ("unknown", None)),
    ],
)
def test_an_alarm_says_what_its_value_is_worth(about: Record, others: tuple[Record, ...], expected: Any) -> None:
    rows = built("alarms", *sources(), *others, about, alarm("1", about=f"{about.kind}/1"))["rows"]
    state, at = expected
    assert (rows[0]["state"], rows[0]["value_at"]) == (state, None if at is None else round(at.timestamp() * 1000))


def test_an_alarm_of_a_dead_platform_is_unknown() -> None:
    dead = source("video-a", "camera", "alarm", state=Health.STALE)
    assert built("alarms", *sources(), dead, alarm("1", source="video-a"))["rows"][0]["state"] == "unknown"


def test_the_nearest_cameras_look_at_the_worst_alarm_and_dead_ones_are_shown_as_dead() -> None:
    cameras = [
        camera("north", lat=31.401),
        camera("dead and nearer", lat=31.4005, state=DeviceState.OFFLINE, seen_at=hours_ago(0.2)),
        camera("far", lat=31.45),
        camera("nowhere", lon=None, lat=None),
    ]
    values = built("cameras", *sources(), *cameras, alarm("1"))
    assert (values["about"], values["about_name"]) == ("alarm/1", "alarm 1")
    assert [tile["id"] for tile in values["tiles"]] == ["north", "dead and nearer", "far"]
    north, dead, _ = values["tiles"]
    assert (north["distance_m"], north["bearing_deg"], north["seen_at"]) == (111, 0, None)
    assert (dead["state"], dead["seen_at"]) == ("offline", round(hours_ago(0.2).timestamp() * 1000))


def test_without_an_alarm_no_camera_is_picked() -> None:
    assert built("cameras", *sources(), camera("1"))["tiles"] == []


def exposed(*claims: AreaClaim) -> dict[str, int]:
    ground = [street(STREETS[0], 121.4, 121.5), street(STREETS[1], 121.5, 121.6)]
    inside = [camera("in"), place("school", "school"), place("tunnel", "underpass"), place("clinic", "hospital")]
    outside = [camera("out", lon=121.55), camera("none", lon=None), place("other", "school", lon=121.55)]
    rows = built("warnings", *sources(), *ground, *inside, *outside, warning("w", areas=claims))["rows"]
    return rows[0]["exposure"]


def test_a_warning_exposes_what_lies_in_its_area() -> None:
    found = exposed(AreaClaim(codes=(STREETS[0],)))
    assert found == {"streets": 1, "grids": 0, "cameras": 1, "underpasses": 1, "schools": 1, "hospitals": 1}


def test_a_warning_that_names_no_area_exposes_the_whole_district() -> None:
    assert exposed()["streets"] == 2
    assert exposed()["cameras"] == 2


def test_without_areas_exposure_is_unknown() -> None:
    assert built("warnings", *sources(), warning("w"))["rows"][0]["exposure"] is None


def test_an_exercise_is_listed_last_and_never_drawn() -> None:
    records = [
        *sources(),
        street(STREETS[0], 121.4, 121.5),
        warning("drill", is_actual=False, level=WarningLevel.RED),
        warning("real", level=WarningLevel.BLUE),
    ]
    assert [(row["id"], row["is_actual"]) for row in built("warnings", *records)["rows"]] == [
        ("real", True),
        ("drill", False),
    ]
    values = built("map", *records)
    assert [area["id"] for area in values["warning_areas"]] == ["real"]
    assert values["bounds"] == [121.4, 31.3, 121.5, 31.5]
    assert len(values["warning_areas"][0]["polygons"][0]) >= 4


def water(key: str, **changes: Any) -> Record:
    return sensor(key, datastreams=(Datastream(id=f"{key}/1", unit="m", thresholds=LIMITS, interval_s=300),), **changes)


def test_the_water_sensor_nearest_its_limit_is_watched_with_rate_and_projection() -> None:
    store = MemoryStore()
    readings(store, "low/1", 1.0, 1.0, 1.0)
    readings(store, "rising/1", *(2.5 + 0.05 * i for i in range(13)))  # 0.6 an hour
    values = built("watched", *sources(), water("low"), water("rising"), store=store)
    assert values["sensor"] == "rising"
    assert (values["limit"], values["limit_level"]) == (3.2, 3)
    assert values["rate_per_h"] == pytest.approx(0.6)
    assert values["projection"][1][1] == pytest.approx(3.7)


def test_a_sensor_that_fell_silent_near_its_limit_does_not_hide_one_that_rises() -> None:
    store = MemoryStore()
    readings(store, "dead/1", 3.1)
    readings(store, "rising/1", 2.5)
    dead = replace(water("dead"), state=DeviceState.OFFLINE)
    assert built("watched", *sources(), dead, water("rising"), store=store)["sensor"] == "rising"
    alone = MemoryStore()
    readings(alone, "dead/1", 3.1)
    assert built("watched", *sources(), dead, store=alone)["sensor"] == "dead"


def test_the_configured_sensor_is_watched_whatever_the_others_do() -> None:
    store = MemoryStore()
    readings(store, "low/1", 1.0)
    readings(store, "high/1", 5.0)
    values = built("watched", *sources(), water("low"), water("high"), store=store, watched="low")
    assert values["sensor"] == "low"
    assert values["rate_per_h"] is None  # one reading has no trend
    assert values["projection"] == []


def test_falling_water_is_not_projected_below_the_ground() -> None:
    store = MemoryStore()
    readings(store, "w/1", 1.0, 0.7, 0.4, 0.1)
    assert built("watched", *sources(), water("w"), store=store)["projection"][1][1] == 0.0


def test_a_watched_sensor_whose_readings_are_late_says_so() -> None:
    store = MemoryStore()
    store.readings["w/1"] = [(NOW - timedelta(minutes=20), 3.0)]
    now = moment(*sources(), water("w"), store=store)
    panel = PANELS_BY_KEY["watched"]
    standing = panel.standing(now, panel.build(now))
    assert (standing.state.value, standing.as_of) == ("delayed", NOW - timedelta(minutes=20))


def test_departments_show_their_cases_and_how_their_sources_are_doing() -> None:
    records = [
        *sources(),
        department("police", name_en="Police"),
        department("urban"),
        source("video-b", "camera", department="urban", state=Health.STALE),
        case("1", department="urban", due_at=hours_ago(1)),
    ]
    assert built("departments", *records)["rows"] == [
        ["police", "police", "Police", 0, 0, "live"],
        ["urban", "urban", "", 1, 1, "stale"],
    ]


def test_duty_counts_who_is_on_duty_and_admits_when_nobody_says() -> None:
    people = [officer("1"), officer("2", on_duty=False), officer("3", role="crew", on_duty=None)]
    assert built("duty", *sources(), *people)["rows"] == [["grid_officer", 1, 2], ["crew", None, 1]]


def test_origins_compare_with_the_same_time_on_the_same_weekday() -> None:
    past = [case(str(week), registered_at=hours_ago(168 * week + 1), state=CaseState.CLOSED) for week in (1, 2, 3, 4)]
    old = case("old", registered_at=hours_ago(29 * 24))
    rows = built("origins", *sources(), *past, old, case("today"), case("video", origin="video"))["rows"]
    assert rows == [["hotline", 1, 1.0], ["video", 1, 0.0]]


def test_the_timeline_puts_warnings_alarms_and_cases_on_one_axis() -> None:
    records = [
        warning("old", level=WarningLevel.BLUE, superseded_by="new"),
        warning("new", level=WarningLevel.ORANGE, sent_at=hours_ago(0.5)),
        alarm("1", priority=1),
        case("1", registered_at=hours_ago(0.25)),
    ]
    values = built("timeline", *sources(), *records)
    assert [(row["id"], row["is_active"]) for row in values["warnings"]] == [("old", False), ("new", True)]
    assert values["alarms"] == [[round(hours_ago(1 / 12).timestamp() * 1000), 1, False, "alarm 1"]]
    assert sum(count for _, count in values["cases"]) == 1
    assert values["from"] < values["cases"][0][0] + 1 <= values["to"]
    assert [text for _, text in values["events"]] == ["warning old", "warning new"]
