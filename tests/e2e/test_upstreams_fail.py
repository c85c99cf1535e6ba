"""Upstreams fail as real ones do: the wall marks what is concerned, keeps its values, and heals by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.product import Product, until
from tests.e2e.wall import Wall

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

MARKED_WITHIN_S = 45.0
HEALED_WITHIN_S = 100.0
"""A refused login is tried again after a minute at most: credentials don't heal by asking."""


@dataclass(frozen=True)
class Failure:
    """A fault of an upstream and what it must do to a panel. `name` is what the wall calls the upstream."""

    source: str
    fault: str
    panel: str
    states: tuple[str, ...]
    name: str
    health: str


FAILURES = (
    Failure("weather-warnings", "hang", "warnings", ("stale",), "气象预警", "unavailable"),
    Failure("police-video", "error500", "cameras", ("partial",), "公安视频平台", "unavailable"),
    Failure("gas-sensors", "401", "alarms", ("partial",), "燃气", "auth_failed"),
    Failure("drainage-sensors", "frozen", "alarms", ("partial",), "下立交与管网", "frozen"),
)
EVERY_FAILURE = pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: f"{failure.source}-{failure.fault}")
Held = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def wall(started: Product, browser: Browser) -> Iterator[Wall]:
    if not started.is_running:
        started.start()
    started.wait_for_sources()
    watching = Wall(browser, f"{started.url}/wall", has_pictures=False)
    for failure in FAILURES:
        watching.wait_for_state(failure.panel, "live", "delayed", timeout_s=60)
    yield watching
    watching.close()
    assert watching.complaints() == []


@pytest.fixture(scope="module")
def before(wall: Wall) -> Held:
    """What the panels showed while all was well."""
    return {failure.panel: wall.held(failure.panel) for failure in FAILURES}


@pytest.fixture(scope="module")
def failing(started: Product, before: Held) -> Iterator[Product]:
    """All faults at once, as on a bad day."""
    for failure in FAILURES:
        started.break_upstream(failure.source, failure.fault)
    yield started
    for failure in FAILURES:
        started.mend_upstream(failure.source)


@pytest.fixture(scope="module")
def mended(failing: Product) -> Product:
    """The same product after the faults have ended; nobody touched it."""
    for failure in FAILURES:
        failing.mend_upstream(failure.source)
    return failing


def wait_for_health(wall: Wall, source: str, health: str, timeout_s: float) -> None:
    """Until the API says so of a source."""
    wall.page.wait_for_function(
        "async ([key, health]) => (await (await fetch(`/api/v1/sources/${key}`)).json()).state === health",
        arg=[source, health],
        polling=500,
        timeout=timeout_s * 1000,
    )


@EVERY_FAILURE
def test_a_failing_upstream_is_marked_and_named(failing: Product, wall: Wall, failure: Failure) -> None:
    wall.wait_for_state(failure.panel, *failure.states, timeout_s=MARKED_WITHIN_S)
    wall.page.wait_for_function(
        "([panel, name]) => document.querySelector(`[data-panel='${panel}'] .panel-age`).title.includes(name)",
        arg=[failure.panel, failure.name],
        timeout=MARKED_WITHIN_S * 1000,
    )
    wait_for_health(wall, failure.source, failure.health, MARKED_WITHIN_S)


def test_one_dead_platform_of_two_leaves_the_camera_panel_partly_alive(failing: Product, wall: Wall) -> None:
    wall.wait_for_state("cameras", "partial", timeout_s=MARKED_WITHIN_S)
    coverage = failing.get("/api/v1/situation")["panels"]["cameras"]["coverage"]
    assert 0.2 < coverage < 0.6  # urban-video has about 7,000 of 18,000


def test_values_stay_while_upstreams_fail(failing: Product, wall: Wall, before: Held) -> None:
    assert [row["id"] for row in wall.held("warnings")["rows"]] == [row["id"] for row in before["warnings"]["rows"]]
    assert failing.numbers()["cameras_total"] == 18_000
    assert wall.page.locator("[data-panel='warnings'] .panel-body").inner_text().strip() != ""


def test_failing_upstreams_are_told_from_working_ones_in_the_numbers(failing: Product, wall: Wall) -> None:
    for failure in FAILURES:  # each for itself: a panel is partial from the first of its sources on
        wait_for_health(wall, failure.source, failure.health, MARKED_WITHIN_S)
    assert failing.numbers()["sources_total"] == 30
    most = 30 - len(FAILURES)  # the numbers are those of the last frame, which comes a moment after the state
    until(lambda: failing.numbers()["sources_ok"] <= most, MARKED_WITHIN_S, f"at most {most} sources are counted as ok")


@EVERY_FAILURE
def test_it_recovers_by_itself(mended: Product, wall: Wall, failure: Failure) -> None:
    wait_for_health(wall, failure.source, "ok", HEALED_WITHIN_S)
    wall.wait_for_state(failure.panel, "live", "delayed", timeout_s=HEALED_WITHIN_S)
    assert failure.name not in wall.why(failure.panel)
