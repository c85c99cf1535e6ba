"""The drawings of the iot and emergency scenes, fed with what their builders really say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sample_city import (
    NOW,
    SETTINGS,
    STREETS,
    MemoryStore,
    alarm,
    department,
    hours_ago,
    officer,
    place,
    sensor,
    sources,
    street,
)

from layouts.text import catalogue
from situation.clock import FakeClock
from situation.feed.readings import StoreReadings
from situation.feed.settings import context_of
from situation.live import Live, Moment
from situation.panels.emergency import PANELS as EMERGENCY
from situation.panels.iot import PANELS as IOT
from situation.records import Datastream, DeviceState, Health, Record, SourceHealth, Threshold

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

ASSETS = Path(__file__).parents[3] / "assets"
START = ("15-bus.js", "21-dom.js", "22-format.js", "23-states.js", "27-signs.js", "29-spark.js")
SCENES = sorted(
    str(path.relative_to(ASSETS)) for name in ("iot", "emergency") for path in (ASSETS / "scenes" / name).glob("*.js")
)
STYLES = ("00-tokens.css", "20-panel.css", "scenes/iot/91-panels.css", "scenes/emergency/91-panels.css")
ADDRESS = "http://sensors.test"
HOSTILE = "<img src=x onerror=window.hurt=1>"
PANELS = {panel.key: panel for panel in (*IOT, *EMERGENCY) if panel.key != "emergency-cameras"}
LIMITS = (Threshold(level=1, limit=25.0), Threshold(level=2, limit=15.0), Threshold(level=3, limit=10.0))
HERE = {"lon": 121.48, "lat": 31.40, "street_code": STREETS[0]}
Draw = Callable[..., "Page"]


def start_script(language: str) -> str:
    """What the page gives every script: texts, settings, a choice that only lives in this page."""
    text = json.dumps(catalogue(language), ensure_ascii=False)
    return f"""window.onescreen = {{text: {text}, language: {json.dumps(language)},
  settings: {{timezone: "Asia/Shanghai"}}, held: {{}}, drawings: {{}}, opened: [],
  drawAllPanels: () => {{}}, heldPanel: (key) => ({{values: onescreen.held[key]}}),
  now: () => {NOW.timestamp() * 1000}, open: (address) => onescreen.opened.push(address),
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
    scripts = "".join(f'<script src="/{name}"></script>' for name in (*START, *SCENES))
    frames = "".join(
        f'<section class="panel" data-panel="{key}" style="height:40rem;width:60rem"><div class="panel-head"><h2></h2>'
        '<span class="panel-subject"></span><span class="panel-note"></span></div>'
        '<div class="panel-body"></div></section>'
        for key in PANELS
    )
    return f'<!doctype html><meta charset="utf-8">{styles}<script src="/start.js"></script><body>{frames}{scripts}'


@pytest.fixture
def draw(browser: Browser) -> Iterator[Draw]:
    """Draws every panel of both scenes of a city of these records."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def draw_(*records: Record, store: MemoryStore | None = None, language: str = "zh") -> Page:
        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(ADDRESS).partition("?")[0].removeprefix("/")
            if not path:
                route.fulfill(body=html(), content_type="text/html; charset=utf-8")
            elif path == "start.js":
                route.fulfill(body=start_script(language), content_type="text/javascript; charset=utf-8")
            elif path == "api/iot/profile":
                hours = [None, *range(23)]
                profile = {"low": hours, "median": hours, "high": hours, "today": hours, "days": 7, "hours": 160}
                route.fulfill(json=profile | {"sensors": 3, "of": 3, "kind": "", "street": ""})
            elif (ASSETS / path).is_file():
                route.fulfill(path=ASSETS / path)
            else:
                route.fulfill(status=404)

        page.route(f"{ADDRESS}/**", answer)
        page.goto(f"{ADDRESS}/")
        show(page, values_of(*records, store=store))
        return page

    yield draw_
    context.close()
    assert errors == []


def show(page: Page, values: dict[str, Any]) -> None:
    page.evaluate(
        """(values) => {
          Object.assign(onescreen.held, values);
          for (const [key, told] of Object.entries(values)) {
            const section = document.querySelector(`[data-panel="${key}"]`);
            onescreen.drawings[key](section.querySelector(".panel-body"), told, onescreen.tools, section);
          }
        }""",
        values,
    )


def values_of(*records: Record, store: MemoryStore | None = None) -> dict[str, Any]:
    """What the server would say of a city."""
    store = store or MemoryStore()
    store.put(*records)
    context = context_of(SETTINGS, FakeClock(NOW), StoreReadings(store))  # type: ignore[arg-type]
    moment = Moment(Live.load(store, NOW), NOW, context)
    return {key: panel.build(moment) for key, panel in PANELS.items()}


def water(key: str, store: MemoryStore, *values: float, **changes: Any) -> Record:
    """A sensor of an underpass with a reading a minute up to now."""
    store.readings[f"w/{key}"] = [(NOW - timedelta(minutes=len(values) - 1 - n), v) for n, v in enumerate(values)]
    stream = Datastream(id=f"w/{key}", unit="cm", interval_s=60, thresholds=LIMITS)
    given = {"name": f"水位 {key}", "sensor_kind": "underpass_water", "datastreams": (stream,)} | HERE
    return sensor(key, **(given | changes))


def burning_city(store: MemoryStore, name: str = "宝杨路") -> list[Record]:
    """A street under water: one sensor over its worst limit, one silent, people and places around."""
    return [
        *sources(),
        street(STREETS[0], 121.4, 121.5),
        department("drainage", name_en="Drainage"),
        water("1", store, 20.0, 22.0, 24.0, 26.0, level=1, name=name),
        water("2", store, 4.0, state=DeviceState.OFFLINE, observed_at=hours_ago(2), battery=0.05),
        water("3", store, 1.0, battery=0.9),
        alarm(
            "1",
            priority=1,
            name=name,
            about="sensor/1",
            value=26.0,
            unit="cm",
            limit=25.0,
            department="drainage",
            **HERE,
        ),
        officer("o", name=name, positioned_at=NOW, department="drainage"),
        place("泵站", "pumping_station"),
        place("小学", "school"),
    ]


def text_of(page: Page, panel: str) -> str:
    return page.inner_text(f"[data-panel='{panel}']")


def test_a_cell_says_by_sign_and_number_what_is_not_normal_and_picks_its_sensors(draw: Draw) -> None:
    store = MemoryStore()
    page = draw(*burning_city(store), store=store)
    cell = page.get_by_role("gridcell", name=f"street {STREETS[0]}")
    assert cell.first.inner_text().split() == ["3", "▲", "1", "1"]  # three in all; one over a limit, one offline
    assert "共 3 台，正常 1，超限 1，离线 1，未知 0" in (cell.first.get_attribute("aria-label") or "")
    cell.first.click()
    assert page.evaluate("onescreen.choice.get()") == {"kind": "underpass_water", "street": STREETS[0]}
    assert cell.first.get_attribute("aria-selected") == "true"
    cell.first.click()
    assert page.evaluate("onescreen.choice.get()") == {}


def test_arrow_keys_go_from_cell_to_cell_and_enter_picks(draw: Draw) -> None:
    store = MemoryStore()
    page = draw(*burning_city(store), store=store)
    page.locator(".iot-matrix [tabindex='0']").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert page.evaluate("onescreen.choice.get()") == {"kind": "underpass_water"}


def test_a_silent_sensor_never_looks_live(draw: Draw) -> None:
    store = MemoryStore()
    page = draw(*burning_city(store), store=store)
    row = page.locator(".iot-sensor[data-state='offline']")
    assert "2 小时" in row.inner_text()
    assert "5%" in text_of(page, "iot-silent")
    assert page.locator(".iot-watch[data-state='offline'] .standing").inner_text().startswith("最后读数")


def test_what_is_usual_is_asked_for_once(draw: Draw) -> None:
    store = MemoryStore()
    page = draw(*burning_city(store), store=store)
    page.wait_for_function("() => document.querySelector('.iot-profile-median').getAttribute('d')?.startsWith('M1.5')")
    assert "近 7 天" in text_of(page, "iot-explorer")


def test_an_incident_is_told_with_its_limit_its_people_and_its_places(draw: Draw) -> None:
    store = MemoryStore()
    page = draw(*burning_city(store), store=store)
    head = text_of(page, "emergency-head")
    for words in ("宝杨路", "26 cm", "限值 25 cm", "超限 1 cm", "未确认", "drainage负责"):
        assert words in head
    assert "A" in text_of(page, "emergency-people")
    assert "泵1" in text_of(page, "emergency-resources")
    assert "学校" in text_of(page, "emergency-resources")
    assert "本事件" in text_of(page, "emergency-sensors")
    assert "告警：宝杨路 26 cm" in text_of(page, "emergency-timeline")
    assert page.get_attribute(".emergency-person", "data-open") == "/officer/o"


def test_where_a_value_goes_is_not_told_once_nobody_reads_it(draw: Draw) -> None:
    store = MemoryStore()
    records = burning_city(store)
    dead = [
        replace(each, state=Health.UNAVAILABLE, succeeded_at=hours_ago(1)) if isinstance(each, SourceHealth) else each
        for each in records
    ]
    assert "/h" in draw(*records, store=store).inner_text(".incident-value")
    head = draw(*dead, store=store).inner_text(".incident-value")
    assert "26 cm" in head
    assert "/h" not in head


def test_what_a_depot_has_is_told_with_when_it_was_counted(draw: Draw) -> None:
    store = MemoryStore()
    full = replace(place("一号库", "supply_depot"), stock=1200.0, stock_unit="只", stock_at=hours_ago(3))
    page = draw(*burning_city(store), full, replace(full, id="二号库", name="二号库", stock_at=None), store=store)
    assert "一号库 · 现有 1,200 只" in text_of(page, "emergency-resources")
    titles = page.locator(".emergency-place").evaluate_all("places => places.map((place) => place.title)")
    assert "一号库 · 应急物资点 · 现有 1,200 只 · 3 小时前清点" in titles
    assert any("清点时间不明" in title for title in titles)


def test_when_nothing_burns_it_says_so_and_names_the_last(draw: Draw) -> None:
    store = MemoryStore()
    over = alarm("old", priority=1, name="罗店", started_at=hours_ago(3), ended_at=hours_ago(2), **HERE)
    page = draw(*sources(), sensor("1"), over, store=store)
    head = text_of(page, "emergency-head")
    assert "当前无突发事件" in head
    assert "上一起：罗店" in head
    assert "2 小时前结束" in head
    assert page.locator(".incident").is_hidden()


def test_before_anything_was_delivered_nobody_claims_that_all_is_calm(draw: Draw) -> None:
    page = draw()
    assert "无从判断" in text_of(page, "emergency-head")
    assert "当前无" not in text_of(page, "iot-alarms")
    assert page.locator(".iot-matrix").is_hidden()


def test_another_incident_is_one_touch_away(draw: Draw) -> None:
    store = MemoryStore()
    other = alarm("2", priority=2, name="蕰藻浜", **HERE)
    page = draw(*burning_city(store), other, store=store)
    page.locator(".incident-other").click()
    assert page.evaluate("onescreen.choice.get()") == {"alarm": "2"}


def test_hostile_names_are_inert(draw: Draw) -> None:
    store = MemoryStore()
    page = draw(*burning_city(store, HOSTILE), store=store)
    assert page.evaluate("window.hurt === undefined")
    assert HOSTILE in text_of(page, "emergency-head")


def test_both_scenes_speak_english(draw: Draw) -> None:
    store = MemoryStore()
    page = draw(*burning_city(store), store=store, language="en")
    assert "Not acknowledged" in text_of(page, "emergency-head")
    assert "Drainage answers" in text_of(page, "emergency-head")
    assert "Underpass water" in text_of(page, "iot-matrix")
