"""Has every source of the demonstration ask its simulated upstream a few times, and keeps the replies as a tape."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from app import DEMONSTRATION_SETTINGS
from benchmarks.bench import ADCODE, SEED, Bench
from benchmarks.processes import BenchError, process
from benchmarks.tape import INDEX, Tape, recording
from datasources.contract import FetchContext, PushSource, Source, SourceError
from datasources.local import LocalClient
from datasources.registry import build
from datasources.settings import in_district, load
from situation.clock import CityClock
from situation.settings import Settings

TIMEOUT_S = 900
"""For one fetch: the first question of an upstream makes it compose a whole district, which it does once."""

ROUNDS = 3
BETWEEN_S = 20.0
"""Between two rounds, in which readings are taken and cases change."""

SLOW_S = 600.0
"""Sources asked this rarely hand over whole documents, which are the same in every round."""

FETCHES_AT_MOST = 40


def kept_tape(bench: Bench, scale: int) -> Tape:
    """The tape of the district at that scale, recorded when there is none yet: minutes at ten times the size."""
    folder = bench.kept.parent / f"tape-{ADCODE}-{scale}-{SEED}"
    if not (folder / INDEX).exists():
        bench.say("recording what the demonstration's upstreams answer …")
        folder.mkdir(parents=True, exist_ok=True)
        place = ("--adcode", ADCODE, "--scale", str(scale), "--seed", str(SEED), "--cache", str(bench.kept))
        with process(("-m", "simulator", "--port", "0", *place, "--die-with-parent"), bench.log) as simulator:
            line = simulator.stdout.readline() if simulator.stdout else ""
            if "ready" not in line:
                raise BenchError(f"the simulator did not start, see {bench.log}")
            record(line.split()[-1], folder)
    return Tape.read(folder)


def environ(url: str) -> Mapping[str, str]:
    """What the demonstration's settings need to be told."""
    return {"SIMULATOR_URL": url, "SIMULATOR_TIMEOUT_S": str(TIMEOUT_S)}


def record(base: str, folder: Path) -> None:
    """Ask all sources of the upstreams at `base` in rounds; writes the tape."""
    clock = CityClock()
    tape = Tape(folder, clock.now().timestamp())
    with recording(base, tape) as url:
        settings = load(DEMONSTRATION_SETTINGS, environ(url))
        _ask(settings, clock)
    tape.write()


def _ask(settings: Settings, clock: CityClock) -> None:
    # their usual 30 s for the next bytes are too few for an upstream that first makes up ten districts
    client = partial(LocalClient, clock=clock, read_timeout_s=TIMEOUT_S)
    sources = [build(in_district(each, settings), clock, client()) for each in settings.sources]
    cursors: dict[str, Any] = {}
    for number in range(ROUNDS):
        until_s = time.monotonic() + BETWEEN_S
        for source in sources:
            if number == 0 or source.manifest.interval_s < SLOW_S:
                cursors[source.key] = _cursor_after(source, cursors.get(source.key), clock)
        time.sleep(max(0.0, until_s - time.monotonic()))


def _cursor_after(source: Source | PushSource, cursor: Any, clock: CityClock) -> Any:
    """Ask a source once, or until its past is carried over: some do that a part at a time."""
    if not hasattr(source, "fetch"):
        return None
    for _ in range(FETCHES_AT_MOST):
        context = FetchContext(now=clock.now(), cursor=cursor, deadline_monotonic_s=clock.monotonic() + TIMEOUT_S)
        try:
            batch = source.fetch(context)
        except SourceError as error:
            raise BenchError(f"{source.key} could not be recorded: {error}") from error
        cursor = batch.cursor
        if not batch.note:
            break
    return cursor
