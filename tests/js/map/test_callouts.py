"""Callouts beside the district, on walls that have the room: told of near their mark, never over each other."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import synthetic
from fake_wall import FakeWall

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
WISHES = [[100], [100, 101, 102], [10, 390, 395], [500, 510, 520]]
PITCH, TOP, BOTTOM = 50, 60, 400
WIDE = {"width": 3840, "height": 1080}
WEST, SOUTH, EAST, NORTH = synthetic.BOUNDS
LONG_NAME = "宝杨路下立交" * 400


@pytest.fixture
def shown(make_wall: Callable[..., FakeWall], open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens a wall at a size and gives its map two callouts."""

    def show(size: dict[str, int]) -> Page:
        page = open_page(make_wall().url, size)
        page.wait_for_selector('html[data-feed="live"]')
        page.evaluate(
            "([all, box]) => { const { callouts } = onescreen.map.parts(); callouts.learn(box); callouts.set(all); }",
            [[callout("a", WEST + 0.05), callout("b", EAST - 0.05)], list(synthetic.BOUNDS)],
        )
        return page

    return show


def callout(alarm_id: str, lon: float) -> dict[str, object]:
    """A callout of the contract."""
    lat = (SOUTH + NORTH) / 2
    place = {"lon": lon, "lat": lat, "started_at": 0, "is_acknowledged": False}
    return {"id": alarm_id, "number": 1, "priority": 1, "name": LONG_NAME, "value": 42.0, "unit": "cm", **place}


def test_labels_keep_their_distance_and_stay_inside(shown: Callable[..., Page]) -> None:
    page = shown(WIDE)
    for wished in WISHES:
        places = page.evaluate("([w, p, t, b]) => onescreen.spread(w, p, t, b)", [wished, PITCH, TOP, BOTTOM])
        assert len(places) == len(wished)
        assert all(after - before >= PITCH for before, after in pairwise(places))
        assert places[0] >= TOP
        assert places[-1] <= BOTTOM


def test_a_wide_wall_tells_an_alarm_on_its_own_side_and_never_cuts_its_value(shown: Callable[..., Page]) -> None:
    page = shown(WIDE)
    sides = page.evaluate("[...document.querySelectorAll('.map-callout')].map((label) => label.dataset.side)")
    assert sides == ["left", "right"]
    for label in page.locator(".map-callout").all():
        words = label.locator(".map-callout-words")
        assert words.locator("span").last.inner_text() == " 42 cm"
        box, value = label.bounding_box(), words.locator("span").last.bounding_box()
        assert box is not None
        assert value is not None
        assert value["x"] + value["width"] <= box["x"] + box["width"] + 1


def test_other_layouts_have_no_callouts(shown: Callable[..., Page]) -> None:
    assert shown({"width": 1920, "height": 1080}).locator(".map-callout").count() == 0
