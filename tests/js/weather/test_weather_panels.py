"""The weather scene's drawings in a real browser: words, signs, what is unknown, and nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from weather_page import AT_MS, open_panel, show

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
HOSTILE = "<img src=x onerror=window.hurt=1>"
STATION = {"id": "w.A1", "name": "友谊路街道", "name_en": "Youyi Road"}
NOW: dict[str, Any] = {
    "stations": [13, 14],
    "late": [{"id": "w.A2", "name": "罗泾镇", "name_en": "Luojing", "at": AT_MS - 34 * MINUTE_MS}],
    "rain": {**STATION, "value": 46.8, "before": 31.2, "limit": 40.0},
    "rain_today": {**STATION, "value": 111.0, "most": 151.0},
    "gust": {**STATION, "value": 24.1, "limit": 17.2},
    "visibility": {**STATION, "value": 1.2, "limit": 1.0},
    "pressure": {"value": 989.4, "change": -6.2},
    "temperature": {"value": 26.4, "change": -5.4},
}


def step(level: str, from_h: float, to_h: float | None, ended_by: str) -> dict[str, Any]:
    """A step of a hazard, hours before now."""
    to = None if to_h is None else AT_MS - int(to_h * HOUR_MS)
    given = {"id": f"{level}{from_h}", "level": level, "level_text": level, "ended_by": ended_by}
    return {**given, "from": AT_MS - int(from_h * HOUR_MS), "to": to}


def hazard(event: str, *steps: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A hazard in force with its steps."""
    last = steps[-1]
    given = {
        "event": event,
        "event_en": "Rainstorm Orange Warning updated",
        "is_active": True,
        "id": last["id"],
        "level": last["level"],
        "since": last["from"],
        "ended_by": "",
        "ended_at": None,
        "streets": 6,
        "grids": 412,
        "is_whole": False,
        "steps": list(steps),
    }
    return {**given, **changes}


HISTORY: dict[str, Any] = {
    "from": AT_MS - 7 * HOUR_MS,
    "to": AT_MS + 2 * HOUR_MS,
    "active": 1,
    "hazards": [
        hazard(
            "暴雨",
            step("blue", 5, 2.2, "replaced"),
            step("yellow", 2.2, 0.45, "replaced"),
            step("orange", 0.45, -5, ""),
        ),
        hazard(
            "雷电",
            step("yellow", 6, 3, "cancelled"),
            is_active=False,
            ended_by="cancelled",
            ended_at=AT_MS - 3 * HOUR_MS,
        ),
    ],
}


def measure(value: float | None, limit: float, verdict: str, is_fresh: bool = True) -> dict[str, Any]:
    """One quantity of a berth."""
    place = {"by": "s", "place": "岸线", "distance_m": 60, "at": AT_MS - MINUTE_MS}
    return {"value": value, "limit": limit, "warn": None, "verdict": verdict, "is_fresh": is_fresh, **place}


def berth(key: str, verdict: str, use: str = "berth", **quantities: Any) -> dict[str, Any]:
    """A row of the board."""
    given = {"key": key, "name": f"{key} 号泊位", "name_en": f"Berth {key}", "use": use, "verdict": verdict}
    return {**given, "restriction": "单向通航", "restriction_en": "One way", "reopens_at": None, **quantities}


PORT: dict[str, Any] = {
    "groups": [
        {
            "name": "邮轮港",
            "name_en": "Cruise",
            "rows": [
                berth("1", "closed", gust=measure(22.6, 13.8, "closed"), reopens_at=AT_MS + HOUR_MS),
                berth("2", "unknown", gust=measure(9.0, 13.8, "unknown", is_fresh=False)),
                berth("3", "open", gust=measure(9.0, 13.8, "open")),
                berth("4", "restricted", "channel", gust=measure(12.0, 13.8, "restricted")),
            ],
        }
    ],
    "counts": {"closed": 1, "unknown": 1, "restricted": 1, "open": 1},
    "tide": {"level": 1.86, "is_rising": False},
}


def gauge(key: str, value: float | None, level: int | None, is_fresh: bool = True) -> dict[str, Any]:
    """A water gauge with a point for each ten minutes."""
    points = [[AT_MS - minutes * MINUTE_MS, 5.0] for minutes in range(60, 0, -10)]
    return {"id": key, "name": key, "unit": "cm", "value": value, "at": AT_MS - 40 * MINUTE_MS, "points": points} | {
        "is_fresh": is_fresh,
        "level": level,
    }


