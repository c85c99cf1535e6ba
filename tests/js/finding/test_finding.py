"""Search box, explanations, lists, shapes and the view in the address, in a real browser over a feed the test plays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.js.panels.wall_values import panels as wall_panels

if TYPE_CHECKING:
    from fake_wall import FakeWall
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

LATER = Path(__file__).parents[3] / "assets" / "later"
SCRIPTS = sorted(LATER.glob("5*.js"))
HOSTILE = "<img src=x onerror=window.hurt=1>"
NUMBERS = {"cases_overdue": {"unit": "count", "collection": "cases", "among": None}}

Open = Callable[..., "Page"]


def item(kind: str, key: str, name: str, **changes: Any) -> dict[str, Any]:
    """One thing found."""
    given = {"name_en": "", "code": key, "address": "", "lon": 121.45, "lat": 31.4, "way": "name"}
    return {"kind": kind, "id": key, "name": name, "href": f"/{kind}/{key}", **given, **changes}


def rows_body(count: int, total: int, offset: int = 0) -> dict[str, Any]:
    """A page of a list."""
    rows = [
        {"href": f"/case/{offset + n}", "cells": [f"no. {offset + n}", {"at": 1_786_255_200_000}, n + 0.5]}
        for n in range(count)
    ]
    columns = [{"key": "number", "title": "案件号"}, {"key": "due_at", "title": "时限"}, {"key": "x", "title": "数"}]
    return {"total": total, "offset": offset, "columns": columns, "rows": rows}


class Answers:
    """What the server answers; tests change it and read what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.found: dict[str, Any] = {"groups": [], "spots": []}
        self.status = 200
        self.total = 3

    def fulfil(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        self.asked.append(unquote(f"{address.path}?{address.query}"))
        if address.path == "/api/search":
            body: Any = {"q": query["q"], **self.found}
        elif address.path == "/api/within":
            group = {"collection": "cameras", "number": None, "total": 7, "rows": rows_body(3, 7)["rows"]}
            body = {"groups": [group, {"collection": "places", "number": None, "total": 0, "rows": []}]}
        else:
            offset, limit = int(query.get("offset", 0)), int(query.get("limit", 100))
            body = rows_body(max(0, min(limit, self.total - offset)), self.total, offset)
        route.fulfill(status=self.status, json=body if self.status == 200 else {"error": "no"})


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def open_wall(make_wall: Callable[..., FakeWall], open_page: Open, answers: Answers) -> Open:
    """Opens an address of a fake wall with the scripts of finding on it."""
    wall = make_wall()
    wall.panels["kpi"] = wall_panels()["kpi"]

    def open_(path: str = "/") -> Page:
        page = open_page("about:blank")
        page.route("**/api/search**", answers.fulfil)
        page.route("**/api/rows/**", answers.fulfil)
        page.route("**/api/within**", answers.fulfil)
        page.goto(wall.url + path)
        page.wait_for_selector("html[data-feed='live']")
        page.wait_for_function("() => onescreen.map.parts()?.map.getSize().x > 0")
        page.evaluate("(numbers) => { onescreen.settings.numbers = numbers; }", NUMBERS)
        page.add_style_tag(path=LATER / "50-finding.css")
        for script in SCRIPTS:
            page.add_script_tag(path=script)
        return page

    return open_


def query_of(page: Page) -> dict[str, str]:
    """The query string of the page's address."""
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def test_the_search_box_is_a_combobox_worked_by_keyboard_alone(open_wall: Open, answers: Answers) -> None:
    answers.found["groups"] = [
        {"kind": "camera", "more": True, "items": [item("camera", "1", "友谊路"), item("camera", "2", HOSTILE)]},
        {"kind": "road", "more": False, "items": [item("road", "宝杨路", "宝杨路", href=None)]},
    ]
    page = open_wall()
    page.keyboard.press("/")
    field = page.get_by_role("combobox")
    assert field.evaluate("(e) => e === document.activeElement")
    page.keyboard.type("yyl")
    page.wait_for_selector("[role=option]")
    assert field.get_attribute("aria-expanded") == "true"
    assert page.get_by_role("option").count() == 3
    selected = "[role=option][aria-selected=true]"
    assert page.inner_text(f"{selected} b") == "友谊路"
    page.keyboard.press("ArrowDown")
    assert page.inner_text(f"{selected} b") == HOSTILE
    assert page.get_attribute(selected, "id") == field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert urlsplit(page.url).path == "/camera/1"
    assert page.evaluate("window.hurt") is None


def test_escape_closes_the_box_and_gives_the_focus_back(open_wall: Open) -> None:
    page = open_wall()
    page.focus(".finder-open")
    page.keyboard.press("Enter")
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    assert not page.is_visible(".finder")
    assert page.evaluate("document.activeElement.className") == "finder-open"
    assert urlsplit(page.url).path == "/"


def test_what_has_no_page_is_shown_on_the_map_and_the_place_is_in_the_address(
    open_wall: Open, answers: Answers
) -> None:
    answers.found["spots"] = [{"lon": 121.47, "lat": 31.41, "crs": "gcj02"}]
    page = open_wall()
    page.keyboard.press("/")
    page.keyboard.type("121.4745,31.408")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".found-place b")
    assert "GCJ-02" in page.inner_text(".found-place b")
    page.wait_for_function("() => location.search.includes('map=121.47')")
    page.keyboard.press("Escape")
    assert page.locator(".found-place").count() == 0


