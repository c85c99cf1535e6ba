"""Exports as their readers open them: Excel's CSV, a workbook, a map layer; the same records as the list."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from callbacks.exports import csv_file
from callbacks.routes import exports
from callbacks.services import Services
from situation.batch import Batch
from situation.records import Camera, Case, CaseState, DeviceState, Officer
from tests.web.browser_double import Client

CIRCLE = "121.44,31.4,1500"
"""Holds the cameras c2, c3 and c4 of the small city."""


def table_of(client: Client, path: str) -> pd.DataFrame:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")  # else Excel shows Chinese as noise
    return pd.read_csv(io.BytesIO(answer.content), dtype={"编号": str})


def test_a_csv_has_every_record_of_the_list_with_headings_in_the_districts_language(client: Client) -> None:
    table = table_of(client, "/api/v1/cameras/export.csv")
    assert sorted(table["编号"]) == ["c0", "c1", "c2", "c3", "c4"]
    assert set(table["状态"]) == {"在线"}
    assert set(table["街镇"]) == {"友谊路街道"}
    assert table["经度 (WGS-84)"].between(121.4, 121.5).all()


def test_headings_and_words_follow_the_asked_language(client: Client) -> None:
    table = table_of(client, "/api/v1/cameras/export.csv?lang=en")
    assert set(table["State"]) == {"Online"}


def test_an_export_takes_the_filters_of_the_list(client: Client) -> None:
    listed = client.get(f"/api/v1/cameras?circle={CIRCLE}").json()
    table = table_of(client, f"/api/v1/cameras/export.csv?circle={CIRCLE}")
    assert [item["id"] for item in listed["items"]] == list(table["编号"]) == ["c2", "c3", "c4"]
    assert listed["total"] == 3


def test_the_rows_behind_a_number_can_be_taken_away(client: Client) -> None:
    table = table_of(client, "/api/v1/cases/export.csv?number=cases_overdue")
    assert list(table["编号"]) == ["k1"]
    assert list(table["超期（分钟）"]) == [60]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_no_text_is_left_that_a_spreadsheet_would_calculate(services: Services, client: Client, text: str) -> None:
    record = Officer(id="o2", source="staff", name=text, lon=121.45, lat=31.4)
    services.store.apply("staff2", Batch(records=(record,)), services.clock.now())
    assert csv_file.guarded(text) == f"'{text}"
    content = client.get("/api/v1/officers/export.csv").text
    assert f"'{text[:2]}" in content.replace('""', '"')
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/v1/officers/export.xlsx").content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_telephones_stay_masked_and_media_stays_inside(client: Client) -> None:
    for ending in ("csv", "geojson"):
        content = client.get(f"/api/v1/officers/export.{ending}").text
        assert "138****5617" in content
        assert "13812345617" not in content
    assert "ref-1" not in client.get("/api/v1/cameras/export.geojson").text


def test_a_workbook_has_real_times_and_says_what_it_is(client: Client) -> None:
    answer = client.get(f"/api/v1/cameras/export.xlsx?circle={CIRCLE}&status=online")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    records, about = book.worksheets
    rows = list(records.iter_rows(values_only=True))
    seen = rows[0].index("最后心跳")
    assert [row[0] for row in rows[1:]] == ["c2", "c3", "c4"]
    assert str(rows[1][seen]) == "2026-08-09 14:00:00"  # local, as Excel has no zones
    told = {row[0]: row[1] for row in about.iter_rows(values_only=True)}
    assert told["符合条件"] == told["本表行数"] == "3"
    assert "circle=121.44,31.4,1500" in told["条件"]
    assert told["时间所用时区"] == "Asia/Shanghai"


def test_geojson_is_the_collection_and_says_how_much_matched(client: Client) -> None:
    body = client.get("/api/v1/cameras/export.geojson").json()
    listed = client.get("/api/v1/cameras", headers={"accept": "application/geo+json"}).json()
    assert body["features"] == listed["features"]
    assert (body["numberMatched"], body["numberReturned"]) == (5, 5)


def test_a_file_is_named_with_content_time_count_and_filter(client: Client) -> None:
    header = client.get(f"/api/v1/cameras/export.csv?circle={CIRCLE}").headers["content-disposition"]
    assert header == 'attachment; filename="cameras_20260809-140000_3_circle-121-44-31-4-1500.csv"'


def test_nothing_of_an_address_gets_into_a_header_but_filters(client: Client) -> None:
    path = "/api/v1/cameras/export.csv?%22x%0d%0a=1&%E4%B8%AD=2&status=%22%0d%0aset-cookie%3A%201,%E4%B8%AD"
    header = client.get(path).headers["content-disposition"]
    assert header == 'attachment; filename="cameras_20260809-140000_0_status----set-cookie--1--.csv"'


def test_what_does_not_fit_is_said_in_the_name_the_headers_and_the_file(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_EXPORTED", 3)
    monkeypatch.setattr(exports, "ROWS_AT_ONCE", 2)
    answer = client.get("/api/v1/cameras/export.csv")
    assert "first-3-of-5" in answer.headers["content-disposition"]
    assert (answer.headers["x-total-count"], answer.headers["x-row-count"]) == ("5", "3")
    assert len(pd.read_csv(io.BytesIO(answer.content))) == 3
    body = client.get("/api/v1/cameras/export.geojson").json()
    assert (body["numberMatched"], len(body["features"])) == (5, 3)


def test_control_characters_and_long_texts_do_not_break_a_workbook(services: Services, client: Client) -> None:
    case = Case(
        id="k2", source="centre2", state=CaseState.REGISTERED, description="\x00\x0b" + "长" * 40_000, lon=1.0, lat=1.0
    )
    services.store.apply("centre2", Batch(records=(case,)), services.clock.now())
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/v1/cases/export.xlsx").content))
    assert book.worksheets[0].max_row == 3


def test_every_collection_can_be_exported(client: Client) -> None:
    for name in exports.COLLECTIONS:
        assert client.get(f"/api/v1/{name}/export.csv").status_code == 200
        assert client.get(f"/api/v1/{name}/export.xlsx").status_code == 200
    assert client.get("/api/v1/cameras/export.pdf").status_code == 404


def test_a_camera_named_like_an_export_is_still_found_by_its_own_name(services: Services, client: Client) -> None:
    record = Camera(id="export.txt", source="video", state=DeviceState.ONLINE)
    services.store.apply("video2", Batch(records=(record,)), services.clock.now())
    assert client.get("/api/v1/cameras/export.txt").json()["id"] == "export.txt"
