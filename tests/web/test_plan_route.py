"""The plan's routes as a browser on this machine gets them."""

from __future__ import annotations

from callbacks.services import Services
from situation.batch import Batch
from situation.records import Area, AreaKind
from tests.web.browser_double import Client
from tests.web.small_city import STREET


def test_areas_of_a_level_come_as_whole_numbers_from_an_origin(client: Client) -> None:
    body = client.get("/api/plan?level=street").json()
    (street,) = body["areas"]
    assert street["code"] == "310113001"
    assert len(street["rings"][0]) == 8
    assert body["origin"] == [121.4, 31.3]


def test_an_unchanged_drawing_is_not_sent_again(client: Client) -> None:
    tag = client.get("/api/plan").headers["etag"]
    assert client.get("/api/plan", headers={"if-none-match": tag}).status_code == 304


def test_a_changed_area_gives_another_drawing_after_a_minute(client: Client, services: Services) -> None:
    before = client.get("/api/plan").headers["etag"]
    area = Area(
        id="administrative/310113001",
        source="civil",
        code="310113001",
        area_kind=AreaKind.STREET,
        name="另一街道",
        geometry=STREET,
    )
    services.store.apply("civil", Batch(records=(area,)), services.clock.now())
    services.clock.advance(61)  # type: ignore[attr-defined]
    assert client.get("/api/plan").headers["etag"] != before


def test_an_area_that_is_not_there_is_404_and_an_unknown_level_422(client: Client) -> None:
    assert client.get("/api/plan?within=999").status_code == 404
    assert client.get("/api/plan?level=planet").status_code == 422


def test_the_ground_has_the_outline_and_every_layer(client: Client) -> None:
    body = client.get("/api/plan/ground").json()
    assert body["outline"]
    assert set(body["layers"]) == {"water", "expressway", "major_road", "rail"}


def test_tracks_are_asked_of_an_area_or_of_an_officer_and_of_nothing_else(client: Client) -> None:
    assert client.get("/api/tracks").status_code == 422
    assert client.get("/api/tracks?officer=nobody").status_code == 404
    assert client.get("/api/tracks?area=310113001").json()["tracks"] is not None
