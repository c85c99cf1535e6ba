"""Twenty-six sources, half of which accept a connection and never answer: do the others keep their cadence."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from statistics import mean

from benchmarks.bars import Measured
from benchmarks.bench import Bench
from benchmarks.processes import BenchError, process

COUNT = 26
INTERVAL_S = 5
TIMEOUT_S = 20
SETTLED_S = 20.0
WATCHED_S = 60.0
SETTINGS = '[district]\nname = "宝山区"\nadcode = "310113"\n'
SOURCE = """
[[sources]]
key = "s{number:02}"
kind = "geojson"
url = "{url}"
interval_s = {interval_s}
timeout_s = {timeout_s}
stale_after_s = 60
[sources.options]
path = "{path}/s{number:02}.geojson"
record = "place"
fields = {{ id = "code" }}
"""
POINT = {"type": "Point", "coordinates": [121.4, 31.4]}
FEATURES = [{"type": "Feature", "properties": {"code": str(number)}, "geometry": POINT} for number in range(500)]
BODY = json.dumps({"type": "FeatureCollection", "features": FEATURES}).encode()


def run(bench: Bench) -> list[Measured]:
    """The mean of each healthy source's gaps against its interval; the worst of them counts."""
    folder = bench.folder / "hanging"
    folder.mkdir()
    with _upstreams() as (url, asked):
        blocks = (
            SOURCE.format(
                number=number,
                url=url,
                interval_s=INTERVAL_S,
                timeout_s=TIMEOUT_S,
                path="hangs" if number % 2 else "answers",
            )
            for number in range(COUNT)
        )
        settings = folder / "district.toml"
        settings.write_text(SETTINGS + "".join(blocks), encoding="utf-8")
        where = ("--settings", str(settings), "--data", str(folder), "--die-with-parent")
        with process(("-m", "datasources", "run", *where), bench.log):
            time.sleep(bench.seconds(SETTLED_S, 4 * INTERVAL_S))
            asked.clear()
            time.sleep(bench.seconds(WATCHED_S, 4 * INTERVAL_S))
            healthy = {path: times for path, times in asked.items() if "answers" in path and len(times) > 1}
    if len(healthy) < COUNT // 2:
        raise BenchError(f"only {len(healthy)} of {COUNT // 2} healthy sources were asked")
    off = {path: abs(mean(_gaps(times)) / INTERVAL_S - 1) for path, times in healthy.items()}
    widest_s = max(max(_gaps(times)) for times in healthy.values())
    note = f"every {INTERVAL_S} s; the widest single gap was {widest_s:.1f} s"
    return [Measured("hanging.cadence", 100 * max(off.values()), note=note)]


def _gaps(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]


@contextmanager
def _upstreams() -> Iterator[tuple[str, dict[str, list[float]]]]:
    """All of them at one address, and when each path was asked for."""
    asked: dict[str, list[float]] = defaultdict(list)
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked[self.path].append(time.monotonic())
            if "hangs" in self.path:
                over.wait(2 * TIMEOUT_S)
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/geo+json")
            self.send_header("Content-Length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
