"""The drawings of the cases scene, fed with what its builders really say: sums, picks, rows, ignorance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sample_city import NOW, SETTINGS, STREETS, MemoryStore, case, department, hours_ago, source, street

from layouts.text import catalogue
from situation.clock import FakeClock
from situation.feed.readings import StoreReadings
from situation.feed.settings import context_of
from situation.live import Live, Moment
from situation.panels.casework import PANELS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

ASSETS = Path(__file__).parents[3] / "assets"
START = ("15-bus.js", "21-dom.js", "22-format.js", "23-states.js", "27-signs.js")
SCENE = sorted(f"scenes/cases/{path.name}" for path in (ASSETS / "scenes" / "cases").glob("*.js"))
SCENE_STYLES = sorted(f"scenes/cases/{path.name}" for path in (ASSETS / "scenes" / "cases").glob("0[1-9]*.css"))
STYLES = ("00-tokens.css", "20-panel.css", *SCENE_STYLES)
ADDRESS = "http://cases.test"
HOSTILE = "<img src=x onerror=window.hurt=1>"
KEYS = tuple(panel.key for panel in PANELS)
Draw = Callable[..., "Page"]


def start_script(language: str) -> str:
    """What the page gives every script: texts, settings, a choice that only lives in this page."""
    text = json.dumps(catalogue(language), ensure_ascii=False)
    return f"""window.onescreen = {{text: {text}, language: {json.dumps(language)},
  settings: {{timezone: "Asia/Shanghai"}},
  drawAllPanels: () => {{}}, heldPanel: () => undefined, now: () => {NOW.timestamp() * 1000}, drawings: {{}},
  definePanel: (key, drawing) => (onescreen.drawings[key] = drawing)}};
onescreen.t = (key, values) => Object.entries(values ?? {{}}).reduce((said, [name, value]) =>
  said.replaceAll(`{{${{name}}}}`, value), onescreen.text[key] ?? key);
const choice = {{}};
const listeners = new Set();
onescreen.choice = {{
  get: () => ({{...choice}}), call() {{}}, on: (listener) => listeners.add(listener),
  set(changes) {{
    Object.assign(choice, changes);
    for (const key of Object.keys(choice)) if (choice[key] === null) delete choice[key];
    listeners.forEach((listener) => listener(choice));
  }},
}};"""


def html() -> str:
    styles = "".join(f'<link rel="stylesheet" href="/{name}">' for name in STYLES)
    scripts = "".join(f'<script src="/{name}"></script>' for name in (*START, *SCENE))
    frames = "".join(
        f'<section class="panel" data-panel="{key}" style="height:26rem;width:{100 if key == "cases-sum" else 36}rem">'
        f'<div class="panel-head"><h2></h2>'
        f'<span class="panel-note"></span></div><div class="panel-body"></div></section>'
        for key in KEYS
    )
    return f'<!doctype html><meta charset="utf-8">{styles}<script src="/start.js"></script><body>{frames}{scripts}'


@pytest.fixture
def draw(browser: Browser) -> Iterator[Draw]:
    """Draws every panel of a city of these cases, by a choice."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def draw_(*cases: Any, language: str = "zh", **choice: str) -> Page:
        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(ADDRESS).partition("?")[0]
            if path == "/":
                route.fulfill(body=html(), content_type="text/html; charset=utf-8")
            elif path == "/start.js":
                route.fulfill(body=start_script(language), content_type="text/javascript; charset=utf-8")
            elif (ASSETS / path.removeprefix("/")).is_file():
                route.fulfill(path=ASSETS / path.removeprefix("/"))
            else:
                route.fulfill(status=404)

        page.route(f"{ADDRESS}/**", answer)
        page.goto(f"{ADDRESS}/")
        show(page, values_of(*cases, **choice))
        return page

    yield draw_
    context.close()
    assert errors == []


def show(page: Page, values: dict[str, Any]) -> None:
    page.evaluate(
        """(values) => {
          for (const [key, told] of Object.entries(values)) {
            const section = document.querySelector(`[data-panel="${key}"]`);
            onescreen.drawings[key](section.querySelector(".panel-body"), told, onescreen.tools, section);
          }
        }""",
        values,
    )


def values_of(*cases: Any, **choice: str) -> dict[str, Any]:
    """What the server would say of a city; no case: nothing was ever delivered."""
    store = MemoryStore()
    delivered = {} if cases else {"succeeded_at": None}
    store.put(source("case-centre", "case", **delivered), department("greening"))
    store.put(*[street(code, 121.3 + i / 10, 121.4 + i / 10) for i, code in enumerate(STREETS)], *cases)
    context = context_of(SETTINGS, FakeClock(NOW), StoreReadings(store))  # type: ignore[arg-type]
    at = Moment(Live.load(store, NOW), NOW, context)
    return {panel.key: panel.choose(at, choice) for panel in PANELS if panel.choose}


def city(count: int = 60) -> list[Any]:
    """Cases of 20 subcategories in five categories, a third of them overdue."""
    return [
        case(
            f"case-centre.{i}",
            category=f"大类{i % 5}",
            subcategory=f"小类{i % 20}",
            street_code=STREETS[i % 2],
            department="greening",
            due_at=hours_ago(i + 1) if i % 3 == 0 else hours_ago(-i - 1),
        )
        for i in range(count)
    ]


