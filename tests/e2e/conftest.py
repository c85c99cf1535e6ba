"""The whole product, once for all tests here, and walls in a real browser that complain of anything odd."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.e2e.district import write_settings
from tests.e2e.product import WITH_DISTRICT, Product
from tests.e2e.wall import Wall

if TYPE_CHECKING:
    from playwright.sync_api import Browser

OpenWall = Callable[..., Wall]


@pytest.fixture(scope="session")
def city_cache(pytestconfig: pytest.Config) -> str:
    """A folder that keeps the generated city from one run to the next."""
    if pytestconfig.cache is None:
        pytest.skip("the cache plugin of pytest is switched off")
    return str(pytestconfig.cache.mkdir("city"))


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory, city_cache: str) -> Iterator[Product]:
    """The demonstration district, started once for the session. Tests take `product`, which is surely running."""
    if sys.platform == "win32":
        pytest.skip("OneScreen runs on Linux and macOS")
    base = tmp_path_factory.mktemp("product")
    folder = base / "data"
    folder.mkdir()
    (folder / "city").symlink_to(city_cache)
    settings = write_settings(base / "district.toml")
    product = Product(folder=folder, command=("-c", WITH_DISTRICT, str(settings)))
    try:
        product.start()
        product.wait_for_sources()
        yield product
    finally:
        product.stop()


@pytest.fixture
def product(started: Product) -> Product:
    """The running product; a test that ended it leaves it to the next one to start it again."""
    if not started.is_running:
        started.start()
        started.wait_for_sources()
    return started


@pytest.fixture
def open_wall(browser: Browser) -> Iterator[OpenWall]:
    """Opens addresses in contexts of their own; afterwards no wall may have complained."""
    walls: list[Wall] = []

    def open_(url: str, size: str = "wall", **options: object) -> Wall:
        wall = Wall(browser, url, size, **options)
        walls.append(wall)
        return wall

    yield open_
    for wall in walls:
        wall.close()
    complaints = [complaint for wall in walls for complaint in wall.complaints()]
    assert complaints == []
