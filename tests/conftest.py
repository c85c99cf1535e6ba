"""What every test may use: the clock, the real upstream data, a browser; and what happens when one is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from situation.clock import FakeClock

if TYPE_CHECKING:
    from mosquitto import Mosquitto
    from playwright.sync_api import Browser

REPOSITORY = Path(__file__).parents[1]
UNITS = {
    "tests/e2e/test_hostile_upstream.py": "hostile",
    "tests/e2e/test_on_postgres.py": "hostile",
    "tests/e2e/test_take_over_live.py": "hostile",
    "tests/e2e/": "product",
    "tests/simulator/behaviour/": "city",
    "tests/simulator/city/": "city",
    "tests/datasources/sql/test_sql_databases.py": "databases",
}
"""Tests that stay together in one worker, by how their addresses begin: what they share takes long to make."""

SCENES = (
    *(f"js/{folder}" for folder in ("cases", "details", "finding", "iot", "plan", "scenes", "video", "weather")),
    *(f"e2e/test_{scene}_scene_live.py" for scene in ("cases", "emergency", "iot", "sources", "video", "weather")),
    "e2e/test_accessible.py",
    "e2e/test_detail_pages.py",
    "e2e/test_find_and_draw.py",
    "e2e/test_grid_and_departments_live.py",
    "e2e/test_scene_changes.py",
    "e2e/test_take_over_live.py",
)
"""Browser tests of single scenes: marked, because together they take as long again as everything else."""

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


settings.register_profile(
    "onescreen",
    deadline=None,  # how long an example takes says how busy the machine is
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="ONESCREEN_REQUIRE" in os.environ,  # the check of a clone says the same every time; other runs explore
)
settings.load_profile("onescreen")

IN_BROWSER = frozenset({"browser", "product"})
"""Fixtures whose tests need the machine for themselves: a browser, or the whole product."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need a browser are marked and come last: while Playwright is open no other test of this process
    could start an event loop.
    """
    for item in items:
        if any(item.path.is_relative_to(REPOSITORY / "tests" / part) for part in SCENES):
            item.add_marker("scenes")
        if IN_BROWSER.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


class Units(LoadScopeScheduling):
    """Hands out units of UNITS and all other tests one by one, in their order.

    The groups of xdist itself are no more: it writes them into an address that pytest 9.2 keeps elsewhere.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((unit for start, unit in UNITS.items() if nodeid.startswith(start)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Units | None:
    """Ours in place of `--dist loadgroup`."""
    if config.getvalue("dist") != "loadgroup":
        return None
    config.option.loadscopereorder = False  # largest first would open a browser before all other tests
    return Units(config, log)


def missing(part: str, reason: str) -> NoReturn:
    """Skip the test, or fail it when ONESCREEN_REQUIRE (comma-separated) names the missing part."""
    if part in os.environ.get("ONESCREEN_REQUIRE", "").split(","):
        pytest.fail(f"{part} is required here, but {reason}")
    pytest.skip(reason)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at 2026-08-09 14:00 in Shanghai until it is advanced."""
    return FakeClock(datetime(2026, 8, 9, 6, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real upstream data beside the project."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        missing("shared-data", f"there is no real upstream data at {folder}")
    return folder


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is; ONESCREEN_CHROMIUM names one outside the PATH."""
    named = os.environ.get("ONESCREEN_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not found:
        missing("chromium", "no Chromium was found; install it or set ONESCREEN_CHROMIUM")
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One headless Chromium for the whole run; open a new context in each test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def broker() -> Iterator[Mosquitto]:
    """A Mosquitto of its own, open to everybody on this machine, that keeps its sessions when it is restarted."""
    from mosquitto import MosquittoMissing, serving

    try:
        with serving() as running:
            yield running
    except MosquittoMissing as error:
        missing("mosquitto", str(error))
