"""A wall in a busy city: lag, bytes, long tasks, panning; and the plain Dash page beside it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.bars import Measured, percentile
from benchmarks.bench import Bench
from benchmarks.browser import WALL, page, seen_s
from benchmarks.processes import Server, Weigher, plain_server
from benchmarks.relay import relay

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SETTLED_S = 10.0
WATCHED_S = 40.0
PANNED_S = 6.0
PAN = "seconds => probe.pan(onescreen.map.parts().map, seconds)"
PLAIN = """
const MARK = ".leaflet-marker-icon";
window.probe.expect("data", () => document.querySelector("#stamp").textContent && document.querySelector(MARK));
window.probe.follow(document, () => document.querySelector("#stamp")?.textContent, {
  childList: true,
  characterData: true,
  subtree: true,
});
"""
"""When the plain page shows its data, and how old it is whenever it changes."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a page and its server did while it was watched. `tasks` are those over 50 ms, in milliseconds."""

    first_s: float
    lag_p95_s: float
    kilobytes_per_s: float
    cores: float
    tasks: tuple[float, ...]
    seconds: float
    frames_per_s: float | None

    @property
    def longest_ms(self) -> float:
        """The longest task; shorter ones than 50 ms are not noted, so 0 says that there was none."""
        return max(self.tasks, default=0.0)

    @property
    def busy_percent(self) -> float:
        """Share of the time spent in long tasks."""
        return sum(self.tasks) / 10 / self.seconds


def run(bench: Bench) -> list[Measured]:
    """Our wall first, then the plain page, each alone."""
    district = bench.district()
    with bench.browser() as browser:
        with bench.web(district) as web, bench.writer(district) as writer:
            ours = watch(bench, browser, web, "/wall", WALL, PAN)
        with plain_server(("-m", "benchmarks.baseline.page"), bench.log) as web:
            plain = watch(bench, browser, web, "/", PLAIN)
    return [
        Measured("live.rate", writer.rate),
        Measured("live.lag", ours.lag_p95_s, plain.lag_p95_s),
        Measured("live.bytes", ours.kilobytes_per_s, plain.kilobytes_per_s, "all the page loads but camera pictures"),
        Measured("live.core", ours.cores, plain.cores),
        Measured("live.task", ours.longest_ms, plain.longest_ms, f"{len(ours.tasks)} tasks over 50 ms"),
        Measured("live.pan", ours.frames_per_s or 0.0),
        Measured("live.busy", ours.busy_percent, plain.busy_percent),
        Measured("live.first", ours.first_s, plain.first_s),
    ]


def watch(bench: Bench, browser: Browser, web: Server, path: str, script: str, pan: str = "") -> Watched:
    """Open a page, let it settle, and look on; at the end pan its map when it knows how."""
    with relay(web.port) as counted, page(browser, counted.url + path, script) as opened:
        first_s = seen_s(opened, "data")
        time.sleep(bench.seconds(SETTLED_S))
        from_ms = float(opened.evaluate("(probe.lags = [], performance.now())"))
        weigher, before = Weigher(web.pid), counted.received
        began_s = time.monotonic()
        time.sleep(bench.seconds(WATCHED_S))
        seconds = time.monotonic() - began_s
        kilobytes, cores = (counted.received - before) / 1000, weigher.cores()
        lags = opened.evaluate("probe.lags")
        tasks = _tasks_since(opened, from_ms)
        fps = float(opened.evaluate(pan, PANNED_S)) if pan else None
    return Watched(first_s, percentile(lags, 0.95), kilobytes / seconds, cores, tasks, seconds, fps)


def _tasks_since(opened: Page, from_ms: float) -> tuple[float, ...]:
    return tuple(duration for start, duration in opened.evaluate("probe.tasks") if start >= from_ms)
