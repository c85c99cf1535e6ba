"""The simulator as a process: says when it is ready, dies with its parent, explains a port in use."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tiny_district import CITY

from simulator.__main__ import main, schedule_of
from simulator.model import StorylineKind

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[3]
# a whole district takes seconds to generate: the tiny one stands in, everything else is the real thing
SCRIPT = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(HERE)!r}]
import simulator.__main__ as simulator
from tiny_district import CITY, TinyBehaviour
simulator.load = lambda *asked: CITY
simulator.Behaviour = lambda city, schedule: TinyBehaviour()
sys.exit(simulator.main(sys.argv[1:]))
"""


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SCRIPT, "--port", "0", "--die-with-parent"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as running:
        yield running
        running.kill()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("simulator ready http://127.0.0.1:")
    return line.split()[-1]


def test_ready_line_names_an_address_that_answers(process: subprocess.Popen[str]) -> None:
    index = httpx.get(_address(process)).json()
    assert index["district"] == "宝山区"
    assert len(index["instances"]) == 30


def test_process_ends_when_its_parent_lets_go(process: subprocess.Popen[str]) -> None:
    _address(process)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=60) == 0


def test_interrupt_ends_it_without_a_traceback(process: subprocess.Popen[str]) -> None:
    _address(process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_port_in_use_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--port", str(taken.getsockname()[1])]) == 2
    assert "cannot listen on 127.0.0.1" in capsys.readouterr().err


def test_what_follows_a_storm_ends_when_the_next_one_begins() -> None:
    first = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    second = first + timedelta(hours=12)
    storms = [s.start_at for s in schedule_of(CITY, [first, second]).storylines if s.kind is StorylineKind.STORM]
    assert storms[:2] == [first, second]
