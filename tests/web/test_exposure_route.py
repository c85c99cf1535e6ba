"""What lies in a warned area, as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from callbacks.services import Services
from situation.batch import Batch
from situation.records import Area, AreaClaim, AreaKind, GridScheme, Place, WarningLevel, WeatherWarning
from tests.web.browser_double import Client
from tests.web.small_city import STREET, local_client

HEADINGS = ["类别", "编号", "名称", "街镇"]


@pytest.fixture
def client(services: Services) -> Iterator[Client]:
    """A browser in a city where a street is warned: two places and a grid lie in it, one place outside."""
    now = services.clock.now()
    given = {"source": "civil", "lat": 31.4, "phone": "13812345617"}
    places = (
        Place(id="u1", name="=1+1", place_kind="underpass", lon=121.45, **given),
        Place(id="s1", name="一小", place_kind="school", lon=121.46, **given),
        Place(id="s2", name="二小", place_kind="school", lon=121.55, **given),
    )
    grid = Area(
        id="unit_grid/310113001001001",
        source="civil",
        code="310113001001001",
        area_kind=AreaKind.GRID,
        scheme=GridScheme.UNIT_GRID,
        parents=("310113001001", "310113001"),
        geometry=STREET,
    )
    warning = WeatherWarning(
        id="w/1",
        source="civil",
        event="暴雨",
        headline="暴雨橙色预警",
        level=WarningLevel.ORANGE,
        sent_at=now,
        areas=(AreaClaim(codes=("310113001",)),),
    )
    services.store.apply("civil", Batch(records=(*places, grid, warning)), now)
    with local_client(services) as client:
        yield client


def test_the_list_has_every_place_and_grid_in_the_area_and_no_other(client: Client) -> None:
    body = client.get("/api/v1/exposure.geojson?warning=w%2F1").json()
    assert [feature["id"] for feature in body["features"]] == ["u1", "s1", "unit_grid/310113001001001"]


def test_the_table_masks_telephones_and_calculates_nothing(client: Client) -> None:
    reply = client.get("/api/v1/exposure.csv?warning=w%2F1")
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert rows[0][:4] == HEADINGS
    assert [row[:4] for row in rows[1:3]] == [
        ["下立交", "u1", "'=1+1", "友谊路街道"],
        ["学校", "s1", "一小", "友谊路街道"],
    ]
    assert rows[3][:2] == ["网格", "310113001001001"]
    assert "13812345617" not in reply.content.decode("utf-8-sig")
    assert "exposure_20260809-140000_orange_3.csv" in reply.headers["content-disposition"]


def test_a_workbook_can_be_had_too(client: Client) -> None:
    assert client.get("/api/v1/exposure.xlsx?warning=w%2F1").content.startswith(b"PK")


def test_a_warning_that_is_not_in_force_is_404(client: Client) -> None:
    assert client.get("/api/v1/exposure.csv?warning=none").status_code == 404
