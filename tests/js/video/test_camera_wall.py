"""The camera wall in a browser: what a tile says, no picture under another camera's name, rounds, no leak."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from video_page import NOW_MS, Platform, camera, colour_of, open_wall, values

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SHOWN = "(count) => document.querySelectorAll(\".video-tile[data-picture='shown']\").length === count"
COLOURS = """() => [...document.querySelectorAll('.video-tile:not([hidden])')].map((tile) => {
  const copy = document.createElement('canvas');
  const canvas = tile.querySelector('canvas');
  copy.width = copy.height = 1;
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [tile.dataset.open.split('/')[2], tile.dataset.picture, [red, green, blue]];
})"""
TurnTo = Callable[[int], Any]


@pytest.fixture
def platform() -> Platform:
    return Platform([camera(str(i)) for i in range(20)])


@pytest.fixture
def page(browser: Browser, platform: Platform) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    open_wall(opened, platform)
    yield opened
    context.close()
    assert errors == []


def tell(page: Page, told: dict[str, Any]) -> None:
    page.evaluate("(values) => tell(values)", told)


def rounds(platform: Platform, **changes: Any) -> dict[str, Any]:
    return values(platform.cameras, mode="rounds", query={"tag": "x"}, is_automatic=False, **changes)


def has_own_picture(tile: tuple[str, str, list[int]]) -> bool:
    key, state, colour = tile
    return state != "shown" or all(abs(a - b) < 12 for a, b in zip(colour, colour_of(key), strict=True))


def test_every_tile_shows_its_own_camera_and_says_that_it_is_live(page: Page, platform: Platform) -> None:
    tell(page, values(platform.cameras))
    page.wait_for_function(SHOWN, arg=4)
    tiles = page.evaluate(COLOURS)
    assert [tile[0] for tile in tiles] == ["0", "1", "2", "3"]
    assert all(has_own_picture(tile) for tile in tiles)
    assert page.locator(".tile-distance").first.inner_text() == "实时"
    assert page.locator(".tile-name").first.inner_text().split() == [
        "1",
        "摄像机0",
        "友谊路街道",
        "·",
        "宝杨路",
        "1",
        "号",
    ]


def test_an_offline_camera_is_never_asked_and_says_since_when(page: Page, platform: Platform) -> None:
    dead = camera("1", state="offline", seen_at=NOW_MS - 720_000)
    tell(page, values([platform.cameras[0], dead, platform.cameras[2]]))
    page.wait_for_function(SHOWN, arg=2)
    tile = page.locator(".video-tile[data-device='offline']")
    assert "离线 12 分钟" in tile.inner_text()
    assert "最后画面 13:48" in tile.inner_text()
    assert "1" not in platform.asked


def test_a_frozen_picture_is_marked_with_a_word_a_shape_and_its_time(page: Page) -> None:
    tell(page, values([camera("0", finding="frozen", since=NOW_MS - 95_000)]))
    page.wait_for_function(SHOWN, arg=1)
    finding = page.locator(".video-finding").first
    assert finding.inner_text() == "画面停滞 1 分钟"
    assert finding.locator("svg path").count() == 1
    tell(page, values([camera("0")]))
    assert finding.is_hidden()


def test_a_camera_that_gives_only_a_stream_is_not_said_to_be_broken(page: Page, platform: Platform) -> None:
    platform.failing, platform.code, platform.last_at = {"0"}, "not_offered", None
    tell(page, values([camera("0")]))
    page.wait_for_selector(".video-tile[data-picture='broken']")
    assert "无截图，1、4 画面时播放" in page.locator(".video-tile").first.inner_text()


def test_a_picture_that_fails_says_so_with_the_last_one_there_was(page: Page, platform: Platform) -> None:
    platform.failing = {"0"}
    tell(page, values([camera("0")]))
    page.wait_for_selector(".video-tile[data-picture='broken']")
    assert "画面中断" in page.locator(".video-tile").first.inner_text()
    assert "最后画面 13:50" in page.locator(".video-tile").first.inner_text()


def test_in_rounds_no_picture_ever_stands_under_another_cameras_name(page: Page, platform: Platform) -> None:
    tell(page, rounds(platform))
    page.wait_for_function(SHOWN, arg=4)
    for turn in range(1, 6):
        before = page.get_attribute("section", "data-page")
        page.evaluate("(at) => (cityNow = at)", NOW_MS + 12_000 * turn)
        page.wait_for_function("(before) => document.querySelector('section').dataset.page !== before", arg=before)
        page.wait_for_function("() => document.querySelectorAll('.video-tile').length === 4")
        for _ in range(4):
            assert all(has_own_picture(tile) for tile in page.evaluate(COLOURS))
        page.wait_for_function(SHOWN, arg=4)
    assert len(set(platform.pages)) >= 2


def test_a_page_turns_with_the_clock_and_its_pictures_are_there_before(page: Page, platform: Platform) -> None:
    tell(page, rounds(platform))
    page.wait_for_function(SHOWN, arg=4)
    shown = int(page.get_attribute("section", "data-page") or 0)
    dwell_ms = 12_000
    page.evaluate("(at) => (cityNow = at)", (NOW_MS // dwell_ms + 1) * dwell_ms - 2_000)
    page.wait_for_function("() => onescreen.videoWall.stats().ready === 4")
    page.evaluate("(at) => (cityNow = at)", (NOW_MS // dwell_ms + 1) * dwell_ms)
    page.wait_for_function(
        "(page) => Number(document.querySelector('section').dataset.page) === page", arg=(shown + 1) % 5
    )
    assert page.evaluate(SHOWN, 4)  # at once: none went blank
    assert page.evaluate("onescreen.videoWall.stats().ready") == 0


def test_cameras_that_stay_keep_their_tile(page: Page, platform: Platform) -> None:
    tell(page, values(platform.cameras[:4]))
    page.wait_for_function(SHOWN, arg=4)
    tell(page, values([platform.cameras[3], platform.cameras[9], platform.cameras[0], platform.cameras[1]]))
    order = page.eval_on_selector_all(".video-tile", "all => all.map((e) => e.dataset.open.split('/')[2])")
    assert order == ["0", "1", "9", "3"]


def test_a_hundred_rounds_leave_no_more_tiles_wishes_or_pictures_behind(page: Page, platform: Platform) -> None:
    tell(page, rounds(platform))
    page.wait_for_function(SHOWN, arg=4)
    count = "document.querySelectorAll('*').length"
    before = page.evaluate(count)
    page.evaluate(
        """async () => {
          for (let i = 0; i < 100; i++) {
            document.querySelector('.video-turn:last-child').click();
            await new Promise((resolve) => setTimeout(resolve, 15));
          }
        }"""
    )
    page.wait_for_function(SHOWN, arg=4)
    stats = page.evaluate("onescreen.videoWall.stats()")
    assert (stats["wanted"], stats["pool"], stats["ready"]) == (4, 4, 0)
    assert page.evaluate(count) == before


def test_touching_holds_the_round_and_the_button_lets_it_go_on(page: Page, platform: Platform) -> None:
    tell(page, rounds(platform))
    page.wait_for_function(SHOWN, arg=4)
    page.mouse.move(600, 500)
    page.mouse.move(620, 510)
    page.wait_for_function("() => document.querySelector('.video-note').textContent.includes('已暂停')")
    page.locator(".video-hold").click()
    page.wait_for_function("() => document.querySelector('.video-note').textContent === ''")


def test_a_choice_of_filters_and_layout_goes_into_the_address(page: Page, platform: Platform) -> None:
    tell(page, values(platform.cameras, tags=["underpass", "river"], areas=[["310113101", "友谊路街道", ""]]))
    page.locator(".video-layout", has_text="16").click()
    assert page.evaluate("asked") == {"layout": "16"}
    page.locator("select[aria-label='标签']").select_option("river")
    assert page.evaluate("asked.tag") == "river"
    assert page.evaluate("asked.near") is None
