"""Readings of many sensors at once, and one sensor as lists show it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.context import Point
from situation.panels.definition import Values
from situation.panels.iot.fleet import STANDINGS, Fleet
from situation.panels.watched import limit_ahead
from situation.records import Datastream, Threshold

LATEST_HOLDS_MS = 10_000
"""Asking for thousands of last readings takes milliseconds: they are asked for this often, and carry their own time."""

MOST_READ = 2_500
"""Of more sensors of one kind, an even share is read."""

Rows = npt.NDArray[np.int64]


def readable(moment: Moment, rows: Rows) -> Rows:
    """Those of these rows that have a datastream, at most `MOST_READ`, evenly chosen."""
    streams = moment.live.tables["sensor"]["stream"]
    rows = rows[np.array([streams[row] is not None for row in rows], dtype=np.bool_)]
    if len(rows) <= MOST_READ:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MOST_READ).astype(np.int64)]


def latest_of(moment: Moment, fleet: Fleet, kind: str) -> dict[str, Point]:
    """The last readings of the sensors of a kind, by datastream; up to ten seconds old."""
    table = moment.live.tables["sensor"]
    holds_ms = max(LATEST_HOLDS_MS, int(moment.context.least_age_s * 1000))
    token = (table.membership, moment.at_ms // holds_ms)

    def read() -> dict[str, Point]:
        rows = readable(moment, np.flatnonzero(fleet.of(kind)))
        return moment.context.readings.latest([table["stream"][row].id for row in rows])

    return moment.cache.get(f"iot.latest/{kind}", token, read)


def sensor_values(moment: Moment, fleet: Fleet, row: int, point: Point | None) -> Values:
    """One sensor: what it is, what it read last and when, which limit matters, when its state changed last."""
    table = moment.live.tables["sensor"]
    stream: Datastream | None = table["stream"][row]
    limit = None if stream is None else limit_that_matters(stream.thresholds, point, int(table["level"][row]))
    battery = float(table["battery"][row])
    return {
        "id": table["id"][row],
        "number": int(table.numbers[row]),
        "name": table["name"][row],
        "kind": fleet.kinds[fleet.kind_of[row]],
        "street": fleet.streets[fleet.street_of[row]],
        "state": STANDINGS[fleet.standing[row]],
        "level": int(table["level"][row]),
        "value": None if point is None else round(point[1], 4),
        "at": known_ms(int(table["observed_ms"][row])) if point is None else point[0],
        "unit": "" if stream is None else stream.unit,
        "limit": None if limit is None else limit.limit,
        "limit_level": None if limit is None else limit.level,
        "above": True if limit is None else limit.above,
        "changed_at": known_ms(int(table["observed_ms"][row])),
        "battery": None if np.isnan(battery) else battery,
    }


def limit_that_matters(thresholds: Sequence[Threshold], point: Point | None, level: int) -> Threshold | None:
    """The limit that was crossed, else the next one."""
    crossed = next((threshold for threshold in thresholds if threshold.level == level), None)
    return crossed or limit_ahead(thresholds, None if point is None else point[1])


def known_ms(value: int) -> int | None:
    """A time of a column, None where it is not known."""
    return None if value == NO_TIME else value
