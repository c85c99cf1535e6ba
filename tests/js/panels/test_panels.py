"""The panels in a real browser: what they show, what they do not, and that nothing is cut off at any size."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import TimeoutError

from tests.js.panels.panel_server import Canned, serving
from tests.js.panels.wall_values import ALARMS, AT_MS, alarm

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SIZES = {"wall": (1920, 1080), "4k": (3840, 2160), "wide": (3840, 1080), "laptop": (1366, 768)}
HOSTILE = "<img src=x onerror=window.hurt=1>\u202e" + "长" * 10_000
CUT_OFF = """() => [...document.querySelectorAll('.wall *')].filter((e) => {
  if (!e.getClientRects().length || e.closest('.graph, .panel-map, svg')) return false;
  const style = getComputedStyle(e);
  const hasText = [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const isWide = hasText && style.display !== 'inline' && e.scrollWidth > e.clientWidth + 1;
  const isTall = style.overflowY !== 'visible' && e.clientHeight && e.scrollHeight > e.clientHeight + 2;
  return isWide || isTall;
}).map((e) => `${e.className}: ${e.textContent.slice(0, 60)}`)"""
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('.panel, .header')].filter((e) => e.getClientRects().length)
    .map((e) => [e.id || e.className, e.getBoundingClientRect()]);
  return boxes.flatMap(([a, x], i) => boxes.slice(i + 1).filter(([, y]) =>
    x.left < y.right - 1 && y.left < x.right - 1 && x.top < y.bottom - 1 && y.top < x.bottom - 1,
  ).map(([b]) => `${a} / ${b}`));
}"""
NOTE_IMAGES = """() => {
  const make = document.createElement.bind(document);
  window.images = [];
  document.createElement = (name, options) => {
    const element = make(name, options);
    if (name === 'img') images.push(new WeakRef(element));
    return element;
  };
}"""
Open = Callable[..., "Page"]


@pytest.fixture
def canned() -> Canned:
    return Canned(panels=copy.deepcopy(Canned().panels))


@pytest.fixture
def open_wall(browser: Browser, canned: Canned) -> Iterator[Open]:
    """Opens an address of the canned wall and waits until it is drawn; fails on anything in the console's error log."""
    contexts, errors = [], []
    with serving(canned) as url:

        def open_(address: str = "/", size: str = "wall") -> Page:
            width, height = SIZES[size]
            context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
            contexts.append(context)
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(url + address)
            page.wait_for_selector("html[data-seq='1'] [data-panel='kpi'] .kpi-card", state="attached")
            page.evaluate("document.fonts.ready")
            return page

        yield open_
        for context in contexts:
            context.close()
    assert errors == []


def value_of(page: Page, name: str) -> list[str]:
    """`data-value` of a number, wherever it stands."""
    return page.eval_on_selector_all(f"[data-kpi='{name}']", "all => all.map((e) => e.dataset.value)")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_overlaps_or_scrolls(open_wall: Open, size: str, language: str) -> None:
    page = open_wall(f"/?lang={language}", size)
    with suppress(TimeoutError):
        page.wait_for_function(f"({CUT_OFF})().length === 0", timeout=15_000)
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        *SIZES[size]
    ]


def test_numbers_carry_their_plain_value_wherever_they_stand(open_wall: Open) -> None:
    page = open_wall()
    assert value_of(page, "cases_open") == ["1284"]
    assert value_of(page, "ontime_rate") == ["0.968"]
    assert value_of(page, "sources_ok") == ["29"]
    assert value_of(page, "alarms_active") == ["14"]


def test_an_unknown_number_is_a_dash_and_no_zero(open_wall: Open, canned: Canned) -> None:
    values = canned.panels["kpi"]["values"]
    canned.panels["kpi"]["values"] = dict.fromkeys(values)
    page = open_wall()
    assert value_of(page, "cases_open") == [""]
    assert page.inner_text("[data-kpi='cases_open']") == "—"
    assert "0" not in page.inner_text("[data-panel='kpi'] .kpi-grid")


def test_nothing_is_said_to_be_none_where_nobody_has_told_of_anything(open_wall: Open, canned: Canned) -> None:
    for name in ("alarms", "warnings"):
        canned.panels[name]["values"]["rows"] = []
    canned.panels["warnings"]["state"] = "not-configured"
    canned.panels["watched"]["values"] = {}
    page = open_wall()
    assert page.locator("[data-panel='alarms'] .none").is_visible()
    assert not page.locator("[data-panel='warnings'] .none").is_visible()
    assert page.locator("[data-panel='watched'] .xtick:visible").count() == 0


