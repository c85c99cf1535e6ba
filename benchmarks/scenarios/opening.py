"""Cold open: how long until a new screen shows everything, beside an empty Dash page of the same server."""

from __future__ import annotations

from statistics import median

from benchmarks import empty
from benchmarks.bars import Measured
from benchmarks.bench import Bench
from benchmarks.browser import page, seen_s
from benchmarks.processes import server

TIMES = 7


def run(bench: Bench) -> list[Measured]:
    """Both pages by turns, each time in a new context with an empty cache, while the city changes."""
    district = bench.district()
    ours: list[tuple[float, float]] = []
    others: list[float] = []
    arguments = ("-m", "benchmarks.empty")
    with (
        bench.web(district) as web,
        server(arguments, bench.log) as bare,
        bench.writer(district),
        bench.browser() as browser,
    ):
        for _ in range(1 + bench.times(TIMES)):
            with page(browser, bare.url, empty.SCRIPT) as opened:
                others.append(seen_s(opened, "data"))
            with page(browser, f"{web.url}/wall") as opened:
                ours.append((seen_s(opened, "data"), seen_s(opened, "charts")))
    bare_s = median(others[1:])  # the first one warms the browser up
    data_s, charts_s = median(data for data, _ in ours[1:]), median(charts for _, charts in ours[1:])
    return [
        Measured("open.data", data_s / bare_s, note=f"{data_s:.2f} s, empty page {bare_s:.2f} s"),
        Measured("open.charts", charts_s / bare_s, note=f"{charts_s:.2f} s"),
    ]
