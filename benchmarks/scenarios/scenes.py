"""How long a wall takes from one scene to the next, as its rotation does it: fetched ahead, then shown."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.bars import Measured, percentile
from benchmarks.bench import Bench
from benchmarks.browser import page, seen_s

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUNDS = 4
AHEAD_S = 4.0
"""A rotation fetches the next scene six seconds before its turn."""

SHOWN_S = 1.0
KEYS = "() => onescreen.scenes.keys()"
PREFETCH = "key => onescreen.scenes.prefetch(key)"
SHOW = "key => onescreen.turnTo(key)"
IS_LIVE = "key => document.documentElement.dataset.sceneLive === key"
TOOK_MS = "() => Number(document.documentElement.dataset.sceneMs)"


def run(bench: Bench) -> list[Measured]:
    """Every scene several times over in a busy city; the first visit to each counts like any other."""
    district = bench.district()
    with (
        bench.web(district) as web,
        bench.writer(district),
        bench.browser() as browser,
        page(browser, f"{web.url}/wall") as opened,
    ):
        seen_s(opened, "charts")
        keys: list[str] = opened.evaluate(KEYS)
        turns = [(key, _turn_s(opened, key)) for _ in range(bench.times(ROUNDS)) for key in [*keys[1:], keys[0]]]
    took = [seconds for _, seconds in turns]
    slowest, slowest_s = max(turns, key=lambda turn: turn[1])
    median = percentile(took, 0.5)
    return [
        Measured("scenes.change", percentile(took, 0.95), note=f"median {median:.2f} s, {slowest} {slowest_s:.2f} s")
    ]


def _turn_s(opened: Page, key: str) -> float:
    """Seconds from the turn until every panel of the scene is drawn from values of now."""
    opened.evaluate(PREFETCH, key)
    time.sleep(AHEAD_S)
    opened.evaluate(SHOW, key)
    opened.wait_for_function(IS_LIVE, arg=key, polling=50)
    took_s: float = opened.evaluate(TOOK_MS) / 1000
    time.sleep(SHOWN_S)
    return took_s
