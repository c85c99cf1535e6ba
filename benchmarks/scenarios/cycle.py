"""The collector on the demonstration's upstreams at ten times their size: is a cycle over before the next is due?

The upstreams are recordings, served by a process of their own: to make up ten districts' replies costs far more than
to collect them, and would be measured with them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

from app import DEMONSTRATION_SETTINGS, MEMORY
from benchmarks.bars import Measured
from benchmarks.bench import Bench
from benchmarks.processes import BenchError, process
from benchmarks.tape import Tape
from benchmarks.taping import SLOW_S, environ, kept_tape
from datasources.collector import COLLECTOR_KEY
from situation.processes.start import DATABASE_NAME
from situation.records import Health, SourceHealth
from situation.store import Store
from situation.store.controls import refresh_key

SCALE = 10
PATIENCE_S = 600.0
WATCHED_S = 330.0
"""Long enough for every complete list, the slowest of those asked often is fetched every five minutes."""

SLOW_TIMES = 3
"""Sources asked every ten minutes or an hour are asked at once so often, all together, as somebody may wish."""

LOOK_S = 0.5
ON_CADENCE = 1.1
"""Questions come as often as the interval says, give or take what starting a thread and looking takes."""


@dataclass
class Seen:
    """What was seen of one source while it was watched."""

    interval_s: float
    kept_at: list[datetime] = field(default_factory=list)
    fetches_s: list[float] = field(default_factory=list)

    def add(self, health: SourceHealth) -> None:
        """Take in how the source is; raises BenchError when it is down: then nothing is measured."""
        if health.attempted_at is None or (self.kept_at and health.attempted_at <= self.kept_at[-1]):
            return
        if health.state in (Health.UNAVAILABLE, Health.AUTH_FAILED):
            raise BenchError(f"{health.id} is down: {health.error}")
        self.kept_at.append(health.attempted_at)
        self.fetches_s.append(health.latency_s or 0.0)

    @property
    def share(self) -> float:
        """How much of its interval a cycle takes: its fetch, or where the next begins late, all until then."""
        fetched = median(self.fetches_s) / self.interval_s
        gaps_s = [(after - before).total_seconds() for before, after in pairwise(self.kept_at)]
        late = mean(gaps_s) / self.interval_s if gaps_s else 0.0
        return late if late > ON_CADENCE and late > fetched else fetched


def run(bench: Bench) -> list[Measured]:
    """An empty store is filled by the first cycle, and the following ones are watched."""
    tape = kept_tape(bench, 1 if bench.is_quick else SCALE)
    folder = bench.folder / "cycle"
    folder.mkdir()
    with closing(Store.open(f"sqlite:///{folder / DATABASE_NAME}")) as store, _collector(bench, tape, folder) as pid:
        filled_s = _until_filled(store)
        seen = _watch(store, bench.seconds(WATCHED_S))
        most_gb = _most_memory_gb(pid)
    slowest = max(seen, key=lambda key: seen[key].share)
    cycles = sum(len(each.kept_at) for each in seen.values())
    note = f"slowest {slowest}; {cycles} cycles of {len(seen)} sources, empty store filled in {filled_s:.0f} s"
    return [Measured("cycle.share", seen[slowest].share, note=note), Measured("cycle.rss", most_gb, note=note)]


@contextmanager
def _collector(bench: Bench, tape: Tape, folder: Path) -> Iterator[int]:
    """Its process id. The city's clock begins when the recording began."""
    with process(("-m", "benchmarks.tape", str(tape.folder)), bench.log) as player:
        url = player.stdout.readline().split()[-1] if player.stdout else ""
        clock = f"{time.time()!r},{tape.city_at_s!r},1.0"
        where = ("--settings", str(DEMONSTRATION_SETTINGS), "--data", str(folder), "--clock", clock)
        started = {**MEMORY, **environ(url)}
        with process(("-m", "datasources", "run", *where, "--die-with-parent"), bench.log, environ=started) as child:
            yield child.pid


def _sources(store: Store) -> list[SourceHealth]:
    return [each for each in store.sources() if each.id != COLLECTOR_KEY]


def _until_filled(store: Store) -> float:
    """Seconds until every source has delivered once."""
    began_s = time.monotonic()
    while time.monotonic() - began_s < PATIENCE_S:
        time.sleep(LOOK_S)
        sources = _sources(store)
        if sources and all(each.succeeded_at for each in sources):
            return time.monotonic() - began_s
    missing = ", ".join(each.id for each in sources if each.succeeded_at is None)
    raise BenchError(f"nothing came of {missing}")


def _watch(store: Store, seconds: float) -> dict[str, Seen]:
    """Every source's cycles; the slow ones are asked at even times."""
    seen = {each.id: Seen(each.interval_s) for each in _sources(store)}
    slow = [key for key, each in seen.items() if each.interval_s >= SLOW_S]
    began_s, asked = time.monotonic(), 0
    while time.monotonic() - began_s < seconds:
        if time.monotonic() - began_s >= asked * seconds / SLOW_TIMES:
            asked += 1
            for key in slow:
                store.controls.ask(refresh_key(key), "", datetime.now(UTC), "benchmarks")
        for health in _sources(store):
            seen[health.id].add(health)
        time.sleep(LOOK_S)
    return seen


def _most_memory_gb(pid: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    if found is None:
        raise BenchError("this system does not say how much memory a process has had")
    return int(found.group(1)) * 1024 / 1e9
