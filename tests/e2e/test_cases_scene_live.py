"""The cases scene on the running product: from the overdue cases to the longest overdue one, its street, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.layout import faults
from tests.e2e.product import Product

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LIVE = "() => document.documentElement.dataset.sceneLive === 'cases'"
CHOSEN = """() => [...document.querySelectorAll("[data-panel='cases-list'] .case-row")].length > 0
  && !document.querySelector("[data-panel='cases-list'] .case-when:not([data-late])")"""
SLOW_MS = 60_000


def place(page: Page) -> str:
    address: str = page.evaluate("location.pathname + location.search")
    return address


@pytest.mark.parametrize(("size", "language"), [("wall", "en"), ("wide", "zh"), ("laptop", "zh")])
def test_the_cases_scene_is_live_and_nothing_is_cut_off(
    product: Product, open_wall: OpenWall, size: str, language: str
) -> None:
    page = open_wall(f"{product.url}/cases?lang={language}", size, has_pictures=False).page
    page.wait_for_function(LIVE, timeout=SLOW_MS)
    found = [fault for places in faults(page).values() for fault in places]
    assert [fault for fault in found if not fault.startswith("banner")] == []  # the header has its own test


def test_from_overdue_to_the_longest_overdue_case_its_street_and_the_way_back(
    product: Product, open_wall: OpenWall
) -> None:
    page = open_wall(f"{product.url}/", has_pictures=False).page
    page.click("[data-panel='kpi'] [data-open='/cases?overdue=1']")
    page.wait_for_function(LIVE, timeout=SLOW_MS)
    page.wait_for_function(CHOSEN, timeout=SLOW_MS)
    assert place(page) == "/cases?overdue=1"
    first = page.locator("[data-panel='cases-list'] .case-row").first
    oldest = product.get("/api/panels/cases-list", overdue="1")["panel"]["values"]["rows"][0]
    assert first.get_attribute("data-open") == f"/case/{oldest['id']}"
    first.click()
    page.wait_for_function("() => location.pathname.startsWith('/case/')", timeout=SLOW_MS)
    page.go_back()
    page.wait_for_function(CHOSEN, timeout=SLOW_MS)
    assert place(page) == "/cases?overdue=1"
    street = page.locator(f"[data-panel='cases-streets'] [data-value='{oldest['street'][0]}']")
    street.click()
    page.wait_for_function("() => new URLSearchParams(location.search).has('street')", timeout=SLOW_MS)
    assert page.locator(".choice-chip").count() == 2
    page.go_back()
    page.go_back()
    page.wait_for_function("() => location.pathname === '/'", timeout=SLOW_MS)


def test_the_scenes_numbers_are_those_of_the_wall(product: Product) -> None:
    sums = product.get("/api/panels/cases-sum")["panel"]["values"]
    assert sums["open"] == sums["whole"]["cases_open"]
    assert sums["overdue"] == sums["whole"]["cases_overdue"]
    assert sums["before"] + sums["new"] - sums["closed"] == sums["open"]
    late = product.get("/api/panels/cases-list", overdue="1")["panel"]["values"]
    assert abs(late["total"] - product.numbers()["cases_overdue"]) <= 3  # a moment later
