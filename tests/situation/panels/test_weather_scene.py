"""The weather scene: silent stations left out, warnings as steps, what is exposed, and who may berth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_city import NOW, SETTINGS, STREETS, MemoryStore, hours_ago, place, sensor, source, street, warning

from situation.clock import FakeClock
from situation.feed.readings import StoreReadings
from situation.feed.settings import context_of
from situation.live import Live, Moment
from situation.panels import PANELS_BY_KEY, ChoiceError
from situation.panels.weather.exposure import KINDS
from situation.port import Berth, PortSettings
from situation.records import (
    AreaClaim,
    Conditions,
    Datastream,
    DeviceState,
    Forecast,
    ForecastForm,
    ForecastStep,
    Health,
    Record,
    Threshold,
    TideTurn,
    WarningLevel,
)

SOURCES = (
    source("office", "forecast"),
    source("weather", "warning"),
    source("things", "sensor"),
    source("places", "place", "area"),
)
WEST, EAST = street(STREETS[0], 121.3, 121.4), street(STREETS[1], 121.4, 121.5)
WATER = (Threshold(level=1, limit=25.0), Threshold(level=3, limit=10.0))
BERTH = Berth(key="b", name="b", lon=121.45, lat=31.4, gust_mps=13.8, depth_m=10.0, bed_m=8.0)
DEAD = {"state": Health.UNAVAILABLE, "succeeded_at": NOW - timedelta(hours=1)}


def moment(*records: Record, store: MemoryStore | None = None, berths: Sequence[Berth] = ()) -> Moment:
    store = store or MemoryStore()
    store.put(*records)
    context = context_of(SETTINGS, FakeClock(NOW), StoreReadings(store))  # type: ignore[arg-type]
    return Moment(Live.load(store, NOW), NOW, replace(context, port=PortSettings(berths=tuple(berths))))


def built(key: str, *records: Record, **how: Any) -> dict[str, Any]:
    values = PANELS_BY_KEY[key].build(moment(*records, **how))
    json.loads(msgspec.json.encode(values))
    return values


def station(key: str, minutes_ago: float = 2, street_code: str = "", **conditions: float) -> Forecast:
    now = Conditions(at=NOW - timedelta(minutes=minutes_ago), **conditions)
    return Forecast(
        id=key,
        source="office",
        name=key,
        form=ForecastForm.STATION,
        now=now,
        lon=121.35,
        lat=31.4,
        street_code=street_code,
    )


def gauge(key: str, lon: float, **changes: Any) -> Record:
    stream = Datastream(id=f"{key}/1", unit="cm", interval_s=60.0, thresholds=WATER)
    return sensor(key, sensor_kind="underpass_water", lon=lon, lat=31.4, datastreams=(stream,), **changes)


def wind(key: str, **changes: Any) -> Record:
    stream = Datastream(id=f"{key}/1", unit="m/s", interval_s=60.0)
    return sensor(key, sensor_kind="wind", lon=121.45, lat=31.4, datastreams=(stream,), **changes)


# Conditions


def test_a_station_that_fell_silent_is_named_and_left_out_of_the_extremes() -> None:
    values = built("weather-now", *SOURCES, station("a", rain_mm=5.0), station("b", minutes_ago=40, rain_mm=50.0))
    assert values["stations"] == [1, 2]
    assert [late["name"] for late in values["late"]] == ["b"]
    assert (values["rain"]["value"], values["rain"]["name"]) == (5.0, "a")


def test_what_no_station_measures_is_unknown_and_not_zero() -> None:
    values = built("weather-now", *SOURCES, station("a", rain_mm=5.0))
    assert values["gust"] is None
    assert values["visibility"] is None
    assert values["temperature"] is None


def test_while_the_office_is_down_the_last_conditions_stay_and_the_panel_says_so() -> None:
    down = source("office", "forecast", **DEAD)
    now = moment(down, station("a", minutes_ago=62, rain_mm=5.0))
    panel = PANELS_BY_KEY["weather-now"]
    values = panel.build(now)
    assert values["rain"]["value"] == 5.0
    assert panel.standing(now, values).state.value == "stale"


def test_the_least_visibility_is_the_smallest() -> None:
    values = built("weather-now", *SOURCES, station("a", visibility_km=5.0), station("b", visibility_km=0.8))
    assert values["visibility"]["name"] == "b"


# Map


def test_a_street_without_a_fresh_station_is_unknown_and_not_dry() -> None:
    old = station("b", minutes_ago=60, street_code=STREETS[1], rain_mm=9.0)
    values = built("weather-map", *SOURCES, WEST, EAST, station("a", street_code=STREETS[0], rain_mm=3.0), old)
    assert values["streets"] == {STREETS[0]: 3.0, STREETS[1]: None}
    assert {one["id"]: one["is_fresh"] for one in values["stations"]} == {"a": True, "b": False}


def test_only_warnings_of_part_of_the_district_are_outlined() -> None:
    part = warning("part", event="暴雨", areas=(AreaClaim(codes=(STREETS[0],)),))
    values = built("weather-map", *SOURCES, WEST, EAST, part, warning("whole"))
    assert [area["id"] for area in values["areas"]] == ["part"]


# Warnings over time


def chain() -> list[Record]:
    blue = warning("1", event="暴雨", level=WarningLevel.BLUE, sent_at=hours_ago(3), expires_at=hours_ago(-9))
    yellow = warning(
        "2", event="暴雨", level=WarningLevel.YELLOW, sent_at=hours_ago(2), message_type="Update", references=("1",)
    )
    orange = warning(
        "3",
        event="暴雨",
        level=WarningLevel.ORANGE,
        sent_at=hours_ago(0.5),
        message_type="Update",
        references=("1", "2"),
    )
    return [blue, yellow, orange]


def test_a_hazard_is_a_flight_of_steps_each_ending_where_the_next_begins() -> None:
    hazard = built("weather-history", *SOURCES, *chain())["hazards"][0]
    assert [step["level"] for step in hazard["steps"]] == ["blue", "yellow", "orange"]
    ends = [step["to"] for step in hazard["steps"]]
    assert ends[:2] == [step["from"] for step in hazard["steps"][1:]]
    assert (hazard["is_active"], hazard["level"]) == (True, "orange")
    assert hazard["since"] == hazard["steps"][-1]["from"]
    assert hazard["began"] == hazard["steps"][0]["from"]


def test_a_cancelled_hazard_is_over_and_says_since_when() -> None:
    lifted = warning("4", event="暴雨", message_type="Cancel", sent_at=hours_ago(0.2), references=("1", "2", "3"))
    hazard = built("weather-history", *SOURCES, *chain(), lifted)["hazards"][0]
    assert (hazard["is_active"], hazard["ended_by"]) == (False, "cancelled")
    assert hazard["ended_at"] == round(hours_ago(0.2).timestamp() * 1000)


def test_an_exercise_is_no_history() -> None:
    assert built("weather-history", *SOURCES, warning("x", event="暴雨", is_actual=False))["hazards"] == []


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0.1, 9), st.sampled_from(list(WarningLevel))), max_size=6))
def test_steps_never_end_before_they_begin(messages: list[tuple[float, WarningLevel]]) -> None:
    records: list[Record] = []
    for index, (ago, level) in enumerate(sorted(messages, key=lambda message: -message[0])):
        earlier = tuple(record.id for record in records)
        kind = "Update" if earlier else "Alert"
        records.append(
            warning(
                str(index), event="大风", level=level, sent_at=hours_ago(ago), message_type=kind, references=earlier
            )
        )
    for hazard in built("weather-history", *SOURCES, *records)["hazards"]:
        assert all(step["to"] is None or step["to"] >= step["from"] for step in hazard["steps"])
        assert sum(step["ended_by"] == "" for step in hazard["steps"]) <= 1


# Coming up and forecast


def test_only_what_is_announced_is_coming_up_the_soonest_first() -> None:
    office = Forecast(id="f", source="office", name="here", next_issue_at=NOW + timedelta(hours=1))
    turns = tuple(TideTurn(at=NOW + timedelta(hours=h), height_m=2.0, is_high=h == 3) for h in (-3, 3, 9))
    tide = Forecast(id="t", source="office", form=ForecastForm.TIDE, name="mouth", turns=turns)
    rows = built("weather-next", *SOURCES, office, tide, warning("w", expires_at=hours_ago(-2)))["rows"]
    assert [row["what"] for row in rows] == ["forecast", "expiry", "high-water", "low-water"]


def test_the_rain_of_a_day_says_of_how_many_hours_it_is_known() -> None:
    steps = tuple(ForecastStep(at=NOW + timedelta(hours=h), rain_mm=1.0 if h < 30 else None) for h in range(1, 73))
    values = built("weather-forecast", *SOURCES, Forecast(id="f", source="office", steps=steps))
    assert values["days"] == [[23.0, 23], [6.0, 6], [None, 0]]


# Exposed


def exposed_city(store: MemoryStore, *more: Record) -> list[Record]:
    fresh, old = NOW - timedelta(seconds=30), NOW - timedelta(hours=1)
    store.readings = {"g1/1": [(fresh, 30.0)], "g2/1": [(fresh, 12.0)], "g3/1": [(old, 40.0)]}
    places = [
        replace(place("u1", "underpass", lon=121.31), street_code=STREETS[0]),
        replace(place("u2", "underpass", lon=121.32), street_code=STREETS[0]),
        replace(place("u3", "underpass", lon=121.33), street_code=STREETS[0]),
        replace(place("u4", "underpass", lon=121.34), street_code=STREETS[0]),
        replace(place("s1", "school", lon=121.35), street_code=STREETS[0]),
        replace(place("s2", "school", lon=121.45), street_code=STREETS[1]),
    ]
    silent = gauge("g3", 121.33, state=DeviceState.OFFLINE)
    ground = warning("w", event="暴雨", areas=(AreaClaim(codes=(STREETS[0],)),))
    return [*SOURCES, WEST, EAST, *places, gauge("g1", 121.31), gauge("g2", 121.32), silent, ground, *more]


def test_what_lies_in_the_warned_area_is_counted_street_by_street() -> None:
    store = MemoryStore()
    values = built("weather-exposure", *exposed_city(store), store=store)
    assert [row["code"] for row in values["rows"]] == [STREETS[0]]
    row = values["rows"][0]
    assert (row["underpass"], row["school"], row["wet"], row["unknown"]) == (4, 1, 2, 2)
    assert values["total"]["school"] == 1


def test_underpasses_are_closed_alert_normal_or_unknown_and_add_up() -> None:
    store = MemoryStore()
    water = built("weather-exposure", *exposed_city(store), store=store)["water"]
    assert water == {"total": 4, "closed": 1, "alert": 1, "normal": 0, "unknown": 2}


def test_an_old_reading_is_shown_with_its_time_but_never_judged() -> None:
    store = MemoryStore()
    records = [each for each in exposed_city(store) if each.id not in ("g1", "g2")]
    row = built("weather-exposure", *records, store=store)["rows"][0]
    assert (row["wet"], row["unknown"]) == (0, 4)
    assert [(one["value"], one["is_fresh"], one["level"]) for one in row["gauges"]] == [(40.0, False, None)]


def test_without_a_warning_nothing_is_exposed() -> None:
    values = built("weather-exposure", *SOURCES, WEST, place("u", "underpass", lon=121.31))
    assert (values["warning"], values["rows"], values["total"]) == (None, [], None)


def test_a_reader_may_choose_among_the_current_warnings_only() -> None:
    store = MemoryStore()
    other = warning("east", areas=(AreaClaim(codes=(STREETS[1],)),), level=WarningLevel.BLUE)
    now = moment(*exposed_city(store, other), store=store)
    choose = PANELS_BY_KEY["weather-exposure"].choose
    assert choose is not None
    assert [row["code"] for row in choose(now, {"warning": "east"})["rows"]] == [STREETS[1]]
    with pytest.raises(ChoiceError) as refused:
        choose(now, {"warning": "gone"})
    assert set(refused.value.allowed) == {"w", "east"}
    with pytest.raises(ChoiceError):
        choose(now, {"colour": "red"})


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.floats(121.25, 121.55), st.booleans()), max_size=25))
def test_rows_add_up_to_their_total_wherever_places_lie(sites: list[tuple[str, float, bool]]) -> None:
    places = [
        replace(place(f"p{i}", kind, lon=lon), street_code="" if nowhere else STREETS[0 if lon < 121.4 else 1])
        for i, (kind, lon, nowhere) in enumerate(sites)
    ]
    values = built("weather-exposure", *SOURCES, WEST, EAST, *places, warning("w"))
    inside = [kind for kind, lon, _ in sites if 121.3 <= lon <= 121.5]
    assert {kind: values["total"][kind] for kind in KINDS} == {kind: inside.count(kind) for kind in KINDS}


# Port


def port(store: MemoryStore, *records: Record) -> dict[str, Any]:
    return built("weather-port", *SOURCES, WEST, EAST, *records, store=store, berths=[BERTH])["groups"][0]["rows"][0]


def tide(level_m: float | None, store: MemoryStore) -> Record:
    if level_m is not None:
        store.readings["t/1"] = [(NOW - timedelta(seconds=30), level_m)]
    stream = Datastream(id="t/1", unit="m", interval_s=120.0)
    return sensor("t", sensor_kind="tide_level", lon=121.46, lat=31.4, datastreams=(stream,))


def test_depth_is_the_bed_and_the_tide_together() -> None:
    store = MemoryStore(readings={"w1/1": [(NOW, 5.0)]})
    row = port(store, wind("w1"), tide(2.5, store))
    assert (row["verdict"], row["depth"]["value"]) == ("open", 10.5)


def test_an_old_value_is_shown_but_makes_the_verdict_unknown() -> None:
    store = MemoryStore(readings={"w1/1": [(hours_ago(1), 5.0)]})
    row = port(store, wind("w1"), tide(2.5, store))
    assert row["verdict"] == "unknown"
    assert (row["gust"]["value"], row["gust"]["is_fresh"]) == (5.0, False)


def test_without_a_sensor_within_reach_nobody_can_say() -> None:
    store = MemoryStore(readings={"w1/1": [(NOW, 5.0)]})
    row = port(store, wind("w1"))
    assert (row["verdict"], row["depth"]["by"]) == ("unknown", None)


def test_of_two_living_sensors_the_worse_one_speaks() -> None:
    store = MemoryStore(readings={"w1/1": [(NOW, 5.0)], "w2/1": [(NOW, 15.0)]})
    row = port(store, wind("w1"), wind("w2"), tide(2.5, store))
    assert (row["verdict"], row["gust"]["value"]) == ("closed", 15.0)


def at_the_berth(record: Record) -> Record:
    return replace(record, lon=121.46, lat=31.4)


def test_a_weather_station_at_the_berth_speaks_where_it_is_worse() -> None:
    store = MemoryStore(readings={"w1/1": [(NOW, 5.0)]})
    row = port(store, wind("w1"), tide(2.5, store), at_the_berth(station("s", gust_mps=15.0)))
    assert (row["verdict"], row["gust"]["value"], row["gust"]["place"]) == ("closed", 15.0, "s")
    row = port(store, wind("w1"), tide(2.5, store), at_the_berth(station("s", gust_mps=2.0)))
    assert (row["verdict"], row["gust"]["value"]) == ("open", 5.0)


@pytest.mark.parametrize("told", [{"minutes_ago": 60}, {"source": "silent"}])
def test_a_station_that_does_not_speak_now_judges_nothing(told: dict[str, Any]) -> None:
    store = MemoryStore(readings={"w1/1": [(NOW, 5.0)]})
    office = replace(station("s", told.get("minutes_ago", 2), gust_mps=15.0), source=told.get("source", "office"))
    silent = source("silent", "forecast", **DEAD)
    assert port(store, wind("w1"), tide(2.5, store), silent, at_the_berth(office))["verdict"] == "open"


def test_sensors_of_a_dead_source_judge_nothing() -> None:
    store = MemoryStore(readings={"w1/1": [(NOW, 5.0)]})
    records = [each for each in SOURCES if each.id != "things"]
    dead = source("things", "sensor", **DEAD)
    now = moment(*records, dead, WEST, EAST, wind("w1"), tide(2.5, store), store=store, berths=[BERTH])
    panel = PANELS_BY_KEY["weather-port"]
    values = panel.build(now)
    assert values["counts"] == {"closed": 0, "unknown": 1, "restricted": 0, "open": 0}
    assert panel.standing(now, values).state.value == "stale"


def test_a_district_without_berths_says_that_none_are_configured() -> None:
    far = replace(BERTH, lon=113.0)
    now = moment(*SOURCES, WEST, EAST, berths=[far])
    panel = PANELS_BY_KEY["weather-port"]
    standing = panel.standing(now, panel.build(now))
    assert (standing.state.value, standing.reason) == ("not-configured", ("reason.port-not-configured",))


def test_a_closed_berth_says_when_the_forecast_lets_it_open() -> None:
    store = MemoryStore(readings={"w1/1": [(NOW, 15.0)]})
    hours = [NOW + timedelta(hours=h) for h in range(1, 6)]
    gusts = (20.0, 20.0, 8.0, 7.0, 6.0)
    steps = tuple(ForecastStep(at=at, gust_mps=gust) for at, gust in zip(hours, gusts, strict=True))
    heights = tuple(ForecastStep(at=at, tide_m=3.0) for at in hours)
    office = Forecast(id="f", source="office", steps=steps)
    table = Forecast(id="t", source="office", form=ForecastForm.TIDE, steps=heights)
    row = port(store, wind("w1"), tide(2.5, store), office, table)
    assert row["reopens_at"] == round(hours[2].timestamp() * 1000)