def test_an_index_that_is_still_read_is_said_and_asked_again(open_wall: Open, answers: Answers) -> None:
    answers.status = 503
    page = open_wall()
    page.keyboard.press("/")
    page.keyboard.type("yyl")
    page.wait_for_function("() => document.querySelector('.finder-status').textContent.includes('索引')")
    answers.status = 200
    answers.found["groups"] = [{"kind": "camera", "more": False, "items": [item("camera", "1", "友谊路")]}]
    page.wait_for_selector("[role=option]")


def test_what_was_opened_last_is_offered_first(open_wall: Open, answers: Answers) -> None:
    answers.found["groups"] = [{"kind": "camera", "more": False, "items": [item("camera", "1", "友谊路")]}]
    page = open_wall()
    page.keyboard.press("/")
    page.keyboard.type("yyl")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Enter")
    page.go_back()
    page.keyboard.press("/")
    assert page.inner_text("[role=option] b") == "友谊路"


def test_typing_in_a_field_opens_nothing(open_wall: Open) -> None:
    page = open_wall()
    page.keyboard.press("/")
    page.keyboard.type("1/2?o")
    assert page.input_value(".finder-field") == "1/2?o"
    assert not page.is_visible("dialog.keys")


def test_a_number_says_what_it_is_how_it_is_made_and_what_is_behind_it(open_wall: Open, answers: Answers) -> None:
    page = open_wall()
    page.wait_for_selector("[data-kpi='cases_overdue']")
    page.hover("[data-kpi='cases_overdue']")
    page.wait_for_selector(".explain-rows a")
    text = page.inner_text(".explain")
    assert "在办且已过处置时限的案件数" in text
    assert "算法" in text
    assert "no. 0" in text
    assert page.locator(".hint:visible").count() == 0
    assert any("/api/rows/cases?number=cases_overdue" in asked for asked in answers.asked)
    page.click(".explain-all")
    page.wait_for_selector(".rows tbody tr")
    assert query_of(page)["rows"] == "cases?number=cases_overdue"
    assert not page.is_visible(".explain")


def test_a_number_in_focus_leads_to_its_records_by_keyboard(open_wall: Open) -> None:
    page = open_wall()
    page.wait_for_selector(".kpi-card")
    page.keyboard.press("Tab")  # a focus that can be seen
    page.locator(".kpi-card", has=page.locator("[data-kpi='cases_overdue']")).focus()
    page.wait_for_selector(".explain-all:not([hidden])")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".rows tbody tr")
    assert query_of(page)["rows"] == "cases?number=cases_overdue"


