"""The search box's route over a small city."""

from __future__ import annotations

from typing import Any

import pytest

from callbacks.services import Services
from situation.batch import Batch
from situation.records import BaseMapLayer, Camera, DeviceState, Officer
from tests.web.browser_double import Client

ROADS = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"友谊路"},'
    '"geometry":{"type":"LineString","coordinates":[[121.4,31.4],[121.45,31.4],[121.5,31.4]]}}]}'
)


@pytest.fixture(autouse=True)
def _city(services: Services) -> None:
    camera = Camera(id="31011300001320000001", source="video", name="友谊路牡丹江路口 球机", state=DeviceState.ONLINE)
    layer = BaseMapLayer(id="major_road", source="base", geometry=ROADS)
    services.store.apply("video3", Batch(records=(camera, layer)), services.clock.now())


def search(client: Client, text: str) -> dict[str, Any]:
    """The answer once the index has been read."""
    for _ in range(500):
        answer = client.get("/api/search", params={"q": text})
        if answer.status_code == 200:
            body: dict[str, Any] = answer.json()
            return body
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
    raise AssertionError("the index is never ready")


def found(body: dict[str, Any]) -> dict[str, list[str]]:
    return {group["kind"]: [item["id"] for item in group["items"]] for group in body["groups"]}


@pytest.mark.parametrize("text", ["友谊路", "youyilu", "yyl", "YYL", "ｙｙｌ", "you yi lu", " 友谊路 "])
def test_a_road_a_street_and_a_camera_are_found_however_they_are_typed(client: Client, text: str) -> None:
    groups = found(search(client, text))
    assert groups["road"] == ["友谊路"]
    assert groups["area"] == ["administrative/310113001"]
    assert groups["camera"] == ["31011300001320000001"]


def test_what_is_found_can_be_opened_or_shown_on_the_map(client: Client) -> None:
    by_kind = {group["kind"]: group["items"][0] for group in search(client, "友谊路")["groups"]}
    assert by_kind["area"]["href"] == "/area/310113001"
    assert by_kind["camera"]["href"] == "/camera/31011300001320000001"
    assert by_kind["road"]["href"] is None
    assert (by_kind["road"]["lon"], by_kind["road"]["lat"]) == (121.45, 31.4)


def test_an_exact_code_is_first(client: Client) -> None:
    assert next(iter(found(search(client, "31011300001320000001")))) == "camera"


def test_coordinates_are_offered_in_both_systems_and_said_which(client: Client) -> None:
    spots = search(client, "121.48, 31.40")["spots"]
    assert [spot["crs"] for spot in spots] == ["wgs84", "gcj02"]
    assert (spots[0]["lon"], spots[0]["lat"]) == (121.48, 31.4)
    assert spots[1]["lon"] == pytest.approx(121.48 - 0.0045, abs=0.001)


def test_nothing_hidden_can_be_searched_for(services: Services, client: Client) -> None:
    assert found(search(client, "13812345617")) == {}
    assert found(search(client, "ref-1")) == {}


def test_what_came_later_is_found_and_what_is_gone_is_not(services: Services, client: Client) -> None:
    assert found(search(client, "王小明")) == {}
    person = Officer(id="o9", source="staff9", name="王小明")
    services.store.apply("staff9", Batch(records=(person,)), services.clock.now())
    services.clock.advance(10)  # type: ignore[attr-defined]
    for _ in range(500):
        if found(search(client, "王小明")):
            break
    assert found(search(client, "wxm")) == {"officer": ["o9"]}


def test_an_empty_query_finds_nothing(client: Client) -> None:
    assert found(search(client, "  ")) == {}
