"""Every mark and row opens its detail at an address of its own: to send, to reload, to leave, to reach by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.product import Product

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HEADING = "#sheet:not([hidden]) h2"


def address(page: Page) -> str:
    path: str = page.evaluate("location.pathname")
    return path


def test_an_alarm_row_opens_its_address_and_back_returns(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/").page
    row = page.locator("[data-panel='alarms'] a.alarm").first
    target, title = row.get_attribute("href"), row.get_attribute("title")
    page.locator(f"[data-panel='alarms'] a.alarm[href='{target}']").click()  # another may come first meanwhile
    page.wait_for_selector(HEADING)
    assert address(page) == target
    assert title is not None
    page.go_back()
    page.wait_for_selector("#sheet", state="hidden")
    assert address(page) == "/"


def test_reloading_a_detail_address_shows_the_same(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/").page
    page.locator("[data-panel='alarms'] a.alarm").first.click()
    heading = page.inner_text(HEADING)
    page.reload()
    page.wait_for_selector(HEADING)
    assert page.inner_text(HEADING) == heading


@pytest.mark.parametrize(
    ("kind", "collection"),
    [
        ("camera", "cameras"),
        ("sensor", "sensors"),
        ("case", "cases"),
        ("alarm", "alarms"),
        ("warning", "warnings"),
        ("officer", "officers"),
        ("place", "places"),
        ("component", "components"),
        ("area", "areas"),
        ("department", "departments"),
        ("source", "sources"),
    ],
)
def test_every_kind_of_record_has_a_detail_address(
    product: Product, open_wall: OpenWall, kind: str, collection: str
) -> None:
    record = product.get(f"/api/v1/{collection}", limit=1)["items"][0]
    assert record["kind"] == kind
    page = open_wall(product.url + product.address(record), waits=False).page
    page.wait_for_selector(HEADING)
    assert "没有" not in page.inner_text(HEADING)
    assert page.inner_text("#sheet .facts").strip() != ""


@pytest.mark.parametrize("path", ["/alarm/no-such-alarm", "/camera/%3Cscript%3Ealert(1)%3C%2Fscript%3E"])
def test_an_unknown_id_is_said_kindly_and_leads_back(product: Product, open_wall: OpenWall, path: str) -> None:
    page = open_wall(product.url + path).page
    page.wait_for_selector(HEADING)
    assert page.inner_text(HEADING) == "没有找到"
    page.locator("#sheet a[data-open='home']").last.click()
    page.wait_for_selector("#sheet", state="hidden")
    assert address(page) == "/"


def test_a_row_can_be_reached_and_opened_by_keyboard_alone(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/").page
    page.wait_for_selector("[data-panel='alarms'] a.alarm")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "page-skip-link"
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.alarm')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(HEADING)
    assert address(page).startswith("/alarm/")
    page.keyboard.press("Escape")
    page.wait_for_selector("#sheet", state="hidden")


def test_a_mark_on_the_map_opens_its_detail(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/wall").page
    page.wait_for_function("() => onescreen.marks.table('camera')?.count > 0")
    box = page.locator("[data-panel='map'] .onescreen-map").bounding_box()
    assert box is not None
    opened = "() => location.pathname.split('/').length === 4"
    for step in range(30):  # the middle of a district is dense, yet not every pixel is a mark
        page.mouse.click(box["x"] + box["width"] / 2 + 7 * step, box["y"] + box["height"] / 2 + 3 * step)
        if page.evaluate(opened):
            break
    page.wait_for_function(opened, timeout=30_000)
    page.wait_for_selector(HEADING)
