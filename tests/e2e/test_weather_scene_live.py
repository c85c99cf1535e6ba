"""The weather scene on the running product: live, whole at every size, true to the API, exported."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.layout import faults
from tests.e2e.product import Product

pytestmark = pytest.mark.browser

LIVE = "() => document.documentElement.dataset.sceneLive === 'weather'"
DRAWN = "() => document.querySelectorAll('.wx-plan .plan-area').length > 0"
SLOW_MS = 60_000


@pytest.mark.parametrize(("size", "language"), [("wall", "zh"), ("wide", "en"), ("laptop", "zh")])
def test_the_scene_is_live_and_nothing_is_cut_off(
    product: Product, open_wall: OpenWall, size: str, language: str
) -> None:
    page = open_wall(f"{product.url}/weather?lang={language}", size, has_pictures=False).page
    page.wait_for_function(LIVE, timeout=SLOW_MS)
    page.wait_for_function(DRAWN, timeout=SLOW_MS)
    assert faults(page) == {}


def test_its_figures_are_those_of_the_stations(product: Product, open_wall: OpenWall) -> None:
    wall = open_wall(f"{product.url}/wall/weather")
    wall.page.wait_for_function(LIVE, timeout=SLOW_MS)
    shown = wall.held("weather-now")
    stations = [row for row in product.every("forecasts") if row["form"] == "station"]
    assert shown["stations"][1] == len(stations)
    reported = {row["id"]: row["now"]["gust_mps"] for row in stations}
    assert shown["gust"]["value"] == reported[shown["gust"]["id"]]


def test_the_list_of_what_is_exposed_is_the_panels(product: Product) -> None:
    panel = product.get("/api/panels/weather-exposure")["panel"]["values"]
    if panel["warning"] is None:
        pytest.skip("no warning is in force now")
    reply = httpx.get(f"{product.url}/api/v1/exposure.geojson", params={"warning": panel["warning"]["id"]}, timeout=30)
    features = reply.json()["features"]
    kinds = [feature["properties"].get("place_kind", "grid") for feature in features]
    assert kinds.count("underpass") == panel["total"]["underpass"]
    assert kinds.count("school") == panel["total"]["school"]
    assert kinds.count("grid") == panel["total"]["grids"]
    table = httpx.get(f"{product.url}/api/v1/exposure.csv", params={"warning": panel["warning"]["id"]}, timeout=30)
    assert len(table.text.strip().splitlines()) == len(features) + 1