def test_devices_nobody_can_tell_of_are_named_and_do_not_look_dead(open_wall: Open, canned: Canned) -> None:
    values = canned.panels["kpi"]["values"]
    canned.panels["kpi"]["values"] = {**values, "cameras_online": 6_120, "cameras_unknown": 11_695}
    page = open_wall()
    card = page.locator(".kpi-card", has=page.locator("[data-kpi='cameras_online']"))
    assert "97.0" in card.inner_text()  # 6,120 of 6,305, never rounded up
    assert card.inner_text().endswith("未知 11,695")


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("delayed", "迟到 5 分钟"),
        ("stale", "过期 5 分钟"),
        ("frozen", "内容停滞 5 分钟"),
        ("paused", "已暂停接入 5 分钟"),
        ("partial", "部分 63%"),
        ("error", "出错"),
        ("not-configured", "未配置"),
    ],
)
def test_a_state_is_a_word_and_a_shape_and_the_values_stay(
    open_wall: Open, canned: Canned, state: str, word: str
) -> None:
    canned.panels["streets"] |= {"state": state, "as_of": AT_MS - 301_000, "coverage": 0.63}
    page = open_wall()
    panel = page.locator("[data-panel='streets']")
    assert panel.get_attribute("data-state") == state
    assert word in panel.locator(".panel-age").inner_text()
    assert panel.locator(".state-shape").is_visible()
    assert "大场镇" in panel.inner_text()


def test_hostile_texts_are_inert_and_break_no_layout(open_wall: Open, canned: Canned) -> None:
    hostile = alarm(1, 1, HOSTILE, 60, street=HOSTILE, department=HOSTILE)
    canned.panels["alarms"]["values"]["rows"] = [hostile]
    canned.panels["banner"]["values"]["alarm"] = hostile
    canned.panels["streets"]["values"]["rows"][0][1] = HOSTILE
    canned.panels["cameras"]["values"]["tiles"][0]["name"] = HOSTILE
    page = open_wall()
    assert page.evaluate("window.hurt === undefined")
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 1920


BANNER = """() => {
  const frame = document.querySelector('.banner').getBoundingClientRect();
  const isWhole = (e) => {
    const box = e.getBoundingClientRect();
    const isInside = box.left >= frame.left - 1 && box.right <= frame.right + 1;
    return box.width > 0 && e.scrollWidth <= e.clientWidth + 1 && isInside;
  };
  return ['.banner-title > :first-child', '.banner-title > :last-child', '.standing', '.banner-age']
    .map((part) => document.querySelector(`.banner ${part}`)).filter((e) => e.getClientRects().length)
    .map((e) => [e.textContent, isWhole(e)]);
}"""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_the_worst_alarm_keeps_its_name_when_its_source_is_dead(
    open_wall: Open, canned: Canned, size: str, language: str
) -> None:
    dead = {"state": "stale", "value_at": AT_MS - 301_000}
    canned.panels["banner"]["values"]["alarm"] = {**canned.panels["banner"]["values"]["alarm"], **dead}
    told = open_wall(f"/?lang={language}", size).evaluate(BANNER)
    assert told[0][0].startswith("宝杨路下立交")
    assert len(told) >= 3  # the name, its value, how old that is
    assert [text for text, is_whole in told if not is_whole] == []


def test_a_panel_that_cannot_draw_says_so_and_spares_the_others(open_wall: Open, canned: Canned) -> None:
    canned.panels["streets"]["values"]["rows"] = "not rows"
    page = open_wall()
    assert page.get_attribute("[data-panel='streets']", "data-state") == "error"
    assert value_of(page, "cases_open") == ["1284"]


def test_rows_stay_under_a_pointer_and_new_ones_wait(open_wall: Open) -> None:
    page = open_wall()
    first = page.locator(".alarm").first
    first.hover()
    newer = [alarm(99, 1, "新告警", 1), *ALARMS]
    apply = "(values) => onescreen.applyPanel('alarms', {state: 'live', as_of: 0, values})"
    page.evaluate(apply, {"rows": newer, "total": 15, "unacknowledged": 4, "handling": 11})
    assert "宝杨路" in first.inner_text()
    assert page.inner_text(".alarms-waiting") == "1 条新告警"
    page.mouse.move(700, 500)
    page.wait_for_function("document.querySelector('.alarm').textContent.includes('新告警')")
    assert page.is_hidden(".alarms-waiting")


