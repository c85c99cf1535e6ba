"""Messages at a real broker, through the mapping and the rules into the store; then the same with a broker restart."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from benchmarks.bars import Measured
from benchmarks.bench import Bench
from benchmarks.processes import BenchError, process
from situation.processes.start import DATABASE_NAME
from situation.records import Health
from situation.store import Store
from tests.mosquitto import Mosquitto, MosquittoMissing, serving

RATE = 12_000
"""Messages a second that are offered: the bar and a fifth."""

RESTART_RATE = 5_000
SUSTAINED_S = 20.0
AROUND_RESTART_S = 6.0
"""How long is published before the restart, and about as long after it."""

PATIENCE_S = 120.0
LOOK_S = 0.1
SETTINGS = """
[district]
name = "宝山区"
adcode = "310113"

[[sources]]
key = "drains"
kind = "mqtt"
url = "{url}"
[sources.options]
topics = ["city/{{street}}/drain/{{device}}"]
record = "sensor"
fields = {{ id = "{{device}}", name = "name", lon = "lon", lat = "lat", address = "{{street}}" }}
[sources.options.readings.level]
value = "level"
observed_at = "at"
unit = "cm"
thresholds = [{{ level = 1, limit = 98 }}]
"""


def run(bench: Bench) -> list[Measured]:
    """A collector of its own on an empty store; raises BenchError where no Mosquitto is installed."""
    folder = bench.folder / "mqtt"
    folder.mkdir()
    try:
        with serving() as broker:
            return _measure(bench, folder, broker)
    except MosquittoMissing as error:
        raise BenchError(str(error)) from error


def _measure(bench: Bench, folder: Path, broker: Mosquitto) -> list[Measured]:
    settings = folder / "district.toml"
    settings.write_text(SETTINGS.format(url=broker.url), encoding="utf-8")
    command = ("-m", "datasources", "run", "--settings", str(settings), "--data", str(folder), "--die-with-parent")
    with process(command, bench.log):
        _until_ok(folder)
        count = int(RATE * bench.seconds(SUSTAINED_S))
        took_s, lost = _flood(bench, folder, broker, RATE, (0, count))
        more = int(RESTART_RATE * 2 * bench.seconds(AROUND_RESTART_S))
        _, lost_by_restart = _flood(bench, folder, broker, RESTART_RATE, (count, more), restarts=True)
    note = f"{count:,} messages offered at {RATE:,}/s; {more:,} more with the broker restarted among them"
    return [
        Measured("mqtt.rate", count / took_s, note=note),
        Measured("mqtt.lost", lost + lost_by_restart, note=note),
    ]


def _flood(
    bench: Bench, folder: Path, broker: Mosquitto, rate: int, numbers: tuple[int, int], *, restarts: bool = False
) -> tuple[float, int]:
    """Publish `numbers` (first, count): seconds until all is in the store, and how many never came there."""
    first, count = numbers
    command = ("-m", "benchmarks.publisher", str(broker.port), str(rate), str(count), str(first))
    with process(command, bench.log) as publisher:
        assert publisher.stdout is not None
        began_s = float(publisher.stdout.readline())
        if restarts:
            time.sleep(bench.seconds(AROUND_RESTART_S))
            broker.stop()
            broker.start()
        stored = _wait_for(folder, first + count)
        took_s = time.time() - began_s
        sent = int(json.loads(publisher.stdout.readline())["acknowledged"])
    return took_s, first + sent - stored


def _wait_for(folder: Path, count: int) -> int:
    """How many readings are in the store once they are `count`, or once none has come for a while."""
    stored, moved_s = 0, time.monotonic()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        while stored < count and time.monotonic() - moved_s < PATIENCE_S:
            time.sleep(LOOK_S)
            now = int(connection.execute("SELECT count(*) FROM observation").fetchone()[0])
            if now != stored:
                stored, moved_s = now, time.monotonic()
    return stored


def _until_ok(folder: Path) -> None:
    """Wait until the source says that it listens."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        time.sleep(LOOK_S)
        if not (folder / DATABASE_NAME).exists():
            continue
        with closing(Store.open(f"sqlite:///{folder / DATABASE_NAME}")) as store:
            if any(each.id == "drains" and each.state is Health.OK for each in store.sources()):
                return
    raise BenchError("the collector did not connect to the broker")
