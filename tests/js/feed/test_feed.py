"""The browser's feed: live, lost, found again, and never an older picture over a newer one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import wire
from fake_wall import FakeWall

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

QUICK = {"silence_ms": 2000, "watch_ms": 100, "backoff_ms": 100, "backoff_most_ms": 300, "reload_ms": 0}
Walls = Callable[..., FakeWall]
Pages = Callable[..., "Page"]


def wait_for_seq(page: Page, seq: int) -> None:
    page.wait_for_selector(f'html[data-feed="live"][data-seq="{seq}"]')


def values_of(page: Page, key: str) -> dict[str, Any]:
    return page.evaluate("(key) => onescreen.heldPanel(key).values", key)


def panel(values: dict[str, Any]) -> dict[str, Any]:
    return {"state": "live", "as_of": None, "coverage": None, "reason": None, "values": values}


@pytest.fixture
def live(make_wall: Walls, open_page: Pages) -> tuple[FakeWall, Page]:
    """A wall with its first snapshot shown and its feed connected."""
    wall = make_wall(timing=QUICK | {"silence_ms": 60_000})
    page = open_page(wall.url)
    wait_for_seq(page, 10)
    wall.wait_for_connections(1)
    return wall, page


def test_a_frame_is_announced_with_its_oldest_change_once_it_is_drawn(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    seq = wall.frame(oldest_at=1_786_000_000_123, panels={"kpi": panel({"cases_open": 5})})
    wait_for_seq(page, seq)
    assert page.get_attribute("html", "data-frame-at") == "1786000000123"


def test_values_of_a_frame_join_those_the_panel_had(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    wall.frame(panels={"kpi": panel({"cases_open": 5, "cases_overdue": 2})})
    wait_for_seq(page, wall.frame(panels={"kpi": panel({"cases_open": None})}))
    assert values_of(page, "kpi") == {"cases_open": None, "cases_overdue": 2}


def test_an_older_frame_never_overwrites_a_newer_one(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    wall.frame(panels={"kpi": panel({"cases_open": 7})})
    wall.frame(seq=3, panels={"kpi": panel({"cases_open": 1})})
    wait_for_seq(page, wall.frame())
    assert values_of(page, "kpi") == {"cases_open": 7}


def test_marks_come_change_and_go(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    new = 900_000
    wall.frame(marks={"case": {"put": wire.put([(new, 6, 1, 121.4, 31.4)])}})
    wall.frame(marks={"camera": {"put": wire.put([(1, 1, 0), (18_000, 2, 0)]), "remove": wire.removed([2, 3, 17_999])}})
    wait_for_seq(page, wall.frame(marks={"case": {"put": wire.put([(new, 0, 1)])}}))
    state = "([kind, number]) => onescreen.marks.get(kind, number)?.state ?? null"
    asked = [("camera", 1), ("camera", 18_000), ("camera", 2), ("camera", 17_999), ("case", new)]
    assert [page.evaluate(state, list(mark)) for mark in asked] == [1, 2, None, None, 0]
    assert page.evaluate("onescreen.marks.table('camera').count") == 18_000 - 3


def test_a_broken_connection_resumes_where_the_wall_stood(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    seq = wall.frame()
    wait_for_seq(page, seq)
    wall.cut()
    wall.wait_for_connections(2)
    assert wall.connections == ["10", str(seq)]
    assert wall.snapshots == 1


def test_a_reset_takes_a_new_snapshot(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    wall.seq = 500
    wall.send(wire.event("reset", {}))
    wait_for_seq(page, 500)
    assert wall.snapshots == 2


def test_a_server_whose_numbers_went_back_is_not_followed_blindly(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    wait_for_seq(page, wall.frame())
    wall.seq = 4  # its store was replaced by a backup: frames of it look older than what is shown
    wait_for_seq(page, 4)
    wall.frame(panels={"kpi": panel({"cases_open": 9})})
    wait_for_seq(page, 5)
    assert values_of(page, "kpi")["cases_open"] == 9


def test_a_clock_set_back_does_not_hide_the_silence(make_wall: Walls, open_page: Pages) -> None:
    wall = make_wall(timing=QUICK)
    page = open_page(wall.url)
    wait_for_seq(page, 10)
    wall.is_silent = True
    page.evaluate("() => { const now = onescreen.realTime; onescreen.realTime = () => now() - 3600000; }")
    page.wait_for_selector('html[data-feed="lost"]')


def test_an_unreadable_frame_is_mended_by_a_snapshot(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    wall.seq = 700
    wall.send(b"event: frame\ndata: {half\n\n")
    wait_for_seq(page, 700)


def test_the_city_time_follows_the_beats(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    wall.is_silent = True
    wall.beat(at=1_800_000_000_000)
    page.wait_for_function("onescreen.now() >= 1800000000000")
    assert page.evaluate("onescreen.now()") < 1_800_000_010_000


def test_silence_is_shown_and_heals_without_a_click(make_wall: Walls, open_page: Pages) -> None:
    wall = make_wall(timing=QUICK)
    page = open_page(wall.url)
    wait_for_seq(page, 10)
    wall.is_silent = True
    page.wait_for_selector('html[data-feed="lost"][data-seq="10"]')
    asked = len(wall.connections)
    wall.wait_for_connections(asked + 1)  # the silent line was given up for a new one
    wall.is_silent = False
    wait_for_seq(page, 10)


def test_a_server_that_answers_errors_is_lost_until_it_is_back(make_wall: Walls, open_page: Pages) -> None:
    wall = make_wall(timing=QUICK)
    page = open_page(wall.url)
    wait_for_seq(page, 10)
    wall.is_down = True
    wall.cut()
    page.wait_for_selector('html[data-feed="lost"]')
    wall.is_down = False
    asked = len(wall.connections)
    wall.wait_for_connections(asked + 1)
    wait_for_seq(page, wall.frame())
    assert wall.open_streams == 1


def test_a_wall_opened_while_the_server_is_down_starts_by_itself(make_wall: Walls, open_page: Pages) -> None:
    wall = make_wall(timing=QUICK | {"silence_ms": 60_000})
    wall.is_down = True
    page = open_page(wall.url)
    page.wait_for_function("performance.getEntriesByName(location.origin + '/api/snapshot').length >= 2")
    wall.is_down = False
    wait_for_seq(page, 10)


def test_a_new_release_reloads_the_page_once(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    loads: list[str] = []
    page.on("load", lambda _: loads.append("load"))
    wall.release = "r2"
    with page.expect_event("load"):
        wall.beat()
    wait_for_seq(page, 10)
    wall.wait_for_connections(2)
    wall.beat()  # the page still says r1: a server behind a cache must not cause a loop
    wait_for_seq(page, wall.frame())
    assert loads == ["load"]
