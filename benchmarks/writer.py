"""`python -m benchmarks.writer URL RATE`: the collector's part of a run, so many changes a second until it is ended.

Prints `ready`, and when its standard input ends one line of JSON: how many changes a second it really made.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from random import Random

from benchmarks.changes import Changes
from benchmarks.world import beat
from situation.clock import CityClock
from situation.store import Store

TICK_S = 0.1
BEAT_S = 5.0


def main() -> None:
    """Write until standard input ends."""
    url, rate = sys.argv[1], int(sys.argv[2])
    store = Store.open(url)
    beat(store, CityClock().now())  # has the store read what a writer remembers
    changes = Changes.of(store, Random(11)) if rate else None
    print("ready", flush=True)
    print(json.dumps({"rate": write(store, changes, rate, _end_of_input())}), flush=True)
    store.close()


def write(store: Store, changes: Changes | None, rate: int, ending: threading.Event) -> float:
    """Make `rate` changes a second until told to end; returns how many a second they were."""
    clock = CityClock()
    made, began_s = 0, time.monotonic()
    due_s = beaten_s = began_s
    while not ending.wait(max(0.0, due_s - time.monotonic())):
        due_s = max(due_s + TICK_S, time.monotonic() - TICK_S)
        for source, batch in changes.at(clock.now(), round(rate * TICK_S)) if changes else ():
            store.apply(source, batch, clock.now())
            made += len(batch.records) + len(batch.observations)
        if time.monotonic() - beaten_s > BEAT_S:
            beaten_s = time.monotonic()
            beat(store, clock.now())
    return made / (time.monotonic() - began_s)


def _end_of_input() -> threading.Event:
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    return ended


if __name__ == "__main__":
    main()
