"""When a wall counts as live, and what is done about a process that runs but no longer works."""

from __future__ import annotations

import socket

import pytest

from situation.clock import FakeClock
from situation.processes import ExitCode, Report, StartError, wall

GOOD = Report(is_ok=True, sources=4, starting=0, working=4, collector_age_s=1.0)


class Children:
    """Stands in for a supervisor whose children all run; remembers which were restarted."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.began_s = clock.monotonic()
        self.restarted: list[str] = []

    def step(self) -> None: ...

    def running_s(self, name: str) -> float | None:
        return self.clock.monotonic() - self.began_s

    def restart(self, name: str) -> None:
        self.restarted.append(name)
        self.began_s = self.clock.monotonic()


class Watch:
    """A Wall with the answers it gets and the lines it says."""

    def __init__(self, clock: FakeClock, *, is_first: bool = True) -> None:
        self.clock = clock
        self.children = Children(clock)
        self.report: Report | None = None
        self.said: list[str] = []
        self.wall = wall.Wall(
            self.children, clock, lambda: self.report, self.said.append, "live at last", is_first=is_first
        )  # type: ignore[arg-type]

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            self.wall.step()


@pytest.fixture
def watch(clock: FakeClock) -> Watch:
    return Watch(clock)


def test_progress_is_told_and_the_address_exactly_once(watch: Watch) -> None:
    watch.run(3)
    watch.report = Report(is_ok=True, sources=4, starting=3, working=1, collector_age_s=0.0)
    watch.run(3)
    watch.report = GOOD
    watch.run(100)
    assert watch.said == ["Reading the sources: 1 of 4", "live at last"]


def test_a_later_start_is_live_with_what_it_knew_once_most_sources_answer_again(clock: FakeClock) -> None:
    watch = Watch(clock, is_first=False)
    watch.report = Report(is_ok=True, sources=4, starting=1, working=3, collector_age_s=0.0)
    watch.run(2)
    assert watch.said == ["live at last; 1 of 4 sources are still being read"]


def test_a_district_without_sources_is_live_at_once(clock: FakeClock) -> None:
    said: list[str] = []
    report = Report(is_ok=True, sources=0, starting=0, working=0, collector_age_s=0.0)
    made = wall.Wall(Children(clock), clock, lambda: report, said.append, "live at last", has_sources=False)  # type: ignore[arg-type]
    made.step()
    assert said == ["live at last"]


def test_a_wall_of_dead_upstreams_is_live_after_a_while_because_it_says_so_itself(watch: Watch) -> None:
    watch.report = Report(is_ok=True, sources=4, starting=0, working=0, collector_age_s=0.0)
    watch.run(40)
    assert watch.said == ["Reading the sources: 0 of 4"]
    watch.run(20)
    assert watch.said[1:] == ["live at last; 4 of 4 sources don't deliver"]


def test_a_wall_on_a_slow_machine_is_not_live_while_sources_still_come_in(watch: Watch) -> None:
    for working in range(4):
        watch.report = Report(is_ok=True, sources=4, starting=4 - working, working=working, collector_age_s=0.0)
        watch.run(30)
    assert len(watch.said) == 4
    watch.report = GOOD
    watch.run(1)
    assert watch.said[4:] == ["live at last"]


def test_a_web_process_that_gives_no_answer_is_started_again(watch: Watch) -> None:
    watch.report = GOOD
    watch.run(10)
    watch.report = None
    watch.run(int(wall.HUNG_S) + 10)
    assert watch.children.restarted == ["web"]


def test_a_web_process_that_answers_but_feeds_no_screen_is_started_again(watch: Watch) -> None:
    watch.report = Report(is_ok=False, is_feed_ok=False, note="the feed has not looked", collector_age_s=1.0)
    watch.run(70)
    assert watch.children.restarted == ["web"]


def test_a_collector_without_heartbeat_is_started_again(watch: Watch) -> None:
    watch.report = Report(is_ok=False, note="silent", sources=4, working=4, collector_age_s=500.0)
    watch.run(int(wall.HUNG_S) + 10)
    assert watch.children.restarted == ["collector"]


def test_nothing_is_restarted_while_all_is_well(watch: Watch) -> None:
    watch.report = GOOD
    watch.run(1_000)
    assert watch.children.restarted == []


def test_an_address_of_another_machine_can_not_be_listened_on() -> None:
    with pytest.raises(StartError, match=r"there is no address 192\.0\.2\.1 on this machine") as stopped:
        wall.listen("192.0.2.1", 0)
    assert stopped.value.code is ExitCode.PORT


def test_a_free_port_can_be_listened_on() -> None:
    with socket.create_server(("127.0.0.1", wall.free_port())) as listener:
        assert listener.getsockname()[1] > 0