def column(page: Page, panel: str, name: str, depth: str = "0") -> list[int]:
    """A column of figures as people read them."""
    rows = f"[data-panel='{panel}'] .tally-list .tally[data-depth='{depth}'] .tally-{name}"
    texts = page.locator(rows if name != "open" else rows.replace(".tally-open", "b")).all_inner_texts()
    return [0 if text == "–" else int(text.replace(",", "")) for text in texts]


@pytest.mark.parametrize("panel", ["cases-categories", "cases-origins", "cases-departments", "cases-streets"])
def test_the_figures_of_a_column_add_up_to_its_total(draw: Draw, panel: str) -> None:
    page = draw(*city())
    assert sum(column(page, panel, "open")) == 60
    assert sum(column(page, panel, "overdue")) == 20
    assert page.inner_text(f"[data-panel='{panel}'] .tally[data-total] b") == "60"


def test_rows_without_room_are_summed_in_one(draw: Draw) -> None:
    cases = [case(f"c{i}", department=f"department {i}") for i in range(40)]
    page = draw(*cases)
    rows = page.locator("[data-panel='cases-departments'] .tally-list .tally")
    assert rows.count() < 40
    assert "另" in rows.last.inner_text()
    assert sum(column(page, "cases-departments", "open")) == 40


def test_picking_a_bar_sets_the_choice_and_a_second_pick_takes_it_back(draw: Draw) -> None:
    page = draw(*city())
    bar = page.locator("[data-panel='cases-streets'] .tally").nth(1)
    bar.click()
    assert page.evaluate("onescreen.choice.get()") == {"street": STREETS[0]}
    assert bar.get_attribute("aria-pressed") == "true"
    bar.click()
    assert page.evaluate("onescreen.choice.get()") == {}


def test_another_category_lets_go_of_the_subcategory(draw: Draw) -> None:
    page = draw(*city())
    page.evaluate("onescreen.choice.set({category: '大类1', subcategory: '小类1'})")
    page.evaluate("onescreen.cases.pick('category', '大类2')")
    assert page.evaluate("onescreen.choice.get()") == {"category": "大类2"}


def test_chips_show_the_choice_and_clear_it(draw: Draw) -> None:
    page = draw(*city())
    page.evaluate("onescreen.choice.set({overdue: '1', step: 'handle'})")
    chips = page.locator(".choice-chip")
    assert chips.all_inner_texts() == ["超期\n×", "环节\n任务处理\n×"]
    chips.first.click()
    assert page.evaluate("onescreen.choice.get()") == {"step": "handle"}
    page.evaluate("onescreen.choice.set({overdue: '1'})")
    page.click(".chip-clear")
    assert page.evaluate("onescreen.choice.get()") == {}


def test_rows_lead_to_their_case_the_longest_overdue_first(draw: Draw) -> None:
    page = draw(*city(), overdue="1")
    first = page.locator("[data-panel='cases-list'] .case-row").first
    assert first.get_attribute("data-open") == "/case/case-centre.57"
    assert first.locator(".case-when b").inner_text() == "超期 2 天 10 时"
    assert page.locator("[data-panel='cases-list'] .case-when:not([data-late])").count() == 0


def test_rows_keep_their_places_under_a_pointer(draw: Draw) -> None:
    page = draw(case("a", due_at=hours_ago(1)))
    page.hover("[data-panel='cases-list'] .case-row")
    show(page, values_of(case("a", due_at=hours_ago(1)), case("b", due_at=hours_ago(5))))
    rows = page.locator("[data-panel='cases-list'] .case-row")
    assert rows.count() == 1
    page.mouse.move(0, 0)
    page.wait_for_function("() => document.querySelectorAll(\"[data-panel='cases-list'] .case-row\").length === 2")
    assert rows.first.get_attribute("data-open") == "/case/b"


def test_unknown_is_a_dash_and_never_nought(draw: Draw) -> None:
    page = draw()
    figures = page.locator("[data-panel='cases-sum'] .case-figure b").all_inner_texts()
    assert figures == ["—", "—", "—"]
    assert page.locator("[data-panel='cases-streets'] .tally[data-total] b").inner_text() == "—"


def test_words_of_upstreams_stay_words(draw: Draw) -> None:
    hostile = [
        case(f"c{i}", category=HOSTILE, subcategory=HOSTILE, address=HOSTILE, department=HOSTILE) for i in range(4)
    ]
    page = draw(*hostile)
    assert page.evaluate("window.hurt") is None
    assert page.locator("section img").count() == 0
    assert HOSTILE in page.inner_text("[data-panel='cases-categories']")


def test_english_screens_name_the_usual_kinds_in_english(draw: Draw) -> None:
    page = draw(case("a", category="突发事件", subcategory="道路积水"), language="en")
    assert "Sudden events" in page.inner_text("[data-panel='cases-categories']")
    assert "Flooded road" in page.inner_text("[data-panel='cases-list']")
