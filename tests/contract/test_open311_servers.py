"""The `open311` source against real data and against what real GeoReport servers deviate in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fake_upstream import Faulty, Upstream
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block, MemoryStore

from datasources.contract import (
    Batch,
    FetchContext,
    Source,
    SourceAuthFailed,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from datasources.coordinator import Coordinator
from datasources.http import HttpClient
from datasources.open311.backfill import ENOUGH_ROWS, WINDOW, begin, read_back_fill
from datasources.open311.document import json_rows
from datasources.registry import build
from situation.clock import FakeClock
from situation.records import Case, Health

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
HELSINKI_NOW = datetime(2016, 2, 26, 14, 0, tzinfo=UTC)
Page = Callable[[Mapping[str, str]], bytes | Faulty]


def make(upstream: Upstream, clock: FakeClock | None = None, **options: Any) -> Source:
    client = HttpClient(clock=clock or FakeClock(NOW))
    return build(Block("open311", url=upstream.url, options=options), http=client)


def fetch(source: Source, cursor: object = None, at: datetime = NOW) -> Batch:
    return source.fetch(FetchContext(now=at, cursor=cursor))


def as_json(document: Any) -> bytes:
    return json.dumps(document).encode()


def row(number: Any, at: datetime = NOW, **more: Any) -> dict[str, Any]:
    return {"service_request_id": number, "status": "open", "requested_datetime": at.isoformat(), **more}


def numbers(batch: Batch) -> list[str]:
    return sorted(record.id.removeprefix("upstream.") for record in batch.records)


def georeport(rows: list[dict[str, Any]], url: str) -> Page:
    """A server as handbook and data have it: dates, changes, pages by header, 404 past the end."""

    def page(query: Mapping[str, str]) -> bytes | Faulty:
        chosen = [
            each
            for each in rows
            if query.get("start_date", "") <= each["requested_datetime"] <= query.get("end_date", "9")
            and query.get("updated_after", "") <= each["updated_datetime"]
        ]
        size, number = int(query.get("page_size", "100")), int(query.get("page", "1"))
        shown = chosen[(number - 1) * size : number * size]
        if number > 1 and not shown:
            return Faulty(404, b'{"detail": "Invalid page."}')
        more = number * size < len(chosen)
        query_text = "&".join(f"{name}={value}" for name, value in query.items() if name != "page")
        following = {"X-Next-Page-URL": f"{url}/requests.json?{query_text}&page={number + 1}"} if more else {}
        return Faulty(200, as_json(shown), {"X-Result-Count": str(len(chosen)), **following})

    return page


@pytest.mark.shared_data
def test_helsinki_is_back_filled_in_windows_with_its_progress_and_has_what_was_open_and_overdue(
    upstream: Upstream, shared_data: Path
) -> None:
    rows = json.loads((shared_data / "cases/helsinki-open311-requests.json").read_bytes())
    upstream.pages["/requests.json"] = georeport(rows, upstream.url)
    upstream.pages["/services.json"] = (shared_data / "cases/helsinki-open311-services.json").read_bytes()
    clock, store = FakeClock(HELSINKI_NOW), MemoryStore()
    source = make(upstream, clock, backfill_days=450, page_size=200)
    coordinator = Coordinator(source, store, clock, Random(1))
    coordinator.poll()
    assert (coordinator.health.state, coordinator.health.error) == (Health.OK, "backfill:68")
    again = Coordinator(make(upstream, clock, backfill_days=450, page_size=200), store, clock, Random(1))
    again.poll()  # after a restart it goes on where it was
    assert (again.health.state, again.health.error) == (Health.OK, "")
    cases = {one.id: one for batch in store.data for one in batch.records if isinstance(one, Case)}
    assert len(cases) == 1380
    still_open = [case for case in cases.values() if case.closed_at is None]
    assert len(still_open) == 21
    assert sum(case.due_at is not None and case.due_at < datetime(2016, 2, 26, tzinfo=UTC) for case in still_open) == 20
    assert sum(case.lon is None for case in cases.values()) == 26
    windows = [asked for asked in upstream.asked if "end_date" in asked and "page=" not in asked]
    assert len(windows) == len(set(windows)) == 19


def test_a_large_citys_past_is_not_held_all_at_once(upstream: Upstream) -> None:
    old = row("old", NOW - timedelta(days=20), updated_datetime="")
    rows = [row(number, NOW, updated_datetime="") for number in range(ENOUGH_ROWS)]
    upstream.pages["/requests.json"] = georeport([*rows, old], upstream.url)
    source = make(upstream, page_size=ENOUGH_ROWS // 2)
    first = fetch(source)
    assert len(first.records) == ENOUGH_ROWS
    assert first.note == "backfill:1"
    assert "old" in numbers(fetch(source, first.cursor))


def test_the_next_window_of_a_busy_server_is_as_long_as_there_is_room_for_its_cases(upstream: Upstream) -> None:
    spread = [NOW - timedelta(minutes=number // 3) for number in range(3 * 1440 * 30)]
    rows = [row(number, at, updated_datetime="") for number, at in enumerate(spread)]
    upstream.pages["/requests.json"] = georeport(rows, upstream.url)
    first = fetch(make(upstream, page_size=1000))
    assert ENOUGH_ROWS <= len(first.records) < 1.1 * ENOUGH_ROWS


@pytest.mark.parametrize(
    "headers",
    [
        lambda url: {"X-Next-Page-URL": f"{url}/requests.json?page=2"},
        lambda url: {"Link": f'<{url}/requests.json?page=1>; rel="prev", </requests.json?page=2>; rel="next"'},
        lambda url: {"X-Total-Pages": "2"},
        lambda url: {"X-Result-Count": "4"},
    ],
)
def test_pages_are_followed_by_whichever_header_tells_of_them(
    upstream: Upstream, headers: Callable[[str], dict[str, str]]
) -> None:
    def page(query: Mapping[str, str]) -> Faulty:
        if query.get("page") == "2":
            return Faulty(200, as_json([row(3), row(4)]))
        return Faulty(200, as_json([row(1), row(2)]), headers(upstream.url))

    upstream.pages["/requests.json"] = page
    assert numbers(fetch(make(upstream))) == ["1", "2", "3", "4"]


def test_next_page_in_the_body_is_followed(upstream: Upstream) -> None:
    upstream.pages["/requests.json"] = lambda query: as_json(
        {"results": [row(2)], "next": None}
        if query.get("page")
        else {"results": [row(1)], "next": "/requests.json?page=2"}
    )
    assert numbers(fetch(make(upstream))) == ["1", "2"]


def test_window_that_holds_more_than_a_server_gives_at_once_is_asked_for_in_halves(upstream: Upstream) -> None:
    rows = [row(n, NOW - timedelta(hours=n), updated_datetime=NOW.isoformat()) for n in range(500)]

    def capped(query: Mapping[str, str]) -> bytes:
        start, end = query["start_date"], query["end_date"]
        return as_json([each for each in rows if start <= each["requested_datetime"] <= end][:100])

    upstream.pages["/requests.json"] = capped
    assert len(fetch(make(upstream, page_size=100)).records) == 500


def test_server_that_ignores_dates_is_not_asked_for_ever_smaller_spans(upstream: Upstream) -> None:
    upstream.pages["/requests.json"] = as_json([row(n, NOW - timedelta(hours=n)) for n in range(1000)])
    assert len(fetch(make(upstream)).records) == 1000
    assert len([asked for asked in upstream.asked if asked.startswith("/requests")]) <= 6


@pytest.mark.parametrize("refused", ["extensions", "updated_after", "page_size", "start_date"])
def test_parameter_that_breaks_a_server_is_left_out_and_not_tried_again(upstream: Upstream, refused: str) -> None:
    def page(query: Mapping[str, str]) -> bytes | Faulty:
        if refused in query:
            return Faulty(500, b"<!DOCTYPE html><h1>Server Error (500)</h1>", {"Content-Type": "text/html"})
        return as_json([row(1)])

    upstream.pages["/requests.json"] = page
    source = make(upstream, backfill_days=5)
    batch = fetch(source)
    assert numbers(batch) == ["1"]
    second = fetch(source, batch.cursor)
    assert numbers(second) == ["1"]
    upstream.asked.clear()
    fetch(source, second.cursor)
    assert len(upstream.asked) == 1


def test_server_without_changes_is_asked_for_what_is_new_and_now_and_then_for_all_its_days(upstream: Upstream) -> None:
    upstream.pages["/requests.json"] = lambda query: (
        Faulty(400, b'{"code":400,"detail":["unknown parameter"]}') if "updated_after" in query else as_json([row(1)])
    )
    source = make(upstream, backfill_days=5)
    first = fetch(source)
    swept = fetch(source, first.cursor)
    assert "start_date=2026-05-11" in upstream.asked[-1]
    fetch(source, swept.cursor, NOW + timedelta(minutes=1))
    assert "start_date=2026-08-09" in upstream.asked[-1]
    fetch(source, swept.cursor, NOW + timedelta(minutes=11))
    assert "start_date=2026-05-11" in upstream.asked[-1]


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (400, b'{"code":400,"detail":["Invalid API key"]}', SourceAuthFailed, "Invalid API key"),
        (400, b'{"code":400,"detail":{"start_date":["not a date"]}}', SourceDataError, "not a date"),
        (400, b'[{"code":400,"description":"jurisdiction_id was not provided"}]', SourceDataError, "jurisdiction_id"),
        (
            404,
            b"<errors><error><code>404</code><description>none</description></error></errors>",
            SourceDataError,
            "none",
        ),
        (403, b"<error>Invalid api_key received</error>", SourceAuthFailed, "403"),
        (200, b"<error>Invalid api_key received -- can't proceed</error>", SourceAuthFailed, "api_key"),
        (200, b'{"code": 500, "detail": "database is down"}', SourceDataError, "database is down"),
        (500, b'{"detail": "no PostGIS"}', SourceUnavailable, "no PostGIS"),
        (500, b"<!DOCTYPE html><html>", SourceUnavailable, "500"),
    ],
)
def test_errors_of_every_shape_say_what_the_server_said(
    upstream: Upstream, status: int, body: bytes, error: type[SourceError], said: str
) -> None:
    upstream.pages["/requests.json"] = lambda query: Faulty(status, body)
    with pytest.raises(error, match=said):
        fetch(make(upstream))


def test_key_is_sent_and_never_shown(upstream: Upstream) -> None:
    upstream.pages["/requests.json"] = as_json([row(1)])
    fetch(make(upstream, api_key="hush", jurisdiction_id="city"))
    assert "api_key=hush" in upstream.asked[0]
    upstream.pages["/requests.json"] = lambda query: Faulty(500, b"")
    with pytest.raises(SourceUnavailable) as caught:
        fetch(make(upstream, api_key="hush"))
    assert "hush" not in str(caught.value)


def test_one_bare_row_numbers_as_ids_and_empty_text_for_nothing_are_read(upstream: Upstream) -> None:
    upstream.pages["/requests.json"] = as_json(
        row(
            638344,
            requested_datetime="2026-08-09T08:26:55.443425+02:00",
            updated_datetime="",
            address="",
            lat="",
            long=None,
            extended_attributes="",
        )
    )
    (case,) = fetch(make(upstream)).records
    assert isinstance(case, Case)
    assert case.id == "upstream.638344"
    assert case.reported_at == datetime(2026, 8, 9, 6, 26, 55, 443425, tzinfo=UTC)
    assert case.updated_at == case.reported_at
    assert (case.lon, case.due_at) == (None, None)


@pytest.mark.parametrize("root", ["requests", "service_requests"])
def test_root_of_xml_may_be_named_either_way(upstream: Upstream, root: str) -> None:
    item = (
        f"<request><service_request_id>7</service_request_id><requested_datetime>{NOW.isoformat()}</requested_datetime>"
    )
    upstream.pages["/requests.xml"] = f"<{root}>{item}<status>open</status></request></{root}>".encode()
    assert numbers(fetch(make(upstream, format="xml"))) == ["7"]


def test_list_that_moved_on_the_same_host_is_found(upstream: Upstream) -> None:
    upstream.pages["/requests.json"] = lambda query: Faulty(301, b"", {"Location": "/requests.json/"})
    upstream.pages["/requests.json/"] = as_json([row(1)])
    assert numbers(fetch(make(upstream))) == ["1"]


@pytest.mark.shared_data
def test_every_recorded_reply_becomes_cases_or_says_why_not(upstream: Upstream, shared_data: Path) -> None:
    for path in sorted((shared_data / "cases/open311-fixtures").iterdir()):
        upstream.pages["/requests.json"] = path.read_bytes()
        try:
            batch = fetch(make(upstream))
        except SourceError:  # the reason; anything else fails the test
            continue
        assert batch.records or batch.rejected or path.name == "cfa-service_requests_empty.xml", path.name


def test_back_fill_goes_on_from_its_cursor_and_ends() -> None:
    back_fill = begin(NOW, 200)
    seen = []
    while not back_fill.is_done:
        start, end = back_fill.window(WINDOW)
        seen.append((end - start).days)
        back_fill = back_fill.after(start)
        assert read_back_fill({"backfill": json.loads(json.dumps(back_fill.to_cursor()))}) == back_fill
    assert seen == [90, 90, 20]
    assert begin(NOW, 0).is_done
    assert begin(NOW, 0).percent == 100


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


@given(
    st.dictionaries(st.sampled_from(["code", "detail", "error", "requests", "next", "service_code"]), anything)
    | anything
)
def test_any_document_has_rows_or_a_reason(document: Any) -> None:
    try:
        rows = json_rows(document)
    except SourceError:  # the reason; anything else fails the test
        return
    assert isinstance(rows, list)


@given(st.dictionaries(st.sampled_from(["updated_after", "backfill", "form", "learned_at", "swept_at"]), anything))
def test_any_cursor_is_understood_or_forgotten(cursor: Any) -> None:
    assert read_back_fill(cursor) is None or cursor["backfill"]