def test_a_figure_of_a_scene_is_explained_by_its_text_and_its_own_records(open_wall: Open) -> None:
    page = open_wall()
    page.evaluate(
        """() => {
          onescreen.text["explain.mine"] = "definition of mine";
          const names = {"data-explain": "mine", "data-explain-rows": "cases?area=1"};
          const figure = onescreen.tools.h("b", {tabindex: 0, ...names}, "7");
          document.querySelector("[data-panel] .panel-head").append(figure);
        }"""
    )
    page.hover("[data-explain='mine']")
    page.wait_for_selector(".explain-rows a")
    assert "definition of mine" in page.inner_text(".explain")


def test_a_list_is_read_page_by_page_and_left_by_back_or_escape(open_wall: Open, answers: Answers) -> None:
    answers.total = 130
    page = open_wall("/?rows=cases%3Fnumber%3Dcases_overdue")
    page.wait_for_selector(".rows tbody tr")
    assert page.locator(".rows tbody tr").count() == 100
    page.click(".rows-more")
    page.wait_for_function("() => document.querySelectorAll('.rows tbody tr').length === 130")
    assert not page.is_visible(".rows-more")
    hrefs = page.eval_on_selector_all(".rows-files a", "all => all.map((e) => e.getAttribute('href'))")
    assert [href.split("?")[0].rpartition(".")[2] for href in hrefs] == ["csv", "xlsx", "geojson"]
    assert all("number=cases_overdue" in href for href in hrefs)
    page.click(".rows tbody tr:first-child a")
    assert urlsplit(page.url).path == "/case/0"
    assert not page.is_visible(".rows")
    page.go_back()
    assert page.is_visible(".rows")
    page.focus(".rows-scroll")
    page.keyboard.press("Escape")
    assert not page.is_visible(".rows")
    assert "rows" not in query_of(page)


