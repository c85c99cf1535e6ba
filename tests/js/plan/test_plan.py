"""The plan in a real browser: classes, hatch, labels, keyboard, marks, lines, and that updates move nothing else."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from tests.js.plan.plan_page import open_plan

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SIDE = 4
STEP = 1e-5
CELL = 1000  # steps
ORIGIN = [121.4, 31.3]
HOSTILE = "<img src=x onerror=window.hurt=1>"


def cell(index: int) -> dict[str, Any]:
    """One of 16 square areas, row by row from the south-west."""
    x, y = index % SIDE * CELL, index // SIDE * CELL
    return {
        "code": f"a{index:02d}",
        "name": f"街道{index}",
        "name_en": f"Street {index}",
        "parents": ["d"],
        "population": 1000,
        "km2": 1.0,
        "label": [x + CELL // 2, y + CELL // 2, CELL // 2],
        "rings": [[x, y, CELL, 0, 0, CELL, -CELL, 0]],
    }


def answers(count: int = SIDE * SIDE, name: str = "") -> dict[str, Any]:
    """What the server would say of a checkered city."""
    areas = [cell(i) | ({"name": name} if name else {}) for i in range(count)]
    edge = SIDE * CELL * STEP
    bounds = [ORIGIN[0], ORIGIN[1], ORIGIN[0] + edge, ORIGIN[1] + edge]
    square = [[0, 0, SIDE * CELL, 0, 0, SIDE * CELL, -SIDE * CELL, 0]]
    layers = {key: {"areas": [], "lines": []} for key in ("water", "expressway", "major_road", "rail")}
    head = {"origin": ORIGIN, "step": STEP, "bounds": bounds}
    return {
        "/api/plan?level=street&within=": head | {"level": "street", "within": "", "areas": areas},
        "/api/plan/ground": head | {"outline": square, "streets": [], "layers": layers},
    }


def draw(page: Page, options: str, given: dict[str, Any] | None = None, **how: Any) -> None:
    """Opens a plan with these options (JavaScript) and waits for it."""
    open_plan(page, given or answers(), **how)
    page.evaluate(f"window.picked = []; window.plan = onescreen.plan(document.getElementById('box'), {options})")
    page.wait_for_selector(".plan-area", state="attached")


def listeners(page: Page) -> int:
    """How many listeners the plan has, on all its elements."""
    tools = page.context.new_cdp_session(page)
    plan = tools.send("Runtime.evaluate", {"expression": "plan.element"})["result"]["objectId"]
    found = tools.send("DOMDebugger.getEventListeners", {"objectId": plan, "depth": -1})["listeners"]
    return len(found)


def strengths(page: Page) -> dict[str, str | None]:
    """The strength of every area's colour."""
    found: dict[str, str | None] = page.eval_on_selector_all(
        ".plan-area", "all => Object.fromEntries(all.map((e) => [e.dataset.code, e.dataset.strength ?? null]))"
    )
    return found


def values(**changes: float | None) -> str:
    """Values 0 … 15 of the areas, some of them changed."""
    given = {f"a{i:02d}": i for i in range(SIDE * SIDE)} | changes
    pairs = (f"{code}: {'null' if value is None else value}" for code, value in given.items())
    return "{" + ", ".join(pairs) + "}"


def test_larger_values_are_stronger_and_unknown_ones_hatched(page: Page) -> None:
    draw(page, f"{{level: 'street', values: {values(a03=None)}, scale: {{key: 'n', title: '在办'}}}}")
    found = strengths(page)
    known = [int(found[f"a{i:02d}"] or 0) for i in range(SIDE * SIDE) if i != 3]
    assert known == sorted(known)
    assert set(known) == {1, 2, 3, 4, 5}
    assert found["a03"] is None
    assert "url(#" in (page.get_attribute("[data-code='a03']", "fill") or "")
    assert "未知 1" in page.inner_text(".plan-legend")


def test_where_low_is_bad_the_low_values_are_strong(page: Page) -> None:
    draw(page, f"{{level: 'street', values: {values()}, scale: {{key: 'n', isReversed: true}}}}")
    found = strengths(page)
    assert (found["a00"], found["a15"]) == ("5", "1")


def test_limits_of_classes_stay_while_the_same_number_is_shown(page: Page) -> None:
    draw(page, f"{{level: 'street', values: {values()}, scale: {{key: 'n'}}}}")
    before = page.inner_text(".plan-legend")
    page.evaluate(f"plan.update({{values: {values(a00=14)}}})")
    assert page.inner_text(".plan-legend").split()[1:] == before.split()[1:]
    assert strengths(page)["a00"] == "5"
    page.evaluate("plan.update({scale: {key: 'other'}, values: {a00: 500, a01: 900}})")
    assert "900" in page.inner_text(".plan-legend")


@pytest.mark.parametrize("size", [(900, 800), (380, 300)])
def test_labels_never_lie_on_one_another_or_beyond_the_edge(page: Page, size: tuple[int, int]) -> None:
    given = answers(name="一个名字特别长的街道")
    draw(page, f"{{level: 'street', values: {values()}, scale: {{title: '在办'}}}}", given, size=size)
    boxes = page.eval_on_selector_all(
        ".plan-labels > g, .plan-legend",
        "all => all.map((e) => e.getBoundingClientRect()).map((b) => [b.left, b.top, b.right, b.bottom])",
    )
    assert len(boxes) > 4
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
    frame = page.locator("#box").bounding_box()
    assert frame is not None
    assert all(box[0] >= frame["x"] and box[2] <= frame["x"] + frame["width"] + 1 for box in boxes)


