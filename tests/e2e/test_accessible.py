"""People with and without a mouse, with full and with weak sight use the wall: axe finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from layouts.scenes import SCENES
from tests.e2e.conftest import OpenWall
from tests.e2e.product import Product

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000


def violations(page: Page) -> dict[str, list[str]]:
    """What axe objects to, with the first places."""
    found = Axe().run(page).response["violations"]
    return {each["id"]: [node["html"][:120] for node in each["nodes"][:3]] for each in found}


def settled(page: Page, scene: str = "") -> Page:
    """A page on which everything is drawn that is loaded later."""
    page.wait_for_function("() => Boolean(onescreen.search)", timeout=PATIENCE_MS)
    if scene:
        page.wait_for_selector(f"html[data-scene-live='{scene}']", timeout=PATIENCE_MS)
    return page


@pytest.mark.parametrize("path", ["/", "/wall", "/wall?theme=light", "/?lang=en", "/source/police-video"])
def test_axe_finds_nothing_on_the_overview(product: Product, open_wall: OpenWall, path: str) -> None:
    assert violations(settled(open_wall(product.url + path).page)) == {}


@pytest.mark.parametrize("scene", [scene.key for scene in SCENES])
def test_axe_finds_nothing_on_any_scene(product: Product, open_wall: OpenWall, scene: str) -> None:
    page = open_wall(f"{product.url}/{scene}?lang=en", "laptop").page  # a laptop has all a wall has, and more
    assert violations(settled(page, scene)) == {}


def test_axe_finds_nothing_in_search_explanation_list_and_keys(product: Product, open_wall: OpenWall) -> None:
    page = settled(open_wall(product.url).page)
    page.keyboard.press("/")
    page.keyboard.type("yyl")
    page.wait_for_selector("[role=option]", timeout=PATIENCE_MS)
    assert violations(page) == {}
    page.keyboard.press("Escape")
    page.hover("[data-kpi='cases_open']")
    page.wait_for_selector(".explain-all:not([hidden])", timeout=PATIENCE_MS)
    assert violations(page) == {}
    page.click(".explain-all")
    page.wait_for_selector(".rows tbody tr")
    assert violations(page) == {}
    page.keyboard.press("?")
    assert violations(page) == {}