def draw_circle(page: Page) -> None:
    """Two clicks in the middle of the map."""
    page.click(".map-buttons [aria-label='画圆选择']")
    box = page.locator(".onescreen-map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    page.mouse.move(x + 50, y, steps=3)
    page.mouse.click(x + 60, y)


def test_a_drawn_circle_is_in_the_address_and_tells_what_is_inside(open_wall: Open, answers: Answers) -> None:
    page = open_wall()
    draw_circle(page)
    page.wait_for_selector(".inside-group")
    key, _, text = query_of(page)["shape"].partition(":")
    lon, lat, radius_m = (float(part) for part in text.split(","))
    assert key == "circle"
    expected = page.evaluate(
        """([lon, lat]) => { const map = onescreen.map.parts().map;
          const at = map.latLngToContainerPoint([lat, lon]);
          return map.distance([lat, lon], map.containerPointToLatLng(at.add([60, 0]))); }""",
        [lon, lat],
    )
    assert radius_m == pytest.approx(expected, rel=0.02)
    assert urlsplit(page.url).path == "/"  # the pen opened no mark
    assert page.locator(".inside-group").count() == 1  # nothing is told of kinds of which there is nothing
    page.click(".inside-all")
    assert query_of(page)["rows"].startswith("cameras?circle=")
    page.go_back()
    page.click(".inside .rows-close")
    assert "shape" not in query_of(page)
    assert not page.is_visible(".inside")


def test_the_map_keeps_one_of_each_pen_however_often_it_changes(open_wall: Open) -> None:
    page = open_wall()
    for _ in range(3):
        page.evaluate("onescreen.emit('panel', { key: 'map', values: {} })")
    assert page.locator(".map-buttons [aria-label='画圆选择']").count() == 1
    assert page.locator(".map-buttons [aria-label='画多边形选择']").count() == 1


def test_a_polygon_ends_with_a_double_click_and_escape_gives_up(open_wall: Open) -> None:
    page = open_wall()
    page.keyboard.press("p")
    page.wait_for_selector(".is-drawing")
    page.keyboard.press("Escape")
    assert page.locator(".is-drawing").count() == 0
    page.keyboard.press("p")
    box = page.locator(".onescreen-map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    page.mouse.click(x + 60, y)
    page.mouse.dblclick(x + 60, y + 60)
    page.wait_for_selector(".inside-group")
    assert query_of(page)["shape"].startswith("polygon:")
    assert query_of(page)["shape"].count(";") == 2


def test_a_shape_of_a_shared_link_is_shown(open_wall: Open, answers: Answers) -> None:
    page = open_wall("/?shape=polygon:121.4,31.4;121.5,31.4;121.5,31.5")
    page.wait_for_selector(".inside-group")
    assert any("/api/within?polygon=121.4,31.4;121.5,31.4;121.5,31.5" in asked for asked in answers.asked)


@pytest.mark.parametrize("text", ["circle:1,2", "circle:a,b,c", "polygon:1,2;3,4", "nonsense", "circle:1,2,-5"])
def test_a_shape_that_is_none_is_ignored(open_wall: Open, text: str) -> None:
    page = open_wall(f"/?shape={text}")
    assert not page.is_visible(".inside")


def test_the_view_and_the_layers_are_kept_in_the_address_and_restored(open_wall: Open) -> None:
    page = open_wall()
    box = page.locator(".onescreen-map").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 380, box["y"] + 360, steps=5)
    page.mouse.up()
    page.wait_for_function("() => location.search.includes('map=')")
    page.click(".map-legend [data-layer='officer'] input")
    page.click(".map-legend [data-layer='camera'] input")
    assert query_of(page)["layers"] == "-camera,officer"
    lon, lat, zoom = query_of(page)["map"].split(",")
    shared = open_wall("/" + page.url[page.url.index("?") :])
    centre = shared.evaluate(
        """() => { const { map } = onescreen.map.parts(); const { lng, lat } = map.getCenter();
          return [lng, lat, map.getZoom()]; }"""
    )
    assert centre == pytest.approx([float(lon), float(lat), float(zoom)], abs=1e-3)
    assert shared.is_checked(".map-legend [data-layer='officer'] input")
    assert not shared.is_checked(".map-legend [data-layer='camera'] input")


def test_home_forgets_the_view(open_wall: Open) -> None:
    page = open_wall("/?map=121.45,31.4,15")
    page.click(".map-buttons [aria-label='回到全区']")
    page.wait_for_function("() => !location.search.includes('map=')")


@pytest.mark.parametrize("view", ["x", "500,1,2", "121,31", "121,31,99", "1e999,0,5"])
def test_a_view_that_is_none_shows_the_district(open_wall: Open, view: str) -> None:
    page = open_wall(f"/?map={view}")
    assert page.evaluate("onescreen.askedView()") is None
    assert page.evaluate("onescreen.map.parts().map.getZoom()") > 5


def test_the_question_mark_shows_the_keys(open_wall: Open) -> None:
    page = open_wall()
    page.keyboard.press("?")
    assert page.is_visible("dialog.keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog.keys")


def test_shapes_are_measured_on_the_ground(open_wall: Open) -> None:
    page = open_wall()
    square = [[121.48, 31.4], [121.4905, 31.4], [121.4905, 31.409], [121.48, 31.409]]
    assert page.evaluate("(c) => onescreen.groundOf(c) / 1e6", square) == pytest.approx(1.0, rel=0.01)
    assert page.evaluate("onescreen.metresBetween([121.48, 31.4], [121.48, 31.409])") == pytest.approx(1_001, abs=2)
    assert json.loads(page.evaluate("JSON.stringify(onescreen.readShape('circle:121,31,5'))"))["radius"] == 5