def test_areas_are_one_stop_of_the_tab_key_and_arrows_go_to_the_neighbour(page: Page) -> None:
    draw(page, f"{{level: 'street', values: {values()}, onPick: (what) => picked.push(what)}}")
    assert page.locator(".plan-area[tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    for key, code in (("ArrowRight", "a01"), ("ArrowUp", "a05"), ("ArrowLeft", "a04"), ("ArrowDown", "a00")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.code") == code
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate("picked") == ["a01"]
    assert page.get_attribute("[data-code='a01']", "aria-label") == "街道1: 1"
    assert page.locator(".plan-area[tabindex='0']").count() == 1


def test_a_click_picks_an_area_and_a_mark(page: Page) -> None:
    marks = "[{kind: 'camera', id: 'c', lon: 121.42, lat: 31.32, state: 'offline', label: '1', title: '相机'}]"
    draw(page, f"{{level: 'street', marks: {marks}, onPick: (what) => picked.push(what.id ?? what)}}")
    page.locator("[data-code='a00']").click(position={"x": 5, "y": 5})
    page.locator(".plan-mark").click()
    assert page.evaluate("picked") == ["a00", "c"]
    assert page.locator(".plan-mark[data-state='offline'] .plan-sign-hatch").count() == 1


def test_more_areas_and_marks_take_no_more_listeners(page: Page) -> None:
    draw(page, "{level: 'street', onPick: () => 0}")
    before = listeners(page)
    many = "Array.from({ length: 50 }, (_, i) => ({ kind: 'camera', id: i, lon: 121.41, lat: 31.31, title: `${i}` }))"
    page.evaluate(f"plan.update({{marks: {many}}})")
    assert page.locator(".plan-mark").count() == 50
    assert listeners(page) == before
    assert before < SIDE * SIDE


def test_a_mark_beyond_the_frame_becomes_an_arrow_at_its_edge_when_asked(page: Page) -> None:
    marks = """[{kind: 'officer', id: 'far', lon: 121.9, lat: 31.32, state: 'normal', edge: true},
      {kind: 'officer', id: 'gone', lon: 121.9, lat: 31.32, state: 'normal'}]"""
    draw(page, f"{{frame: {{center: [121.42, 31.32], radius_m: 500}}, level: 'street', marks: {marks}, rings: [300]}}")
    assert page.locator(".plan-edge").count() == 1
    assert page.locator(".plan-mark:visible").count() == 1
    assert page.text_content(".plan-ring-text") == "300 m"


def test_a_line_is_cut_where_nobody_knows(page: Page) -> None:
    lines = "[{style: 'track', points: [[121.40, 31.30], [121.41, 31.31], null, [121.42, 31.32], [121.43, 31.33]]}]"
    draw(page, f"{{level: 'street', lines: {lines}}}")
    path = page.get_attribute(".plan-line", "d") or ""
    assert path.count("M") == 2
    assert path.count("L") == 2


def test_an_update_reuses_every_element_and_keeps_the_focus(page: Page) -> None:
    draw(page, f"{{level: 'street', values: {values()}, onPick: () => 0}}")
    page.keyboard.press("Tab")
    page.evaluate("window.before = [...document.querySelectorAll('.plan-area')]")
    page.evaluate(f"plan.update({{values: {values(a00=15)}}})")
    assert page.evaluate("before.every((e, i) => e === document.querySelectorAll('.plan-area')[i])")
    assert page.evaluate("document.activeElement.dataset.code") == "a00"


def test_texts_from_upstream_stay_texts_and_removing_leaves_nothing(page: Page) -> None:
    draw(page, f"{{level: 'street', values: {values()}, onPick: () => 0}}", answers(name=HOSTILE))
    assert page.evaluate("window.hurt") is None
    page.evaluate("plan.remove()")
    assert page.locator(".plan").count() == 0


def test_names_are_those_of_the_language(page: Page) -> None:
    draw(page, f"{{level: 'street', values: {values()}}}", language="en")
    assert "Street 5" in (page.text_content(".plan-labels") or "")


def test_strengths_grow_lighter_so_that_grey_ranks_them_too(page: Page) -> None:
    draw(page, f"{{level: 'street', values: {values()}}}")
    grey = page.evaluate(
        """() => [1, 2, 3, 4, 5].map((i) => {
          const hex = getComputedStyle(document.documentElement).getPropertyValue(`--plan-${i}`).trim();
          const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        })"""
    )
    assert all(after - before > 12 for before, after in itertools.pairwise(grey))


def test_a_plan_whose_ground_has_not_come_says_so(page: Page) -> None:
    open_plan(page, {})
    page.evaluate("() => onescreen.plan(document.getElementById('box'), {level: 'street'})")
    assert page.locator(".plan-waiting").inner_text() == "地图载入中"
    assert page.is_visible(".plan-waiting")
