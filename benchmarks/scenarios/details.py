"""Detail pages over a store of years: from the click until everything of the page is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from benchmarks import big
from benchmarks.bars import Measured, percentile
from benchmarks.bench import Bench
from benchmarks.browser import page, seen_s

if TYPE_CHECKING:
    from playwright.sync_api import Page

COLLECTIONS = ("cases", "sensors", "cameras", "alarms", "areas", "departments", "officers", "places")
EACH = 6
SERIES_TIMES = 20
OPEN = """([address, range]) => new Promise((done, fail) => {
  const root = document.documentElement;
  const began = performance.now();
  onescreen.open(range ? `${address}?range=${range}` : address);
  const look = () => {
    if (performance.now() - began > 20000) return fail(new Error(`${address} was never complete`));
    if (root.dataset.detail !== location.pathname) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
  };
  look();
})"""


def run(bench: Bench) -> list[Measured]:
    """Pages of every kind by turns, sensors with a year of readings; then the year's readings alone."""
    district, built = bench.big_district()
    with bench.web(district) as web, bench.writer(district), bench.browser() as browser:
        addresses = _addresses(web.url, bench.times(EACH))
        with page(browser, f"{web.url}/") as opened:
            seen_s(opened, "data")
            opened.wait_for_function("() => onescreen.plan", polling=100)
            for kind in COLLECTIONS:
                _open(opened, next(each for each in addresses if each[0] == kind))  # warms both sides up
            took_s = [(address[0], _open(opened, address)) for address in addresses]
        series_s = _series(web.url, big.year_stream(district.folder), bench.times(SERIES_TIMES))
    slowest = max(took_s, key=lambda each: each[1])
    note = f"{len(took_s)} pages, median {percentile([s for _, s in took_s], 0.5):.2f} s, slowest {slowest[0]}"
    return [
        Measured("details.open", percentile([seconds for _, seconds in took_s], 0.95), note=note),
        Measured("details.year", percentile(series_s, 0.95), note=built),
    ]


def _addresses(url: str, each: int) -> list[tuple[str, str, str]]:
    """(collection, address, span of its charts), kinds by turns."""
    found: list[list[tuple[str, str, str]]] = []
    for name in COLLECTIONS:
        items = _items(url, name, each)
        span = "1y" if name == "sensors" else ""
        found.append([(name, f"/{item['kind']}/{quote(item['id'], safe='')}", span) for item in items])
    return [one for turn in zip(*found, strict=False) for one in turn]


def _items(url: str, name: str, count: int) -> list[Any]:
    items: list[Any] = httpx.get(f"{url}/api/v1/{name}", params={"limit": count + 1}, timeout=60).json()["items"]
    return [items[place % len(items)] for place in range(1, count + 2)]


def _open(opened: Page, address: tuple[str, str, str]) -> float:
    milliseconds: float = opened.evaluate(OPEN, [address[1], address[2]])
    return milliseconds / 1000


def _series(url: str, stream: str, times: int) -> list[float]:
    """Seconds for a year of a sensor that speaks every minute, as a chart asks for it."""
    now = httpx.get(f"{url}/api/v1/sensors", params={"limit": 1}, timeout=60).json()["at"]
    since = f"{int(now[:4]) - 1}{now[4:]}"
    asked: dict[str, str | int] = {"datastream": stream, "since": since, "points": 1000}
    took_s = []
    with httpx.Client(timeout=60) as client:
        for _ in range(1 + times):
            answer = client.get(f"{url}/api/v1/observations/series", params=asked)
            answer.raise_for_status()
            took_s.append(answer.elapsed.total_seconds())
    return took_s[1:]
