"""Faults of an instance: each does what its name says, to that instance only, and ends."""

from __future__ import annotations

import json
import time
from collections import Counter

import httpx
import pytest
from conftest import District

from simulator.faults import DEFAULT_VALUES
from simulator.model import StorylineKind
from simulator.upstreams.instances import INSTANCES
from simulator.upstreams.mangle import mangle

PLACES = "/education-places/features.geojson"
THINGS = "/drainage-sensors/v1.1/Things?$top=20"


def _things(district: District) -> list[dict]:
    return district.client.get(THINGS).json()["value"]


@pytest.mark.parametrize(
    ("kind", "status", "media_type"),
    [("error500", 500, "text/html"), ("429", 429, "application/json"), ("401", 401, "application/json")],
)
def test_errors_have_their_status_and_body(district: District, kind: str, status: int, media_type: str) -> None:
    district.fault("education-places", kind, 7)
    reply = district.get(PLACES)
    assert (reply.status_code, reply.headers["content-type"].split(";")[0]) == (status, media_type)
    assert reply.headers.get("Retry-After") == ("7" if kind == "429" else None)


def test_hanging_instance_never_answers(district: District) -> None:
    district.fault("education-places", "hang")
    with pytest.raises(httpx.ReadTimeout):
        district.client.get(PLACES, timeout=0.3)


def test_latency_delays_and_drip_sends_a_few_bytes_at_a_time(district: District) -> None:
    district.fault("education-places", "latency", 0.2)
    began = time.monotonic()
    assert district.get(PLACES).status_code == 200
    assert time.monotonic() - began >= 0.2
    district.fault("education-places", "drip", 40)
    with district.client.stream("GET", PLACES) as reply:
        first = next(reply.iter_raw())
    assert 0 < len(first) < 100  # ten, and ten more for every quarter of a second that we came late


def test_truncated_reply_is_no_json(district: District) -> None:
    district.fault("education-places", "truncated")
    with pytest.raises(json.JSONDecodeError):
        district.get(PLACES).json()


def test_records_come_twice_in_disorder_or_by_half(district: District) -> None:
    ids = [thing["@iot.id"] for thing in _things(district)]
    district.fault("drainage-sensors", "duplicates")
    assert Counter(thing["@iot.id"] for thing in _things(district)) == Counter(ids * 2)
    district.fault("drainage-sensors", "out_of_order")
    shuffled = [thing["@iot.id"] for thing in _things(district)]
    assert shuffled != ids
    assert sorted(shuffled) == ids
    district.fault("drainage-sensors", "half")
    halved = [thing["@iot.id"] for thing in _things(district)]
    assert 0 < len(halved) < len(ids)
    assert halved == [thing["@iot.id"] for thing in _things(district)]


def test_wrong_types_spoil_every_second_record(district: District) -> None:
    district.fault("drainage-sensors", "wrong_types")
    things = _things(district)
    assert isinstance(things[0]["name"], str)
    assert isinstance(things[1]["name"], list)


@pytest.mark.parametrize("path", ["/greening-cases/requests.xml?page_size=20", "/directory/departments.csv"])
@pytest.mark.parametrize("kind", ["duplicates", "out_of_order", "half", "wrong_types"])
def test_xml_and_csv_are_spoiled_as_well(district: District, path: str, kind: str) -> None:
    sound = district.client.get(path).content
    district.fault(path.split("/")[1], kind)
    assert district.client.get(path).content != sound


def test_frozen_instance_repeats_the_moment_it_froze(district: District) -> None:
    path = "/officer-positions/api/person/position/list"
    district.fault("officer-positions", "frozen")
    before = district.get(path).content
    district.clock.advance(600)
    assert district.get(path).content == before
    district.client.delete("/_faults/officer-positions")
    assert district.get(path).content != before


def test_skewed_clock_is_ahead(district: District) -> None:
    district.fault("weather-forecast", "clock_skew", 3600)
    assert district.get("/weather-forecast/v7/weather/now").json()["now"]["obsTime"] == "2026-11-22T06:00:00+08:00"


def test_fault_touches_its_own_instance_only_and_ends(district: District) -> None:
    district.fault("education-places", "error500")
    assert district.get("/health-places/features.geojson").status_code == 200
    assert list(district.client.get("/_faults").json()["active"]) == ["education-places"]
    district.client.delete("/_faults/education-places")
    assert district.get(PLACES).status_code == 200


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("nobody", {"fault": "hang"}),
        ("directory", {"fault": "gremlins"}),
        ("directory", {}),
        ("directory", {"fault": "latency", "value": "long"}),
        ("directory", []),
    ],
)
def test_fault_that_does_not_exist_is_refused(district: District, key: str, body: object) -> None:
    assert district.client.post(f"/_faults/{key}", json=body).status_code == 400


def test_storyline_outage_is_a_503_or_silence_by_turns(district: District) -> None:
    district.behaviour.down["education-places"] = StorylineKind.DEPARTMENT_OUTAGE
    assert district.get(PLACES).status_code == 503
    district.clock.advance(60)
    with pytest.raises(httpx.ReadTimeout):
        district.client.get(PLACES, timeout=0.2)


def test_every_fault_of_the_documentation_exists(district: District) -> None:
    assert {"latency", "hang", "drip", "error500", "429", "401", "truncated", "wrong_types"} <= DEFAULT_VALUES.keys()
    assert len({instance.key for instance in INSTANCES}) == len(INSTANCES) == 30


def test_what_is_no_record_list_stays_as_it_is() -> None:
    assert mangle(b'{"a":1}', "application/json", "half") == b'{"a":1}'
    assert mangle(b"\xff\xd8", "image/jpeg", "half") == b"\xff\xd8"
