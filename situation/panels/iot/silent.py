"""Silent sensors by how long they have been so, and batteries that run low."""

from __future__ import annotations

import numpy as np

from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.moment import Mask
from situation.panels.definition import Choice, Values
from situation.panels.iot.choice import Picked, picked
from situation.panels.iot.fleet import OFFLINE, UNKNOWN, Fleet
from situation.panels.iot.reading import Rows, sensor_values

MOST_ROWS = 20
LOW, CRITICAL = 0.2, 0.1
HOUR_MS = 3_600_000
CLASSES = (("1h", 1), ("6h", 6), ("1d", 24), ("7d", 168))
"""Silent for less than so many hours; `more` is everything beyond, `undated` where nobody says since when."""


def build_silent(moment: Moment) -> Values:
    """All kinds, all streets."""
    return _silent(moment, Fleet(moment), Picked())


def choose_silent(moment: Moment, choice: Choice) -> Values:
    """Those of a kind, of a street."""
    fleet = Fleet(moment)
    return _silent(moment, fleet, picked(fleet, choice))


def _silent(moment: Moment, fleet: Fleet, wanted: Picked) -> Values:
    """`silent` is what the matrix counts as offline; the classes add up to it. `never` never spoke at all."""
    if not moment.has_delivered("sensor"):
        return {"silent": None, "classes": None, "never": None, "rows": [], "battery": None, "low_rows": []}
    table = moment.live.tables["sensor"]
    is_wanted = fleet.of(wanted.kind, wanted.street)
    rows = np.flatnonzero(is_wanted & (fleet.standing == OFFLINE))
    since = table["observed_ms"][rows]
    newest = rows[np.argsort(-since, kind="stable")][:MOST_ROWS]
    is_living = moment.is_living_source[table["source"]]
    never = is_wanted & is_living & (fleet.standing == UNKNOWN) & (table["observed_ms"] == NO_TIME)
    return {
        "silent": len(rows),
        "classes": _classes(moment, since),
        "never": int(np.count_nonzero(never)),
        "rows": [sensor_values(moment, fleet, int(row), None) for row in newest],
        **_batteries(moment, fleet, is_wanted),
    }


def _classes(moment: Moment, since: Rows) -> list[list[object]]:
    hours = (moment.at_ms - since) / HOUR_MS
    is_dated = since != NO_TIME
    edges = [0.0, *(upper for _, upper in CLASSES), np.inf]
    names = [*(name for name, _ in CLASSES), "more"]
    # a clock set back must not lose a sensor: what lies ahead is of the first class
    index = np.clip(np.searchsorted(edges, hours[is_dated], side="right") - 1, 0, len(names) - 1)
    counts = np.bincount(index, minlength=len(names)).tolist()
    return [*([name, count] for name, count in zip(names, counts, strict=True)), ["undated", int((~is_dated).sum())]]


def _batteries(moment: Moment, fleet: Fleet, is_wanted: Mask) -> Values:
    """How many tell of a battery at all, how many are low; the emptiest first."""
    battery = moment.live.tables["sensor"]["battery"]
    known = is_wanted & np.isfinite(battery)
    low = np.flatnonzero(known & (battery < LOW))
    emptiest = low[np.argsort(battery[low], kind="stable")][:MOST_ROWS]
    return {
        "battery": {
            "known": int(np.count_nonzero(known)),
            "low": len(low),
            "critical": int(np.count_nonzero(known & (battery < CRITICAL))),
        },
        "low_rows": [sensor_values(moment, fleet, int(row), None) for row in emptiest],
    }
