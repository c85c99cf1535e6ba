"""How many observations a second the store takes in while others read it."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import timedelta
from random import Random
from statistics import median

from benchmarks import world
from benchmarks.bars import Measured
from benchmarks.bench import Bench
from benchmarks.processes import process
from situation.batch import Batch
from situation.clock import CityClock
from situation.records import Observation
from situation.store import Store

AT_ONCE = 10_000
APPLIED_S = 10.0
READERS = 2


def run(bench: Bench) -> list[Measured]:
    """Batches as large as one reply of a department, applied one after the other; the median of all of them."""
    district = bench.district()
    store = Store.open(district.url)
    rates: list[float] = []
    streams = [world.stream_id(each, 0) for each in bench.small_city.sensors]
    with ExitStack() as stack:
        for number in range(READERS):
            reader = stack.enter_context(process(("-m", "benchmarks.reader", district.url, str(number)), bench.log))
            if reader.stdout is not None:
                reader.stdout.readline()
        rng, clock = Random(5), CityClock()
        store.apply("things", Batch(observations=()), clock.now())  # a writer remembers what it knows
        began_s = time.monotonic()
        while time.monotonic() - began_s < bench.seconds(APPLIED_S):
            now = clock.now()
            batch = Batch(
                observations=tuple(
                    Observation(
                        streams[rng.randrange(len(streams))], now - timedelta(seconds=number % 60), rng.random()
                    )
                    for number in range(AT_ONCE)
                )
            )
            before_s = time.perf_counter()
            store.apply("things", batch, now)
            rates.append(AT_ONCE / (time.perf_counter() - before_s))
    store.close()
    return [Measured("ingest.rate", median(rates), note=f"{len(rates)} batches of {AT_ONCE:,}, {READERS} readers")]
