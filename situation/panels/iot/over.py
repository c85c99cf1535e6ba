"""Sensors over a limit now, the worst first; those that fell silent over it are counted beside them."""

from __future__ import annotations

import numpy as np

from situation.live import Moment
from situation.panels.definition import Choice, Values
from situation.panels.iot.choice import Picked, picked
from situation.panels.iot.fleet import ALARM, OFFLINE, UNKNOWN, Fleet
from situation.panels.iot.reading import sensor_values

MOST_ROWS = 40
MOST_RANKED = 400
LEVELS = (1, 2, 3)


def build_over(moment: Moment) -> Values:
    """All kinds, all streets."""
    return _over(moment, Fleet(moment), Picked())


def choose_over(moment: Moment, choice: Choice) -> Values:
    """Those of a kind, of a street."""
    fleet = Fleet(moment)
    return _over(moment, fleet, picked(fleet, choice))


def _over(moment: Moment, fleet: Fleet, wanted: Picked) -> Values:
    """`total` = sum of `levels`; `silent` and `unknown` are over their limit by a reading that is not of now."""
    if not moment.has_delivered("sensor"):
        return {"total": None, "levels": None, "silent": None, "unknown": None, "rows": []}
    table = moment.live.tables["sensor"]
    is_wanted = fleet.of(wanted.kind, wanted.street) & (table["level"] > 0)
    standing = fleet.standing
    rows = np.flatnonzero(is_wanted & (standing == ALARM))
    old = np.flatnonzero(is_wanted & (standing != ALARM))
    ranked = np.concatenate([rows[np.argsort(table["level"][rows], kind="stable")], old])[:MOST_RANKED]
    streams = [table["stream"][row] for row in ranked]
    latest = moment.context.readings.latest([stream.id for stream in streams if stream is not None])
    values = [
        sensor_values(moment, fleet, int(row), None if stream is None else latest.get(stream.id))
        for row, stream in zip(ranked, streams, strict=True)
    ]
    values.sort(key=_order)
    return {
        "total": len(rows),
        "levels": [int(np.count_nonzero(table["level"][rows] == level)) for level in LEVELS],
        "silent": int(np.count_nonzero(is_wanted & (standing == OFFLINE))),
        "unknown": int(np.count_nonzero(is_wanted & (standing == UNKNOWN))),
        "rows": values[:MOST_ROWS],
    }


def _order(sensor: Values) -> tuple[bool, int, float, str]:
    return sensor["state"] != "alarm", sensor["level"], -_beyond(sensor), sensor["id"]


def _beyond(sensor: Values) -> float:
    """How far beyond its limit, as a share of it."""
    value, limit = sensor["value"], sensor["limit"]
    if value is None or not limit:
        return 0.0
    share = (value - limit) / abs(limit)
    return float(share if sensor["above"] else -share)
