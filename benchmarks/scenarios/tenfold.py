"""A district ten times as large: does it still open, does it still keep up."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.bars import Measured, percentile
from benchmarks.bench import Bench, District
from benchmarks.browser import page, seen_s

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCALE = 10
OPENINGS = 3
SETTLED_S = 10.0
WATCHED_S = 25.0


def run(bench: Bench) -> list[Measured]:
    """The same openings of both districts, then the lag of the large one at the usual changes."""
    large = bench.district(SCALE)
    with bench.browser() as browser:
        usual_s, _ = _measure(bench, browser, bench.district(), watched_s=0)
        large_s, lags = _measure(bench, browser, large, watched_s=bench.seconds(WATCHED_S))
    note = f"{large_s:.2f} s, district ×1 {usual_s:.2f} s"
    return [
        Measured("tenfold.open", large_s / usual_s, note=note),
        Measured("tenfold.lag", percentile(lags, 0.95)),
    ]


def _measure(bench: Bench, browser: Browser, district: District, watched_s: float) -> tuple[float, list[float]]:
    """Median seconds of a cold open; the lags while it was watched."""
    opened_s: list[float] = []
    lags: list[float] = []
    with bench.web(district) as web, bench.writer(district):
        for _ in range(1 + bench.times(OPENINGS)):
            with page(browser, f"{web.url}/wall") as opened:
                opened_s.append(seen_s(opened, "data"))
        if watched_s:
            with page(browser, f"{web.url}/wall") as opened:
                seen_s(opened, "data")
                time.sleep(bench.seconds(SETTLED_S))
                opened.evaluate("probe.lags = []")
                time.sleep(watched_s)
                lags = opened.evaluate("probe.lags")
    return median(opened_s[1:]), lags