def street(code: str, **changes: Any) -> dict[str, Any]:
    """A row of what is exposed."""
    counts = {"underpass": 3, "school": 8, "hospital": 2, "wharf": 1, "site": 4, "grids": 40, "wet": 1, "unknown": 0}
    given = {"code": code, "name": f"{code}街道", "name_en": code, "rain": 46.8, "gauges": [gauge(code, 42.0, 1)]}
    return {**given, **counts, **changes}


def exposure(*rows: dict[str, Any]) -> dict[str, Any]:
    """The panel's values of these rows."""
    names = ("underpass", "school", "hospital", "wharf", "site", "grids", "wet")
    warning = {"id": "w/1", "event": "暴雨", "event_en": "Rainstorm Orange", "level": "orange", "is_actual": True}
    return {
        "warning": warning,
        "warnings": [warning, {**warning, "id": "w2", "event": "大风", "level": "yellow"}],
        "limits": {"alert": 10.0, "closed": 25.0},
        "rows": list(rows),
        "total": {name: sum(row[name] for row in rows) for name in names},
        "water": {"total": 3, "closed": 1, "alert": 1, "normal": 1, "unknown": 0},
    }


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when a script fails."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert errors == []


def test_figures_have_their_place_and_a_value_over_its_limit_has_a_sign(page: Page) -> None:
    open_panel(page, "weather-now", NOW, size=(416, 230))
    assert page.inner_text("[data-card='rain'] .wx-value") == "46.8mm"
    assert page.inner_text("[data-card='rain'] .wx-note") == "前时 31.2 友谊路街道"
    assert page.is_visible("[data-card='rain'] .wx-sign")
    assert page.is_hidden("[data-card='visibility'] .wx-sign")
    assert page.inner_text("[data-card='temperature'] .wx-note") == "昨日此时 31.8"


def test_silent_stations_are_named_and_unknown_figures_are_dashes(page: Page) -> None:
    open_panel(page, "weather-now", {**NOW, "gust": None}, size=(416, 230))
    assert page.inner_text(".panel-subject") == "13 / 14 站"
    assert "罗泾镇（34 分钟前）" in (page.get_attribute(".panel-subject", "data-hint") or "")
    assert page.inner_text("[data-card='gust'] .wx-value") == "—"


def test_steps_rise_with_their_level_and_a_lifted_hazard_is_an_outline(page: Page) -> None:
    open_panel(page, "weather-history", HISTORY, size=(416, 560))
    heights = page.eval_on_selector_all(
        ".wx-step:not([data-over])", "all => all.map((bar) => Math.round(bar.height.baseVal.value))"
    )
    assert heights == sorted(heights)
    assert len(set(heights)) == 3
    assert page.locator(".wx-step[data-over]").count() == 1
    assert "解除" in (page.text_content(".wx-stairs") or "")
    assert page.locator(".wx-active").inner_text().split("\n")[0] == "暴雨橙色 Ⅱ"


def test_hazards_are_called_in_english_by_their_headline(page: Page) -> None:
    open_panel(page, "weather-history", HISTORY, language="en", size=(416, 560))
    assert page.locator(".wx-active b").inner_text() == "Rainstorm Orange Ⅱ"


def test_the_board_says_may_and_may_not_in_words_with_a_sign(page: Page) -> None:
    open_panel(page, "weather-port", PORT, size=(660, 420))
    assert page.locator(".wx-verdict b").all_inner_texts() == ["不可靠泊", "无法判断", "可靠泊", "限制通航"]
    signs = page.eval_on_selector_all(".wx-verdict svg", "all => all.map((sign) => sign.dataset.sign)")
    assert signs == ["closed", "unknown", "open", "over"]
    assert page.locator(".wx-berth:not(.wx-berth-head) em").all_inner_texts() == ["15:32", "—", "—", "单向通航"]
    assert page.inner_text(".panel-subject").startswith("潮位 1.86 m 落")


def test_an_old_value_of_the_board_is_not_judged_and_says_so(page: Page) -> None:
    open_panel(page, "weather-port", PORT, size=(660, 420))
    old = page.locator(".wx-measure[data-verdict='unknown']").first
    assert "不作判断" in (old.get_attribute("title") or "")
    assert old.locator("u").evaluate("(bar) => bar.style.width") == "0px"


