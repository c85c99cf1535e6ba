"""Sixteen camera tiles at a picture a second: the longest task of the browser, and what 1,000 rounds leave behind."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from benchmarks.bars import Measured
from benchmarks.bench import Bench
from benchmarks.browser import HERE, page, seen_s
from benchmarks.processes import server
from benchmarks.weighing import Weight, weigh

if TYPE_CHECKING:
    from playwright.sync_api import Page

ADDRESS = "/wall/video?kind=dome&layout=16"
SCRIPT = (HERE / "tiles.js").read_text(encoding="utf-8")
SETTLED_S = 8.0
WATCHED_S = 40.0
ROUNDS = 1_000
PARTS = 6
LONGEST_TASK = "since => Math.max(0, ...probe.tasks.filter(([start]) => start >= since).map(([, lasts]) => lasts))"


def run(bench: Bench) -> list[Measured]:
    """First the pace, then the rounds; the first sixth of them fills caches, what counts comes after it."""
    district = bench.district()
    arguments = ("-m", "benchmarks.filming", "--settings", str(district.settings), "--data", str(district.folder))
    with (
        server(arguments, bench.log) as web,
        bench.browser() as browser,
        page(browser, f"{web.url}{ADDRESS}", SCRIPT) as opened,
    ):
        seen_s(opened, "tiles")
        time.sleep(bench.seconds(SETTLED_S))
        since_ms = opened.evaluate("performance.now()")
        pace = float(opened.evaluate("seconds => probe.pace(seconds)", bench.seconds(WATCHED_S)))
        longest_ms = float(opened.evaluate(LONGEST_TASK, since_ms))
        unfilled, weights = _turned(opened, ROUNDS if not bench.is_quick else PARTS)
    first, last = weights[0], weights[-1]
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    sizes = ", ".join(f"{weight.bytes / 1e6:.1f}" for weight in weights)
    return [
        Measured("tiles.pace", pace, note=load),
        Measured("tiles.task", longest_ms, note="shorter ones than 50 ms are not noted"),
        Measured("tiles.growth", last.grown_percent(first), note=f"MB at each sixth: {sizes}"),
        Measured(
            "tiles.left",
            last.listeners + last.nodes - first.listeners - first.nodes,
            note=f"{unfilled} rounds not full within 4 s",
        ),
    ]


def _turned(opened: Page, rounds: int) -> tuple[int, list[Weight]]:
    """How many rounds never filled, and the weight after each sixth."""
    unfilled, weights = 0, []
    for _ in range(PARTS):
        unfilled += int(opened.evaluate("rounds => probe.turn(rounds)", rounds // PARTS))
        weights.append(weigh(opened))
    return unfilled, weights
