"""From a word, a number or a circle on the map to the records and out of the house, in the running product."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.product import Product

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

READY = "() => Boolean(onescreen.search && onescreen.draw && onescreen.map.parts())"
PATIENCE_MS = 60_000


def opened(open_wall: OpenWall, url: str, size: str = "wall") -> Page:
    """A wall with everything that is loaded later."""
    page = open_wall(url, size).page
    page.wait_for_function(READY, timeout=PATIENCE_MS)
    return page


def test_a_camera_is_found_by_its_initials_and_opened(product: Product, open_wall: OpenWall) -> None:
    page = opened(open_wall, product.url)
    page.keyboard.press("/")
    page.keyboard.type("yyl")
    page.wait_for_selector("[role=group][data-kind=camera] [role=option]", timeout=PATIENCE_MS)
    option = page.locator("[role=group][data-kind=camera] [role=option]").first
    name = option.locator("b").inner_text()
    assert "路" in name
    option.click()
    page.wait_for_selector("#sheet:not([hidden]) h2")
    assert urlsplit(page.url).path.startswith("/camera/")
    assert name in page.inner_text("#sheet h2")


def test_the_records_behind_a_number_are_as_many_as_it_says(product: Product, open_wall: OpenWall) -> None:
    page = opened(open_wall, product.url)
    page.hover("[data-kpi='cases_open']")
    page.wait_for_selector(".explain-all:not([hidden])", timeout=PATIENCE_MS)
    page.click(".explain-all")
    page.wait_for_selector(".rows tbody tr")
    shown = int(page.get_attribute("[data-kpi='cases_open']", "data-value") or 0)
    listed = int("".join(filter(str.isdigit, page.inner_text(".rows-note").rpartition("/")[2])))
    assert abs(shown - listed) <= 3  # the city goes on living between the two
    page.click(".rows tbody tr:first-child a")
    page.wait_for_selector("#sheet:not([hidden]) h2")
    page.go_back()
    assert page.is_visible(".rows")


def test_what_is_inside_a_circle_can_be_taken_away(product: Product, open_wall: OpenWall) -> None:
    page = opened(open_wall, product.url)
    page.keyboard.press("o")
    page.wait_for_selector(".is-drawing")
    page.keyboard.press("Enter")  # by keyboard: 500 m around the middle of the map
    page.wait_for_selector(".inside-group[data-collection='cameras']", timeout=PATIENCE_MS)
    page.click(".inside-group[data-collection='cameras'] .inside-all")
    page.wait_for_selector(".rows tbody tr")
    with page.expect_download() as download:
        page.click(".rows-files a >> text=CSV")
    assert download.value.suggested_filename.startswith("cameras_")
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    address = page.get_attribute(".rows-files a >> nth=0", "href") or ""
    circle = address.partition("circle=")[2].partition("&")[0].replace("%2C", ",")
    expected = product.get("/api/v1/cameras", circle=circle, limit=5_000)
    assert {row["编号"] for row in rows} == {each["id"] for each in expected["items"]}
    assert len(rows) == expected["total"] > 0
    shared = opened(open_wall, page.url)
    shared.wait_for_selector(".rows tbody tr")
    assert shared.locator(".inside").count() == 1
