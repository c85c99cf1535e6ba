"""Six hours of a wall in less: every scene in rotation, and details opened and closed a thousand times.

Six hours at a dwell of twenty seconds are 1,080 scene changes. Each waits until the scene is live; in between, a busy
city goes on changing. What counts is the weight at the end against that after the first sixth, which fills caches.
"""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import httpx

from benchmarks.bars import Measured
from benchmarks.bench import Bench
from benchmarks.browser import page, seen_s
from benchmarks.weighing import Weight, weigh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

CHANGES = 1_080
DETAILS = 1_000
PARTS = 6
RECORDS = 40
"""Records of each kind whose details are opened by turns."""

COLLECTIONS = {"camera": "cameras", "sensor": "sensors", "case": "cases", "alarm": "alarms", "officer": "officers"}
KEYS = "() => onescreen.scenes.keys()"
SHOW = "key => onescreen.turnTo(key)"
IS_LIVE = "key => document.documentElement.dataset.sceneLive === key"
OPEN = "address => onescreen.open(address)"
IS_OPEN = "() => !document.getElementById('sheet').hidden && document.querySelector('#sheet-body > *') !== null"
IS_CLOSED = "() => document.getElementById('sheet').hidden"


def run(bench: Bench) -> list[Measured]:
    """Turn, open, close, weigh, six times over."""
    district = bench.district()
    changes, details = (CHANGES, DETAILS) if not bench.is_quick else (8 * PARTS, 5 * PARTS)
    with (
        bench.web(district) as web,
        bench.writer(district),
        bench.browser() as browser,
        page(browser, f"{web.url}/wall") as opened,
    ):
        seen_s(opened, "charts")
        scenes: Iterator[str] = cycle(opened.evaluate(KEYS))
        addresses = cycle(_addresses(web.url))
        weights = [
            _sixth(opened, islice(scenes, changes // PARTS), islice(addresses, details // PARTS)) for _ in range(PARTS)
        ]
    first, last = weights[0], weights[-1]
    sizes = ", ".join(f"{weight.bytes / 1e6:.1f}" for weight in weights)
    more = (last.listeners - first.listeners, last.contexts - first.contexts, last.videos - first.videos)
    told = f"listeners {first.listeners} → {last.listeners}, contexts {first.contexts} → {last.contexts}"
    return [
        Measured("soak.growth", last.grown_percent(first), note=f"MB at each sixth: {sizes}"),
        Measured("soak.left", sum(max(0, each) for each in more), note=f"{told}, nodes {first.nodes} → {last.nodes}"),
    ]


def _sixth(opened: Page, scenes: Iterator[str], addresses: Iterator[str]) -> Weight:
    for key in scenes:
        opened.evaluate(SHOW, key)
        opened.wait_for_function(IS_LIVE, arg=key, polling=50)
    opened.evaluate(SHOW, "overview")
    for address in addresses:
        opened.evaluate(OPEN, address)
        opened.wait_for_function(IS_OPEN, polling=30)
        opened.evaluate(OPEN, "home")
        opened.wait_for_function(IS_CLOSED, polling=30)
    opened.wait_for_function(IS_LIVE, arg="overview", polling=50)
    return weigh(opened)


def _addresses(url: str) -> list[str]:
    found = []
    for kind, collection in COLLECTIONS.items():
        page_of: dict[str, Any] = httpx.get(f"{url}/api/v1/{collection}", params={"limit": RECORDS}, timeout=30).json()
        found += [f"/{kind}/{record['id']}" for record in page_of["items"]]
    return found
