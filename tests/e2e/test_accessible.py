"""People with and without a mouse, with full and with weak sight use the wall: axe finds nothing serious."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import OpenWall
from tests.e2e.product import Product

pytestmark = pytest.mark.browser

BAD = {"serious", "critical"}


@pytest.mark.parametrize("path", ["/", "/wall", "/?lang=en", "/source/police-video"])
def test_axe_finds_nothing_serious(product: Product, open_wall: OpenWall, path: str) -> None:
    page = open_wall(product.url + path).page
    violations = Axe().run(page).response["violations"]
    found = {
        each["id"]: [node["html"][:120] for node in each["nodes"][:3]] for each in violations if each["impact"] in BAD
    }
    assert found == {}
