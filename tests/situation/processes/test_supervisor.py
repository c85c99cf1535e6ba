"""Real child processes under a clock that only moves when told."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from situation.clock import FakeClock
from situation.processes import ChildEvent, ChildPlan, Supervisor

REPOSITORY = Path(__file__).parents[3]
WAITS = "import sys; print('up', flush=True); sys.stdin.read()"
FAILS = "print('no such thing'); raise SystemExit(3)"
PATIENCE_S = 60


class Watched:
    """A supervisor of one python child, with what it reported."""

    def __init__(self, code: str, clock: FakeClock, folder: Path) -> None:
        self.clock = clock
        self.events: list[ChildEvent] = []
        self.lines: list[str] = []
        plan = ChildPlan(name="child", command=(sys.executable, "-c", code), ready_text="up")
        self.supervisor = Supervisor(
            [plan], clock, folder, self.events.append, lambda name, line: self.lines.append(line)
        )

    def until(self, is_done: Callable[[], bool]) -> None:
        """Step until something is so; real processes take real time, however short."""
        for _ in range(PATIENCE_S * 100):
            self.supervisor.step()
            if is_done():
                return
            select.select([], [], [], 0.01)
        pytest.fail("it never happened")

    def deaths(self) -> list[ChildEvent]:
        return [event for event in self.events if event.exit_code is not None]


@pytest.fixture
def watch(clock: FakeClock, tmp_path: Path) -> Iterator[Callable[[str], Watched]]:
    made: list[Watched] = []

    def make(code: str) -> Watched:
        made.append(Watched(code, clock, tmp_path))
        return made[-1]

    yield make
    for watched in made:
        watched.supervisor.stop()


def test_a_child_that_dies_is_started_again_after_a_pause(watch: Callable[[str], Watched]) -> None:
    watched = watch(WAITS)
    watched.until(lambda: "up" in watched.lines)
    first = watched.supervisor.pid("child")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    watched.until(lambda: bool(watched.deaths()))
    assert watched.supervisor.pid("child") is None
    watched.clock.advance(0.5)
    watched.until(lambda: watched.supervisor.pid("child") not in (None, first))
    assert watched.deaths()[0].describe() == "child was ended by SIGKILL, starting again in 0.5 s"


def test_pauses_grow_to_half_a_minute_and_say_why(watch: Callable[[str], Watched]) -> None:
    watched = watch(FAILS)
    for count in range(1, 9):
        watched.until(lambda count=count: len(watched.deaths()) == count)
        watched.clock.advance(watched.deaths()[-1].pause_s)
    assert [event.pause_s for event in watched.deaths()] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert "ended with 3 (no such thing)" in watched.deaths()[0].describe()


def test_a_child_that_lived_long_is_started_again_soon(watch: Callable[[str], Watched]) -> None:
    watched = watch(FAILS)
    watched.until(lambda: len(watched.deaths()) == 1)
    watched.clock.advance(0.5)
    watched.until(lambda: len(watched.deaths()) == 2)
    assert watched.deaths()[1].pause_s == 1
    calm = watch(WAITS)
    calm.until(lambda: "up" in calm.lines)
    calm.clock.advance(100)
    calm.supervisor.restart("child")
    calm.until(lambda: len(calm.deaths()) == 1)
    assert calm.deaths()[0].pause_s == 0.5


def test_stopping_ends_every_child_and_keeps_what_it_said(watch: Callable[[str], Watched], tmp_path: Path) -> None:
    watched = watch(WAITS)
    watched.until(lambda: "up" in watched.lines)
    pid = watched.supervisor.pid("child")
    watched.supervisor.stop()
    assert pid is not None
    assert not is_running(pid)
    assert (tmp_path / "child.log").read_text() == "up\n"


def test_a_child_is_replaced_only_once_its_heir_is_ready(watch: Callable[[str], Watched], tmp_path: Path) -> None:
    go = tmp_path / "go"
    code = f"import os, sys; print('up' if os.path.exists({str(go)!r}) else 'begun', flush=True); sys.stdin.read()"
    watched = watch(code)
    watched.until(lambda: "begun" in watched.lines)
    first = watched.supervisor.pid("child")
    assert first is not None
    watched.supervisor.replace("child")
    watched.until(lambda: watched.lines.count("begun") == 2)
    assert watched.supervisor.pid("child") == first
    go.touch()
    watched.supervisor.replace("child")
    watched.until(lambda: watched.supervisor.pid("child") != first)
    watched.until(lambda: not is_running(first))
    assert watched.deaths() == []


def test_an_heir_that_fails_changes_nothing_and_says_why(watch: Callable[[str], Watched], tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    code = f"import os, sys; os.path.exists({str(bad)!r}) and sys.exit('no such thing'); print('on', flush=True); "
    watched = watch(code + "sys.stdin.read()")
    watched.until(lambda: "on" in watched.lines)
    first = watched.supervisor.pid("child")
    bad.touch()
    watched.supervisor.replace("child")
    watched.until(lambda: bool(watched.deaths()))
    assert watched.deaths()[0].describe() == "a new child ended with 1 (no such thing): the old one goes on"
    assert watched.supervisor.pid("child") == first


PARENT = """
import sys, threading
from pathlib import Path
sys.path.insert(0, {root!r})
from situation.clock import CityClock
from situation.processes import ChildPlan, Supervisor
code = "import sys; sys.path.insert(0, {root!r}); from situation.processes.lifeline import hold_lifeline; "
code += "hold_lifeline(); print('up', flush=True); import threading; threading.Event().wait()"
plan = ChildPlan(name="child", command=(sys.executable, "-c", code))
up = threading.Event()
supervisor = Supervisor([plan], CityClock(), Path({folder!r}), lambda event: None, lambda name, line: up.set())
supervisor.step()
up.wait()
print(supervisor.pid("child"), flush=True)
threading.Event().wait()
"""


def test_no_child_outlives_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    code = PARENT.format(root=str(REPOSITORY), folder=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
    for _ in range(PATIENCE_S * 100):
        if not is_running(child):
            return
        select.select([], [], [], 0.01)
    pytest.fail("the child is still there")


def is_running(pid: int) -> bool:
    """Whether a process exists and is not merely waiting to be buried by init."""
    status = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(status.stdout.strip()) and not status.stdout.strip().startswith("Z")
