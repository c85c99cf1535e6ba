"""The queue of pictures: few connections, everybody's turn, slow cameras cost themselves. Time is the page's own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SCRIPTS = Path(__file__).parents[3] / "assets" / "scenes" / "video"
PRELUDE = """() => {
  const tools = { now: () => window.cityNow };
  window.onescreen = { tools, realTime: () => performance.now(), settings: { speed: 1 } };
  window.cityNow = 0;
  window.log = [];            // [camera, when its fetch began]
  window.most = 0;            // fetches at once
  window.takes = {};          // camera → ms that a fetch of it lasts; negative: it fails after so long
  let running = 0;
  window.load = (key, signal) => new Promise((resolve, reject) => {
    log.push([key, Math.round(performance.now())]);
    most = Math.max(most, ++running);
    const lasts = takes[key] ?? 40;
    const timer = setTimeout(() => {
      running -= 1;
      if (lasts < 0) reject(new Error("no picture"));
      else resolve({ bitmap: { close: () => (window.closed = (window.closed ?? 0) + 1) } });
    }, Math.abs(lasts));
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      running -= 1;
      reject(new DOMException("", "AbortError"));
    });
  });
}"""
Run = Callable[..., Any]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page with the queue, the rounds and a clock that only the test moves."""
    context = browser.new_context()
    opened = context.new_page()
    opened.clock.install(time=0)
    opened.goto("about:blank")
    opened.evaluate(PRELUDE)
    for name in ("10-queue.js", "40-rounds.js"):
        opened.evaluate((SCRIPTS / name).read_text(encoding="utf-8"))
    yield opened
    context.close()


def begun(page: Page) -> dict[str, list[int]]:
    """When the fetches of each camera began."""
    times: dict[str, list[int]] = {}
    for key, at in page.evaluate("log"):
        times.setdefault(key, []).append(at)
    return times


def follow(page: Page, cameras: int, seconds: int, **options: int) -> None:
    """Want so many cameras for so long."""
    page.evaluate(
        """([count, options]) => {
          window.got = {};
          window.queue = onescreen.createPictureQueue(load, options);
          for (let i = 0; i < count; i++) {
            const key = `c${String(i).padStart(2, '0')}`;
            queue.want(key, (picture, error) => (got[key] = (got[key] ?? 0) + Number(Boolean(picture))));
          }
        }""",
        [cameras, options],
    )
    page.clock.run_for(seconds * 1000)


def test_sixteen_tiles_get_one_picture_a_second_over_four_connections(page: Page) -> None:
    follow(page, 16, 10)
    times = begun(page)
    assert len(times) == 16
    assert all(9 <= len(each) <= 11 for each in times.values())
    assert page.evaluate("most") == 4


def test_where_there_is_not_enough_everybody_waits_alike(page: Page) -> None:
    page.evaluate("() => { for (let i = 0; i < 16; i++) takes[`c${String(i).padStart(2, '0')}`] = 800; }")
    follow(page, 16, 40)
    counts = [len(each) for each in begun(page).values()]
    assert max(counts) - min(counts) <= 1
    assert page.evaluate("most") == 4


def test_nobody_is_served_twice_while_another_waits(page: Page) -> None:
    page.evaluate(
        "() => { for (let i = 0; i < 16; i++) takes[`c${String(i).padStart(2, '0')}`] = 300 + 97 * (i % 5); }"
    )
    follow(page, 16, 30)
    order = [key for key, _ in page.evaluate("log")]
    for place, key in enumerate(order):
        again = next((i for i in range(place + 1, len(order)) if order[i] == key), None)
        if again is not None:
            between = order[place + 1 : again]
            assert len(between) == len(set(between)), f"{key} at {place} waited while others came twice"


def test_slow_cameras_do_not_take_the_pace_of_the_others(page: Page) -> None:
    page.evaluate("() => Object.assign(takes, { c00: 7000, c01: 7000, c02: 7000, c03: 7000, c04: 7000 })")
    follow(page, 16, 60)
    times = begun(page)
    for key in (f"c{i:02}" for i in range(5, 16)):
        late = [at for at in times[key] if at > 15_000]
        gaps = [after - before for before, after in itertools.pairwise(late)]
        assert max(gaps) <= 1_500
    assert all(len(times[f"c{i:02}"]) >= 2 for i in range(5))


