"""The iot scene counts every sensor once, its margins are the KPI's numbers, and old readings never pass for live."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_city import NOW, SETTINGS, STREETS, MemoryStore, hours_ago, sensor, source, sources, street

from situation.clock import FakeClock
from situation.feed.readings import StoreReadings
from situation.feed.settings import context_of
from situation.live import Live, Moment
from situation.numbers import compute_all
from situation.panels import PANELS_BY_KEY, ChoiceError
from situation.panels.iot.bins import histogram, nice_step
from situation.panels.iot.fleet import STANDINGS
from situation.panels.iot.watched import reaches
from situation.records import Datastream, DeviceState, Health, Record, Sensor, Threshold

LIMITS = (Threshold(level=1, limit=25.0), Threshold(level=2, limit=15.0), Threshold(level=3, limit=10.0))
KINDS = ("underpass_water", "wind", "methane", "noise", "nobody_knows")


def moment(*records: Record, store: MemoryStore | None = None, at: datetime = NOW) -> Moment:
    store = store or MemoryStore()
    store.put(*sources(), street(STREETS[0], 121.4, 121.5), street(STREETS[1], 121.5, 121.6), *records)
    context = context_of(SETTINGS, FakeClock(at), StoreReadings(store))  # type: ignore[arg-type]
    return Moment(Live.load(store, at), at, context)


def water(key: str, value: float | None = None, store: MemoryStore | None = None, **changes: Any) -> Sensor:
    """A sensor of an underpass with limits, and its last reading a minute ago."""
    if value is not None and store is not None:
        store.readings[f"w/{key}"] = [(NOW - timedelta(minutes=1), value)]
    stream = Datastream(id=f"w/{key}", unit="cm", interval_s=60, thresholds=LIMITS)
    given = {"sensor_kind": "underpass_water", "datastreams": (stream,), "street_code": STREETS[0]}
    return sensor(key, **(given | changes))


def cells(values: dict[str, Any]) -> np.ndarray:
    """[kind, street, …] of a matrix."""
    return np.array([values[f"row:{kind}"]["cells"] for kind in values["kinds"]])


SENSORS = st.lists(
    st.builds(
        lambda kind, where, state, level, owner: (kind, where, state, level, owner),
        st.sampled_from(KINDS),
        st.sampled_from([*STREETS, ""]),
        st.sampled_from(list(DeviceState)),
        st.integers(0, 3),
        st.sampled_from(["things", "dead", "nobody"]),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60)
@given(SENSORS)
def test_the_margins_of_the_matrix_are_the_numbers_of_the_kpi(drawn: list[Any]) -> None:
    records = [
        sensor(str(n), sensor_kind=kind, street_code=where, state=state, level=level, source=owner, lon=None, lat=None)
        for n, (kind, where, state, level, owner) in enumerate(drawn)
    ]
    now = moment(source("dead", "sensor", state=Health.STALE), *records)
    values = PANELS_BY_KEY["iot-matrix"].build(now)
    numbers = compute_all(now)
    table = cells(values)[:, :, :4]
    assert table.sum() == len(drawn)
    assert table.sum(axis=0).tolist() == [cell[:4] for cell in values["columns"]]
    assert [row.sum(axis=0).tolist() for row in table] == [
        values[f"row:{kind}"]["total"][:4] for kind in values["kinds"]
    ]
    normal, over, offline, unknown = values["total"][:4]
    assert normal + over + offline + unknown == numbers["sensors_total"]
    assert normal + over == numbers["sensors_online"]
    assert unknown == numbers["sensors_unknown"]
    over_limit, silent = (PANELS_BY_KEY[key].build(now) for key in ("iot-alarms", "iot-silent"))
    assert over_limit["total"] == over == sum(over_limit["levels"])
    assert silent["silent"] == offline == sum(count for _, count in silent["classes"])


@settings(max_examples=40)
@given(SENSORS, st.sampled_from(KINDS), st.sampled_from(STREETS))
def test_every_choice_is_the_part_of_the_whole_that_the_matrix_says(drawn: list[Any], kind: str, code: str) -> None:
    records = [
        sensor(str(n), sensor_kind=each, street_code=where, state=state, level=level, lon=None, lat=None)
        for n, (each, where, state, level, _) in enumerate(drawn)
    ]
    now = moment(*records)
    matrix = PANELS_BY_KEY["iot-matrix"].build(now)
    if kind not in matrix["kinds"]:
        return
    place = [street_code for street_code, *_ in matrix["streets"]].index(code)
    cell = matrix[f"row:{kind}"]["cells"][place]
    chosen = {key: panel(now, key, kind=kind, street=code) for key in ("iot-explorer", "iot-alarms", "iot-silent")}
    assert chosen["iot-explorer"]["counts"] == cell[:4]
    assert chosen["iot-alarms"]["total"] == cell[1]
    assert chosen["iot-silent"]["silent"] == cell[2]
    for number, standing in enumerate(STANDINGS):
        assert panel(now, "iot-explorer", kind=kind, street=code, state=standing)["total"] == cell[number]


def panel(now: Moment, key: str, **choice: str) -> dict[str, Any]:
    choose = PANELS_BY_KEY[key].choose
    assert choose is not None
    return choose(now, choice)


def test_nobody_knows_of_sensors_before_a_source_has_spoken() -> None:
    store = MemoryStore()
    empty = Moment(Live.load(store, NOW), NOW, context_of(SETTINGS, FakeClock(NOW), StoreReadings(store)))  # type: ignore[arg-type]
    assert PANELS_BY_KEY["iot-matrix"].build(empty)["total"] is None
    assert PANELS_BY_KEY["iot-alarms"].build(empty)["total"] is None
    assert PANELS_BY_KEY["iot-silent"].build(empty)["silent"] is None


@pytest.mark.parametrize("choice", [{"kind": "lift"}, {"street": "1"}, {"state": "burning"}, {"colour": "red"}])
def test_a_choice_nobody_knows_is_refused_with_what_is_allowed(choice: dict[str, str]) -> None:
    with pytest.raises(ChoiceError) as refused:
        panel(moment(water("1")), "iot-explorer", **choice)
    assert refused.value.allowed


def test_sensors_over_a_limit_are_ranked_by_level_and_excess_and_silent_ones_come_last() -> None:
    store = MemoryStore()
    now = moment(
        water("mild", 11.0, store, level=3),
        water("worse", 24.0, store, level=2),
        water("bad", 16.0, store, level=2),
        water("silent", 50.0, store, level=1, state=DeviceState.OFFLINE),
        store=store,
    )
    values = PANELS_BY_KEY["iot-alarms"].build(now)
    assert [row["id"] for row in values["rows"]] == ["worse", "bad", "mild", "silent"]
    assert (values["total"], values["silent"]) == (3, 1)
    assert values["rows"][0]["limit"] == 15.0


def test_the_explorer_takes_the_kind_in_most_trouble_and_spreads_values_of_now_only() -> None:
    store = MemoryStore()
    now = moment(
        sensor("1", sensor_kind="noise", level=3),
        water("over", 30.0, store, level=1),
        water("calm", 1.0, store),
        water("silent", 40.0, store, state=DeviceState.OFFLINE),
        store=store,
    )
    values = PANELS_BY_KEY["iot-explorer"].build(now)
    assert (values["kind"], values["is_chosen"]) == ("underpass_water", False)
    assert (values["read"], sum(values["histogram"]["counts"])) == (2, 2)
    assert [row["id"] for row in values["rows"]] == ["over", "silent", "calm"]


def test_silent_sensors_say_since_when_and_low_batteries_are_told() -> None:
    silent = [
        water("day", state=DeviceState.OFFLINE, observed_at=hours_ago(30)),
        water("hour", state=DeviceState.OFFLINE, observed_at=hours_ago(0.5), battery=0.07),
        water("undated", state=DeviceState.OFFLINE),
        water("never", state=DeviceState.UNKNOWN),
        water("low", battery=0.15),
        water("full", battery=0.9),
    ]
    values = PANELS_BY_KEY["iot-silent"].build(moment(*silent))
    assert dict(values["classes"]) == {"1h": 1, "6h": 0, "1d": 0, "7d": 1, "more": 0, "undated": 1}
    assert values["never"] == 1
    assert [row["id"] for row in values["rows"]][:2] == ["hour", "day"]
    assert values["battery"] == {"known": 3, "low": 2, "critical": 1}
    assert [row["id"] for row in values["low_rows"]] == ["hour", "low"]


def test_watched_sensors_are_the_nearest_to_their_limits_and_keep_their_places() -> None:
    store = MemoryStore()
    sensors = [water(str(n), float(n), store) for n in range(20)]
    now = moment(*sensors, store=store)
    before = PANELS_BY_KEY["iot-watched"].build(now)
    assert [before[f"water:{slot}"]["id"] for slot in range(6)] == ["19", "18", "17", "16", "15", "14"]
    store.readings["w/13"] = [(NOW, 24.9)]
    later = Moment(now.live, NOW + timedelta(seconds=40), now.context, now.cache)
    after = PANELS_BY_KEY["iot-watched"].build(later)
    assert [after[f"water:{slot}"]["id"] for slot in range(6)] == ["19", "18", "17", "16", "15", "14"]
    assert after["wind:0"] is None


@pytest.mark.parametrize(
    ("value", "rate", "expected"),
    [
        (9.0, 2.0, (10.0, 3, False, 0.5)),
        (26.0, 5.0, None),
        (26.0, -2.0, (25.0, 1, True, 0.5)),
        (9.0, -1.0, None),
        (9.0, 0.1, None),
    ],
)
def test_a_projection_names_the_limit_it_leads_to_or_out_of(value: float, rate: float, expected: Any) -> None:
    stream = Datastream(id="w", thresholds=LIMITS)
    found = reaches(stream, [(0, value)], rate)
    told = None if found is None else (found["limit"], found["level"], found["is_back"], found["at"] / 3_600_000)
    assert told == expected


@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=300),
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), max_size=3),
)
def test_a_histogram_counts_every_value_once(values: list[float], limits: list[float]) -> None:
    found = histogram(np.array(values), limits)
    assert found is not None
    assert sum(found["counts"]) == len(values)
    assert len(found["counts"]) <= 60
    assert found["below"] <= found["counts"][0]
    assert found["above"] <= found["counts"][-1]


@given(st.floats(1e-9, 1e9))
def test_steps_are_one_two_or_five_times_a_power_of_ten(least: float) -> None:
    step = nice_step(least)
    assert least * (1 - 1e-6) <= step <= least * 2.6
    assert f"{step:e}".partition("e")[0].rstrip("0").rstrip(".") in {"1", "2", "5"}
