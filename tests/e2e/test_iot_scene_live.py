"""The iot scene on the running product: it adds up, a cell picks what the other panels show, history is told."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.layout import faults
from tests.e2e.product import Product

pytestmark = pytest.mark.browser

LIVE = "() => document.documentElement.dataset.sceneLive === 'iot'"
CHOSEN = """(kind) => onescreen.heldPanel('iot-explorer')?.values?.is_chosen
  && onescreen.heldPanel('iot-explorer').values.kind === kind"""
SLOW_MS = 60_000


@pytest.mark.parametrize(("size", "language"), [("wall", "zh"), ("wide", "en"), ("laptop", "en")])
def test_the_scene_is_live_and_nothing_is_cut_off(
    product: Product, open_wall: OpenWall, size: str, language: str
) -> None:
    page = open_wall(f"{product.url}/iot?lang={language}", size).page
    page.wait_for_function(LIVE, timeout=SLOW_MS)
    page.wait_for_function("() => document.fonts.status === 'loaded'", timeout=SLOW_MS)
    assert faults(page) == {}


def test_the_matrix_adds_up_to_the_numbers_of_the_wall(product: Product, open_wall: OpenWall) -> None:
    wall = open_wall(f"{product.url}/iot")
    wall.page.wait_for_function(LIVE, timeout=SLOW_MS)
    matrix, numbers = wall.held("iot-matrix"), wall.held("kpi")
    normal, over, offline, unknown = matrix["total"][:4]
    assert normal + over + offline + unknown == numbers["sensors_total"]
    rows = [matrix[f"row:{kind}"]["total"] for kind in matrix["kinds"]]
    assert [sum(row[n] for row in rows) for n in range(4)] == matrix["total"][:4]
    assert [sum(cell[n] for cell in matrix["columns"]) for n in range(4)] == matrix["total"][:4]
    assert abs(normal + over - numbers["sensors_online"]) <= 20  # a moment later


def test_a_cell_picks_kind_and_street_and_back_takes_it_back(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/iot").page
    page.wait_for_function(LIVE, timeout=SLOW_MS)
    page.get_by_role("gridcell", name="水位").first.click()
    page.wait_for_function(CHOSEN, arg="river_level", timeout=SLOW_MS)
    assert "kind=river_level" in page.evaluate("location.search")
    assert page.locator(".iot-cell[aria-selected='true']").count() == 1
    page.go_back()
    page.wait_for_function("() => !onescreen.heldPanel('iot-explorer')?.values?.is_chosen", timeout=SLOW_MS)


def test_what_is_usual_by_hour_of_day_is_answered_and_nonsense_refused(product: Product) -> None:
    profile = product.get("/api/iot/profile", kind="river_level")
    assert profile["of"] > profile["sensors"] > 0
    assert len(profile["today"]) == 24
    assert httpx.get(f"{product.url}/api/iot/profile", params={"kind": "unicorn"}).status_code == 422
