"""Thirty people look around while the city changes: how long the server takes, and whether the walls notice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from subprocess import Popen

from benchmarks.bars import Measured, percentile
from benchmarks.bench import Bench
from benchmarks.processes import BenchError, process

PEOPLE = 30
QUICK_PEOPLE = 4
WALLS = 3
BROWSED_S = 60.0
WARM_UP_S = 8.0
MARGIN_S = 3.0


def run(bench: Bench) -> list[Measured]:
    """Walls listen with nobody browsing, then with everybody browsing."""
    district, built = bench.big_district()
    people, seconds = (QUICK_PEOPLE if bench.is_quick else PEOPLE), bench.seconds(BROWSED_S)
    with bench.web(district) as web, bench.writer(district):
        with process(_browsers(web.port, people, bench.seconds(WARM_UP_S)), bench.log) as first:
            _line(first, "connected", bench)
            _line(first, "", bench)
        alone = _lag(bench, web.port, seconds / 2)
        with process(_browsers(web.port, people, seconds + MARGIN_S), bench.log) as crowd:
            _line(crowd, "connected", bench)
            beside = _lag(bench, web.port, seconds)
            told = json.loads(_line(crowd, "", bench))
    if told["failed"]:
        raise BenchError(f"{len(told['failed'])} requests failed, the first: {told['failed'][0]}")
    took_s = [second for some in told["seconds"].values() for second in some]
    parts = ", ".join(f"{what} {percentile(some, 0.95):.2f}" for what, some in sorted(told["seconds"].items()))
    return [
        Measured("browse.request", percentile(took_s, 0.95), note=f"{len(took_s)} requests; {parts} s; {built}"),
        Measured("browse.lag", beside - alone, note=f"p99 {beside:.3f} s, alone {alone:.3f} s"),
    ]


def _browsers(port: int, people: int, seconds: float) -> Sequence[str]:
    return ("-m", "benchmarks.browsers", str(port), str(people), str(seconds))


def _lag(bench: Bench, port: int, seconds: float) -> float:
    """p99 of the age of frames when they reach a wall."""
    with process(("-m", "benchmarks.crowd", str(port), str(WALLS), str(seconds)), bench.log) as walls:
        _line(walls, "connected", bench)
        told = json.loads(_line(walls, "", bench))
    if not told["frames"]:
        raise BenchError("no frame reached the walls")
    lag: float = told["p99"]
    return lag


def _line(child: Popen[str], wanted: str, bench: Bench) -> str:
    """The next line of a process; BenchError when it is another one or none."""
    line = "" if child.stdout is None else child.stdout.readline().strip()
    if not line or (wanted and line != wanted):
        raise BenchError(f"a process of the scenario ended early, see {bench.log}")
    return line
