"""Sensors that a weather scene reads: their last readings, whether those are of now, and their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.moment import ONLINE
from situation.records import Datastream, PlacedRecord, Threshold

LATE_INTERVALS = 3.0
LEAST_LATE_S = 300.0
ALERT, CLOSED = 3, 1
"""Levels of a threshold: the first to be crossed, and the worst."""

Rows = npt.NDArray[np.intp]
_M_PER_DEG = 111_195.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A sensor and its last reading. `is_fresh`: alive and on time; an old or missing value must not be judged."""

    row: int
    stream: Datastream
    value: float | None
    at_ms: int | None
    is_fresh: bool

    @property
    def level(self) -> int | None:
        """The worst limit crossed (1 worst … 3), 0 for none, None when it can't be told."""
        if not self.is_fresh or self.value is None:
            return None
        crossed = [limit.level for limit in self.stream.thresholds if _is_crossed(limit, self.value)]
        return min(crossed, default=0)


def rows_of(moment: Moment, kind: str) -> Rows:
    """Sensors of a kind that measure something."""
    table = moment.live.tables["sensor"]
    code = moment.live.words.find(kind)
    if code is None:
        return np.empty(0, dtype=np.intp)
    return np.array([row for row in np.flatnonzero(table["category"] == code) if table["stream"][row] is not None], int)


def gauges(moment: Moment, rows: Sequence[int] | Rows) -> list[Gauge]:
    """The last readings of sensors, in the order given."""
    table = moment.live.tables["sensor"]
    streams: list[Datastream] = [table["stream"][row] for row in rows]
    latest = moment.context.readings.latest([stream.id for stream in streams])
    states = moment.sensor_states
    found = []
    for row, stream in zip(rows, streams, strict=True):
        at_ms, value = latest.get(stream.id, (None, None))
        late_s = max(LATE_INTERVALS * stream.interval_s, LEAST_LATE_S, moment.context.least_age_s)
        is_fresh = at_ms is not None and bool(states[row] == ONLINE) and moment.at_ms - at_ms <= late_s * 1000
        found.append(Gauge(row=int(row), stream=stream, value=value, at_ms=at_ms, is_fresh=is_fresh))
    return found


def limit_of(moment: Moment, kind: str, level: int = ALERT) -> float | None:
    """The limit of a level that sensors of a kind have; None when they have none."""
    token = moment.live.tables["sensor"].membership
    thresholds: tuple[Threshold, ...] = moment.cache.get(f"limits/{kind}", token, lambda: _thresholds(moment, kind))
    return next((threshold.limit for threshold in thresholds if threshold.level == level), None)


def _thresholds(moment: Moment, kind: str) -> tuple[Threshold, ...]:
    table = moment.live.tables["sensor"]
    streams = (table["stream"][row] for row in rows_of(moment, kind))
    return next((stream.thresholds for stream in streams if stream.thresholds), ())


def distances_m(moment: Moment, rows: Rows, lon: float, lat: float) -> npt.NDArray[np.float64]:
    """Metres from a position to sensors (flat earth: they are a few kilometres away); infinite without position."""
    table = moment.live.tables["sensor"]
    east = (table["lon"][rows] - lon) * np.cos(np.radians(lat))
    metres = np.hypot(east, table["lat"][rows] - lat) * _M_PER_DEG
    return np.where(np.isfinite(metres), metres, np.inf)


def metres_between(record: PlacedRecord, lon: float, lat: float) -> float | None:
    """The same from a record; None without position."""
    if record.lon is None or record.lat is None:
        return None
    return float(np.hypot((record.lon - lon) * np.cos(np.radians(lat)), record.lat - lat) * _M_PER_DEG)


def _is_crossed(threshold: Threshold, value: float) -> bool:
    return value >= threshold.limit if threshold.above else value <= threshold.limit
