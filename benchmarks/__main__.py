"""`python -m benchmarks`: one run over the real thing, one table, one JSON. Exit code 1 when a bar is missed."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import report
from benchmarks.bars import Measured
from benchmarks.bench import Bench
from benchmarks.processes import BenchError
from benchmarks.scenarios import (
    browsing,
    crowded,
    cycle,
    details,
    firstpicture,
    hanging,
    heap,
    ingesting,
    living,
    mqtt,
    normalising,
    opening,
    quiet,
    scenes,
    searching,
    soak,
    tenfold,
    tiles,
)

RESULTS = Path(__file__).parent / "results"
SCENARIOS: dict[str, Callable[[Bench], list[Measured]]] = {
    "open": opening.run,
    "live": living.run,
    "crowd": crowded.run,
    "quiet": quiet.run,
    "ingest": ingesting.run,
    "normalise": normalising.run,
    "mqtt": mqtt.run,
    "hanging": hanging.run,
    "heap": heap.run,
    "tenfold": tenfold.run,
    "cycle": cycle.run,
    "search": searching.run,
    "tiles": tiles.run,
    "media": firstpicture.run,
    "details": details.run,
    "browse": browsing.run,
    "scenes": scenes.run,
    "soak": soak.run,
}

LONG = frozenset({"tiles", "soak", "details", "browse"})
"""Take a quarter of an hour or more each, the last two also a store of many gigabytes: only when asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; returns 0 (all bars reached), 1 (one missed) or 2 (nothing to measure with)."""
    options = _parser().parse_args(arguments)
    began_s = time.monotonic()
    try:
        names = [name for name in SCENARIOS if options.all or name not in LONG]
        results = measure(options.only or names, options.quick)
    except BenchError as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        return 2
    took_s = time.monotonic() - began_s
    path = report.keep(results, RESULTS, is_quick=options.quick, took_s=took_s)
    print(f"\n{report.table(results)}\n\n{took_s:.0f} s, written to {path}")
    return 1 if any(result.is_ok is False for result in results) else 0


def measure(names: Sequence[str], is_quick: bool) -> list[Measured]:
    """Run the scenarios one after the other in a folder that is gone afterwards."""
    results: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="onescreen-bench-", ignore_cleanup_errors=True) as folder:
        bench = Bench(Path(folder), RESULTS / "city", is_quick)
        for name in names:
            bench.say(f"{name} …")
            results += SCENARIOS[name](bench)
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures the wall against its bars.")
    parser.add_argument("--only", action="append", choices=list(SCENARIOS), help="may be given again")
    parser.add_argument("--all", action="store_true", help=f"also what takes long: {', '.join(sorted(LONG))}")
    parser.add_argument("--quick", action="store_true", help="two seconds each: shows that it runs, measures nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
