"""Live tiles over real H.264: every transport plays, says within ten seconds that its camera died, and comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from benchmarks.feeding import CameraFeed
from datasources.media import Address, Transport
from tests.datasources.live.rtsp_camera import rtsp_camera

if TYPE_CHECKING:
    from conftest import Wall
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.streams]

NEAR = "/wall/video?near=121.41,31.4"
"""Cameras c0, c1 … in this order, on a page that does not turn by itself."""

STARTS_MS, SAYS_SO_MS, COMES_BACK_MS = 20_000, 10_000, 20_000
POSITIONS = "() => [...document.querySelectorAll('video')].map((video) => video.currentTime)"
PLACES = "() => onescreen.livePlaces.stats()"


def tiles(page: Page, phase: str) -> Any:
    """The tiles in one phase of playing."""
    return page.locator(f'.video-tile[data-live="{phase}"]')


def test_every_transport_plays_says_that_its_camera_died_and_comes_back(
    wall: Wall, new_feed: Callable[[], CameraFeed], open_page: Callable[..., Page], ffmpeg: str
) -> None:
    feed = new_feed()
    for number, transport in enumerate((Transport.FLV, Transport.HLS, Transport.MJPEG)):
        wall.cameras.give(f"ref-{number}", feed, transport)
    with rtsp_camera(ffmpeg) as first:
        wall.cameras.offers["ref-3"] = {Transport.RTSP: Address(url=first.url)}
        page = open_page(f"{wall.url}{NEAR}&layout=4")
        expect(tiles(page, "playing")).to_have_count(4, timeout=STARTS_MS)
        expect(page.locator(".tile-distance")).to_have_text([re.compile("实时视频")] * 4)
        assert page.evaluate(PLACES) == {"playing": 4, "lasting": 3, "mayLast": 4, "pages": 1}
        feed.kill()
        first.kill()
        expect(tiles(page, "lost")).to_have_count(4, timeout=SAYS_SO_MS)
        expect(page.locator(".tile-distance")).to_have_text([re.compile(r"视频中断 \d+ 秒，重连中")] * 4)
        assert page.evaluate("() => document.querySelectorAll('video').length") <= 4
    with rtsp_camera(ffmpeg) as second:
        wall.cameras.offers["ref-3"] = {Transport.RTSP: Address(url=second.url)}
        feed.revive()
        expect(tiles(page, "playing")).to_have_count(4, timeout=COMES_BACK_MS)
        before = page.evaluate(POSITIONS)
        page.wait_for_timeout(1_000)  # of playing time: that is what must pass
        assert all(now > then for then, now in zip(before, page.evaluate(POSITIONS), strict=True))


def test_a_camera_plays_on_its_own_page_before_tiles_of_the_wall_behind_it(
    wall: Wall, new_feed: Callable[[], CameraFeed], open_page: Callable[..., Page]
) -> None:
    feed = new_feed()
    for number in range(5):
        wall.cameras.give(f"ref-{number}", feed, Transport.FLV)
    page = open_page(f"{wall.url}{NEAR}&layout=4")
    expect(tiles(page, "playing")).to_have_count(4, timeout=STARTS_MS)
    page.locator(".video-tile").first.click()
    own = page.locator(".detail-live")
    expect(own).to_have_attribute("data-live", "playing", timeout=STARTS_MS)
    expect(own.locator(".live-words")).to_have_text("实时视频")
    assert page.evaluate(PLACES)["playing"] <= 4
    expect(tiles(page, "full")).to_have_count(1)


def test_a_tile_says_nothing_of_its_upstream_and_leaves_nothing_behind(
    wall: Wall, new_feed: Callable[[], CameraFeed], open_page: Callable[..., Page]
) -> None:
    feed = new_feed()
    for number, transport in enumerate((Transport.HLS, Transport.FLV)):
        wall.cameras.give(f"ref-{number}", feed, transport)
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{wall.url}{NEAR}&layout=1")
    expect(tiles(page, "playing")).to_have_count(1, timeout=STARTS_MS)
    told = page.evaluate("async () => (await fetch('/media/c0/hls/index.m3u8')).text()")
    upstream = feed.url.removeprefix("http://")
    assert upstream not in told
    assert "//" not in told
    for _ in range(3):
        page.locator(".video-turn:visible").last.click()
        expect(tiles(page, "playing")).to_have_count(1, timeout=STARTS_MS)
        page.locator(".video-turn:visible").first.click()
        expect(tiles(page, "playing")).to_have_count(1, timeout=STARTS_MS)
    assert page.evaluate("() => document.querySelectorAll('video').length") == 1
    assert page.evaluate(PLACES)["playing"] == 1
    assert all(url.startswith((wall.url, "blob:", "data:", "about:")) for url in asked)


def test_what_cannot_be_played_stays_a_refreshing_picture(
    wall: Wall, new_feed: Callable[[], CameraFeed], open_page: Callable[..., Page]
) -> None:
    wall.cameras.give("ref-0", new_feed())
    page = open_page(f"{wall.url}{NEAR}&layout=1")
    expect(tiles(page, "none")).to_have_count(1, timeout=STARTS_MS)
    expect(page.locator('.video-tile[data-picture="shown"]')).to_have_count(1)
