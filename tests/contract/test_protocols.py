"""How sources talk to upstreams: paging, dialects, conditional requests, links, credentials, pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from examples import EXAMPLES, cap_alert, thing
from fake_upstream import Faulty, Upstream
from pace import is_quick
from source_settings import Block

from datasources.contract import Batch, FetchContext, Source, SourceAuthFailed, SourceDataError, SourceUnavailable
from datasources.http import HttpClient
from datasources.media import snapshot
from datasources.registry import UnknownKind, build
from situation.clock import CityClock
from situation.records import WeatherWarning

CITY_S = 1786255200.0
BY_KIND = {example.kind: example for example in EXAMPLES}


def clock_of_examples() -> CityClock:
    return CityClock(anchor_real_s=CityClock().now().timestamp(), anchor_city_s=CITY_S, speed=1.0)


def make(kind: str, upstream: Upstream, **options: Any) -> Source:
    return build(Block(kind=kind, url=upstream.url, options=options), http=HttpClient(clock=clock_of_examples()))


def fetch(source: Source, cursor: object = None, later_s: float = 0.0) -> Batch:
    clock = clock_of_examples()
    now = clock.now() + timedelta(seconds=later_s)
    return source.fetch(FetchContext(now=now, cursor=cursor, deadline_monotonic_s=clock.monotonic() + 20))


def as_json(document: Any) -> bytes:
    return json.dumps(document).encode()


@pytest.mark.parametrize("kind", ["geojson", "table", "positions", "cap"])
def test_unchanged_document_is_asked_for_conditionally(upstream: Upstream, kind: str) -> None:
    example = BY_KIND[kind]
    upstream.pages.update(example.pages)
    upstream.headers["ETag"] = '"v1"'
    options = {**example.options, **({"path": example.path} if example.path else {})}
    source = make(kind, upstream, **options)
    first = fetch(source)
    assert not first.not_modified
    second = fetch(source, first.cursor)
    assert second.not_modified
    assert second.cursor == first.cursor


def test_redirect_on_the_same_host_is_followed(upstream: Upstream) -> None:
    upstream.pages["/old"] = lambda query: Faulty(301, b"", {"Location": "/new"})
    upstream.pages["/new"] = as_json({"features": []})
    assert HttpClient(clock=clock_of_examples()).get(f"{upstream.url}/old").json() == {"features": []}


def test_feed_that_repeats_itself_without_validators_is_not_read_again(upstream: Upstream) -> None:
    upstream.pages.update(BY_KIND["cap"].pages)
    source = make("cap", upstream, path="feed.atom")
    cursor = fetch(source).cursor
    asked = len(upstream.asked)
    assert fetch(source, cursor).not_modified
    assert len(upstream.asked) == asked + 1


def test_message_that_is_missing_costs_itself_and_is_asked_for_again(upstream: Upstream) -> None:
    upstream.pages.update(BY_KIND["cap"].pages)
    message = upstream.pages.pop("/cap/1.xml")
    source = make("cap", upstream, path="feed.atom")
    batch = fetch(source)
    assert (len(batch.records), len(batch.rejected)) == (1, 1)
    upstream.pages["/cap/1.xml"] = message
    assert fetch(source, batch.cursor).not_modified
    assert len(fetch(source, batch.cursor, later_s=61).records) == 2


def test_link_to_another_host_is_never_followed(upstream: Upstream) -> None:
    upstream.pages["/feed.atom"] = (
        b'<feed><entry><id>evil</id><link href="http://192.0.2.7/admin"/></entry>'
        b'<entry><id>file</id><link href="file:///etc/passwd"/></entry>'
        b'<entry><id>two</id><link href="http://192.0.2.7\\@127.0.0.1/x"/></entry></feed>'
    )
    batch = fetch(make("cap", upstream, path="feed.atom"))
    assert [refusal.reason for refusal in batch.rejected] == ["a link to another host"] * 3


def test_message_can_be_the_document_itself(upstream: Upstream) -> None:
    upstream.pages["/one.xml"] = cap_alert("x").encode()
    (warning,) = fetch(make("cap", upstream, path="one.xml")).records
    assert isinstance(warning, WeatherWarning)
    assert (warning.id, warning.headline, warning.level) == ("x", "暴雨橙色预警", "orange")


def case(number: int) -> dict[str, Any]:
    at = "2026-08-09T13:00:00+08:00"
    return {"service_request_id": number, "status": "open", "requested_datetime": at, "updated_datetime": at}


def test_cases_are_read_over_all_pages_of_a_server_that_counts_them(upstream: Upstream) -> None:
    def page(query: Mapping[str, str]) -> bytes:
        size, number = int(query["page_size"]), int(query.get("page", "1"))
        return as_json([case(n) for n in range(25)][(number - 1) * size : number * size])

    upstream.pages.update({"/requests.json": page, "/services.json": b"[]"})
    assert len(fetch(make("open311", upstream, page_size=10)).records) == 25


def test_server_that_ignores_paging_is_asked_once_more_and_no_further(upstream: Upstream) -> None:
    upstream.pages.update({"/requests.json": as_json([case(n) for n in range(10)]), "/services.json": b"[]"})
    assert len(fetch(make("open311", upstream, page_size=10, backfill_days=0.5)).records) == 10
    assert len([path for path in upstream.asked if path.startswith("/requests")]) == 2


def test_cases_are_asked_for_by_change_with_an_overlap(upstream: Upstream) -> None:
    upstream.pages.update({"/requests.json": as_json([case(1)]), "/services.json": b"[]"})
    source = make("open311", upstream)
    fetch(source, fetch(source).cursor)
    assert "updated_after=2026-08-09T04%3A58%3A00Z" in upstream.asked[-1]


def test_long_backfill_is_stitched_from_windows_of_half_a_day_to_ninety_days(upstream: Upstream) -> None:
    upstream.pages.update({"/requests.json": b"[]", "/services.json": b"[]"})
    fetch(make("open311", upstream, backfill_days=200))
    windows = [parse_qs(urlsplit(path).query) for path in upstream.asked if "start_date" in path]
    spans = [
        datetime.fromisoformat(each["end_date"][0]) - datetime.fromisoformat(each["start_date"][0]) for each in windows
    ]
    assert [span / timedelta(days=1) for span in spans] == [0.5, 1, 2, 4, 8, 16, 32, 64, 72.5]


def test_cases_come_without_a_services_list(upstream: Upstream) -> None:
    upstream.pages["/requests.json"] = as_json([case(1)])
    assert len(fetch(make("open311", upstream)).records) == 1


def test_sensors_are_read_over_next_links_with_spaces_and_an_empty_last_page(upstream: Upstream) -> None:
    def page(query: Mapping[str, str]) -> bytes:
        skip = int(query.get("$skip", "0"))
        following = f"http://internal.example/x/Things?$orderby=name desc&$skip={skip + 2}"
        rows = [thing(skip + n) for n in range(2)] if skip < 6 else []
        return as_json({"value": rows} | ({"@iot.nextLink": following} if rows else {}))

    upstream.pages["/v1.1/Things"] = page
    assert len(fetch(make("sensorthings", upstream)).records) == 6


def test_pages_that_go_round_in_a_circle_end(upstream: Upstream) -> None:
    upstream.pages["/v1.1/Things"] = lambda query: as_json(
        {"value": [thing(1)], "@iot.nextLink": f"{upstream.url}/v1.1/Things?$skip=1"}
    )
    assert len(fetch(make("sensorthings", upstream)).records) == 1
    assert len(upstream.asked) == 2


@pytest.mark.parametrize("refusal", [400, 422, 500])
def test_dialect_of_a_server_is_found_and_remembered(upstream: Upstream, refusal: int) -> None:
    def page(query: Mapping[str, str]) -> bytes | Faulty:
        if "phenomenonTime" in query["$expand"] or query["$top"] == "1000":
            return Faulty(refusal, b"Internal Server Error")
        return as_json({"value": [thing(1)]})

    upstream.pages["/v1.1/Things"] = page
    source = make("sensorthings", upstream)
    batch = fetch(source)
    assert (len(batch.records), len(upstream.asked)) == (1, 4)
    fetch(source, batch.cursor | {"full_at": None, "observed_at": None})
    assert len(upstream.asked) == 5


def test_new_readings_are_asked_for_since_the_last_with_an_overlap(upstream: Upstream) -> None:
    reading = {"phenomenonTime": "2026-08-09T05:59:30Z", "result": 13.5, "Datastream": {"@iot.id": 70}}
    upstream.pages["/v1.1/Things"] = as_json({"value": [thing(1)]})
    upstream.pages["/v1.1/Observations"] = as_json({"value": [reading, reading]})
    source = make("sensorthings", upstream)
    batch = fetch(source, fetch(source).cursor, later_s=20)
    assert (batch.records, batch.complete) == ((), frozenset())
    assert [(one.datastream, one.value) for one in batch.observations] == [("upstream.70", 13.5)]
    assert "phenomenonTime%20gt%202026-08-09T05:56:00Z" in upstream.asked[-1]
    again = fetch(source, batch.cursor, later_s=200)
    assert again.complete == frozenset({"sensor"})


def test_platform_is_asked_with_its_key_or_with_a_fresh_token(upstream: Upstream) -> None:
    upstream.pages.update(BY_KIND["wvp"].pages)
    upstream.pages["/api/user/login"] = as_json({"code": 0, "data": {"accessToken": "t1"}})
    fetch(make("wvp", upstream, api_key="k1"))
    assert {headers["api-key"] for headers in upstream.asked_headers} == {"k1"}
    upstream.asked_headers.clear()
    fetch(make("wvp", upstream, username="u", password="p"))
    assert {headers.get("access-token") for headers in upstream.asked_headers[1:]} == {"t1"}


def test_refused_login_is_an_authentication_failure(upstream: Upstream) -> None:
    upstream.pages["/api/user/login"] = as_json({"code": 100, "msg": "用户名或密码错误", "data": None})
    with pytest.raises(SourceAuthFailed):
        fetch(make("wvp", upstream, username="u", password="wrong"))


@pytest.mark.parametrize("path", ["/api/device/query/devices", "/api/common/channel/list"])
def test_error_inside_a_good_reply_is_an_error(upstream: Upstream, path: str) -> None:
    upstream.pages.update(BY_KIND["wvp"].pages)
    upstream.pages[path] = as_json({"code": 401, "msg": "请登录后重新请求"})
    with pytest.raises(SourceAuthFailed):
        fetch(make("wvp", upstream, api_key="k"))
    upstream.pages[path] = as_json({"code": 486, "msg": "no response"})
    with pytest.raises(SourceUnavailable):
        fetch(make("wvp", upstream, api_key="k"))


JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 100


def picture(upstream: Upstream, media: str = "d1/c1", timeout_s: float = 1.0) -> bytes:
    block = Block(kind="wvp", url=upstream.url, options={"api_key": "k"})
    return snapshot(block, media, timeout_s)


def test_picture_of_a_camera_is_fetched(upstream: Upstream) -> None:
    upstream.pages["/api/device/query/snap/d1/c1"] = JPEG
    assert picture(upstream) == JPEG


@pytest.mark.parametrize("body", [b"camera not found", b"", b"<html>"])
def test_what_is_no_jpeg_is_no_picture(upstream: Upstream, body: bytes) -> None:
    upstream.pages["/api/device/query/snap/d1/c1"] = body
    with pytest.raises((SourceDataError, SourceUnavailable)):
        picture(upstream)


@pytest.mark.parametrize("media", ["../../admin", "a/../b", "a", "a/b/c", "a/b?x=1", "http://192.0.2.1/x"])
def test_reference_can_lead_nowhere_else(upstream: Upstream, media: str) -> None:
    with pytest.raises(SourceDataError):
        picture(upstream, media)
    assert upstream.asked == []


@pytest.mark.parametrize("fault", ["hang", "drip", "drip_headers"])
def test_picture_that_never_comes_is_given_up(upstream: Upstream, fault: str) -> None:
    upstream.fault = fault
    clock = CityClock()
    started_s = clock.monotonic()
    with pytest.raises(SourceUnavailable):
        picture(upstream, timeout_s=0.3)
    assert is_quick(clock.monotonic() - started_s, 10)


def test_unknown_kind_names_those_there_are() -> None:
    with pytest.raises(UnknownKind, match=r"known: .*geojson.*wvp"):
        build(Block(kind="ftp"))


def test_secrets_never_show_in_errors(upstream: Upstream) -> None:
    upstream.fault = "html500"
    with pytest.raises(SourceUnavailable) as caught:
        fetch(make("wvp", upstream, username="u", password="hush"))
    assert "password" not in str(caught.value)
    assert "hush" not in str(caught.value) + caught.value.safe_text
