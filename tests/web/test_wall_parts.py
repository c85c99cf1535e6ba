"""Parts of one wide wall: a frame of the whole wall's width, and nothing of the product before it."""

from __future__ import annotations

import pytest

from callbacks.wall_parts import WallParts
from situation.settings import Screen

SCREENS = {
    "hall-left": Screen(scenes=("overview", "cases"), dwell_s=(40, 20), part="left", language="en"),
    "hall": Screen(scenes=("overview",)),
}


def page(query: str, path: str = "/wall") -> str:
    async def nothing(*_: object) -> None:
        raise AssertionError("not asked")

    return WallParts(nothing, SCREENS).part_page(path, query)


@pytest.mark.parametrize("query", ["", "screen=hall", "screen=nowhere", "scenes=overview&dwell=20"])
def test_a_whole_wall_is_no_part(query: str) -> None:
    assert page(query) == ""


def test_a_part_is_pushed_aside_by_those_before_it() -> None:
    text = page("screen=2of3&scenes=overview,iot")
    assert "calc(-100vw * 1)" in text
    assert "calc(100vw * 3)" in text
    assert 'src="/wall?scenes=overview%2Ciot"' in text


def test_a_saved_part_says_what_its_screen_says_and_the_address_wins() -> None:
    text = page("screen=hall-left&lang=zh")
    assert "lang=zh" in text
    assert "lang=en" not in text
    assert "scenes=overview%2Ccases" in text
    assert "screen=" not in text.partition("src=")[2].partition(" title")[0]


def test_what_an_address_says_cannot_leave_its_attribute() -> None:
    text = page('screen=1of2&scenes="><script>alert(1)</script>')
    assert "<script" not in text
