"""`python -m datasources new`: lists that go on over pages: a block that reads one page shows too little."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from fake_upstream import Faulty, Upstream
from newcomer import Newcomer

from datasources.__main__ import main

ROWS = [{"id": f"p{n}", "name": f"\u6cf5\u7ad9{n}", "lon": 121.4 + n / 1e4, "lat": 31.21} for n in range(230)]
Query = Mapping[str, str]
Page = Callable[[Query], Any]


@pytest.fixture
def connect(newcomer: Newcomer) -> Callable[..., tuple[str, Any]]:
    """For a page at an address: rows, an object of them (with `@headers`), or the status of a refusal."""

    def connected(page: Page, query: str = "") -> tuple[str, Any]:
        def answer(asked: Query) -> Faulty:
            document = page(asked)
            if isinstance(document, int):
                return Faulty(document)
            headers = document.pop("@headers", {}) if isinstance(document, dict) else {}
            return Faulty(200, json.dumps(document).encode(), headers)

        return newcomer.connect(answer, query)

    return connected


def by_page(at: str, size: str, first: int, usual: int, most: int = 1000) -> Callable[[Query], list[dict[str, Any]]]:
    """Rows by the number of a page; whatever lies before the first is the first."""

    def rows(asked: Query) -> list[dict[str, Any]]:
        count = min(int(asked.get(size, usual)), most)
        begin = max(0, int(asked.get(at, first)) - first) * count
        return ROWS[begin : begin + count]

    return rows


def by_offset(at: str, size: str, usual: int, most: int = 1000) -> Callable[[Query], list[dict[str, Any]]]:
    """Rows by how many are left out."""

    def rows(asked: Query) -> list[dict[str, Any]]:
        begin = int(asked.get(at, 0))
        return ROWS[begin : begin + min(int(asked.get(size, usual)), most)]

    return rows


MYBATIS = by_page("current", "size", 1, 10)
SPRING = by_page("page", "size", 0, 20)
EMQX = by_page("page", "limit", 1, 100, most=100)
CKAN = by_offset("offset", "limit", 100)
ESRI = by_offset("resultOffset", "resultRecordCount", 100, most=100)
SOCRATA = by_offset("$offset", "$limit", 100)


def esri(asked: Query) -> Any:
    """As a layer of ArcGIS, whose rows are no rows of ours."""
    rows = [
        {"attributes": {"OBJECTID": int(row["id"][1:])}, "geometry": {"x": 121.4, "y": 31.2}} for row in ESRI(asked)
    ]
    return {"features": rows, "exceededTransferLimit": int(asked.get("resultOffset", 0)) + 100 < len(ROWS)}


@pytest.mark.parametrize(
    ("page", "query", "paging"),
    [
        (lambda q: {"data": {"records": MYBATIS(q), "total": 230, "size": 10, "current": 1}}, "", ("page", 1)),
        (lambda q: {"data": {"records": MYBATIS(q), "total": "230"}}, "?current=1&size=10", ("page", 1)),
        (lambda q: {"content": SPRING(q), "totalElements": 230, "last": False}, "", ("page", 0)),
        (lambda q: {"content": SPRING(q), "last": False} if "page" in q else 400, "?page=0&size=20", ("page", 0)),
        (lambda q: {"data": EMQX(q), "meta": {"count": 230, "hasnext": True}}, "", ("page", 1)),
        (lambda q: {"result": {"records": CKAN(q), "total": 230}}, "", ("offset", 1)),
        (lambda q: CKAN(q), "?limit=50", ("offset", 1)),
        (lambda q: SOCRATA(q), "", ("offset", 1)),
        (esri, "?where=1%3D1&f=json", ("offset", 1)),
    ],
)
def test_every_page_of_a_list_is_read(
    connect: Callable[..., tuple[str, Any]], page: Page, query: str, paging: tuple[str, int]
) -> None:
    text, source = connect(page, query)
    found = source["options"]["paging"]
    assert (found["kind"], found.get("first", 1)) == paging
    assert "230 place" in text


def test_addresses_of_the_next_page_are_followed(connect: Callable[..., tuple[str, Any]], upstream: Upstream) -> None:
    def ogc(asked: Query) -> Any:
        begin, rows = int(asked.get("at", 0)), ROWS[int(asked.get("at", 0)) :][:50]
        following = [{"rel": "next", "href": f"{upstream.url}/s?at={begin + 50}"}] if begin + 50 < 230 else []
        features = [
            {"type": "Feature", "id": row["id"], "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]}}
            for row in rows
        ]
        links = [{"rel": "self", "href": f"{upstream.url}/s"}, *following]
        return {"type": "FeatureCollection", "features": features, "links": links, "numberMatched": 230}

    text, source = connect(ogc)
    assert (source["kind"], source["options"]["paging"]["kind"]) == ("rest", "next")
    assert "230 place" in text


def test_the_next_page_of_a_list_that_never_says_its_end_ends_at_its_total(
    connect: Callable[..., tuple[str, Any]], upstream: Upstream
) -> None:
    def endless(asked: Query) -> Any:
        begin = int(asked.get("from", 0))
        return {"total": 230, "rows": ROWS[begin : begin + 100], "_links": {"next": f"/s?from={begin + 100}"}}

    text, _ = connect(endless)
    assert "230 place" in text
    assert len(upstream.asked) < 60


def test_the_header_link_is_followed(connect: Callable[..., tuple[str, Any]], upstream: Upstream) -> None:
    def linked(asked: Query) -> Any:
        begin = int(asked.get("from", 0))
        more = {"Link": f'<{upstream.url}/s?from={begin + 100}>; rel="next"'} if begin < 200 else {}
        return {"rows": ROWS[begin : begin + 100], "@headers": more}

    text, source = connect(linked)
    assert source["options"]["paging"]["kind"] == "link"
    assert "230 place" in text


def test_a_list_whose_rest_nobody_finds_is_a_question_and_not_a_city_of_ten_pumps(
    connect: Callable[..., tuple[str, Any]],
) -> None:
    text, source = connect(lambda asked: {"total": 230, "rows": ROWS[:10]})
    assert "paging" not in source["options"]
    assert "! 10 of 230 rows were in the reply, and how to ask for the rest was not found" in text


def test_a_round_number_of_rows_is_doubted_only_where_nothing_says_that_they_are_all(
    connect: Callable[..., tuple[str, Any]],
) -> None:
    assert "! exactly 100 rows: perhaps only the first page" in connect(lambda asked: ROWS[:100])[0]
    assert "perhaps" not in connect(lambda asked: {"total": 100, "rows": ROWS[:100]})[0]
    assert "perhaps" not in connect(lambda asked: ROWS[:97])[0]


def test_a_list_of_cameras_is_asked_for_at_once(connect: Callable[..., tuple[str, Any]]) -> None:
    def cameras(asked: Query) -> Any:
        rows = [
            {**row, "streamUrl": f"rtsp://10.0.0.1/{row['id']}"} for row in by_page("pageNum", "pageSize", 1, 10)(asked)
        ]
        return {"total": 230, "rows": rows, "code": 200, "msg": "ok"}

    text, source = connect(cameras)
    assert source["kind"] == "camera_list"
    assert "230 camera" in text


def test_what_a_good_reply_says_of_itself_is_asked_of_every_reply(connect: Callable[..., tuple[str, Any]]) -> None:
    replies = [{"code": 200, "msg": "success", "data": ROWS[:7]}]
    _, source = connect(lambda asked: replies[0])
    assert source["options"]["ok"] == {"path": "code", "equals": [200], "message": "msg"}
    assert "ok" not in connect(lambda asked: {"code": "310105", "data": ROWS[:7]})[1]["options"]


def test_a_table_ends_with_nothing_at_all(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As pygeoapi writes CSV: past the end there is not even a header."""

    def page(asked: Query) -> bytes:
        rows = CKAN(asked)
        head = "id,lon,lat\n" if rows else ""
        return (head + "".join(f"{row['id']},{row['lon']},{row['lat']}\n" for row in rows)).encode()

    upstream.pages["/s"] = lambda asked: Faulty(200, page(asked), {"Content-Type": "text/csv"})
    settings = tmp_path / "district.toml"
    settings.write_text('[district]\nname = "x"\nadcode = "310105"\n', encoding="utf-8")
    assert main(["new", "fresh", "--url", f"{upstream.url}/s", "--settings", str(settings), "--append"]) == 0
    assert 'kind = "rest"' in capsys.readouterr().out
    assert main(["check", "--settings", str(settings)]) == 0
    assert "230 place" in capsys.readouterr().out
