"""Places for what plays, and pictures cut out of a stream: the scripts alone on an empty page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ASSETS = Path(__file__).parents[3] / "assets"
PRELUDE = "() => { window.onescreen = { settings: { live: { per_page: 4 } }, t: (key) => key, livePlayers: {} }; }"
TAKE = """(wanted) => {
  window.given = window.given ?? [];
  return wanted.map(([rank, isLasting]) => {
    const index = window.given.length;
    window.given.push("has");
    const place = onescreen.livePlaces.take({ rank, isLasting, giveUp: () => (window.given[index] = "gave up") });
    if (!place) window.given[index] = "none";
    return Boolean(place);
  });
}"""


@pytest.fixture
def scripts(page: Page) -> Page:
    """An empty page with the scripts."""
    page.evaluate(PRELUDE)
    names = ("21-dom.js", "players/live/10-places.js", "players/live/30-mjpeg.js")
    page.evaluate("() => { onescreen.drawAllPanels = () => null; }")
    for name in names:
        page.evaluate((ASSETS / name).read_text(encoding="utf-8"))
    return page


def test_four_play_and_the_fifth_waits(scripts: Page) -> None:
    assert scripts.evaluate(TAKE, [[0, False]] * 5) == [True] * 4 + [False]


def test_what_was_asked_for_goes_before_tiles_but_not_before_its_like(scripts: Page) -> None:
    scripts.evaluate(TAKE, [[0, True]] * 4)
    assert scripts.evaluate(TAKE, [[1, True]]) == [True]
    assert scripts.evaluate("() => given.filter((each) => each === 'gave up').length") == 1
    assert scripts.evaluate("() => onescreen.livePlaces.stats().playing") == 4


def test_streams_leave_a_connection_free_whatever_the_page_may_play(scripts: Page) -> None:
    scripts.evaluate("() => { onescreen.settings.live.per_page = 16; }")
    assert scripts.evaluate(TAKE, [[0, True]] * 6) == [True] * 4 + [False] * 2
    assert scripts.evaluate(TAKE, [[0, False]] * 3) == [True] * 3


def test_pictures_are_cut_out_however_their_bytes_arrive(scripts: Page) -> None:
    lengths = scripts.evaluate(
        """() => {
          const text = new TextEncoder();
          const head = (size) => text.encode(`--x\\r\\nContent-Length: ${size}\\r\\n\\r\\n`);
          const part = (size) => [...head(size), ...Array(size).fill(13), 13, 10];
          const stream = new Uint8Array([...part(3), ...part(700), ...part(1)]);
          const sizes = (step) => {
            const read = onescreen.createPartReader();
            const found = [];
            for (let at = 0; at < stream.length; at += step) found.push(...read(stream.subarray(at, at + step)));
            return found.map(({ length }) => length);
          };
          return [1, 7, 1000].map(sizes);
        }"""
    )
    assert lengths == [[3, 700, 1]] * 3
