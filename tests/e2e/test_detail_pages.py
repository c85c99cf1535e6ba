"""From a number to the one record behind it, to its street's rank, and the way back; a shared link shows the same."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.product import Product

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

COMPLETE = "() => document.documentElement.dataset.detail === location.pathname"


def heading(page: Page) -> str:
    page.wait_for_function(COMPLETE, timeout=60_000)
    return page.inner_text("#sheet h2")


def oldest_overdue(product: Product) -> str:
    """Address of the open case whose time limit passed longest ago."""
    cases = product.get("/api/v1/cases", number="cases_overdue", limit=5000)["items"]
    oldest = min((case for case in cases if case["due_at"]), key=lambda case: case["due_at"])
    return f"/case/{quote(oldest['id'], safe='')}"


def test_from_the_oldest_overdue_case_to_its_street_and_back(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/").page
    case = oldest_overdue(product)
    page.evaluate("(address) => onescreen.open(address)", case)
    name = heading(page)
    assert "超期" in page.inner_text("#sheet .limit-words")
    street = page.locator("#sheet .crumbs a").nth(1)
    street_name = street.inner_text()
    street.click()
    page.wait_for_function("() => location.pathname.startsWith('/area/')")
    assert heading(page) == street_name
    assert "第" in page.inner_text("#sheet [data-number='cases_overdue']")
    page.go_back()
    page.wait_for_function("() => location.pathname.startsWith('/case/')")
    assert heading(page) == name
    page.go_back()
    page.wait_for_selector("#sheet", state="hidden")


def test_a_shared_link_shows_the_same_span_of_readings(product: Product, open_wall: OpenWall) -> None:
    sensor = product.get("/api/v1/sensors", limit=1)["items"][0]
    page = open_wall(f"{product.url}{product.address(sensor)}?range=24h").page
    heading(page)
    page.wait_for_selector("#sheet .chart-ranges [data-range='24h'][aria-pressed='true']")
    page.click("#sheet .chart-ranges [data-range='7d']")
    page.wait_for_function("() => location.search.includes('range=7d')")


def test_what_was_opened_stays_open_while_the_page_is_read_again(product: Product, open_wall: OpenWall) -> None:
    case = product.get("/api/v1/cases", limit=1)["items"][0]
    page = open_wall(product.url + product.address(case)).page
    heading(page)
    page.click("#sheet .detail-raw summary")
    with page.expect_response(lambda response: "_dash-update-component" in response.url):
        page.evaluate("dash_clientside.set_props('sheet-pulse', {data: -1})")
    assert page.evaluate("document.querySelector('#sheet .detail-raw details').open") is True