def test_water_over_its_limits_is_said_in_words_and_old_water_is_hatched(page: Page) -> None:
    rows = [street("A"), street("B", gauges=[gauge("B", 12.0, 3)]), street("C", gauges=[gauge("C", 40.0, None, False)])]
    open_panel(page, "weather-exposure", exposure(*rows), size=(660, 600))
    states = page.eval_on_selector_all(".wx-gauge", "all => all.map((one) => one.dataset.state)")
    assert states == ["closed", "alert", "silent"]
    assert page.locator(".wx-gauge em").all_inner_texts() == ["应封闭", "警示", "40 分钟前"]


def test_rows_that_find_no_room_are_summed_so_that_columns_add_up(page: Page) -> None:
    values = exposure(*[street(str(n)) for n in range(20)])
    open_panel(page, "weather-exposure", values, size=(660, 500))
    shown = page.eval_on_selector_all(
        ".wx-exposed-list .wx-exposed", "all => all.map((row) => Number(row.children[2].textContent))"
    )
    assert len(shown) < 20
    assert sum(shown) == 160
    assert page.locator(".wx-exposed-total .wx-school").inner_text() == "160"


def test_choosing_the_worst_warning_is_choosing_nothing(page: Page) -> None:
    open_panel(page, "weather-exposure", exposure(street("A")), size=(660, 400))
    page.locator(".wx-chip").nth(1).click()
    page.locator(".wx-chip").nth(0).click()
    assert page.evaluate("onescreen.choice.chosen") == [{"warning": "w2"}, {"warning": None}]
    assert page.locator(".wx-export").first.get_attribute("href") == "/api/v1/exposure.csv?warning=w%2F1"


def test_what_is_coming_up_counts_down(page: Page) -> None:
    rows = [
        {"what": "expiry", "id": "1", "at": AT_MS + 90_000, "event": "暴雨", "event_en": "", "level": "orange"},
        {"what": "high-water", "id": "t", "at": AT_MS + HOUR_MS, "height_m": 4.63, "name": "吴淞口", "name_en": ""},
        {"what": "forecast", "id": "f", "at": AT_MS - 1000, "name": "宝山区", "name_en": "Baoshan"},
    ]
    open_panel(page, "weather-next", {"rows": rows}, size=(416, 260))
    assert page.locator(".wx-next em").all_inner_texts() == ["1:30", "1:00:00", "已到时"]
    assert page.locator(".wx-next b").first.inner_text() == "14:33"


def test_the_forecast_draws_what_is_likely_and_its_limits(page: Page) -> None:
    steps = [[AT_MS + h * HOUR_MS, 2.0, 1.0, 4.0, 8.0, 6.0, 10.0, 12.0, 90.0] for h in range(1, 72)]
    tide = {
        "name": "吴淞口",
        "name_en": "",
        "steps": [[s[0], 2.5] for s in steps],
        "turns": [[AT_MS + HOUR_MS, 4.63, True]],
    }
    days = [[48.0, 24], [48.0, 24], [46.0, 23]]
    values = {"name": "宝山区", "name_en": "", "issued_at": AT_MS, "steps": steps, "days": days, "tide": tide}
    open_panel(
        page, "weather-forecast", {**values, "limits": {"rain": 40.0, "gust": 17.2, "tide": 4.8}}, size=(800, 420)
    )
    assert page.locator(".wx-band").count() == 1
    assert page.locator(".wx-limit").count() == 2
    assert "4.63" in (page.text_content(".wx-forecast") or "")
    assert "（仅 23 时）" in (page.text_content(".wx-forecast") or "")


def test_without_any_forecast_the_panel_says_so_and_draws_nothing(page: Page) -> None:
    empty = {"name": "", "name_en": "", "issued_at": None, "steps": [], "days": [], "tide": None, "limits": {}}
    open_panel(page, "weather-forecast", empty, size=(800, 420))
    assert page.inner_text(".none") == "没有预报"
    assert page.is_hidden(".wx-forecast")


def test_what_an_upstream_says_stays_text(page: Page) -> None:
    open_panel(page, "weather-port", {**PORT, "groups": [{**PORT["groups"][0], "name": HOSTILE}]}, size=(660, 420))
    show(page, "weather-port", PORT)
    assert page.evaluate("window.hurt") is None
