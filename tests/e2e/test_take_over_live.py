"""A warning that is really issued takes real walls over: once, in step, back by itself, its sound told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.e2e import weather_office
from tests.e2e.conftest import OpenWall
from tests.e2e.product import Product, running
from tests.e2e.weather_office import Office

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

pytestmark = pytest.mark.browser

PATIENCE_MS = 30_000
DWELL_S = 4
READY = "() => Boolean(window.onescreen?.takeover) && sessionStorage.getItem('onescreen-takeovers') !== null"
TAKEN = "() => document.documentElement.dataset.takeover?.startsWith('warning/')"
GIVEN_BACK = "() => !document.documentElement.dataset.takeover"
SHOWN_SCENE = "(scene) => document.documentElement.dataset.scene === scene"
WARNED = """(count) => (onescreen.heldPanel('warnings')?.values?.rows ?? []).length === count"""
NO_SOUND_UNASKED = """
  const audio = AudioContext.prototype;
  Object.defineProperty(audio, 'state', { get: () => (window.isAllowed ? 'running' : 'suspended') });
  audio.resume = async function () { window.isAllowed = true; this.dispatchEvent(new Event('statechange')); };
  window.heard = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { window.heard += 1; return start.call(this, at); };
"""
"""What a browser that nobody has touched does: it stays silent until a click, whatever the page asks for."""


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """A weather office of its own."""
    with weather_office.opened() as office:
        yield office


@pytest.fixture(scope="module")
def warned_city(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A small district that reads the office every two seconds."""
    base = tmp_path_factory.mktemp("warned")
    settings = weather_office.write_settings(base / "district.toml", office.url)
    with running(settings, base) as city:
        yield city


@pytest.fixture
def city(warned_city: Product, office: Office) -> Product:
    """The district with nothing in force."""
    office.withdraw_all(warned_city)
    return warned_city


def open_ready(open_wall: OpenWall, address: str) -> Page:
    """A wall that knows what stood before it was opened: from now on news takes it over."""
    page: Page = open_wall(address, waits=False, has_pictures=False).page
    page.wait_for_function(READY, timeout=PATIENCE_MS)
    return page


def open_part(open_wall: OpenWall, address: str, part: str) -> Frame:
    """A part of a wide wall: the page of the whole wall in the frame that shows a piece of it."""
    page: Page = open_wall(f"{address}&screen={part}", waits=False, has_pictures=False).page
    frame = page.frames[-1]
    assert frame.parent_frame is not None
    frame.wait_for_function(READY, timeout=PATIENCE_MS)
    return frame


@pytest.mark.parametrize("level", ["orange", "red"])
def test_a_warning_takes_the_wall_over_once_and_gives_it_back(
    city: Product, office: Office, open_wall: OpenWall, level: str
) -> None:
    page = open_ready(open_wall, f"{city.url}/wall?scenes=overview&takeover={DWELL_S}")
    office.send(level)
    page.wait_for_function(TAKEN, timeout=PATIENCE_MS)
    page.wait_for_function(SHOWN_SCENE, arg="emergency", timeout=PATIENCE_MS)
    bar = page.locator(".takeover")
    assert bar.get_attribute("data-level") == level
    assert "秒后返回" in bar.inner_text()
    assert weather_office.COLOURS[level] in bar.inner_text()
    page.wait_for_function(GIVEN_BACK, timeout=PATIENCE_MS)
    page.wait_for_function(SHOWN_SCENE, arg="overview", timeout=PATIENCE_MS)
    assert not bar.is_visible()
    page.reload()
    page.wait_for_function(READY, timeout=PATIENCE_MS)
    page.wait_for_function(WARNED, arg=1, timeout=PATIENCE_MS)
    page.wait_for_timeout(1_500)  # three looks at what may take over
    assert page.evaluate(GIVEN_BACK)


def test_a_yellow_warning_is_shown_and_takes_nothing_over(city: Product, office: Office, open_wall: OpenWall) -> None:
    page = open_ready(open_wall, f"{city.url}/wall?takeover={DWELL_S}")
    office.send("yellow")
    page.wait_for_function(WARNED, arg=1, timeout=PATIENCE_MS)
    page.wait_for_timeout(1_500)
    assert page.evaluate(GIVEN_BACK)


def test_the_parts_of_one_wall_are_taken_over_together_and_turn_in_step(
    city: Product, office: Office, open_wall: OpenWall
) -> None:
    address = f"{city.url}/wall?scenes=overview,weather&dwell=6&takeover={DWELL_S}"
    parts = [open_part(open_wall, address, part) for part in ("left", "right")]
    for scene in ("weather", "overview"):
        parts[0].wait_for_function(SHOWN_SCENE, arg=scene, timeout=PATIENCE_MS)
        parts[1].wait_for_function(SHOWN_SCENE, arg=scene, timeout=2_000)
    office.send("orange")
    parts[0].wait_for_function(TAKEN, timeout=PATIENCE_MS)
    parts[1].wait_for_function(TAKEN, timeout=2_000)
    parts[0].wait_for_function(GIVEN_BACK, timeout=PATIENCE_MS)
    parts[1].wait_for_function(GIVEN_BACK, timeout=3_000)
    shown = [part.evaluate("() => document.documentElement.dataset.scene") for part in parts]
    assert shown[0] == shown[1]


def test_a_wall_that_may_not_sound_says_so_and_sounds_after_a_touch(
    city: Product, office: Office, open_wall: OpenWall
) -> None:
    wall = open_wall(f"{city.url}/wall?sound=on&takeover={DWELL_S}", waits=False, has_pictures=False)
    page = wall.page
    page.add_init_script(NO_SOUND_UNASKED)
    page.reload()
    page.wait_for_function(READY, timeout=PATIENCE_MS)
    button = page.locator(".sound-state")
    assert button.get_attribute("data-state") == "blocked"
    assert button.is_visible()
    office.send("red")
    page.wait_for_function(TAKEN, timeout=PATIENCE_MS)
    assert page.evaluate("() => window.heard") == 0
    assert button.is_visible()  # also over a take-over
    page.wait_for_function(GIVEN_BACK, timeout=PATIENCE_MS)
    button.click()
    assert button.get_attribute("data-state") == "on"
    before = page.evaluate("() => window.heard")
    office.send("orange")
    page.wait_for_function(TAKEN, timeout=PATIENCE_MS)
    assert page.evaluate("() => window.heard") > before
