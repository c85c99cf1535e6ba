"""`python -m datasources new`: listings as data portals and back offices of China really answer them."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from datasources.__main__ import main

sys.path.append(str(Path(__file__).parents[1] / "contract"))
from fake_upstream import Upstream, serve

GAUGES = [
    {"objectId": i, "deviceCode": f"YL{i:04}", "deviceName": f"积水点{i}", "jd": 121.4 + i / 100, "wd": 31.4,
     "waterLevel": 0.1 * i, "collectTime": f"2026-11-28 12:0{i}:00", "deviceStatus": "在线"}
    for i in range(1, 6)
]  # fmt: skip


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serve(Upstream()) as running:
        yield running


@pytest.fixture
def options(upstream: Upstream, capsys: pytest.CaptureFixture[str]) -> Any:
    """The options that are written for a document."""

    def look(document: Any) -> Any:
        upstream.pages["/s"] = json.dumps(document, ensure_ascii=False).encode()
        assert main(["new", "fresh", "--url", f"{upstream.url}/s"]) == 0
        return tomllib.loads(capsys.readouterr().out)["sources"][0]["options"]

    return look


@pytest.mark.parametrize(
    ("document", "rows"),
    [
        ({"total": 5, "rows": GAUGES, "code": 200, "msg": "查询成功"}, "rows"),  # RuoYi
        ({"code": 200, "data": {"records": GAUGES, "total": 5, "orders": []}}, "data.records"),  # MyBatis-Plus
        ({"errcode": 0, "result": {"list": GAUGES, "pageNum": 1}}, "result.list"),  # PageHelper
    ],
)
def test_a_state_that_all_sensors_share_is_not_taken_for_the_id_of_one(options: Any, document: Any, rows: str) -> None:
    found = options(document)
    assert (found["rows"], found["fields"]["id"]) == (rows, "deviceCode")


def test_a_state_is_not_the_id_of_a_series_either(options: Any) -> None:
    series = [{**row, "deviceCode": f"YL{n % 2}", "deviceStatus": "在线"} for n, row in enumerate(GAUGES[:4])]
    reversed_columns = [dict(reversed(row.items())) for row in series]
    assert options({"rows": reversed_columns})["fields"]["id"] == "deviceCode"


def test_the_list_that_describes_the_columns_is_not_taken_for_the_rows(options: Any) -> None:
    described = [{"id": name, "type": "text"} for name in GAUGES[0]]
    found = options({"success": True, "result": {"fields": described, "records": GAUGES}})  # CKAN datastore_search
    assert found["rows"] == "result.records"


def test_the_key_of_socrata_is_an_id(options: Any) -> None:
    rows = [{"unique_key": str(6000 + i), "complaint_type": "Noise", "status": "Open"} for i in range(3)]
    assert options(rows)["fields"]["id"] == "unique_key"
