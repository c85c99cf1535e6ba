"""The `sensorthings` source against the dialects of two real servers, and against what others are known for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_upstream import Faulty, Upstream
from hypothesis import given
from hypothesis import strategies as st
from sensorthings_servers import COUNT, Django, Istsos
from source_settings import Block

from datasources.contract import Batch, FetchContext, Source, SourceUnavailable
from datasources.http import HttpClient
from datasources.options import OptionsError
from datasources.registry import build
from datasources.sensorthings.memory import read_memory
from datasources.sensorthings.normalise import Server, as_thing, normalise_things
from datasources.sensorthings.pages import expanded, key_of
from datasources.sensorthings.readings import as_number, normalise_observations, own_id
from situation.clock import CityClock
from situation.records import DeviceState, Sensor
from situation.settings.secret import Secret

CITY_S = 1786255200.0  # 2026-08-09 14:00 in Shanghai


def clock_of_city() -> CityClock:
    return CityClock(anchor_real_s=CityClock().now().timestamp(), anchor_city_s=CITY_S, speed=1.0)


def make(upstream: Upstream, **options: Any) -> Source:
    return build(Block("sensorthings", url=upstream.url, options=options), http=HttpClient(clock=clock_of_city()))


def fetch(source: Source, cursor: object = None, later: timedelta = timedelta(0)) -> Batch:
    clock = clock_of_city()
    context = FetchContext(now=clock.now() + later, cursor=cursor, deadline_monotonic_s=clock.monotonic() + 20)
    return source.fetch(context)


def sensors_of(batch: Batch) -> dict[str, Sensor]:
    return {record.id: record for record in batch.records if isinstance(record, Sensor)}


def values_of(batch: Batch) -> dict[str, float]:
    return {one.datastream: one.value for one in batch.observations}


def page(*rows: Any) -> bytes:
    return json.dumps({"value": rows}).encode()


def test_server_that_joins_wrongly_gets_every_reading_to_its_own_datastream(upstream: Upstream) -> None:
    Django(upstream)
    source = make(upstream)
    batch = fetch(source)
    sensors = sensors_of(batch)
    assert len(sensors) == COUNT
    measured = [[stream.observed_property for stream in sensor.datastreams] for sensor in sensors.values()]
    assert measured == [["PM2.5", "积水深度"]] * COUNT
    expected = {f"upstream.{n}-{part}": n * 10.0 + part for n in range(COUNT) for part in range(2)}
    assert values_of(batch) == expected
    later = fetch(source, batch.cursor, timedelta(seconds=20))
    assert (later.records, later.rejected) == ((), ())
    assert values_of(later) == expected
    assert "dataArray" in upstream.asked[-1]


def test_what_a_server_refused_once_it_is_not_asked_again(upstream: Upstream) -> None:
    Django(upstream)
    source = make(upstream)
    cursor = fetch(source).cursor
    upstream.asked.clear()
    second = fetch(source, cursor, timedelta(minutes=3))
    assert second.complete
    assert not [asked for asked in upstream.asked if "phenomenonTime" in asked or "$top=1000" in asked]


def test_what_a_server_refused_is_tried_again_after_a_day_and_is_no_failure(upstream: Upstream) -> None:
    Django(upstream)
    source = make(upstream)
    cursor = fetch(source).cursor
    upstream.asked.clear()
    again = fetch(source, cursor, timedelta(hours=25))
    assert len(again.records) == COUNT
    assert [asked for asked in upstream.asked if "$top=1000" in asked]
    upstream.asked.clear()
    assert fetch(source, again.cursor, timedelta(hours=25, minutes=3)).complete
    assert not [asked for asked in upstream.asked if "$top=1000" in asked]


def test_server_of_integer_ids_and_nulls_is_read_page_by_page(upstream: Upstream) -> None:
    Istsos(upstream)
    source = make(upstream)
    batch = fetch(source)
    sensors = sensors_of(batch)
    assert list(sensors) == [f"upstream.{n}" for n in range(1, COUNT + 1)]
    assert all(sensor.state is DeviceState.ONLINE and sensor.lon for sensor in sensors.values())
    assert values_of(batch)["upstream.31"] == 31.0
    later = fetch(source, batch.cursor, timedelta(seconds=20))
    assert values_of(later) == {"upstream.10": 10.0, "upstream.20": 20.0, "upstream.30": 30.0}
    assert not [asked for asked in upstream.asked if "contains" in asked or "substringof" in asked]


@pytest.mark.shared_data
def test_datastreams_of_a_server_without_things_are_sensors_and_those_that_ended_are_offline(
    upstream: Upstream, shared_data: Path
) -> None:
    listed = json.loads((shared_data / "sensors/sensorthings/bgs-datastreams-by-feature.json").read_bytes())
    upstream.pages["/v1.1/Datastreams"] = page(*(stream for streams in listed.values() for stream in streams))
    upstream.pages["/v1.1/Things"] = page()
    upstream.pages["/v1.1/Observations"] = page()
    source = make(upstream)
    batch = fetch(source)
    sensors = sensors_of(batch).values()
    assert (len(sensors), batch.rejected, batch.observations) == (102, (), ())
    assert {sensor.state for sensor in sensors} == {DeviceState.OFFLINE}
    assert {sensor.value for sensor in sensors} == {None}
    assert all(sensor.lon and sensor.lat for sensor in sensors)
    assert {"m", "mbar"} <= {sensor.datastreams[0].unit for sensor in sensors}
    upstream.asked.clear()
    assert len(fetch(source, batch.cursor, timedelta(minutes=3)).records) == 102
    assert not [asked for asked in upstream.asked if asked.startswith("/v1.1/Things")]


@pytest.mark.shared_data
def test_readings_of_a_real_server_are_followed_to_its_next_page(upstream: Upstream, shared_data: Path) -> None:
    recorded = json.loads((shared_data / "sensors/sensorthings/bgs-observations-page.json").read_bytes())
    rows = [row | {"Datastream": {"@iot.id": 70}} for row in recorded["value"]]

    def readings(query: Mapping[str, str]) -> bytes:
        if "$skip" in query:
            return page(rows[0] | {"@iot.id": 1, "phenomenonTime": "2023-03-29T00:00:00.000Z"})
        return json.dumps({**recorded, "value": rows}).encode()

    upstream.pages["/v1.1/Things"] = page({"@iot.id": 1, "name": "井", "Datastreams": [{"@iot.id": 70}]})
    upstream.pages["/v1.1/Observations"] = readings
    batch = fetch(make(upstream, backfill_s=3600))
    assert [one.value for one in batch.observations] == [1009.86, 1008.17, 1005.7, 1009.86]


def test_each_datastream_of_a_thing_can_be_a_sensor_of_its_own(upstream: Upstream) -> None:
    Istsos(upstream, page=10)
    sensors = sensors_of(fetch(make(upstream, sensors="datastreams")))
    assert len(sensors) == 2 * COUNT
    assert sensors["upstream.11"].value == 11.0
    assert sensors["upstream.11"].lon == pytest.approx(121.41)


def test_server_that_fails_in_a_dialect_it_knows_is_down_and_not_strange(upstream: Upstream) -> None:
    Istsos(upstream)
    source = make(upstream)
    cursor = fetch(source).cursor
    upstream.asked.clear()
    upstream.fault = "html500"
    with pytest.raises(SourceUnavailable):
        fetch(source, cursor, timedelta(minutes=3))
    assert len(upstream.asked) == 1


def test_parts_of_a_multi_datastream_are_datastreams_of_their_own(upstream: Upstream) -> None:
    multi = {
        "@iot.id": 9,
        "name": "风",
        "unitOfMeasurements": [{"symbol": "m/s"}, {"symbol": "°"}, {"symbol": ""}],
        "ObservedProperties": [{"name": "风速"}, {"name": "风向"}],
        "Observations": [{"phenomenonTime": "2026-08-09T05:58:00Z", "result": [5.5, "180", "unknown"]}],
    }
    upstream.pages["/v1.1/Things"] = page({"@iot.id": 1, "name": "站", "MultiDatastreams": [multi]})
    batch = fetch(make(upstream, multi_datastreams=True))
    (sensor,) = sensors_of(batch).values()
    assert [(stream.id, stream.observed_property, stream.unit) for stream in sensor.datastreams] == [
        ("upstream.9.0", "风速", "m/s"),
        ("upstream.9.1", "风向", "°"),
        ("upstream.9.2", "", ""),
    ]
    assert values_of(batch) == {"upstream.9.0": 5.5, "upstream.9.1": 180.0}


def test_last_of_nested_readings_is_the_newest_in_whichever_order_they_come() -> None:
    readings = [{"phenomenonTime": f"2026-08-09T0{hour}:00:00Z", "result": hour} for hour in (3, 5, 4)]
    things = [{"@iot.id": 1, "Datastreams": [{"@iot.id": 2, "Observations": readings}]}]
    sensors, _, _ = normalise_things(
        things, Server(key="s", department="", crs="wgs84", zone=None), clock_of_city().now()
    )
    assert sensors[0].value == 5.0


@pytest.mark.parametrize(
    ("result", "value"),
    [
        (True, 1.0),
        ("12.5", 12.5),
        ("off", 0.0),
        ({"value": 3}, 3.0),
        (None, None),
        ("wet", None),
        ({}, None),
        ("", None),
    ],
)
def test_results_that_are_no_plain_number_are_read_as_what_they_mean(result: Any, value: float | None) -> None:
    assert as_number(result) == value


def test_interval_counts_from_its_end_and_result_time_stands_in_for_none() -> None:
    rows = [
        {"phenomenonTime": "2026-08-09T05:00:00Z/2026-08-09T05:10:00Z", "result": 1, "Datastream": {"@iot.id": 1}},
        {"phenomenonTime": None, "resultTime": "2026-08-09T05:20:00Z", "result": 2, "Datastream": {"@iot.id": 1}},
        {"phenomenonTime": "2026-08-09T05:30:00Z", "resultTime": None, "result": 3, "Datastream": {"@iot.id": "1"}},
    ]
    found, rejected = normalise_observations(rows, "s", None)
    assert [one.observed_at.minute for one in found] == [10, 20, 30]
    assert ({one.datastream for one in found}, rejected) == ({"s.1"}, [])


def test_place_of_a_thing_without_one_is_where_it_last_was_or_what_it_observes() -> None:
    was = [
        {"time": "2026-08-01T00:00:00Z", "Locations": [{"location": {"type": "Point", "coordinates": [121.4, 31.4]}}]},
        {"time": "2026-08-02T00:00:00Z", "Locations": [{"location": {"type": "Point", "coordinates": [121.5, 31.4]}}]},
    ]
    area = {"type": "Polygon", "coordinates": [[[121.4, 31.3], [121.6, 31.3], [121.6, 31.5], [121.4, 31.5]]]}
    rows = [{"@iot.id": 1, "HistoricalLocations": was}, as_thing({"@iot.id": 2, "observedArea": area})]
    sensors, _, _ = normalise_things(
        rows, Server(key="s", department="", crs="wgs84", zone=None), clock_of_city().now()
    )
    assert [(sensor.lon, sensor.lat) for sensor in sensors] == [(121.5, 31.4), (121.5, 31.4)]


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("http://h/v1.1/Things(1)", "1"),
        ("http://h/v1.1/Datastreams('a-1')/Thing", "a-1"),
        ("http://h/v1.1/Things", ""),
        (None, ""),
    ],
)
def test_id_is_found_in_a_link_where_a_selection_left_it_out(link: Any, key: str) -> None:
    assert key_of(link) == key
    if key:
        assert own_id({"name": "x", "@iot.selfLink": link}) == key


def test_rows_without_any_id_are_all_different(upstream: Upstream) -> None:
    rows = [{"phenomenonTime": f"2026-08-09T05:5{n}:00Z", "result": n, "Datastream": {"@iot.id": 1}} for n in range(5)]
    upstream.pages["/v1.1/Things"] = page({"@iot.id": 1, "Datastreams": [{"@iot.id": 1}]})
    upstream.pages["/v1.1/Observations"] = page(*rows)
    assert len(fetch(make(upstream, backfill_s=3600)).observations) == 5


def test_page_that_fails_after_the_first_is_a_failure_and_no_question_of_dialect(upstream: Upstream) -> None:
    def things(query: Mapping[str, str]) -> bytes | Faulty:
        if "$skip" in query:
            return Faulty(500, b"")
        return json.dumps({"value": [{"@iot.id": 1}], "@iot.nextLink": f"{upstream.url}/v1.1/Things?$skip=1"}).encode()

    upstream.pages["/v1.1/Things"] = things
    with pytest.raises(SourceUnavailable):
        fetch(make(upstream))
    assert len(upstream.asked) == 2


@pytest.mark.parametrize(
    ("kind", "options", "pages"),
    [
        ("sensorthings", {}, {"/v1.1/Things": b'{"value": []}', "/v1.1/Datastreams": b'{"value": []}'}),
        ("open311", {}, {"/requests.json": b"[]", "/services.json": b"[]"}),
        ("cap", {"path": "feed"}, {"/feed": b"<feed/>"}),
        ("warnings_json", {"path": "list", "preset": "nws"}, {"/list": b'{"features": []}'}),
    ],
)
def test_every_standard_can_say_who_asks(
    upstream: Upstream, kind: str, options: dict[str, Any], pages: dict[str, bytes]
) -> None:
    upstream.pages.update(pages)
    auth = {"kind": "basic", "username": "wall", "password": Secret("hush")}
    block = Block(kind, url=upstream.url, options={**options, "auth": auth})
    fetch(build(block, http=HttpClient(clock=clock_of_city())))
    assert {headers["Authorization"] for headers in upstream.asked_headers} == {"Basic d2FsbDpodXNo"}


def test_key_of_an_address_reaches_every_question(upstream: Upstream) -> None:
    Istsos(upstream)
    fetch(make(upstream, auth={"kind": "api_key", "api_key": Secret("k1"), "place": "query", "name": "key"}))
    assert upstream.asked
    assert all("key=k1" in asked for asked in upstream.asked)


def test_wrong_options_are_all_named() -> None:
    with pytest.raises(OptionsError, match=r"full_every.*full_every_s") as caught:
        build(Block("sensorthings", options={"full_every": 1, "sensors": "all"}))
    assert "sensors" in str(caught.value)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


@given(st.lists(st.dictionaries(st.sampled_from(["dataArray", "components", "Datastream", "@iot.id"]), anything)))
def test_any_data_array_becomes_readings_or_rejections(values: list[Any]) -> None:
    found, _ = normalise_observations(list(expanded(values)), "s", None)
    assert all(one.datastream.startswith("s.") for one in found)


@given(st.dictionaries(st.sampled_from(["full_at", "dialect", "joins", "reading", "has_things"]), anything) | anything)
def test_any_cursor_is_understood_or_forgotten(cursor: Any) -> None:
    memory = read_memory(cursor)
    assert read_memory(json.loads(json.dumps(memory.to_cursor()))) == memory
