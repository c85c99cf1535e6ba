"""Sixteen camera tiles at a picture a second: the longest task of the browser, and what 1,000 rounds leave behind."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from benchmarks.bars import Measured
from benchmarks.bench import Bench
from benchmarks.browser import HERE, page, seen_s
from benchmarks.processes import server

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

ADDRESS = "/wall/video?kind=dome&layout=16"
SCRIPT = (HERE / "tiles.js").read_text(encoding="utf-8")
SETTLED_S = 8.0
WATCHED_S = 40.0
ROUNDS = 1_000
PARTS = 6
WEIGHINGS = 3
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
    sizes = ", ".join(f"{weight['bytes'] / 1e6:.1f}" for weight in weights)
    return [
        Measured("tiles.pace", pace, note=load),
        Measured("tiles.task", longest_ms, note="shorter ones than 50 ms are not noted"),
        Measured("tiles.growth", 100 * (last["bytes"] / first["bytes"] - 1), note=f"MB at each sixth: {sizes}"),
        Measured("tiles.left", last["things"] - first["things"], note=f"{unfilled} rounds not full within 4 s"),
    ]


def _turned(opened: Page, rounds: int) -> tuple[int, list[dict[str, float]]]:
    """How many rounds never filled, and the weight after each sixth."""
    tools = opened.context.new_cdp_session(opened)
    unfilled, weights = 0, []
    for _ in range(PARTS):
        unfilled += int(opened.evaluate("rounds => probe.turn(rounds)", rounds // PARTS))
        weights.append(min((_weight(tools) for _ in range(WEIGHINGS)), key=lambda weight: weight["bytes"]))
    tools.detach()
    return unfilled, weights


def _weight(tools: CDPSession) -> dict[str, float]:
    """Bytes in use after a garbage collection, and how many listeners and nodes there are."""
    tools.send("Performance.enable")
    tools.send("HeapProfiler.collectGarbage")
    usage: dict[str, Any] = tools.send("Runtime.getHeapUsage")
    metrics = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
    size = usage["usedSize"] + usage.get("backingStorageSize", 0) + usage.get("embedderHeapUsedSize", 0)
    return {"bytes": size, "things": metrics["JSEventListeners"] + metrics["Nodes"]}
