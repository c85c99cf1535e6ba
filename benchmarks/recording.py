"""A stretch of feed at ten times the usual rate, recorded from the real composer, so that it can be played for longer.

The last frame of a recording leads the marks back to where they were at its start: played in a circle, marks appear
and vanish in every round as they did in the first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.changes import Changes
from situation.clock import CityClock, FakeClock
from situation.feed import wire
from situation.feed.composer import Composer, Published
from situation.feed.marks import Marks, compare, encode_put, encode_removed
from situation.feed.readings import StoreReadings
from situation.feed.settings import context_of
from situation.settings import Settings
from situation.store import Store

FRAME_S = 0.2


def record(store: Store, settings: Settings, rate: int, frames: int, folder: Path) -> int:
    """Change the city `rate` times a second for so many frames; writes `snapshot` and `frames.json` into the folder.

    Returns how many frames there are.
    """
    clock = FakeClock(CityClock().now())
    context = context_of(settings, clock, StoreReadings(store))
    composer = Composer(store, context, clock, frame_every_s=FRAME_S)
    composer.load()
    before = composer.published
    (folder / "snapshot").write_bytes(_snapshot(before, clock))
    changes = Changes.of(store, Random(13))
    recorded: list[dict[str, Any]] = []
    for _ in range(frames):
        for source, batch in changes.at(clock.now(), round(rate * FRAME_S)):
            store.apply(source, batch, clock.now())
        clock.advance(FRAME_S)
        frame = composer.step()
        if frame is not None:
            recorded.append(json.loads(frame.body.partition(b"data: ")[2]))
    recorded.append({**recorded[-1], "panels": {}, "marks": _way_back(composer.published.marks, before.marks)})
    (folder / "frames.json").write_text(json.dumps(recorded), encoding="utf-8")
    return len(recorded)


def _snapshot(published: Published, clock: FakeClock) -> bytes:
    table, columns = wire.columns(published.marks)
    header = {
        "release": "",
        "seq": 0,
        "at": wire.to_ms(clock.now()),
        "newest_at": None,
        "oldest_at": None,
        "panels": {key: shown.to_wire(shown.values) for key, shown in published.panels.items()},
        "marks": table,
        "categories": published.categories,
    }
    return wire.snapshot(header, columns)


def _way_back(now: Mapping[str, Marks], then: Mapping[str, Marks]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for kind, marks in then.items():
        changes = compare(now[kind], marks)
        found[kind] = {"put": encode_put(marks, changes), "remove": encode_removed(changes.removed)}
    return found
