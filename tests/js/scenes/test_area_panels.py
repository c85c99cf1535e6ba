"""The grid and departments scenes in a real browser: what they show of the values the server builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from situation.live import Moment
from situation.live.columns import epoch_ms
from situation.panels import SCENE_PANELS
from situation.plan import draw_areas, draw_ground
from situation.records import Health
from tests.js.scenes.scene_page import open_scene
from tests.sample_city import NOW, alarm, case, hours_ago, officer, sensor, source
from tests.situation.panels.grid_city import GRIDS, STREETS, city, somewhere

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def stormy_city() -> Moment:
    """Cases in both streets, one overdue; an alarm, a sensor over its limit, people on duty, one source dead."""
    return city(
        case("late", department="water", due_at=hours_ago(5), **somewhere(GRIDS[0])),
        case("open", department="housing", **somewhere(GRIDS[5])),
        alarm("x", department="water", **somewhere(GRIDS[0])),
        sensor("s", department="water", level=1, **somewhere(GRIDS[0])),
        officer(
            "o",
            name="王伟",
            lon=121.42,
            lat=31.32,
            beat_code=GRIDS[0],
            positioned_at=hours_ago(0.01),
            **somewhere(GRIDS[0]),
        ),
        source("dead", "sensor", department="housing", state=Health.UNAVAILABLE, succeeded_at=hours_ago(3)),
    )


def plain(value: Any) -> Any:
    """As it comes over the wire."""
    return msgspec.json.decode(msgspec.json.encode(value))


def panels(scene: str, moment: Moment, choice: dict[str, str]) -> dict[str, Any]:
    """Every panel of a scene as the server tells it."""
    found = {}
    for panel in SCENE_PANELS[scene]:
        assert panel.choose is not None
        values = panel.choose(moment, choice)
        found[panel.key] = {"state": "live", "as_of": epoch_ms(NOW), "values": plain(values)}
    return found


def open_at(page: Page, scene: str, choice: dict[str, str] | None = None, **how: Any) -> None:
    """Opens a scene of the stormy city."""
    moment = stormy_city()
    index = moment.area_index
    answers = {"/api/plan/ground": plain(draw_ground(index, ()))}
    for level, within in (
        ("street", ""),
        ("community", STREETS[0]),
        ("grid", STREETS[0]),
        ("grid", ""),
        ("community", ""),
    ):
        answers[f"/api/plan?level={level}&within={within}"] = plain(draw_areas(index, level, within))
    given = panels(scene, moment, choice or {})
    open_scene(page, scene, given, at=epoch_ms(NOW), answers=answers, choice=choice, **how)


def test_the_map_shows_every_street_with_its_number_and_picking_one_looks_at_it(page: Page) -> None:
    open_at(page, "grid")
    page.wait_for_selector("[data-panel='grid-map'] .plan-area", state="attached")
    assert page.locator("[data-panel='grid-map'] .plan-area").count() == 2
    label = page.get_attribute(f"[data-panel='grid-map'] [data-code='{STREETS[0]}']", "aria-label") or ""
    assert label.startswith(f"area {STREETS[0]}: 1")
    page.locator(f"[data-panel='grid-map'] [data-code='{STREETS[0]}']").click(position={"x": 9, "y": 9})
    assert page.evaluate("onescreen.opened.at(-1).area") == STREETS[0]


def test_the_ranking_leads_down_and_equals_share_a_place(page: Page) -> None:
    open_at(page, "grid")
    rows = page.locator("[data-panel='grid-rank'] .grid-list .grid-rank-row")
    assert rows.locator("> :first-child").all_inner_texts() == ["1", "1"]
    rows.nth(1).click()
    assert page.evaluate("onescreen.opened.at(-1).area") == STREETS[1]


def test_an_area_stands_beside_its_peers_and_what_has_no_past_shows_no_change(page: Page) -> None:
    open_at(page, "grid", {"area": STREETS[0]})
    row = page.locator("[data-panel='grid-area'] .grid-list .grid-area-row", has_text="摄像机离线")
    assert row.locator("> :last-child").inner_text() == "—"
    overdue = page.locator("[data-panel='grid-area'] .grid-list .grid-area-row", has_text="超期")
    assert overdue.locator("b").inner_text() == "1"
    assert overdue.locator("b").get_attribute("data-overdue") is not None


def test_who_answers_and_who_is_there_open_their_details(page: Page) -> None:
    open_at(page, "grid", {"area": GRIDS[0]})
    person = page.locator("[data-panel='grid-duty'] .grid-person")
    assert "王伟" in person.inner_text()
    assert person.get_attribute("data-open") == "/officer/o"
    assert page.locator("[data-panel='grid-open'] a[data-open='/case/late']").count() == 1
    assert page.locator("[data-panel='grid-open'] a[data-open='/case/open']").count() == 0
    page.wait_for_selector("[data-panel='grid-officers'] .plan-mark[data-state='normal']", state="attached")


def test_a_number_without_a_past_says_so_instead_of_drawing_zeros(page: Page) -> None:
    open_at(page, "grid", {"number": "cameras_offline"})
    assert page.inner_text("[data-panel='grid-trend'] .none") == "此指标不留存历史"
    assert page.locator("[data-panel='grid-trend'] .grid-day").count() == 0


def test_every_department_has_a_row_and_a_dead_source_is_named_late(page: Page) -> None:
    open_at(page, "departments")
    rows = page.locator("[data-panel='departments-board'] .departments-list .departments-row")
    assert rows.count() == 2
    down = page.locator(".departments-list .departments-row[data-down]")
    assert "housing" in down.inner_text()
    assert "过期 0/1" in down.inner_text()


def test_the_board_sorts_by_what_a_reader_asks_for(page: Page) -> None:
    open_at(page, "departments")
    page.locator(".departments-head [data-column='overdue'] button").click()
    assert page.evaluate("onescreen.opened.at(-1)").endswith("?sort=overdue")


def test_picking_a_department_shows_it_in_full(page: Page) -> None:
    open_at(page, "departments", {"department": "water"})
    assert page.inner_text(".departments-title b") == "water"
    assert page.locator(".departments-one [data-open='/alarm/x']").count() == 1
    assert page.locator(".departments-one [data-open='/case/late']").count() == 1


def test_numbers_nobody_knows_are_dashes(page: Page) -> None:
    moment = city()
    given = panels("departments", moment, {})
    for row in given["departments-board"]["values"]["rows"]:
        row["cases"] = None
    open_scene(page, "departments", given, at=epoch_ms(NOW))
    assert set(page.locator(".departments-list [data-column='open']").all_inner_texts()) == {"—"}
