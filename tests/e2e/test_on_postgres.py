"""The same product on a real PostgreSQL: collector and web are separate processes that meet only there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import hostile
from tests.e2e.conftest import OpenWall
from tests.e2e.product import Product
from tests.postgres import PostgresMissing, require, serving

ONE_CASE = "() => document.querySelector('[data-kpi=cases_open]').dataset.value === '1'"
pytestmark = [pytest.mark.browser, pytest.mark.postgres]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Product]:
    """A small district whose store is a PostgreSQL named by the environment, as secrets are."""
    try:
        with serving() as socket_folder, hostile.serving() as upstreams:
            settings = hostile.write_settings(tmp_path / "district.toml", upstreams)
            settings.write_text('[store]\nurl = "${STORE_URL}"\n' + settings.read_text(encoding="utf-8"))
            url = f"postgresql+psycopg://postgres@/postgres?host={socket_folder}"
            command = ("app.py", "--settings", str(settings))
            product = Product(folder=tmp_path / "data", command=command, environ={"STORE_URL": url})
            try:
                product.start()
                product.wait_for_sources()
                yield product
            finally:
                product.stop()
    except PostgresMissing as error:
        require(str(error))


def test_a_wall_on_postgresql_is_live_and_follows_the_change_log(city: Product, open_wall: OpenWall) -> None:
    wall = open_wall(f"{city.url}/wall", waits=False, has_pictures=False)
    wall.page.wait_for_function("() => document.documentElement.dataset.feed === 'live'", timeout=30_000)
    wall.wait_for_state("streets", "live", timeout_s=30)
    wall.page.wait_for_function(ONE_CASE, timeout=15_000)
    assert city.numbers()["cameras_total"] == 6
    assert not list(city.folder.glob("*.db"))
    assert not [line for line in city.lines if re.search("Traceback|postgres@", line)]
