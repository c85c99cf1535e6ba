"""The emergency scene on the running product: the worst incident, another by choice, signs alike in list and plan."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.layout import faults
from tests.e2e.product import Product

pytestmark = pytest.mark.browser

LIVE = "() => document.documentElement.dataset.sceneLive === 'emergency'"
DRAWN = "() => document.querySelector('[data-panel=\"emergency-plan\"] .plan-marks > *')"
INCIDENT = "(id) => onescreen.heldPanel('emergency-head')?.values?.incident?.id === id"
SLOW_MS = 60_000


@pytest.mark.parametrize(("size", "language"), [("wall", "zh"), ("wide", "en"), ("laptop", "en")])
def test_the_scene_is_live_and_nothing_is_cut_off(
    product: Product, open_wall: OpenWall, size: str, language: str
) -> None:
    page = open_wall(f"{product.url}/emergency?lang={language}", size, has_pictures=False).page
    page.wait_for_function(LIVE, timeout=SLOW_MS)
    page.wait_for_function(DRAWN, timeout=SLOW_MS)
    assert faults(page) == {}


def test_it_is_about_the_worst_alarm_and_everything_around_it(product: Product, open_wall: OpenWall) -> None:
    wall = open_wall(f"{product.url}/emergency", has_pictures=False)
    wall.page.wait_for_function(LIVE, timeout=SLOW_MS)
    incident = wall.held("emergency-head")["incident"]
    assert incident["priority"] == min(alarm["priority"] for alarm in wall.held("alarms")["rows"])
    tiles = wall.held("emergency-cameras")["tiles"]
    marks = wall.held("emergency-plan")["marks"]
    numbers = {mark["label"]: mark["id"] for mark in marks if mark["kind"] == "camera"}
    assert numbers == {str(n + 1): tile["id"] for n, tile in enumerate(tiles)}
    assert tiles == sorted(tiles, key=lambda tile: tile["distance_m"]) or any(
        tile["state"] != "online" for tile in tiles
    )
    assert wall.held("emergency-timeline")["events"]


def test_another_incident_is_an_address(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/emergency", has_pictures=False).page
    page.wait_for_function(LIVE, timeout=SLOW_MS)
    warning = page.evaluate("onescreen.heldPanel('warnings').values.rows[0].id")
    page.evaluate("(id) => onescreen.choice.set({ warning: id })", warning)
    page.wait_for_function(INCIDENT, arg=warning, timeout=SLOW_MS)
    page.get_by_role("button", name="回到最紧急事件").click()
    page.wait_for_function("() => location.search === ''", timeout=SLOW_MS)
    refused = httpx.get(f"{product.url}/api/panels/emergency-head", params={"alarm": "nobody"})
    assert refused.status_code == 422
