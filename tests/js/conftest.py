"""Browser tests of the hand-written scripts: the real page over a feed the test plays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from fake_wall import FakeWall

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZE = {"width": 1920, "height": 1080}


@pytest.fixture
def make_wall() -> Iterator[Callable[..., FakeWall]]:
    """Starts fake walls and stops them afterwards."""
    walls: list[FakeWall] = []

    def make(**options: Any) -> FakeWall:
        wall = FakeWall(**options)
        wall.start()
        walls.append(wall)
        return wall

    yield make
    for wall in walls:
        wall.stop()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages in contexts of their own and closes them afterwards."""
    contexts = []

    def open_(url: str, size: dict[str, int] | None = None) -> Page:
        context = browser.new_context(viewport=size or SIZE, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page for tests that answer its requests themselves; fails its test on anything thrown."""
    context = browser.new_context(viewport=SIZE, reduced_motion="reduce")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []
