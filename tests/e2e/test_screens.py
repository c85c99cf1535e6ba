"""Every screen, both languages, real data: nothing scrolls, overlaps or is cut off without saying so."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import OpenWall
from tests.e2e.layout import faults
from tests.e2e.product import Product
from tests.e2e.wall import SIZES

pytestmark = pytest.mark.browser

SETTLED = """() => document.fonts.status === 'loaded' && document.querySelector('.js-plotly-plot .main-svg')"""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_scrolls_overlaps_or_is_cut_off(
    product: Product, open_wall: OpenWall, size: str, language: str
) -> None:
    page = open_wall(f"{product.url}/wall?lang={language}", size).page
    page.wait_for_function(SETTLED, timeout=20_000)
    assert faults(page) == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tab_of_a_laptop_holds_its_panels(product: Product, open_wall: OpenWall, language: str) -> None:
    page = open_wall(f"{product.url}/?lang={language}", "laptop").page
    for tab in page.locator(".column-tab:visible").all():
        tab.click()
        assert faults(page) == {}, tab.inner_text()


def test_no_text_key_is_left_untranslated(product: Product, open_wall: OpenWall) -> None:
    page = open_wall(f"{product.url}/?lang=en").page
    texts = page.inner_text("body").split()
    keys = set(page.evaluate("Object.keys(onescreen.text)"))
    assert sorted(keys.intersection(texts)) == []