def test_where_all_are_slow_they_share_all_connections(page: Page) -> None:
    page.evaluate("() => { for (let i = 0; i < 16; i++) takes[`c${String(i).padStart(2, '0')}`] = 2000; }")
    follow(page, 16, 60)
    counts = [len(each) for each in begun(page).values()]
    assert page.evaluate("most") == 4
    assert min(counts) >= 6
    assert max(counts) - min(counts) <= 1


def test_a_failure_is_tried_again_later_and_told(page: Page) -> None:
    page.evaluate("() => { takes.c00 = -50; }")
    follow(page, 2, 9)
    times = begun(page)
    assert 2 <= len(times["c00"]) <= 3
    assert len(times["c01"]) >= 8
    assert page.evaluate("got.c00") == 0


def test_a_fetch_that_never_ends_is_given_up(page: Page) -> None:
    page.evaluate("() => { takes.c00 = 1e9; }")
    follow(page, 1, 30)
    assert len(begun(page)["c00"]) >= 2
    assert page.evaluate("queue.stats().loading") <= 1


def test_who_is_dropped_gives_its_place_back_and_is_told_nothing_more(page: Page) -> None:
    page.evaluate("() => { takes.c00 = 5000; }")
    follow(page, 2, 1)
    page.evaluate("queue.drop('c00')")
    page.clock.run_for(10_000)
    stats = page.evaluate("queue.stats()")
    assert (stats["wanted"], stats["slowLoading"]) == (1, 0)
    assert stats["loading"] <= 1  # the other one's, at most
    assert page.evaluate("got.c00 ?? null") is None


def test_a_pause_asks_for_nothing(page: Page) -> None:
    follow(page, 4, 3)
    page.evaluate("queue.pause(true)")
    page.clock.run_for(200)
    before = len(page.evaluate("log"))
    page.clock.run_for(20_000)
    assert len(page.evaluate("log")) == before
    page.evaluate("queue.pause(false)")
    page.clock.run_for(1_000)
    assert len(page.evaluate("log")) > before


def test_what_is_wanted_once_comes_after_everything_else_and_only_once(page: Page) -> None:
    page.evaluate("() => { for (let i = 0; i < 8; i++) takes[`c0${i}`] = 400; }")
    page.evaluate(
        """() => {
          window.queue = onescreen.createPictureQueue(load, { lanes: 2 });
          queue.want('ahead', () => (window.aheads = (window.aheads ?? 0) + 1), { once: true });
          for (let i = 0; i < 4; i++) queue.want(`c0${i}`, () => null);
        }"""
    )
    page.clock.run_for(8_000)
    order = [key for key, _ in page.evaluate("log")]
    assert order.count("ahead") == 1
    assert page.evaluate("aheads") == 1


def test_two_walls_show_the_same_page_at_the_same_time_and_every_page_has_its_turn(page: Page) -> None:
    pages = page.evaluate("[...Array(24).keys()].map((i) => onescreen.videoPageAt(1e12 + i * 6000, 12000, 5).page)")
    assert pages[::2] == pages[1::2]
    turns = pages[::2]
    assert all((after - before) % 5 == 1 for before, after in itertools.pairwise(turns))


def test_a_touch_holds_the_page_and_left_alone_it_goes_on(page: Page) -> None:
    page.evaluate(
        """() => {
          window.rounds = onescreen.createRounds();
          rounds.set(4, 10);
          cityNow = 5000;
          rounds.hold();
          cityNow = 15000;
        }"""
    )
    assert page.evaluate("rounds.now()")["page"] == 0
    assert page.evaluate("rounds.now()")["isHeld"] is True
    page.clock.run_for(21_000)
    assert page.evaluate("rounds.now().isHeld") is False
    assert page.evaluate("rounds.now().page") == 0  # a reader goes on from where he was
    assert page.evaluate("(cityNow = 25000, rounds.now().page)") == 1


def test_turning_by_hand_goes_round_in_both_directions(page: Page) -> None:
    page.evaluate(
        """() => {
          window.rounds = onescreen.createRounds();
          rounds.set(3, 10);
          cityNow = 1000;
          rounds.turn(-1);
        }"""
    )
    assert page.evaluate("rounds.now().page") == 2
    assert page.evaluate("(rounds.turn(1), rounds.turn(1), rounds.now().page)") == 1
