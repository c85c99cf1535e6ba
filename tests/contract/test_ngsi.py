"""The `ngsi` kind: entities in every form that brokers write, paged, asked for with the right headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from fake_upstream import Upstream
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block

from datasources.contract import Batch, FetchContext
from datasources.http import HttpClient
from datasources.mapping import read_mapping
from datasources.ngsi.entities import geometry_of, row_of
from datasources.ngsi.presets import PRESETS, with_preset
from datasources.options import OptionsError
from datasources.registry import build
from situation.clock import CityClock
from situation.records import Camera, Officer, Place, Sensor
from situation.settings import Secret

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
ID = "urn:ngsi-ld:AirQualityObserved:baoshan-1"
POINT = {"type": "Point", "coordinates": [121.48, 31.4]}
AT = "2026-08-09T05:58:00Z"

LD = {
    "id": ID,
    "type": "AirQualityObserved",
    "@context": "https://example.invalid/context.jsonld",
    "pm25": {"type": "Property", "value": 35.5, "unitCode": "GQ", "observedAt": AT},
    "stationName": {"type": "LanguageProperty", "languageMap": {"en": "Baoshan 1", "zh": "宝山一号站"}},
    "location": {"type": "GeoProperty", "value": POINT},
    "refDevice": {"type": "Relationship", "object": "urn:ngsi-ld:Device:7"},
}
CONCISE = {
    "id": ID,
    "type": "AirQualityObserved",
    "pm25": {"value": 35.5, "observedAt": AT},
    "stationName": "宝山一号站",
    "location": POINT,
}
V2 = {
    "id": ID,
    "type": "AirQualityObserved",
    "pm25": {"type": "Number", "value": 35.5, "metadata": {"TimeInstant": {"type": "DateTime", "value": AT}}},
    "stationName": {"type": "Text", "value": "宝山一号站", "metadata": {}},
    "location": {"type": "geo:point", "value": "31.4, 121.48", "metadata": {}},
}
KEY_VALUES = {
    "id": ID,
    "type": "AirQualityObserved",
    "pm25": 35.5,
    "stationName": "宝山一号站",
    "dateObserved": AT,
    "location": POINT,
}
EXPANDED = {
    "id": ID,
    "type": "https://smartdatamodels.org/dataModel.Environment/AirQualityObserved",
    "https://smartdatamodels.org/dataModel.Environment/pm25": {
        "type": "Property",
        "value": 35.5,
        "observedAt": {"@type": "DateTime", "@value": AT},
    },
    "https://smartdatamodels.org/stationName": {"type": "Property", "value": "宝山一号站"},
    "location": {"type": "GeoProperty", "value": POINT},
}
SEVERAL = {**LD, "pm25": [{**LD["pm25"], "datasetId": "urn:x", "value": 99}, LD["pm25"]]}  # type: ignore[dict-item]


def mapped(preset: Any, entity: Any, **options: Any) -> Any:
    block = Block(kind="ngsi", options=with_preset(preset, options))
    row = row_of(entity)
    return read_mapping(block, "wgs84").read([row], [geometry_of(row)], now=NOW)


def test_a_point_that_is_text_is_one_in_key_value_pairs_too() -> None:
    row = row_of({**KEY_VALUES, "location": "31.4, 121.48"})
    assert (row["lon"], row["lat"], geometry_of(row)) == (121.48, 31.4, POINT)


@pytest.mark.parametrize("text", ["上海市, 宝山区", "31.4", "", "31.4, "])
def test_a_location_in_words_is_no_point(text: str) -> None:
    row = row_of({**KEY_VALUES, "location": text})
    assert (row["lon"], row["lat"], row["location"]) == (None, None, text)


@pytest.mark.parametrize("entity", [LD, CONCISE, V2, KEY_VALUES, EXPANDED, SEVERAL])
def test_every_form_of_an_entity_is_the_same_sensor(entity: Mapping[str, Any]) -> None:
    found = mapped("air_quality", entity)
    assert found.rejected == ()
    (sensor,) = found.records
    assert isinstance(sensor, Sensor)
    assert (sensor.id, sensor.name, sensor.sensor_kind) == (f"upstream.{ID}", "宝山一号站", "pm25")
    assert (sensor.lon, sensor.lat, sensor.value) == (121.48, 31.4, 35.5)
    (reading,) = found.observations
    assert (reading.value, reading.observed_at) == (35.5, datetime(2026, 8, 9, 5, 58, tzinfo=UTC))


def test_places_cameras_and_vehicles_have_their_presets() -> None:
    place = mapped(
        "point_of_interest",
        {"id": "p", "type": "PointOfInterest", "name": "一号库", "category": ["shelter"], "location": POINT,
         "address": {"streetAddress": "友谊路 1 号", "addressLocality": "宝山区"}},
    ).records[0]  # fmt: skip
    assert isinstance(place, Place)
    assert place.address == "宝山区 友谊路 1 号"
    camera = mapped("camera", {"id": "c", "type": "Camera", "streamURL": "http://h/x.m3u8", "location": POINT}).records[
        0
    ]
    assert isinstance(camera, Camera)
    vehicle = mapped(
        "vehicle",
        {"id": "v", "type": "Vehicle", "speed": {"type": "Property", "value": 36}, "location":
            {"type": "GeoProperty", "value": POINT, "observedAt": AT}, "heading": {"type": "Property", "value": 90}},
    ).records[0]  # fmt: skip
    assert isinstance(vehicle, Officer)
    assert (vehicle.speed_mps, vehicle.heading_deg) == (10.0, 90.0)
    assert vehicle.positioned_at == datetime(2026, 8, 9, 5, 58, tzinfo=UTC)


def values_of(upstream: Upstream, entity: Mapping[str, Any], **options: Any) -> dict[str, float]:
    """Value by unit, as a whole source makes them."""
    upstream.pages["/ngsi-ld/v1/entities"] = json.dumps([{"id": "e", "dateObserved": AT, **entity}]).encode()
    batch = fetch(make(upstream, **options))
    units = {
        stream.id: stream.unit
        for sensor in batch.records
        if isinstance(sensor, Sensor)
        for stream in sensor.datastreams
    }
    return {units[each.datastream]: round(each.value, 6) for each in batch.observations}


@pytest.mark.parametrize(
    ("preset", "name", "value", "code", "expected"),
    [
        ("air_quality", "co", 1_200, "GQ", {"mg/m³": 1.2}),
        ("air_quality", "co", 1.2, "GP", {"mg/m³": 1.2}),
        ("air_quality", "no2", 20, "61", {}),  # ppb: what mass that is nobody says
        ("air_quality", "no2", 20, "XYZ", {"µg/m³": 20}),
        ("weather", "windSpeed", 36, "KMH", {"m/s": 10}),
        ("weather", "temperature", 212, "FAH", {"°C": 100}),
        ("weather", "atmosphericPressure", 101_300, "PAL", {"hPa": 1_013}),
        ("water_level", "height", 415, "CMT", {"m": 4.15}),
    ],
)
def test_what_is_told_in_another_unit_becomes_ours(
    upstream: Upstream, preset: str, name: str, value: float, code: str, expected: dict[str, float]
) -> None:
    told = {name: {"type": "Property", "value": value, "unitCode": code, "observedAt": AT}}
    assert values_of(upstream, told, preset=preset) == expected


def test_a_unit_in_the_metadata_of_an_older_broker_counts_too() -> None:
    told = {"value": 1_200, "type": "Number", "metadata": {"unitCode": {"type": "Text", "value": "GQ"}}}
    assert row_of({"id": "e", "co": told}, {"co": "mg/m³"})["co"] == 1.2


def test_who_scales_by_hand_is_not_scaled_twice(upstream: Upstream) -> None:
    told = {"co": {"type": "Property", "value": 1_200, "unitCode": "GQ", "observedAt": AT}}
    assert values_of(upstream, told, readings={"co": {"scale": 0.001}}) == {"mg/m³": 1.2}


def test_the_older_names_of_the_data_model_are_read(upstream: Upstream) -> None:
    assert values_of(upstream, {"CO": 0.8, "PM10": 44}) == {"mg/m³": 0.8, "µg/m³": 44}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_mapping_and_can_be_changed(name: Any) -> None:
    read_mapping(Block(kind="ngsi", options=with_preset(name, {})), "wgs84")
    changed = with_preset(name, {"fields": {"name": "other"}, "id_prefix": "x."})
    assert changed["fields"]["name"] == "other"
    assert changed["fields"]["id"] == "id"


def make(upstream: Upstream, **options: Any) -> Any:
    given = {"types": ["AirQualityObserved"], "preset": "air_quality", **options}
    return build(Block(kind="ngsi", url=upstream.url, options=given), http=HttpClient())


def fetch(source: Any) -> Batch:
    found = source.fetch(FetchContext(now=NOW, deadline_monotonic_s=CityClock().monotonic() + 20))
    assert isinstance(found, Batch)
    return found


def broker(count: int, capped_at: int = 1000) -> Any:
    """Pages of that many entities, each no longer than the cap."""

    def page(query: Mapping[str, str]) -> bytes:
        first, size = int(query["offset"]), min(int(query["limit"]), capped_at)
        return json.dumps([{**LD, "id": f"e{n}"} for n in range(first, min(first + size, count))]).encode()

    return page


@pytest.mark.parametrize("header", ["NGSILD-Results-Count", "Fiware-Total-Count", ""])
@pytest.mark.parametrize("count", [0, 1, 20, 21, 40])
def test_all_pages_are_read_whoever_counts(upstream: Upstream, header: str, count: int) -> None:
    upstream.pages["/ngsi-ld/v1/entities"] = broker(count)
    if header:
        upstream.headers[header] = str(count)
    batch = fetch(make(upstream, page_size=20))
    assert len(batch.records) == count
    assert batch.complete == frozenset({"sensor"})


def test_a_broker_that_always_sends_the_same_page_ends(upstream: Upstream) -> None:
    upstream.pages["/ngsi-ld/v1/entities"] = json.dumps([LD]).encode()
    upstream.headers["NGSILD-Results-Count"] = "1000000"
    assert len(fetch(make(upstream, page_size=1)).records) == 1
    assert len(upstream.asked) == 2


def test_headers_say_whose_entities_in_which_words_and_who_asks(upstream: Upstream) -> None:
    upstream.pages["/ngsi-ld/v1/entities"] = b"[]"
    upstream.pages["/v2/entities"] = b"[]"
    fetch(make(upstream, tenant="city", service_path="/water", context="http://c/x.jsonld", token=Secret("t-1")))
    ld = upstream.asked_headers[-1]
    assert ld["NGSILD-Tenant"] == "city"
    assert ld["Link"].startswith("<http://c/x.jsonld>; rel=")
    assert ld["Authorization"] == "Bearer t-1"
    fetch(
        make(
            upstream, dialect="v2", tenant="city", service_path="/water", token=Secret("t"), auth_header="X-Auth-Token"
        )
    )
    v2 = upstream.asked_headers[-1]
    assert (v2["Fiware-Service"], v2["Fiware-ServicePath"], v2["X-Auth-Token"]) == ("city", "/water", "t")
    assert "Link" not in v2
    assert "options=count" in upstream.asked[-1]


def test_wrong_options_are_told(upstream: Upstream) -> None:
    for wrong in ({"types": []}, {"preset": "weather-ish"}, {"dialect": "v1"}, {"fields": {"nothing": "x"}}):
        with pytest.raises(OptionsError):
            make(upstream, **wrong)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "value", "metadata", "observedAt", "languageMap", "coordinates", "object", "x"]),
            inner,
            max_size=4,
        )
    ),
)
names = st.sampled_from(["id", "type", "location", "address", "pm25", "dateObserved", "http://x/y#z", "@context"])


@given(st.dictionaries(names, anything, max_size=6) | anything)
def test_any_entity_is_a_record_or_a_rejection(entity: Any) -> None:
    found = mapped("air_quality", entity)
    assert len(found.records) + len(found.rejected) == 1
    for sensor in found.records:
        assert (sensor.lon is None) == (sensor.lat is None)
