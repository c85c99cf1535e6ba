"""What is measured and what must be reached: the one table of bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of the table. Reached when the value is at most (`is_most`) or at least `limit`; None: only told."""

    key: str
    what: str
    unit: str
    limit: float | None = None
    is_most: bool = True
    digits: int = 2

    def is_reached(self, value: float) -> bool | None:
        """None when there is nothing to reach."""
        if self.limit is None:
            return None
        return value <= self.limit if self.is_most else value >= self.limit


BARS: tuple[Bar, ...] = (
    Bar(key="open.data", what="cold open: KPIs, alarms, warnings, all marks", unit="× empty Dash page", limit=2.5),
    Bar(key="open.charts", what="cold open: charts too", unit="× empty Dash page", limit=5.0),
    Bar(key="live.rate", what="changes made meanwhile", unit="/s", limit=950, is_most=False, digits=0),
    Bar(key="live.lag", what="oldest change of a frame → on screen, p95", unit="s", limit=0.35, digits=3),
    Bar(key="live.bytes", what="bytes per wall, 1,000 changes/s", unit="kB/s", limit=15, digits=1),
    Bar(key="live.core", what="web process with one wall", unit="core", digits=3),
    Bar(key="live.task", what="browser in steady state: longest task", unit="ms", limit=50, digits=0),
    Bar(key="live.pan", what="panning all marks", unit="frames/s", limit=30, is_most=False, digits=0),
    Bar(key="live.busy", what="browser in steady state: busy in tasks > 50 ms", unit="% of the time", digits=1),
    Bar(key="live.first", what="first data of that wall", unit="s"),
    Bar(key="quiet.bytes", what="bytes per wall, quiet city", unit="B/s", limit=100, digits=0),
    Bar(key="crowd.lag", what="1,000 feed clients on one web process, p99", unit="s", limit=0.3, digits=3),
    Bar(key="crowd.lost", what="1,000 feed clients: dropped or told to start over", unit="clients", limit=0, digits=0),
    Bar(key="crowd.core", what="1,000 feed clients: web process", unit="% of a core", limit=25, digits=1),
    Bar(
        key="ingest.rate",
        what="Store.apply of observations, readers active (SQLite)",
        unit="/s",
        limit=50_000,
        is_most=False,
        digits=0,
    ),
    Bar(
        key="normalise.mapping",
        what="a reply to records on one core: generic mapping",
        unit="/s",
        limit=10_000,
        is_most=False,
        digits=0,
    ),
    Bar(
        key="normalise.sensorthings",
        what="the same: SensorThings, sensors and readings",
        unit="/s",
        limit=20_000,
        is_most=False,
        digits=0,
    ),
    Bar(key="normalise.cap", what="the same: CAP", unit="/s", limit=1_000, is_most=False, digits=0),
    Bar(
        key="mqtt.rate",
        what="MQTT messages at QoS 1 through the mapping into the store",
        unit="/s",
        limit=10_000,
        is_most=False,
        digits=0,
    ),
    Bar(key="mqtt.lost", what="the same, with a broker restart: messages lost", unit="messages", limit=0, digits=0),
    Bar(key="hanging.cadence", what="26 sources, half hanging: the others off cadence", unit="%", limit=10, digits=1),
    Bar(key="heap.growth", what="heap of a wall, 30 min at 10× rate, after the first sixth", unit="%", limit=5),
    Bar(key="heap.listeners", what="the same: event listeners", unit="more", limit=0, digits=0),
    Bar(key="search.answer", what="search box, district ×10, p95", unit="s", limit=0.1, digits=3),
    Bar(key="search.ready", what="district ×10: from the start until search answers", unit="s", digits=1),
    Bar(key="tiles.pace", what="16 camera tiles: pictures", unit="/s and tile", limit=0.95, is_most=False),
    Bar(key="tiles.task", what="16 camera tiles at 1 picture/s: longest task", unit="ms", limit=50, digits=0),
    Bar(key="tiles.growth", what="16 camera tiles, 1,000 rounds: heap, after the first sixth", unit="%", limit=5),
    Bar(key="tiles.left", what="the same: event listeners and nodes", unit="more", limit=0, digits=0),
    Bar(key="media.jpeg", what="first picture of a camera: JPEG, p95", unit="s", limit=0.5, digits=3),
    Bar(key="media.hls", what="first picture of a camera: HLS, p95", unit="s", limit=3.0),
    Bar(key="media.flv", what="first picture of a camera: HTTP-FLV, p95", unit="s", limit=3.0),
    Bar(key="scenes.change", what="scene change on the wall until all live, p95", unit="s", limit=0.7),
    Bar(key="soak.growth", what="6 h of scenes and details: heap, after the first sixth", unit="%", limit=5),
    Bar(key="soak.left", what="the same: listeners, contexts and videos", unit="more", limit=0, digits=0),
    Bar(key="tenfold.open", what="district ×10: cold open", unit="× district ×1", limit=3.0),
    Bar(key="tenfold.lag", what="district ×10: oldest change → on screen, p95", unit="s", limit=0.6, digits=3),
    Bar(key="cycle.share", what="district ×10: worst source's cycle", unit="× its interval", limit=1.0),
    Bar(key="cycle.rss", what="the same: most memory of the collector, filling included", unit="GB", limit=1.0),
    Bar(
        key="details.open",
        what="detail page, 1 M cases and 100 M readings: click → complete, p95",
        unit="s",
        limit=0.6,
    ),
    Bar(key="details.year", what="the same store: a year of a 1-minute sensor, p95", unit="s", limit=0.3, digits=3),
    Bar(key="browse.request", what="30 people browsing: time per request, p95", unit="s", limit=0.25, digits=3),
    Bar(key="browse.lag", what="the same: what it adds to the feed's lag, p99", unit="s", limit=0.1, digits=3),
)
BARS_BY_KEY = {bar.key: bar for bar in BARS}


@dataclass(frozen=True, slots=True)
class Measured:
    """One value for the line `key`; `beside` is the same of the plain Dash page; `note` says how it came about."""

    key: str
    value: float
    beside: float | None = None
    note: str = ""

    @property
    def bar(self) -> Bar:
        """The line it belongs to."""
        return BARS_BY_KEY[self.key]

    @property
    def is_ok(self) -> bool | None:
        """Whether the bar is reached, None when there is none."""
        return self.bar.is_reached(self.value)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 … 1) of the values lie, by nearest rank; raises ValueError when empty."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
