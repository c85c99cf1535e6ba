"""The search box over a district ten times as large: how long an answer takes, and how long until the index is read."""

from __future__ import annotations

import http.client
import json
import time
from itertools import cycle, islice
from urllib.parse import quote, urlsplit

from benchmarks.bars import Measured, percentile
from benchmarks.bench import Bench
from benchmarks.processes import BenchError

SCALE = 10
QUESTIONS = 300
PATIENCE_S = 300.0
PAUSE_S = 0.2

WORDS = (
    "友谊路", "yyl", "youyilu", "you yi lu", "杨行", "yh", "31011301001326000001", "310113", "下立交 友谊", "泵站",
    "张伟", "公安", "gaj", "路", "1", "向南", "没有这个名字", "zzzzzz", "121.48, 31.40", "宝杨路1727", "xlj", "water",
)  # fmt: skip
"""Chinese, pinyin, initials, codes, several words, what is everywhere and what is nowhere."""


def run(bench: Bench) -> list[Measured]:
    """Every question over one kept connection, as a browser asks while somebody types."""
    district = bench.district(SCALE)
    with bench.web(district) as web, bench.writer(district):
        address = urlsplit(web.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        began_s = time.monotonic()
        while _ask(connection, "路") is None:
            if time.monotonic() - began_s > PATIENCE_S:
                raise BenchError("the search index was never read")
            time.sleep(PAUSE_S)
        ready_s = time.monotonic() - began_s
        count = len(WORDS) if bench.is_quick else QUESTIONS
        took_s = [_timed(connection, word) for word in islice(cycle(WORDS), count)]
    note = f"{count} questions, 1,000 changes/s meanwhile"
    return [Measured("search.answer", percentile(took_s, 0.95), note=note), Measured("search.ready", ready_s)]


def _timed(connection: http.client.HTTPConnection, word: str) -> float:
    began_s = time.perf_counter()
    if _ask(connection, word) is None:
        raise BenchError("the search index went away")
    return time.perf_counter() - began_s


def _ask(connection: http.client.HTTPConnection, word: str) -> object | None:
    connection.request("GET", f"/api/search?q={quote(word)}")
    answer = connection.getresponse()
    body = answer.read()
    return json.loads(body) if answer.status == 200 else None
