"""Links of SensorThings servers: which datastream one names, and what of a Thing lies behind one.

Forms as the standard (OGC 18-088, 8.3.8) and FROST-Server 2.x write them.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from fake_upstream import Upstream
from source_settings import Block

from datasources.contract import Batch, FetchContext, SourceDataError
from datasources.http import HttpClient
from datasources.registry import build
from datasources.sensorthings.pages import query_of, stream_key_of
from situation.clock import FakeClock
from situation.records import Sensor

INTERNAL = "http://frost:8080/FROST-Server/v1.1"
"""The address that a server in a container knows of itself."""


def fetch(upstream: Upstream, clock: FakeClock, **options: Any) -> Batch:
    source = build(Block("sensorthings", url=upstream.url, options=options), http=HttpClient(clock=clock))
    return source.fetch(FetchContext(now=clock.now(), deadline_monotonic_s=clock.monotonic() + 5.0))


def streams_of(batch: Batch) -> dict[str, list[str]]:
    sensors = [record for record in batch.records if isinstance(record, Sensor)]
    return {sensor.id: [stream.id for stream in sensor.datastreams] for sensor in sensors}


def thing(clock: FakeClock, *streams: int, link: str = "") -> dict[str, Any]:
    at = (clock.now() - timedelta(minutes=1)).isoformat()
    rows = [
        {"@iot.id": n, "name": f"s{n}", "Observations": [{"phenomenonTime": at, "result": n}], "ObservedProperty": {}}
        for n in streams
    ]
    return {"@iot.id": 1, "name": "闸口", "Datastreams": rows} | ({"Datastreams@iot.nextLink": link} if link else {})


@pytest.mark.parametrize(
    ("link", "key"),
    [
        (f"{INTERNAL}/Observations(7)/Datastream", ""),
        ("Observations(7)/Datastream", ""),
        (f"{INTERNAL}/Datastreams(70)", "70"),
        (f"{INTERNAL}/MultiDatastreams('a-1')", "a-1"),
        (f"{INTERNAL}/Datastreams(70)/Observations", "70"),
        (None, ""),
    ],
)
def test_number_of_an_observation_is_never_taken_for_its_datastreams(link: Any, key: str) -> None:
    assert stream_key_of(link) == key


def test_datastreams_beyond_the_first_nested_page_are_read_too(upstream: Upstream, clock: FakeClock) -> None:
    more = f"{INTERNAL}/Things(1)/Datastreams?%24top=2&%24skip=2&%24expand=ObservedProperty%2CObservations"
    upstream.pages["/v1.1/Things"] = json.dumps({"value": [thing(clock, 1, 2, link=more)]}).encode()
    upstream.pages["/v1.1/Things(1)/Datastreams"] = lambda query: json.dumps(
        {"value": thing(clock, 3 if query["$skip"] == "2" else 9)["Datastreams"]}
    ).encode()
    batch = fetch(upstream, clock)
    assert streams_of(batch) == {"upstream.1": ["upstream.1", "upstream.2", "upstream.3"]}
    assert {one.datastream: one.value for one in batch.observations}["upstream.3"] == 3
    apart = fetch(upstream, clock, sensors="datastreams")
    assert list(streams_of(apart)) == ["upstream.1", "upstream.2", "upstream.3"]


def test_nested_page_that_is_refused_is_counted_and_the_rest_stays(upstream: Upstream, clock: FakeClock) -> None:
    more = f"{INTERNAL}/Things(1)/Datastreams?$skip=2"
    upstream.pages["/v1.1/Things"] = json.dumps({"value": [thing(clock, 1, 2, link=more)]}).encode()
    batch = fetch(upstream, clock)
    assert streams_of(batch) == {"upstream.1": ["upstream.1", "upstream.2"]}
    assert [(bad.record_id, bad.reason) for bad in batch.rejected] == [
        ("upstream.1", "more Datastreams: http_status:404")
    ]


def test_list_that_never_ends_is_an_error_and_nothing_is_taken_for_gone(
    upstream: Upstream, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasources.sensorthings.pages.MOST_PAGES", 3)

    def things(query: Any) -> bytes:
        skip = int(query.get("$skip", "0"))
        row = {**thing(clock, skip), "@iot.id": skip}
        return json.dumps({"value": [row], "@iot.nextLink": f"{INTERNAL}/Things?$skip={skip + 1}"}).encode()

    upstream.pages["/v1.1/Things"] = things
    with pytest.raises(SourceDataError) as caught:
        fetch(upstream, clock)
    assert caught.value.safe_text == "too_many_pages"


def test_question_in_a_link_is_taken_without_its_host() -> None:
    assert query_of(f"{INTERNAL}/Things('a%201')/Datastreams?%24skip=2") == "Things('a 1')/Datastreams?$skip=2"
    assert query_of("…/Datastreams?$expand=…$skip=1") == ""
    assert query_of(None) == ""
