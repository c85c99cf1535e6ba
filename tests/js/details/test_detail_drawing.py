"""Detail pages in a browser: patched in place, harmless whatever an upstream says; scales of charts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ASSETS = Path(__file__).parents[3] / "assets"
HOUR_MS = 3_600_000
STAND_IN = """
history.replaceState({}, '', location.href);
document.body.innerHTML = '<aside id="sheet" hidden tabindex="-1"><div id="sheet-body"></div></aside>';
window.onescreen = {
  t: (key) => key, openAddress: () => '/case/1', on: () => {}, tickTimes: () => {},
  settings: { timezone: 'Asia/Shanghai' },
  tools: {
    set: (element, given) => {
      for (const [name, value] of Object.entries(given)) {
        if (value === null) element.removeAttribute(name);
        else element.setAttribute(name, value);
      }
    },
    prioritySign: () => document.createElement('i'),
    showPriority: () => {},
    warningSign: () => document.createElement('i'),
    showWarningSign: () => {},
  },
};
"""


@pytest.fixture
def detail(page: Page) -> Page:
    """A page with a sheet and the scripts of detail pages."""
    page.route(
        "http://detail.test/**",
        lambda route: route.fulfill(body="<html><body></body></html>", content_type="text/html"),
    )
    page.goto("http://detail.test/case/1")
    page.evaluate(f"() => {{ {STAND_IN} }}")
    for script in ("41-detail.js", "later/60-chart-scale.js"):
        page.add_script_tag(content=(ASSETS / script).read_text("utf-8"))
    return page


def show(page: Page, *children: Any) -> None:
    """Put a page on the screen."""
    tree = ["article", {"class": "detail"}, list(children)]
    page.evaluate("(tree) => dash_clientside.detail.show({address: '/case/1', tree})", tree)


def test_what_is_told_again_keeps_its_elements(detail: Page) -> None:
    show(detail, ["p", {}, ["one"]], ["details", {}, [["summary", {}, ["raw"]]]])
    detail.evaluate("document.querySelector('p').mine = true; document.querySelector('details').open = true")
    show(detail, ["p", {"class": "new"}, ["two"]], ["details", {}, [["summary", {}, ["raw"]]]])
    assert detail.evaluate("document.querySelector('p').mine") is True
    assert detail.evaluate("document.querySelector('details').open") is True
    assert detail.inner_text("p.new") == "two"


def test_rows_with_keys_are_known_again_when_a_new_one_comes_first(detail: Page) -> None:
    def row(key: str) -> list[Any]:
        return ["li", {"data-key": key}, [key]]

    show(detail, ["ul", {}, [row("a"), row("b")]])
    detail.evaluate("document.querySelector('[data-key=b]').mine = true")
    show(detail, ["ul", {}, [row("c"), row("b"), row("a")]])
    assert detail.evaluate("[...document.querySelectorAll('li')].map((row) => row.textContent)") == ["c", "b", "a"]
    assert detail.evaluate("document.querySelector('[data-key=b]').mine") is True


def test_nothing_an_upstream_says_becomes_code_or_leads_elsewhere(detail: Page) -> None:
    evil = {"href": "javascript:alert(1)", "onclick": "alert(1)", "src": "https://elsewhere.example/x"}
    show(detail, ["a", evil, ["<img src=x onerror=alert(1)>"]], ["a", {"href": "//elsewhere.example"}, ["x"]])
    assert detail.evaluate("[...document.querySelectorAll('a')].map((a) => a.getAttributeNames())") == [[], []]
    assert detail.evaluate("document.querySelectorAll('img').length") == 0


def test_a_page_for_an_address_left_meanwhile_is_passed_over(detail: Page) -> None:
    show(detail, ["p", {}, ["one"]])
    detail.evaluate("dash_clientside.detail.show({address: '/case/2', tree: ['p', {}, ['two']]})")
    assert detail.inner_text("#sheet-body") == "one"


def test_what_is_drawn_is_drawn_again_only_when_it_differs(detail: Page) -> None:
    detail.evaluate("window.calls = []")
    part = "{update: (changed) => calls.push(changed.n), remove: () => calls.push('gone')}"
    detail.evaluate(f"onescreen.definePart('x', () => ({part}))")
    for n in (1, 1, 2):
        show(detail, ["div", {"data-draw": "x", "data-given": f'{{"n":{n}}}'}, []])
    show(detail, ["p", {}, ["no drawing"]])
    assert detail.evaluate("calls") == [2, "gone"]


def test_silence_longer_than_it_should_be_is_cut_and_reaches_to_now(detail: Page) -> None:
    times = [0, 60_000, 120_000, HOUR_MS, HOUR_MS + 60_000]
    points = [[at, 1, 1, 1] for at in times]
    span = {"since": 0, "until": 2 * HOUR_MS, "interval_s": 60, "step_s": 10}
    found = detail.evaluate("([points, span]) => onescreen.silences(points, span)", [points, span])
    assert found == [[120_000, HOUR_MS], [HOUR_MS + 60_000, 2 * HOUR_MS]]


def test_ticks_of_a_day_stand_at_round_local_hours(detail: Page) -> None:
    found = detail.evaluate("onescreen.timeTicks(1786200000000, 1786286400000, 8, 'Asia/Shanghai')")
    assert len(found["ticks"]) <= 9
    assert all((tick + 8 * HOUR_MS) % found["step"] == 0 for tick in found["ticks"])


def test_only_limits_near_the_readings_stretch_the_scale(detail: Page) -> None:
    found = detail.evaluate("onescreen.valueRange([[0, 10, 12, 11]], [{level: 1, limit: 14}, {level: 2, limit: 900}])")
    assert [limit["limit"] for limit in found["near"]] == [14]
    assert found["top"] < 20