def test_only_keys_that_changed_replace_values(open_wall: Open) -> None:
    page = open_wall()
    page.evaluate("onescreen.applyPanel('kpi', {state: 'live', as_of: 0, values: {cases_open: 7}})")
    assert value_of(page, "cases_open") == ["7"]
    assert value_of(page, "cases_overdue") == ["37"]


def test_a_row_opens_its_address_and_back_closes_it(open_wall: Open) -> None:
    page = open_wall("/wall?lang=en")
    page.locator(".alarm").first.click()
    assert page.evaluate("location.pathname + location.search") == "/wall/alarm/threshold-1?lang=en"
    page.wait_for_selector("#sheet:not([hidden]) h2")
    page.go_back()
    page.wait_for_selector("#sheet", state="hidden")
    page.go_forward()
    page.wait_for_selector("#sheet:not([hidden]) h2")
    page.keyboard.press("Escape")
    page.wait_for_selector("#sheet", state="hidden")
    assert page.evaluate("location.pathname") == "/wall"


def test_the_wall_has_no_navigation_and_the_desk_has(open_wall: Open) -> None:
    assert open_wall("/wall").is_hidden(".scenes")
    assert open_wall("/").is_visible(".scenes")


def test_every_panel_can_be_reached_on_a_laptop(open_wall: Open) -> None:
    page = open_wall("/", "laptop")
    seen = set()
    for tab in page.locator(".column-tab:visible").all():
        tab.click()
        seen |= set(
            page.eval_on_selector_all(".panel", "all => all.filter((e) => e.offsetParent).map((e) => e.dataset.panel)")
        )
        assert page.evaluate(CUT_OFF) == []
    assert len(seen) == 13


def test_pictures_are_asked_for_one_at_a_time_and_never_of_a_dead_camera(open_wall: Open) -> None:
    page = open_wall()
    page.wait_for_function("document.querySelectorAll('.tile[data-picture=shown]').length === 3")
    dead = page.locator(".tile[data-device='offline']")
    assert dead.get_attribute("data-picture") == "none"
    assert "离线 12 分钟" in dead.inner_text()
    assert page.locator(".tile img[src]").count() == 3


def test_a_picture_that_fails_is_said_and_tried_again(open_wall: Open, canned: Canned) -> None:
    canned.pictures_fail = True
    page = open_wall()
    page.wait_for_selector(".tile[data-picture=broken]")
    assert "重连中" in page.locator(".tile[data-picture=broken]").first.inner_text()
    canned.pictures_fail = False
    page.wait_for_selector(".tile[data-picture=shown]", timeout=15_000)


def test_a_picture_that_failed_is_let_go(open_wall: Open, canned: Canned) -> None:
    canned.pictures_fail = True
    page = open_wall()
    page.wait_for_selector(".tile[data-picture=broken]")
    page.evaluate(NOTE_IMAGES)
    page.wait_for_function("images.length >= 3", timeout=20_000)  # one at a time: the two before have failed
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    assert page.evaluate("images.slice(0, 2).map((image) => image.deref() === undefined)") == [True, True]


def test_charts_draw_what_the_feed_said(open_wall: Open) -> None:
    page = open_wall()
    page.wait_for_function("document.querySelector('#hourly-graph .js-plotly-plot')?.data?.[3]?.y?.length === 14")
    assert "本时至今" in page.inner_text(
        "#hourly-graph"
    )  # the hour that is not over is a point, never a line down to it
    page.wait_for_function("document.querySelector('#watched-graph .js-plotly-plot')?.data?.[2]?.y?.[0] === 3.2")


def test_no_other_host_is_asked(browser: Browser, canned: Canned) -> None:
    asked: list[Any] = []
    with serving(canned) as url:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(url)
        page.wait_for_selector("html[data-seq='1'] .kpi-card")
        page.close()
    assert [address for address in asked if not address.startswith((url, "data:", "blob:"))] == []


def test_a_picture_that_is_not_renewed_does_not_pass_for_live(open_wall: Open) -> None:
    page = open_wall()
    page.wait_for_selector(".tile[data-picture='shown']")
    page.route("**/media/**", lambda route: None)  # the platform hangs
    page.evaluate("() => { const now = onescreen.realTime; onescreen.realTime = () => now() + 20000; }")
    page.wait_for_selector(".tile[data-picture='shown']", state="detached", timeout=15_000)
