"""Lists as screens show them, and what lies inside a shape."""

from __future__ import annotations

from layouts.columns import COLUMNS
from layouts.text import TEXTS
from situation.numbers import NUMBERS
from tests.web.browser_double import Client


def test_a_list_has_headings_words_and_the_way_to_every_record(client: Client) -> None:
    body = client.get("/api/rows/cases?number=cases_overdue").json()
    assert body["total"] == 1
    (row,) = body["rows"]
    cells = dict(zip([column["key"] for column in body["columns"]], row["cells"], strict=True))
    assert row["href"] == "/case/k1"
    assert cells["overdue_min"] == 60
    assert cells["state"] == "立案"
    assert cells["street"] == "友谊路街道"
    assert cells["due_at"] == {"at": 1_786_251_600_000}  # 13:00 in Shanghai
    english = client.get("/api/rows/cases?number=cases_overdue&lang=en").json()
    assert "Registered" in english["rows"][0]["cells"]


def test_an_area_is_known_by_its_code(client: Client) -> None:
    rows = client.get("/api/rows/areas").json()["rows"]
    assert [row["href"] for row in rows] == ["/area/310113", "/area/310113001"]


def test_names_of_upstream_come_as_text(client: Client) -> None:
    assert "<script>alert(1)</script>" in client.get("/api/rows/officers").json()["rows"][0]["cells"]


def test_what_is_inside_is_counted_by_kind(client: Client) -> None:
    groups = client.get("/api/within?circle=121.44,31.4,1500").json()["groups"]
    counts = {group["collection"]: group["total"] for group in groups}
    assert counts == {
        "alarms": 0, "cases": 1, "cameras": 3, "sensors": 1, "officers": 1, "places": 0, "components": 0,
    }  # fmt: skip
    listed = client.get("/api/v1/cameras?circle=121.44,31.4,1500").json()
    assert listed["total"] == counts["cameras"]


def test_without_a_shape_nothing_is_inside(client: Client) -> None:
    assert client.get("/api/within").status_code == 422
    assert client.get("/api/rows/nonsense").status_code == 404


def test_every_column_and_every_number_has_its_texts() -> None:
    missing = {f"field.{column.field}" for columns in COLUMNS.values() for column in columns} - TEXTS.keys()
    for number in NUMBERS:
        missing |= {f"number.{number.key}{part}" for part in ("", ".definition", ".formula")} - TEXTS.keys()
    assert missing == set()
