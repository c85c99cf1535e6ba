"""What a wall left alone decides, as pure functions: whose turn it is, what takes it over, night, size of text."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ASSETS = Path(__file__).parents[3] / "assets"
SCRIPTS = ("17-viewing.js", "later/70-rotation.js", "later/72-takeover.js", "later/74-always-on.js")
PRELUDE = """() => {
  window.onescreen = { tools: {}, t: (key) => key, settings: { speed: 1 }, isWall: false, ofScreen: () => null };
}"""
# What takes functions or sets, callable with plain values.
WITHOUT_FUNCTIONS = """() => {
  const { rotationPlan, nextTakeover } = onescreen;
  onescreen.planOf = (scenes, dwell) => rotationPlan(scenes, dwell, (key) => key !== "" && key !== "nothing");
  onescreen.nextTakeoverOf = (candidates, seen, now) => nextTakeover(candidates, new Set(seen), now, 900000);
}"""
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def call(browser: Browser) -> Iterator[Call]:
    """Calls a function of the page: `call("name", argument, …)`."""
    context = browser.new_context()
    page: Page = context.new_page()
    page.evaluate(PRELUDE)
    for script in SCRIPTS:
        page.add_script_tag(path=ASSETS / script)
    page.evaluate(WITHOUT_FUNCTIONS)

    def run(name: str, *arguments: Any) -> Any:
        return page.evaluate("([name, given]) => onescreen[name](...given)", [name, list(arguments)])

    yield run
    context.close()


@pytest.mark.parametrize(
    ("scenes", "dwell", "expected"),
    [
        ("overview,cases", "30,20", [("overview", 30_000), ("cases", 20_000)]),
        ("overview,cases,grid", "40,20", [("overview", 40_000), ("cases", 20_000), ("grid", 20_000)]),
        ("overview", None, [("overview", 30_000)]),
        ("overview,nothing, cases", "10", [("overview", 10_000), ("cases", 10_000)]),
        ("overview", "0.1", [("overview", 5_000)]),
        ("overview", "soon", [("overview", 30_000)]),
        (None, None, []),
        ("nothing", "5", []),
    ],
)
def test_an_address_says_what_is_shown_in_turn(
    call: Call, scenes: str | None, dwell: str | None, expected: list[tuple[str, int]]
) -> None:
    assert [(each["scene"], each["dwell_ms"]) for each in call("planOf", scenes, dwell)] == expected


PLAN = [{"scene": "overview", "dwell_ms": 30_000}, {"scene": "cases", "dwell_ms": 20_000}]


@pytest.mark.parametrize(
    ("at_ms", "scene", "following", "left_ms"),
    [
        (0, "overview", "cases", 30_000),
        (29_999, "overview", "cases", 1),
        (30_000, "cases", "overview", 20_000),
        (49_999, "cases", "overview", 1),
        (50_000, "overview", "cases", 30_000),
        (1_786_000_000_000, "overview", "cases", 30_000),
    ],
)
def test_whose_turn_it_is_depends_on_the_time_alone(
    call: Call, at_ms: int, scene: str, following: str, left_ms: int
) -> None:
    phase = call("rotationPhase", PLAN, at_ms)
    assert (phase["scene"], phase["next"], phase["left_ms"]) == (scene, following, left_ms)
    assert 0 <= phase["share"] < 1


def test_a_plan_of_one_scene_stays(call: Call) -> None:
    assert {call("rotationPhase", PLAN[:1], at)["scene"] for at in (0, 1, 30_000, 99_999)} == {"overview"}


ALARM = {"id": "a1", "priority": 1, "acknowledged_at": None, "started_at": 1000}
WARNING = {"id": "w1", "level": "red", "is_actual": True, "sent_at": 1000}


def candidates(call: Call, *, alarms: list[Any] | None = None, warnings: list[Any] | None = None) -> list[str]:
    return [each["id"] for each in call("takeoverCandidates", {"alarms": alarms, "warnings": warnings})]


def test_only_the_worst_takes_a_wall_over(call: Call) -> None:
    alarms = [ALARM, {**ALARM, "id": "a2", "priority": 2}, {**ALARM, "id": "a3", "acknowledged_at": 5}]
    warnings = [
        {**WARNING, "id": "orange", "level": "orange"},
        WARNING,
        {**WARNING, "id": "yellow", "level": "yellow"},
        {**WARNING, "id": "exercise", "is_actual": False},
    ]
    assert candidates(call, alarms=alarms, warnings=warnings) == ["alarm/a1", "warning/w1", "warning/orange"]


def test_before_anything_is_known_nothing_takes_a_wall_over(call: Call) -> None:
    assert candidates(call) == []


@pytest.mark.parametrize(
    ("seen", "now", "taken"),
    [([], 2000, "alarm/a1"), (["alarm/a1"], 2000, None), ([], 1000 + 900_000, None)],
    ids=["new", "seen before", "old news"],
)
def test_an_issuance_takes_a_wall_over_once_and_only_while_it_is_news(
    call: Call, seen: list[str], now: int, taken: str | None
) -> None:
    found = call("nextTakeoverOf", call("takeoverCandidates", {"alarms": [ALARM]}), seen, now)
    assert (found and found["id"]) == taken


@pytest.mark.parametrize(
    ("span", "minute", "is_night"),
    [
        ("22:00-06:00", 22 * 60, True),
        ("22:00-06:00", 0, True),
        ("22:00-06:00", 6 * 60, False),
        ("22:00-06:00", 12 * 60, False),
        ("01:00-05:00", 60, True),
        ("01:00-05:00", 0, False),
        (None, 0, False),
        ("late", 0, False),
    ],
)
def test_night_may_lie_over_midnight(call: Call, span: str | None, minute: int, is_night: bool) -> None:
    assert call("isNight", span, minute) is is_night


def test_the_picture_never_stands_more_than_a_pixel_off(call: Call) -> None:
    shifts = [call("pixelShift", at) for at in range(0, 3_600_000, 60_000)]
    assert {step for shift in shifts for step in shift} == {0, -1, -2}  # never right or down: that would scroll
    assert len({tuple(shift) for shift in shifts}) == 8


def test_text_is_as_high_as_the_distance_asks_for(call: Call) -> None:
    root_px = call("leastRootPx", 5, 2400, 1080, "zh")
    height_mm = root_px * 0.8125 * 0.92 * 2400 / 1080
    assert math.degrees(math.atan(height_mm / 5000)) * 60 == pytest.approx(25, abs=0.1)
