"""The catalogue on the running product: every source once; what breaks is said, what is paused is never live."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.layout import faults
from tests.e2e.product import Product, until

pytestmark = pytest.mark.browser

LIVE = "() => document.documentElement.dataset.sceneLive === 'sources'"
SLOW_MS = 60_000
BROKEN, PAUSED = "gas-sensors", "housing-places"


@pytest.fixture
def broken(product: Product) -> Iterator[str]:
    """A source whose upstream fails while the test runs."""
    product.break_upstream(BROKEN, "error500")
    yield BROKEN
    product.mend_upstream(BROKEN)


@pytest.mark.parametrize(("size", "language"), [("wall", "zh"), ("wide", "en"), ("wall", "en")])
def test_the_scene_is_live_and_nothing_is_cut_off(
    product: Product, open_wall: OpenWall, size: str, language: str
) -> None:
    page = open_wall(f"{product.url}/sources?lang={language}", size).page
    page.wait_for_function(LIVE, timeout=SLOW_MS)
    page.wait_for_function("() => document.fonts.status === 'loaded'", timeout=SLOW_MS)
    assert faults(page) == {}


def test_every_source_has_a_row_and_the_sum_adds_up(product: Product, open_wall: OpenWall) -> None:
    wall = open_wall(f"{product.url}/sources")
    wall.page.wait_for_function(LIVE, timeout=SLOW_MS)
    keys = {row["id"] for row in product.every("sources")} - {"collector"}
    assert wall.page.locator(".sources-list .sources-row").count() == len(keys)
    held = wall.held("sources-sum")
    assert held["sources"] == len(keys)
    assert held["delivering"] + held["partly"] + held["not_delivering"] + held["without"] == held["departments"]


def test_a_broken_upstream_is_said_in_words_and_leads_to_its_page(
    product: Product, open_wall: OpenWall, broken: str
) -> None:
    page = open_wall(f"{product.url}/sources").page
    page.wait_for_selector(
        f".sources-need[data-open='/source/{broken}'] .need-words:has-text('HTTP 500')", timeout=90_000
    )
    page.click(f".sources-need[data-open='/source/{broken}']")
    page.wait_for_selector(f"html[data-detail='/source/{broken}']", timeout=SLOW_MS)
    page.wait_for_selector(".detail-reasons .reason-row[data-sort='error']", timeout=SLOW_MS)


def test_a_source_is_paused_and_resumed_from_its_page_and_never_live_meanwhile(
    product: Product, open_wall: OpenWall
) -> None:
    page = open_wall(f"{product.url}/source/{PAUSED}").page
    page.wait_for_selector(".source-acting button[aria-disabled='false']", timeout=SLOW_MS)
    page.click(".source-acting button:has-text('暂停接入')")
    until(lambda: product.get(f"/api/v1/sources/{PAUSED}")["state"] == "paused", 30, "paused")
    page.goto(f"{product.url}/sources")
    page.wait_for_selector(
        f".sources-need[data-open='/source/{PAUSED}'] .need-words:has-text('已暂停')", timeout=SLOW_MS
    )
    page.goto(f"{product.url}/source/{PAUSED}")
    page.click(".source-acting button[aria-disabled='false']:has-text('恢复接入')", timeout=SLOW_MS)
    until(lambda: product.get(f"/api/v1/sources/{PAUSED}")["state"] == "ok", 60, "asked again")


def test_the_settings_are_read_again_from_the_page_of_a_source(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/source/{PAUSED}").page
    page.click(".source-acting button[aria-disabled='false']:has-text('重读配置')", timeout=SLOW_MS)
    page.wait_for_selector(".source-acting p:has-text('配置已重新读取')", timeout=SLOW_MS)
