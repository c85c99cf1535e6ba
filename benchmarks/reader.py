"""`python -m benchmarks.reader URL SEED`: reads a store as a web process does, until it is ended."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from random import Random

from situation.clock import CityClock
from situation.records import Camera, Sensor
from situation.store import Query, Store

LOOK_S = 0.04
"""How often the feed looks for changes."""

CLICK_TURNS = 5
"""Turns between two things that somebody asks for: a page of records, a chart."""


def main() -> None:
    """Follow the changes; now and then read a page of cameras and a sensor's readings."""
    store, clock, rng = Store.open(sys.argv[1], migrate=False), CityClock(), Random(int(sys.argv[2]))
    sensors = [each for _, each in store.load(Sensor.kind) if isinstance(each, Sensor)]
    seq, version, turn = store.last_seq(), -1, 0
    print("ready", flush=True)
    while True:
        turn += 1
        if store.version() != version:
            version = store.version()
            for change in store.changes(seq):
                seq = change.seq
        if turn % CLICK_TURNS == 0:
            now = clock.now()
            stream = sensors[rng.randrange(len(sensors))].datastreams[0].id
            store.observations([stream], now - timedelta(hours=3), now, 60)
            store.records(Camera.kind, query=Query(limit=100, offset=rng.randrange(10_000)))
        time.sleep(LOOK_S)


if __name__ == "__main__":
    main()
