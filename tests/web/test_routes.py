"""Every route as a browser on this machine gets it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from callbacks.details.reading import read_page
from callbacks.routes.collections import COLLECTIONS
from callbacks.services import MediaUnavailable, Services
from callbacks.source_pasts import read_once
from layouts.text import say
from situation.batch import Batch
from situation.feed import FeedHealth
from situation.processes.reloading import Reading, note
from situation.records import Case, CaseState, Health, SourceHealth
from situation.store.deliveries import Delivery
from tests.web.browser_double import Client
from tests.web.small_city import JPEG, FakeMedia

GEOJSON = {"accept": "application/geo+json"}


def detail(services: Services, path: str) -> str:
    """All that the page of an address says."""
    return str(asyncio.run(read_page(services, path, "")))


def test_pages_are_served_at_every_address_of_the_application(client: Client) -> None:
    for path in ("/", "/wall", "/camera/c1", "/wall/case/k1", "/area/310113001"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert "_dash-config" in response.text


def test_pages_do_not_try_websockets(client: Client) -> None:
    assert '"websocket"' not in client.get("/").text


def test_an_unknown_page_is_404(client: Client) -> None:
    assert client.get("/nonsense").status_code == 404


@pytest.mark.parametrize("path", ["/api", "/api/v1/nonsense", "/api/v1", "/media/x", "/tiles", "/api/docs/page.py"])
def test_an_unknown_address_below_ours_is_404_json_and_not_a_page(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "error" in response.json()


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_collection_answers_in_both_shapes(client: Client, name: str) -> None:
    plain = client.get(f"/api/v1/{name}").json()
    shaped = client.get(f"/api/v1/{name}", headers=GEOJSON)
    assert plain["total"] == shaped.json()["numberMatched"]
    assert shaped.headers["content-type"] == "application/geo+json"
    assert [item["id"] for item in plain["items"]] == [feature["id"] for feature in shaped.json()["features"]]


def test_pages_of_a_collection_follow_each_other_without_gap_or_repetition(client: Client) -> None:
    seen, address = [], "/api/v1/cameras?limit=2"
    while address:
        page = client.get(address).json()
        seen += [item["id"] for item in page["items"]]
        address = page["next"]
    assert seen == ["c0", "c1", "c2", "c3", "c4"]


def test_a_bounding_box_limits_what_is_listed(client: Client) -> None:
    found = client.get("/api/v1/cameras", params={"bbox": "121.415,31,121.435,32"}).json()
    assert [item["id"] for item in found["items"]] == ["c1", "c2"]


@pytest.mark.parametrize("bbox", ["1,2,3", "a,b,c,d", "10,0,5,1", "0,0,0,nan", "0,0,999,1"])
def test_a_wrong_bounding_box_is_refused_with_what_is_expected(client: Client, bbox: str) -> None:
    response = client.get("/api/v1/cameras", params={"bbox": bbox})
    assert response.status_code == 422
    assert "west,south,east,north" in response.text


def test_a_time_without_zone_is_refused(client: Client) -> None:
    assert client.get("/api/v1/cases", params={"since": "2026-08-09T00:00:00"}).status_code == 422


def test_a_status_limits_what_is_listed(client: Client) -> None:
    assert client.get("/api/v1/cameras", params={"status": "offline"}).json()["total"] == 0
    assert client.get("/api/v1/cameras", params={"status": "online,offline"}).json()["total"] == 5


def test_how_a_camera_is_reached_never_leaves_the_server(client: Client) -> None:
    for path in ("/api/v1/cameras", "/api/v1/cameras/c1"):
        assert "ref-1" not in client.get(path).text


def test_telephone_numbers_are_masked(client: Client) -> None:
    assert client.get("/api/v1/officers/o1").json()["phone"] == "138****5617"


def test_a_mark_explains_itself(client: Client) -> None:
    number = client.get("/api/v1/sensors").json()["items"][0]["mark"]
    mark = client.get(f"/api/v1/marks/sensor/{number}").json()
    assert mark["value"] == 20.0
    assert mark["unit"] == "cm"
    assert mark["at"] == "2026-08-09T06:00:00Z"
    assert mark["source"]["key"] == "video" or mark["source"]["key"] == "water"
    assert mark["href"] == "/sensor/s1"


def test_an_unknown_mark_is_404(client: Client) -> None:
    assert client.get("/api/v1/marks/camera/999999").status_code == 404
    assert client.get("/api/v1/marks/nonsense/1").status_code == 404
    assert client.get("/api/v1/marks/camera/99999999999999999999999").status_code == 422
    assert client.get("/api/v1/observations?sensor=s1&since=0001-01-01T00:00:00%2B14:00").status_code == 422


def test_readings_of_a_sensor_come_oldest_first(client: Client) -> None:
    body = client.get("/api/v1/observations", params={"sensor": "s1"}).json()
    points = body["series"][0]["points"]
    assert body["series"][0]["unit"] == "cm"
    assert points == sorted(points)
    assert len(points) == 30


def test_numbers_of_the_situation_are_those_of_the_feed(client: Client, services: Services) -> None:
    body = client.get("/api/v1/situation").json()
    assert body["kpis"] == services.feed.numbers()
    assert body["kpis"]["cameras_total"] == 5
    assert set(body["panels"]) >= {"kpi", "map", "alarms"}


def test_a_snapshot_is_the_same_packed_and_plain(client: Client) -> None:
    packed = client.get("/api/snapshot", headers={"accept-encoding": "gzip"})
    plain = client.get("/api/snapshot", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content


def test_the_base_map_holds_layers_outline_streets_and_bounds(client: Client) -> None:
    first = client.get("/api/basemap")
    body = first.json()
    assert list(body["layers"]) == ["water"]
    assert body["bounds"] == [121.4, 31.3, 121.6, 31.5]
    assert [street["name"] for street in body["streets"]] == ["友谊路街道"]
    assert client.get("/api/basemap", headers={"if-none-match": first.headers["etag"]}).status_code == 304


def test_a_picture_comes_with_its_age_and_is_fetched_once_a_second(
    client: Client, media: FakeMedia, services: Services
) -> None:
    for _ in range(3):
        response = client.get("/media/c1/snapshot.jpg")
    assert response.content == JPEG
    assert response.headers["content-type"] == "image/jpeg"
    assert response.headers["age"] == "0"
    assert media.asked == ["ref-1"]
    services.clock.advance(1.5)  # type: ignore[attr-defined]
    client.get("/media/c1/snapshot.jpg")
    assert media.asked == ["ref-1", "ref-1"]


def test_a_failing_camera_says_why_and_is_left_alone_for_a_moment(client: Client, media: FakeMedia) -> None:
    media.failure = MediaUnavailable(504, "the platform did not answer")
    for _ in range(3):
        response = client.get("/media/c1/snapshot.jpg")
    assert response.status_code == 504
    assert response.json()["error"] == "the platform did not answer"
    assert len(media.asked) == 1


def test_a_failing_camera_says_when_its_last_picture_was_taken(
    client: Client, media: FakeMedia, services: Services
) -> None:
    client.get("/media/c1/snapshot.jpg")
    services.clock.advance(60)  # type: ignore[attr-defined]
    media.failure = MediaUnavailable(504, "the platform did not answer")
    assert client.get("/media/c1/snapshot.jpg").json()["last_picture_at"] == "2026-08-09T06:00:00.000Z"


def test_an_unknown_camera_is_404(client: Client) -> None:
    assert client.get("/media/nobody/snapshot.jpg").status_code == 404


def test_health_is_green_while_the_collector_reports_itself(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200, response.text
    assert response.json()["ok"] is True


def test_health_is_red_when_the_collector_is_silent(client: Client, services: Services) -> None:
    services.clock.advance(timedelta(minutes=2).total_seconds())  # type: ignore[attr-defined]
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["checks"]["collector"]["ok"] is False


@pytest.mark.parametrize("path", ["/api/snapshot", "/api/feed", "/api/v1/situation"])
def test_a_feed_that_no_longer_looks_is_not_handed_out_as_live(
    client: Client, services: Services, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    failed = FeedHealth(is_ok=False, reason="the feed failed: the disk is gone", seq=1, clients=0)
    monkeypatch.setattr(services.feed, "health", lambda: failed)
    assert client.get(path).status_code == 503


def test_a_camera_of_a_dead_source_is_unknown_in_tooltip_and_sheet(client: Client, services: Services) -> None:
    now = services.clock.now()
    dead = SourceHealth(id="video", source="video", state=Health.UNAVAILABLE, succeeded_at=now)
    services.store.apply("collector", Batch(records=(dead,)), now)
    found = services.store.get("camera", "c1")
    assert found is not None
    assert client.get(f"/api/v1/marks/camera/{found[0]}").json()["state"] == "unknown"
    assert say("zh", "device.unknown") in detail(services, "/camera/c1")
    assert say("zh", "device.online") not in detail(services, "/camera/c1")


def test_a_camera_of_a_dead_source_is_unknown_in_collections_and_by_their_filter(
    client: Client, services: Services
) -> None:
    now = services.clock.now()
    dead = SourceHealth(id="video", source="video", state=Health.UNAVAILABLE, succeeded_at=now)
    services.store.apply("collector", Batch(records=(dead,)), now)
    assert {camera["state"] for camera in client.get("/api/v1/cameras").json()["items"]} == {"unknown"}
    assert client.get("/api/v1/cameras/c1").json()["state"] == "unknown"
    assert client.get("/api/v1/cameras?status=online").json()["total"] == 0
    assert client.get("/api/v1/cameras?status=unknown").json()["total"] == 5


@pytest.mark.parametrize(("state", "is_overdue"), [(CaseState.IN_PROGRESS, True), (CaseState.CANCELLED, False)])
def test_only_an_open_case_is_overdue(client: Client, services: Services, state: CaseState, is_overdue: bool) -> None:
    now = services.clock.now()
    case = Case(id="k9", source="centre", state=state, reported_at=now, due_at=now, lon=121.45, lat=31.4)
    services.store.apply("centre", Batch(records=(case,)), now)
    services.clock.advance(60)  # type: ignore[attr-defined]
    found = services.store.get("case", "k9")
    assert found is not None
    assert client.get(f"/api/v1/marks/case/{found[0]}").json()["is_overdue"] is is_overdue
    late = say("zh", "case.overdue", age="1 分钟")
    assert (late in detail(services, "/case/k9")) is is_overdue


def test_metrics_name_sources_and_nothing_of_higher_cardinality(client: Client) -> None:
    text = client.get("/metrics").text
    assert 'onescreen_source_last_success_seconds{source="video"}' in text
    assert "onescreen_feed_clients 0.0" in text
    assert "c1" not in text


def test_metrics_tell_how_far_shares_were_told_and_forget_those_that_are_gone(
    client: Client, services: Services
) -> None:
    deliveries = services.store.deliveries
    deliveries.keep(Delivery(share="flood", seq=7, delivered_at=services.clock.now()))
    deliveries.keep(Delivery(share="fire", seq=3, attempts=4, error="timeout"))
    text = client.get("/metrics").text
    assert 'onescreen_share_told_seq{share="flood"} 7.0' in text
    assert 'onescreen_share_last_delivery_seconds{share="flood"}' in text
    assert 'onescreen_share_failed_attempts{share="fire"} 4.0' in text
    assert 'onescreen_share_last_delivery_seconds{share="fire"}' not in text
    deliveries.forget_all_but(["flood"])
    assert 'share="fire"' not in client.get("/metrics").text


def test_refused_settings_and_shares_that_cannot_be_told_are_noticed(services: Services) -> None:
    services.store.deliveries.keep(Delivery(share="flood", seq=3, attempts=4, error="timeout"))
    services.store.deliveries.keep(Delivery(share="well", seq=3))
    note(services.data_folder, Reading(services.clock.now(), ("line 3: no such key",)))
    read_once(services)
    told = [(each.id, each.name, each.argument) for each in services.feed.sources.notices]
    assert told == [("settings", "line 3: no such key", 1), ("share-flood", "flood", 4)]


def test_the_documentation_describes_every_route_and_fetches_nothing_from_elsewhere(client: Client) -> None:
    description = client.get("/api/openapi.json").json()
    assert {"/api/feed", "/api/snapshot", "/healthz", "/metrics", "/api/basemap"} <= set(description["paths"])
    assert {f"/api/v1/{name}" for name in COLLECTIONS} <= set(description["paths"])
    for path in ("/api/docs", "/api/docs/page.js", "/api/docs/page.css"):
        response = client.get(path)
        assert response.status_code == 200
        assert "http://" not in response.text
        assert "https://" not in response.text


def test_a_tile_without_an_archive_says_so(client: Client) -> None:
    assert client.get("/tiles/1/0/0").json() == {"error": "no tile archive is configured"}
