"""A person opens the address: the whole district is there, live, and nothing odd happens."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.product import Product

pytestmark = pytest.mark.browser

OVERVIEW = {"kpi", "hourly", "streets", "watched", "map", "banner", "pipeline", "warnings", "alarms", "cameras"}
CASES = {"cases_today", "cases_open", "cases_overdue", "ontime_rate", "cases_reported_today"}
DEVICES = {"cameras_total", "cameras_online", "sensors_total", "sensors_online"}
REST = {"alarms_active", "warnings_active", "sources_total", "sources_ok", "departments_total", "departments_ok"}
NUMBERS = CASES | DEVICES | REST
LIVE_STATES = ["live", "delayed"]  # a slow machine may fetch late; what it may not be is missing or wrong
ALL_LIVE = """([keys, states]) => keys.every((key) =>
  states.includes(document.querySelector(`[data-panel='${key}']`)?.dataset.state))"""
DEVICES_DRAWN = (
    """() => ['camera', 'sensor'].reduce((sum, kind) => sum + onescreen.marks.table(kind)?.count ?? 0, 0) >= 28000"""
)
PAINTED = """() => [...document.querySelectorAll('#map canvas, .onescreen-map canvas')].some((canvas) => {
  const {width, height} = canvas;
  return canvas.getContext('2d').getImageData(0, 0, width, height).data.some((byte, i) => i % 4 === 3 && byte);
})"""
AGREES = """async () => {
  const {kpis} = await (await fetch('/api/v1/situation')).json();
  const shown = [...document.querySelectorAll('[data-kpi]')];
  const differ = shown.filter((e) => e.dataset.value !== String(kpis[e.dataset.kpi] ?? ''));
  return shown.length > 0 && differ.length === 0;
}"""


def test_every_panel_of_the_overview_is_live_with_known_numbers(product: Product, open_wall: OpenWall) -> None:
    wall = open_wall(f"{product.url}/wall")
    wall.page.wait_for_function(ALL_LIVE, arg=[sorted(OVERVIEW), LIVE_STATES], timeout=60_000)
    unknown = [name for name, value in wall.numbers().items() if value == ""]
    assert unknown == []


def test_all_devices_are_drawn_on_the_map(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/wall").page
    page.wait_for_function(DEVICES_DRAWN, timeout=30_000)
    page.wait_for_function(PAINTED, timeout=10_000)


def test_the_page_says_which_frame_it_shows(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/").page
    page.wait_for_function("() => Number(document.documentElement.dataset.frameAt) > 1.7e12")
    first = int(page.get_attribute("html", "data-seq") or 0)
    page.wait_for_function(
        "(before) => Number(document.documentElement.dataset.seq) > before", arg=first, timeout=60_000
    )
    assert int(page.get_attribute("html", "data-seq") or 0) <= product.get("/api/v1/situation")["seq"]


def test_the_wall_shows_the_numbers_of_the_api(product: Product, open_wall: OpenWall) -> None:
    open_wall(f"{product.url}/wall").page.wait_for_function(AGREES, polling=300, timeout=20_000)


def test_the_wall_has_every_hook_that_others_build_on(product: Product, open_wall: OpenWall) -> None:
    wall = open_wall(f"{product.url}/wall")
    panels = wall.page.eval_on_selector_all("[data-panel]", "all => all.map((e) => [e.tagName, e.dataset.panel])")
    assert {key for tag, key in panels if tag == "SECTION"} >= OVERVIEW
    assert NUMBERS - set(wall.numbers()) == set()
    assert NUMBERS - set(product.numbers()) == set()
