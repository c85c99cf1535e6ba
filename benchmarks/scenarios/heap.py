"""Does a wall grow? Thirty minutes of frames at ten times the usual rate, played to the real page in less.

Half a minute is recorded from the real composer and played in a circle. Charts draw once a second of real time at the
most, so they draw less often than in thirty real minutes.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks import recording
from benchmarks.bars import Measured
from benchmarks.bench import RATE, Bench
from benchmarks.browser import page, seen_s
from benchmarks.processes import BenchError, server
from benchmarks.weighing import Weight, weigh
from situation.settings import load_settings
from situation.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

FASTER = 10
MINUTES = 30
RECORDED_S = 30.0
PLAYED_S = 150.0
PARTS = 6
PATIENCE = 3.0


def run(bench: Bench) -> list[Measured]:
    """The heap after a garbage collection at each sixth of the way; what counts is the last against the first."""
    district = bench.district()
    settings = load_settings(district.settings, {})
    store = Store.open(district.url)
    recorded = recording.record(
        store, settings, RATE * FASTER, round(bench.seconds(RECORDED_S) / recording.FRAME_S), district.folder
    )
    store.close()
    played_s = bench.seconds(PLAYED_S, 6.0)
    frames = round((60 * MINUTES / recording.FRAME_S) * played_s / PLAYED_S)
    arguments = ("-m", "benchmarks.replay", "--settings", str(district.settings), "--data", str(district.folder))
    played = ("--frames", str(frames), "--per-second", str(frames / played_s))
    with (
        server((*arguments, *played), bench.log) as web,
        bench.browser() as browser,
        page(browser, f"{web.url}/wall") as opened,
    ):
        seen_s(opened, "charts")
        weights = [_weigh(opened, frames * part // PARTS, played_s) for part in range(1, PARTS + 1)]
    first, last = weights[0], weights[-1]
    sizes = ", ".join(f"{weight.bytes / 1e6:.1f}" for weight in weights)
    note = f"MB at each sixth: {sizes}; {frames:,} frames of {recorded} recorded ones"
    return [
        Measured("heap.growth", last.grown_percent(first), note=note),
        Measured("heap.listeners", last.listeners - first.listeners, note=f"{last.listeners} at the end"),
    ]


def _weigh(opened: Page, frame: int, patience_s: float) -> Weight:
    """Bytes in use and listeners once the frame is on the screen; raises BenchError when it never is."""
    until_s = time.monotonic() + PATIENCE * patience_s + 30
    while int(opened.evaluate("document.documentElement.dataset.seq") or 0) < frame:
        if time.monotonic() > until_s:
            raise BenchError(f"frame {frame} never came to the screen")
        time.sleep(0.2)
    return weigh(opened)
