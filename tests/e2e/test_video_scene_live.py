"""The video scene on the running product: pictures of what burns, a choice as an address, sums, frozen pictures."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from simulator.pictures.defects import Defect, defect_of
from tests.e2e.conftest import OpenWall
from tests.e2e.layout import faults
from tests.e2e.product import Product

pytestmark = pytest.mark.browser

LIVE = "() => document.documentElement.dataset.sceneLive === 'video'"
PICTURE = "() => document.querySelector(\".video-tile[data-picture='shown']\")"
FOUR = "() => document.querySelectorAll('.video-tile:not([hidden])').length === 4"
SLOW_MS = 60_000


@pytest.mark.parametrize(("size", "language"), [("wall", "zh"), ("wide", "en"), ("laptop", "en")])
def test_the_scene_is_live_and_nothing_is_cut_off(
    product: Product, open_wall: OpenWall, size: str, language: str
) -> None:
    page = open_wall(f"{product.url}/video?lang={language}", size, has_pictures=False).page
    page.wait_for_function(LIVE, timeout=SLOW_MS)
    page.wait_for_function(PICTURE, timeout=SLOW_MS)
    assert faults(page) == {}


def test_a_choice_is_an_address_that_shows_the_same_to_whoever_opens_it(product: Product, open_wall: OpenWall) -> None:
    first = open_wall(f"{product.url}/video", has_pictures=False).page
    first.wait_for_function(LIVE, timeout=SLOW_MS)
    first.locator(".video-layout", has_text="4").click()
    first.locator(".video-query").fill("下立交")
    first.wait_for_function("() => new URLSearchParams(location.search).get('q') === '下立交'", timeout=SLOW_MS)
    first.wait_for_function(
        "() => document.querySelectorAll('.video-tile:not([hidden])').length === 4", timeout=SLOW_MS
    )
    address = first.evaluate("location.pathname + location.search")
    second = open_wall(product.url + address, has_pictures=False).page
    second.wait_for_function(LIVE, timeout=SLOW_MS)
    assert second.locator(".video-about").inner_text() == first.locator(".video-about").inner_text() == "“下立交”"
    found = product.get("/api/panels/video-search", q="下立交")["panel"]["values"]
    assert found["total"] > 16
    assert all("下立交" in row["name"] + row["address"] for row in found["rows"])


def test_counts_of_the_scene_are_those_of_the_wall(product: Product, open_wall: OpenWall) -> None:
    panels = product.get("/api/panels/video-rates")["panel"]["values"]
    numbers = product.numbers()
    assert abs(panels["total"][0] - numbers["cameras_online"]) <= 20  # a moment later
    assert sum(panels["total"]) == numbers["cameras_total"]
    outages = product.get("/api/panels/video-outages")["panel"]["values"]
    assert outages["offline"] == outages["together"] + outages["scattered"] + outages["long_ago"]


def test_a_frozen_picture_is_found_and_marked(product: Product, open_wall: OpenWall) -> None:
    """Some of the demonstration's cameras at underpasses stand still while their platform calls them online."""
    frozen = next(
        camera["id"]
        for camera in product.every("cameras", status="online")
        if "underpass" in camera["tags"]
        and defect_of(SimpleNamespace(code=camera["id"], scene="underpass")) is Defect.FROZEN  # type: ignore[arg-type]
    )
    page = open_wall(f"{product.url}/wall/video?q={frozen}", has_pictures=False).page
    page.wait_for_function(LIVE, timeout=SLOW_MS)
    page.wait_for_selector(".video-tile[data-finding='frozen'] .video-finding", timeout=180_000)
    page.wait_for_selector(f".dead[data-open='/camera/{frozen}']", timeout=SLOW_MS)
