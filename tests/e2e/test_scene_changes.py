"""Scenes as a reader and as a wall meets them: addresses, back and forward, shared links, rotation, take-over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.e2e.product import Product
from tests.e2e.wall import Wall

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.browser]
OpenWall = Callable[..., Wall]

LIVE = "(scene) => document.documentElement.dataset.sceneLive === scene"
SHOWN = "(scene) => document.documentElement.dataset.scene === scene"
LATER = "() => Boolean(window.onescreen?.takeover)"
RAISE = """() => {
  const panel = onescreen.heldPanel("alarms");
  const row = { ...panel.values.rows[0], id: "drill", priority: 1, acknowledged_at: null, started_at: onescreen.now() };
  onescreen.applyPanel("alarms", { ...panel, values: { rows: [row, ...panel.values.rows] } });
}"""

ACKNOWLEDGE = """() => {
  const panel = onescreen.heldPanel("alarms");
  const rows = panel.values.rows.map((row) => row.id === "drill" ? { ...row, acknowledged_at: onescreen.now() } : row);
  onescreen.applyPanel("alarms", { ...panel, values: { rows } });
}"""


def wait_for_scene(page: Page, scene: str) -> None:
    page.wait_for_function(LIVE, arg=scene, timeout=30_000)


def path_of(page: Page) -> str:
    return page.evaluate("() => location.pathname + location.search")


def test_a_phone_shows_the_name_of_the_scene_it_is_on(product: Product, open_wall: OpenWall) -> None:
    wall = open_wall(f"{product.url}/sources", has_pictures=False)
    wall.page.set_viewport_size({"width": 390, "height": 844})
    wall.page.reload()
    wait_for_scene(wall.page, "sources")
    box = wall.page.locator(".scenes [aria-current]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_scenes_are_addresses_that_back_and_forward_know(product: Product, open_wall: OpenWall) -> None:
    wall = open_wall(f"{product.url}/", has_pictures=False)
    page = wall.page
    page.evaluate("() => (window.isSamePage = true)")
    for scene in ("iot", "cases"):
        page.click(f"[data-open-scene='{scene}']")
        wait_for_scene(page, scene)
        assert path_of(page) == f"/{scene}"
        assert page.get_attribute(f"[data-open-scene='{scene}']", "aria-current") == "page"
    page.go_back()
    wait_for_scene(page, "iot")
    page.go_back()
    wait_for_scene(page, "overview")
    page.go_forward()
    wait_for_scene(page, "iot")
    assert page.evaluate("() => window.isSamePage") is True


def test_a_shared_link_shows_the_scene_and_what_lies_over_it(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/iot", has_pictures=False).page
    wait_for_scene(page, "iot")
    page.evaluate("() => onescreen.open('/department/water')")
    shared = page.url
    assert path_of(page) == "/department/water?scene=iot"
    other = open_wall(shared, has_pictures=False).page
    wait_for_scene(other, "iot")
    other.wait_for_selector("#sheet:not([hidden])")
    other.keyboard.press("Escape")
    other.wait_for_selector("#sheet", state="hidden")
    assert path_of(other) == "/iot"


def test_walls_turn_in_step_without_loading_anything_anew(product: Product, open_wall: OpenWall) -> None:
    address = f"{product.url}/wall?scenes=overview,iot&dwell=8&takeover=5"
    pages = [open_wall(address, has_pictures=False).page for _ in range(2)]
    for page in pages:
        page.evaluate("() => (window.isSamePage = true)")
        page.wait_for_function(LATER, timeout=30_000)
    for scene in ("iot", "overview"):
        pages[0].wait_for_function(SHOWN, arg=scene, timeout=30_000)
        pages[1].wait_for_function(SHOWN, arg=scene, timeout=5_000)
    assert all(page.evaluate("() => window.isSamePage") for page in pages)
    assert {path_of(page).partition("?")[0] for page in pages} == {"/wall"}


def test_a_touch_holds_the_rotation_and_says_so(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/wall?scenes=overview,iot&dwell=5&idle=600&takeover=5", has_pictures=False).page
    page.wait_for_function(LATER, timeout=30_000)
    page.mouse.click(5, 200)
    page.wait_for_selector("html[data-held]")
    assert page.is_visible(".rotation-held")
    page.click(".rotation-held")
    page.wait_for_selector("html:not([data-held])")


def test_a_wall_that_an_alarm_took_is_given_back_once_it_is_acknowledged(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/wall?takeover=600", has_pictures=False).page
    page.wait_for_function(LATER, timeout=30_000)
    page.wait_for_function("() => sessionStorage.getItem('onescreen-takeovers')")
    page.route("**/api/panels/*alarm=drill*", lambda route: route.continue_(url=route.request.url.partition("?")[0]))
    page.evaluate(RAISE)
    page.wait_for_selector("html[data-takeover='alarm/drill'][data-scene='emergency']", timeout=30_000)
    page.evaluate(ACKNOWLEDGE)
    page.wait_for_selector("html:not([data-takeover='alarm/drill'])", timeout=30_000)


def test_an_urgent_alarm_takes_a_wall_over_once_and_never_a_laptop(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/wall?takeover=5", has_pictures=False).page
    page.wait_for_function(LATER, timeout=30_000)
    page.wait_for_function("() => sessionStorage.getItem('onescreen-takeovers')")  # what stands already is known
    page.route("**/api/panels/*alarm=drill*", lambda route: route.continue_(url=route.request.url.partition("?")[0]))
    page.evaluate(RAISE)
    page.wait_for_selector("html[data-takeover='alarm/drill'][data-scene='emergency']", timeout=30_000)
    page.wait_for_function("() => document.documentElement.dataset.takeover !== 'alarm/drill'", timeout=30_000)
    assert "alarm/drill" in page.evaluate("() => sessionStorage.getItem('onescreen-takeovers')")
    page.reload()
    page.wait_for_function(LATER, timeout=30_000)
    page.evaluate(RAISE)
    page.wait_for_timeout(1_500)
    assert page.get_attribute("html", "data-takeover") != "alarm/drill"
    laptop = open_wall(f"{product.url}/", "laptop", has_pictures=False).page
    laptop.evaluate(RAISE)
    assert laptop.evaluate("() => window.onescreen.takeover === undefined")
    assert laptop.get_attribute("html", "data-takeover") is None
