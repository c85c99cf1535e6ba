"""Whoever has a token reads what its share allows, in every format, and nothing else; whoever has none, nothing."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import geopandas
import httpx
import pytest

from callbacks.services import Services
from situation.clock import FakeClock
from situation.records import Camera, Sensor
from situation.settings import SHARED, Secret, Settings, ShareSettings
from tests.web.browser_double import Client
from tests.web.shared_city import FOREIGN, NARROW, NARROW_TOKEN, WIDE_TOKEN, city

ELSEWHERE = "192.168.3.7"
NARROWLY, WIDELY = {"authorization": f"Bearer {NARROW_TOKEN}"}, {"authorization": f"Bearer {WIDE_TOKEN}"}


@pytest.mark.parametrize(
    "headers",
    [
        NARROWLY,
        {"authorization": f"bearer  {NARROW_TOKEN}"},
        {"x-api-key": NARROW_TOKEN},
        {"authorization": "Basic " + b64encode(f"anyone:{NARROW_TOKEN}".encode()).decode()},
    ],
)
def test_a_token_is_taken_however_the_client_can_send_it(reader: Client, headers: dict[str, str]) -> None:
    answer = reader.get("/share/v1/cameras", headers=headers)
    assert answer.status_code == 200
    assert [item["id"] for item in answer.json()["items"]] == ["camera-mine"]


def test_a_token_is_taken_from_the_address_and_kept_on_the_way_to_the_next_page(reader: Client) -> None:
    answer = reader.get("/share/v1/cases", params={"api_key": WIDE_TOKEN, "limit": 1})
    following = reader.get(answer.json()["next"])
    assert following.status_code == 200
    assert following.json()["items"] != answer.json()["items"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": f"Bearer {NARROW_TOKEN}x"},
        {"authorization": "Bearer"},
        {"authorization": "Basic !"},
        {"authorization": "Basic " + b64encode(b"\xff\xfe").decode()},
        {"x-api-key": "x"},
    ],
)
def test_a_stranger_gets_nothing(reader: Client, headers: dict[str, str]) -> None:
    answer = reader.get("/share/v1/cameras", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert set(answer.json()) == {"error"}


def test_a_wrong_token_is_wrong_on_this_machine_too(neighbour: Client) -> None:
    assert neighbour.get("/share/v1/cameras").json()["total"] == 8
    assert neighbour.get("/share/v1/cameras", headers={"x-api-key": "wrong"}).status_code == 401


def test_a_token_opens_nothing_but_the_share(reader: Client) -> None:
    for path in ("/", "/api/v1/cameras", "/share", "/healthz", "/api/in/city"):
        assert reader.get(path, headers=WIDELY).status_code == 401


def test_nothing_can_be_written(reader: Client) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        assert reader.request(method, "/share/v1/cameras", headers=WIDELY).status_code == 405


def test_too_many_questions_are_put_off_and_answered_later(reader: Client, wall_clock: FakeClock) -> None:
    headers = {"x-api-key": "a token for cases only"}
    answers = [reader.get("/share/v1/cases?limit=1", headers=headers) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "3"
    wall_clock.advance(3)
    assert reader.get("/share/v1/cases", headers=headers).status_code == 200
    assert reader.get("/share/v1/cases", headers=WIDELY).status_code == 200


def test_whoever_guesses_is_soon_not_listened_to(reader: Client) -> None:
    answers = [reader.get("/share/v1/cases", headers={"x-api-key": f"{n}"}).status_code for n in range(11)]
    assert answers == [401] * 10 + [429]
    assert reader.get("/share/v1/cases", headers=WIDELY).status_code == 200


def test_a_share_of_some_collections_has_no_others(reader: Client) -> None:
    headers = {"x-api-key": "a token for cases only"}
    for path in ("cameras", "cameras/camera-mine", "cameras.csv"):
        assert reader.get(f"/share/v1/{path}", headers=headers).status_code == 403


def test_how_sources_do_is_not_shared(reader: Client) -> None:
    assert reader.get("/share/v1/sources", headers=WIDELY).status_code == 404


def all_of(reader: Client, headers: dict[str, str]) -> Iterator[tuple[str, httpx.Response]]:
    for name in SHARED:
        for path in (f"{name}?limit=5000", f"{name}.geojson", f"{name}.csv"):
            yield path, reader.get(f"/share/v1/{path}", headers=headers)
        yield name, reader.get(f"/share/v1/{name}", headers=headers | {"accept": "application/geo+json"})


def test_nothing_beyond_the_scope_appears_in_any_format(reader: Client) -> None:
    for path, answer in all_of(reader, NARROWLY):
        assert answer.status_code == 200, path
        assert FOREIGN not in answer.text, path
    for name in SHARED:
        assert FOREIGN.encode() not in frame(reader, name, NARROWLY).to_csv().encode(), name


def test_whoever_sees_everything_is_told_which_records_an_alarm_groups(reader: Client) -> None:
    told = reader.get("/share/v1/alarms/alarm-mine", headers=WIDELY).json()
    assert told["members"] == [f"sensor/sensor-{FOREIGN}-street"]


def test_the_filters_do_not_widen_the_scope(reader: Client) -> None:
    for query in (
        "area=310113002",
        "area=310113",
        "department=roads",
        "polygon=121.3,31.2;121.7,31.2;121.7,31.6;121.3,31.6",
        "bbox=121,31,122,32",
        "number=cameras_total",
        "status=online",
    ):
        answer = reader.get(f"/share/v1/cameras?{query}", headers=NARROWLY)
        assert FOREIGN not in answer.text, query
    assert reader.get(f"/share/v1/cameras/camera-{FOREIGN}-street", headers=NARROWLY).status_code == 404
    assert reader.get("/share/v1/cameras/camera-mine", headers=NARROWLY).json()["name"] == "mine"


def test_what_must_not_leave_the_wall_does_not_leave_here_either(reader: Client) -> None:
    for path, answer in all_of(reader, WIDELY):
        assert "13812345617" not in answer.text, path
        assert "hidden-0" not in answer.text, path


def test_csv_has_a_column_for_each_field(reader: Client) -> None:
    answer = reader.get("/share/v1/cases.csv?status=registered", headers=NARROWLY)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["id"] for row in rows] == ["case-mine"]
    assert rows[0]["reported_at"] == "2026-08-09T05:00:00Z"
    assert rows[0]["lon"] == "121.45"
    assert rows[0]["closed_at"] == ""


def frame(reader: Client, name: str, headers: dict[str, str]) -> Any:
    body = reader.get(f"/share/v1/{name}.parquet", headers=headers)
    assert body.status_code == 200, name
    if name in ("departments", "warnings"):
        return geopandas.pd.read_parquet(io.BytesIO(body.content))
    return geopandas.read_parquet(io.BytesIO(body.content))


def test_geopandas_reads_parquet_with_places_times_and_reference_system(reader: Client) -> None:
    cases = frame(reader, "cases", WIDELY)
    assert sorted(cases.geometry.x) == [121.45, 121.45, 121.46, 121.55]
    assert cases.crs.to_authority() == ("OGC", "CRS84")
    assert str(cases.reported_at.dtype) == "datetime64[ms, UTC]"
    assert set(frame(reader, "areas", WIDELY).geom_type) == {"Polygon"}


def test_geopandas_reads_geojson(reader: Client) -> None:
    body = reader.get("/share/v1/cameras.geojson", headers=WIDELY).content
    assert len(geopandas.read_file(io.BytesIO(body))) == 8


def test_a_long_file_is_whole(reader: Client, sharing: Services) -> None:
    now = sharing.clock.now()
    many = tuple(Camera(id=f"many-{n}", source="many", lon=121.45, lat=31.4) for n in range(2_345))
    sharing.store.apply("many", replace(city(now), records=many, observations=()), now)
    text = reader.get("/share/v1/cameras.csv", headers=WIDELY).text
    assert len({row["id"] for row in csv.DictReader(io.StringIO(text))}) == 2_345 + 8


def test_a_record_that_moves_out_of_the_scope_is_no_longer_shown(reader: Client, sharing: Services) -> None:
    now = sharing.clock.now()
    moved = Sensor(id="sensor-mine", source="city", name=FOREIGN, department="water", lon=121.55, lat=31.4)
    sharing.store.apply("city", replace(city(now), records=(moved,), observations=()), now)
    assert reader.get("/share/v1/sensors", headers=NARROWLY).json()["total"] == 0


def test_no_token_is_shown_anywhere(sharing: Services, neighbour: Client) -> None:
    shown = repr(sharing.settings) + sharing.settings.model_dump_json() + neighbour.get("/api/openapi.json").text
    assert NARROW_TOKEN not in shown


def test_the_description_of_the_api_tells_of_the_share(neighbour: Client) -> None:
    paths = neighbour.get("/api/openapi.json").json()["paths"]
    assert {"/share/v1/cases", "/share/v1/cases.parquet", "/share/v1/cases/{record_id}"} <= set(paths)
    names = {each["name"] for each in paths["/share/v1/cases"]["get"]["parameters"]}
    assert "number" not in names


@pytest.mark.parametrize(
    "changed",
    [
        {"token": Secret("short")},
        {"collections": ("sources",)},
        {"requests_per_minute": 0},
        {"webhook": {"url": "ftp://a/b", "secret": Secret("x" * 16)}},
        {"webhook": {"url": "http://a/b", "secret": Secret("x" * 16), "kinds": ("source",)}},
        {"webhook": {"url": "http://a:secret@b/", "secret": Secret("x" * 16)}},
    ],
)
def test_settings_of_a_share_are_checked(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"at least|one of|greater|beginning|password"):
        ShareSettings(**{"key": "a", "token": Secret("x" * 16), **changed})


def test_two_shares_have_no_token_in_common(sharing: Services) -> None:
    same = NARROW.model_copy(update={"key": "other"})
    with pytest.raises(ValueError, match="token of its own"):
        Settings(district=sharing.settings.district, shares=(NARROW, same))
