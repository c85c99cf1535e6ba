"""Grid and departments on the running product: numbers agree, picking drills down, the address carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.product import Product

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.browser


def test_streets_add_up_to_the_wall_and_picking_one_leads_down_and_back(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/grid").page
    page.wait_for_selector("html[data-scene-live='grid']", timeout=30_000)
    page.wait_for_selector("[data-panel='grid-map'] .plan-area[data-code]", state="attached", timeout=30_000)
    panel = page.request.get(f"{product.url}/api/panels/grid-map").json()["panel"]["values"]
    assert sum(panel["values"].values()) + panel["elsewhere"] == panel["total"]
    rows = page.locator("[data-panel='grid-rank'] .grid-list .grid-rank-row")
    name = rows.first.locator(".grid-name").inner_text()
    rows.first.click()
    page.wait_for_selector(f"[data-panel='grid-area'] .grid-facts b:text-is('{name}')", timeout=30_000)
    assert "area=" in page.evaluate("location.search")
    page.wait_for_selector(
        "[data-panel='grid-map'] .grid-choice[aria-pressed='true']:text-is('居村委')", timeout=30_000
    )
    page.wait_for_selector("[data-panel='grid-map'] .plan-area", state="attached", timeout=30_000)
    page.go_back()
    page.wait_for_selector("[data-panel='grid-map'] .grid-choice[aria-pressed='true']:text-is('街镇')", timeout=30_000)


def test_every_department_has_a_row_and_picking_one_shows_it(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/departments").page
    page.wait_for_selector("html[data-scene-live='departments']", timeout=30_000)
    rows = page.locator("[data-panel='departments-board'] .departments-list .departments-row")
    assert rows.count() == 26
    body = page.request.get(f"{product.url}/api/panels/departments-board").json()["panel"]["values"]
    opened = sum(row["cases"]["open"] for row in body["rows"]) + body["sum"]["elsewhere"]
    assert opened == body["sum"]["open"]
    name = rows.first.locator(".departments-name").inner_text()
    rows.first.locator(".departments-name").click()
    page.wait_for_selector(f".departments-one:not([hidden]) .departments-title b:text-is('{name}')", timeout=30_000)
    page.locator(".departments-head [data-column='open'] button").click()
    assert "sort=open" in page.evaluate("location.search")
    counts = [int(text.replace(",", "")) for text in rows.locator("[data-column='open']").all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
