"""One kind of sensor looked at closely: how its last values are spread, against its limits, and each sensor."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from situation.live import Moment
from situation.live.context import Point
from situation.panels.definition import Choice, Values
from situation.panels.iot.bins import histogram
from situation.panels.iot.choice import Picked, picked
from situation.panels.iot.fleet import ALARM, NORMAL, OFFLINE, STANDINGS, Fleet
from situation.panels.iot.reading import MOST_READ, Rows, latest_of, sensor_values
from situation.panels.watched import nearness
from situation.records import Datastream, Threshold

MOST_ROWS = 40
DEFAULT_HOLDS_MS = 60_000
QUANTILES = (0.0, 0.1, 0.5, 0.9, 1.0)


def build_explorer(moment: Moment) -> Values:
    """The kind in most trouble: most at level 1, then 2, then 3, then silent. It stays for a minute at least."""
    fleet = Fleet(moment)
    kind = _default_kind(moment, fleet)
    return _explored(moment, fleet, Picked(kind=kind or ""), is_chosen=False)


def choose_explorer(moment: Moment, choice: Choice) -> Values:
    """A kind and a street of the reader's choice; `state` narrows the list. Without a kind, that of most trouble."""
    fleet = Fleet(moment)
    wanted = picked(fleet, choice)
    kind = wanted.kind or _default_kind(moment, fleet, wanted.street)
    return _explored(moment, fleet, Picked(kind or "", wanted.street, wanted.state), is_chosen=bool(wanted.kind))


def _default_kind(moment: Moment, fleet: Fleet, street: str = "") -> str | None:
    if not fleet.kinds:
        return None

    def choose() -> str:
        levels, counts = fleet.levels, fleet.counts
        if street:
            place = fleet.streets.index(street)
            levels, counts = levels[:, place : place + 1], counts[:, place : place + 1]
        by_level, silent = levels.sum(axis=1), counts[:, :, OFFLINE].sum(axis=1)
        return max(
            enumerate(fleet.kinds),
            key=lambda each: (*by_level[each[0], 1:].tolist(), int(silent[each[0]]), -each[0]),
        )[1]

    if street:
        return choose()
    chosen = moment.cache.get("iot.explored", moment.at_ms // DEFAULT_HOLDS_MS, choose)
    return chosen if chosen in fleet.kinds else choose()


def _explored(moment: Moment, fleet: Fleet, wanted: Picked, *, is_chosen: bool) -> Values:
    """`read` of `sensors` have a value of now: the spread is of those. Rows are the worst first."""
    if not wanted.kind or not moment.has_delivered("sensor"):
        return {"kind": None, "is_chosen": is_chosen, "sensors": None, "rows": [], "total": None}
    rows = np.flatnonzero(fleet.of(wanted.kind, wanted.street))
    latest = latest_of(moment, fleet, wanted.kind)
    stream, thresholds = _typical(moment, rows)
    values = _values_of_now(moment, fleet, rows, latest)
    listed = rows[fleet.standing[rows] == STANDINGS.index(wanted.state)] if wanted.state else rows
    return {
        "kind": wanted.kind,
        "street": wanted.street,
        "is_chosen": is_chosen,
        "sensors": len(rows),
        "counts": np.bincount(fleet.standing[rows], minlength=len(STANDINGS)).tolist(),
        "unit": "" if stream is None else stream.unit,
        "quantity": "" if stream is None else stream.observed_property,
        "interval_s": None if stream is None else stream.interval_s,
        "limits": [[limit.level, limit.limit, limit.above] for limit in thresholds],
        "read": len(values),
        "is_sample": len(rows) > MOST_READ,
        "quantiles": [round(float(each), 4) for each in np.quantile(values, QUANTILES)] if len(values) else None,
        "histogram": histogram(values, [limit.limit for limit in thresholds]),
        "rows": _listed(moment, fleet, listed, latest),
        "total": len(listed),
    }


def _typical(moment: Moment, rows: Rows) -> tuple[Datastream | None, tuple[Threshold, ...]]:
    """A datastream and the limits as most sensors of the kind have them."""
    streams = moment.live.tables["sensor"]["stream"]
    by_limits: dict[tuple[Threshold, ...], Datastream] = {}
    counts: Counter[tuple[Threshold, ...]] = Counter()
    for row in rows:
        stream: Datastream | None = streams[row]
        if stream is not None:
            counts[stream.thresholds] += 1
            by_limits.setdefault(stream.thresholds, stream)
    if not counts:
        return None, ()
    limits = counts.most_common(1)[0][0]
    return by_limits[limits], limits


def _values_of_now(moment: Moment, fleet: Fleet, rows: Rows, latest: dict[str, Point]) -> npt.NDArray[np.float64]:
    """Last values of sensors that are online: a silent one's is not of now."""
    streams = moment.live.tables["sensor"]["stream"]
    online = rows[np.isin(fleet.standing[rows], (NORMAL, ALARM))]
    points = (latest.get(streams[row].id) for row in online if streams[row] is not None)
    return np.array([point[1] for point in points if point is not None], dtype=np.float64)


def _listed(moment: Moment, fleet: Fleet, rows: Rows, latest: dict[str, Point]) -> list[Values]:
    """Over a limit first, then offline, then unknown, then by nearness to a limit."""
    table = moment.live.tables["sensor"]
    streams = table["stream"]
    order = np.array([2, 0, 1, 1])[fleet.standing[rows]]
    near = np.zeros(len(rows))
    for index, row in enumerate(rows):
        point = None if streams[row] is None else latest.get(streams[row].id)
        if point is not None:
            near[index] = nearness(streams[row].thresholds, point[1])
    worst = np.lexsort((table.numbers[rows], -near, order))[:MOST_ROWS]
    return [
        sensor_values(moment, fleet, int(row), None if streams[row] is None else latest.get(streams[row].id))
        for row in rows[worst]
    ]
