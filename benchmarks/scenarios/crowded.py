"""A thousand walls on one web process."""

from __future__ import annotations

import json

from benchmarks.bars import Measured
from benchmarks.bench import Bench
from benchmarks.processes import BenchError, Weigher, process

CLIENTS = 1_000
QUICK_CLIENTS = 50
LISTENED_S = 30.0


def run(bench: Bench) -> list[Measured]:
    """All of them listen in a process of their own while the city changes."""
    district = bench.district()
    clients = QUICK_CLIENTS if bench.is_quick else CLIENTS
    seconds = bench.seconds(LISTENED_S)
    with bench.web(district) as web, bench.writer(district):
        arguments = ("-m", "benchmarks.crowd", str(web.port), str(clients), str(seconds))
        with process(arguments, bench.log) as crowd:
            if crowd.stdout is None or crowd.stdout.readline().strip() != "connected":
                raise BenchError(f"the clients could not connect, see {bench.log}")
            weigher = Weigher(web.pid)
            told = json.loads(crowd.stdout.readline())
            cores = weigher.cores()
    if not told["frames"]:
        raise BenchError("no frame reached the clients")
    note = f"median {told['p50']:.3f} s, {told['frames'] / clients / seconds:.1f} frames/s and client"
    return [
        Measured("crowd.lag", told["p99"], note=note),
        Measured("crowd.lost", told["lost"]),
        Measured("crowd.core", 100 * cores),
    ]
