"""What is shared, read by clients that others wrote, over a real connection; and by another OneScreen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from urllib.parse import quote

import frost_sta_client as frost
import pytest
import requests
from georeport import GeoReport

from app import doors
from callbacks.services import Services
from datasources.contract import FetchContext
from datasources.gathering import Gathering, read_reading
from datasources.http import HttpClient
from datasources.registry import build
from datasources.remembering import Remembered
from datasources.sharing.courier import Courier
from datasources.sharing.messages import SIGNATURE_HEADER, TIMESTAMP_HEADER
from situation.batch import Batch
from situation.clock import CityClock
from situation.records import Case, Place, Sensor, WeatherWarning
from situation.settings import Secret, ShareSettings, SourceSettings, WebhookSettings
from situation.store import Store
from tests.web.served import served
from tests.web.shared_city import FOREIGN, NARROW_TOKEN, WIDE_TOKEN

pytestmark = pytest.mark.filterwarnings("ignore:furl.pathstr is deprecated")


@pytest.fixture
def address(sharing: Services) -> Iterator[str]:
    with served(sharing) as url:
        yield url


@pytest.fixture
def things(address: str) -> frost.SensorThingsService:
    """A FROST client whose token is the password."""
    handler = frost.AuthHandler("anyone", NARROW_TOKEN)
    return frost.SensorThingsService(f"{address}/share/sta/v1.1", auth_handler=handler)


def test_the_frost_client_finds_its_way(things: frost.SensorThingsService) -> None:
    thing = things.things().query().expand("Locations").list().get(0)
    assert (thing.id, thing.name) == ("sensor-mine", "mine")
    assert thing.locations.get(0).location["coordinates"] == [121.45, 31.4]
    stream = thing.get_datastreams().query().list().get(0)
    assert (stream.id, stream.unit_of_measurement.symbol) == ("stream-mine", "cm")
    assert things.datastreams().find("stream-mine").name == "mine"


def test_the_frost_client_reads_every_page_of_readings(things: frost.SensorThingsService) -> None:
    stream = things.datastreams().find("stream-mine")
    query = stream.get_observations().query().orderby("phenomenonTime", "asc").top(40).count()
    found = query.list()
    assert found.count == 150
    assert [each.result for each in found] == [20.0 + minute for minute in reversed(range(150))]
    since = stream.get_observations().query().filter("phenomenonTime gt 2026-08-09T05:55:00Z").list()
    assert len(list(since)) == 5


def test_the_frost_client_is_told_what_is_wrong(things: frost.SensorThingsService) -> None:
    with pytest.raises(requests.HTTPError) as raised:
        things.things().query().filter("substringof('a', name)").list()
    assert "joined by and" in raised.value.response.json()["message"]
    with pytest.raises(requests.HTTPError):
        things.things().find(f"sensor-{FOREIGN}-street")


def source(kind: str, url: str, **options: object) -> SourceSettings:
    auth = {"kind": "bearer", "token": Secret(WIDE_TOKEN)}
    return SourceSettings(key="there", kind=kind, url=url, options={"auth": auth, **options})


def context(services: Services) -> FetchContext:
    clock = CityClock()
    return FetchContext(now=services.clock.now(), deadline_monotonic_s=clock.monotonic() + 20)


def test_another_onescreen_reads_the_sensors(address: str, sharing: Services) -> None:
    there = build(source("sensorthings", f"{address}/share/sta"))
    batch = there.fetch(context(sharing))
    found = {each.name: each for each in batch.records if isinstance(each, Sensor)}
    assert set(found) == {"mine", f"{FOREIGN}-street", f"{FOREIGN}-office", "下立交"}
    assert (found["mine"].lon, found["mine"].lat) == (121.45, 31.4)
    assert batch.rejected == ()
    last = replace(found["mine"], id="x").datastreams[0].id
    assert {each.datastream: each.value for each in batch.observations}[last] == 20.0


@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_georeport_client_reads_services_and_requests(address: str, form: str) -> None:
    city = GeoReport(f"{address.replace('//', f'//any:{quote(NARROW_TOKEN)}@')}/share/open311/v2", output_format=form)
    services, found = city.get_service_list(), city.get_service_requests(status="open")
    services, found = (each if isinstance(each, list) else [each] for each in (services, found))
    assert [each["service_name"] for each in services] == ["路面积水"]
    assert [each["service_request_id"] for each in found] == ["case-mine"]
    assert found[0]["service_code"] == services[0]["service_code"]
    one = city.get_service_request("case-mine")
    assert one["requested_datetime"] == "2026-08-09T05:00:00Z"
    assert one["agency_responsible"] == "水务局"
    assert float(one["long"]) == 121.45
    assert FOREIGN not in str(found)
    with pytest.raises(requests.HTTPError):
        city.get_service_request(f"case-{FOREIGN}-street")


def test_another_onescreen_reads_the_cases(address: str, sharing: Services) -> None:
    for form in ("json", "xml"):
        there = build(source("open311", f"{address}/share/open311/v2", format=form))
        batch = there.fetch(context(sharing))
        cases = {each.number: each for each in batch.records if isinstance(each, Case)}
        assert {"case-mine", f"case-{FOREIGN}-street"} <= set(cases)
        assert cases["case-mine"].description == "积水 <mine> & 更多"
        assert cases["case-mine"].due_at is not None


def test_another_onescreen_reads_the_warnings(address: str, sharing: Services) -> None:
    there = build(source("cap", address, path="share/cap/feed.atom"))
    batch = there.fetch(context(sharing))
    warnings = {each.headline: each for each in batch.records if isinstance(each, WeatherWarning)}
    assert set(warnings) == {"宝山区发布暴雨橙色预警", "演练"}
    rain = warnings["宝山区发布暴雨橙色预警"]
    assert (rain.level, rain.headline_en, rain.is_actual) == ("orange", "Orange rainstorm warning", True)
    assert rain.areas[0].polygons[0][0] == (121.4, 31.3)
    assert not warnings["演练"].is_actual


def test_another_onescreen_is_told_of_changes(sharing: Services, tmp_path: Path) -> None:
    """One wall's webhook out is the other's kind `webhook`: nothing in between."""
    secret = "a secret of some length"
    options = {
        "secret": secret,
        "signature_header": SIGNATURE_HEADER,
        "timestamp_header": TIMESTAMP_HEADER,
        "record": "place",
        "rows": "changes[?operation=='put' && kind=='place'].record",
        "fields": {"id": "id", "name": "name", "place_kind": "place_kind", "lon": "lon", "lat": "lat"},
    }
    theirs = SourceSettings(key="from-us", kind="webhook", crs="wgs84", options=options)
    receiving = replace(sharing, doors=doors(sharing.settings.model_copy(update={"sources": (theirs,)})))
    with served(receiving) as url, closing(Store.open(f"sqlite:///{tmp_path / 'ours.db'}")) as store:
        webhook = WebhookSettings(url=f"{url}/api/in/from-us", secret=Secret(secret))
        share = ShareSettings(key="them", token=Secret("x" * 16), webhook=webhook)
        machine = CityClock()
        courier = Courier(share, store, machine, machine, Random(7), HttpClient(clock=machine))
        courier.step()
        store.apply("us", Batch(records=(Place(id="p", source="us", name="泵站", lon=121.4, lat=31.4),)), machine.now())
        while store.deliveries.all()["them"].seq < 1:
            courier.step()
    letters = receiving.store.inbox.waiting("from-us", 10, 10**9)
    assert len(letters) == 2
    reading = read_reading(theirs, "wgs84")
    gathering = Gathering()
    for letter in letters:
        gathering.add(reading, "call", letter.body, content_type=letter.content_type, received_s=0.0)
    batch = gathering.batch(Remembered(), machine.now(), machine.monotonic())
    assert [(each.name, each.lon) for each in batch.records if isinstance(each, Place)] == [("泵站", 121.4)]
    assert batch.rejected == ()
