"""Water, wind, gas and noise: of each family the sensors nearest to their limits, with their last hours."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zlib import crc32

import numpy as np

from situation.live import Moment
from situation.live.context import Point
from situation.panels.definition import Choice, Values
from situation.panels.iot.choice import picked
from situation.panels.iot.fleet import ALARM, NORMAL, Fleet
from situation.panels.iot.reading import Rows, latest_of, sensor_values
from situation.panels.watched import limit_ahead, nearness, rate_per_h
from situation.records import Datastream

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("water", ("underpass_water", "road_water", "river_level", "manhole_level", "tide_level")),
    ("wind", ("wind",)),
    ("gas", ("methane",)),
    ("noise", ("noise",)),
)
SLOTS = 6
"""Sensors of each family; a screen shows as many as it has room for."""

HISTORY = timedelta(hours=3)
STEP = timedelta(minutes=10)
MOST_POINTS = 60
PICK_HOLDS_MS = 20_000
SERIES_HOLDS_MS = 20_000
MOST_SERIES = 200
FARTHEST = timedelta(hours=6)
"""A projection beyond this says nothing."""


def build_watched_many(moment: Moment) -> Values:
    """Slots `<family>:<n>`, so that only what changed is sent; an empty slot is None."""
    fleet = Fleet(moment)
    values: Values = {"families": [family for family, _ in FAMILIES]}
    for family, kinds in FAMILIES:
        numbers = _picked_numbers(moment, fleet, family, kinds)
        values |= _slots(moment, fleet, family, numbers)
    return values


def choose_watched_many(moment: Moment, choice: Choice) -> Values:
    """Of a kind and a street instead of the families: the same slots, all under `chosen`."""
    fleet = Fleet(moment)
    wanted = picked(fleet, choice)
    if not (wanted.kind or wanted.street):
        return build_watched_many(moment)
    families = [("chosen", (wanted.kind,))] if wanted.kind else list(FAMILIES)
    values: Values = {"families": [family for family, _ in families]}
    for family, kinds in families:
        count = SLOTS if len(families) > 1 else SLOTS * len(FAMILIES)
        rows = _ranked(moment, fleet, kinds, wanted.street)[:count]
        values |= _slots(moment, fleet, family, [int(moment.live.tables["sensor"].numbers[row]) for row in rows], count)
    return values


def _slots(moment: Moment, fleet: Fleet, family: str, numbers: Sequence[int], count: int = SLOTS) -> Values:
    table = moment.live.tables["sensor"]
    rows = [row for number in numbers if (row := table.row(number)) is not None]
    shown: list[Values | None] = [_shown(moment, fleet, row) for row in rows]
    shown += [None] * (count - len(shown))
    return {f"{family}:{slot}": values for slot, values in enumerate(shown)}


def _picked_numbers(moment: Moment, fleet: Fleet, family: str, kinds: Sequence[str]) -> list[int]:
    """Who is shown. Nobody leaves the screen while still among the nearest twice as many, nor changes place."""
    name = f"iot.watched/{family}"
    before = moment.cache.last(name)
    holds_ms = max(PICK_HOLDS_MS, int(moment.context.least_age_s * 1000))
    table = moment.live.tables["sensor"]

    def pick() -> list[int]:
        ranked = [int(table.numbers[row]) for row in _ranked(moment, fleet, kinds)[: 2 * SLOTS]]
        slots: list[int | None] = [number if number in ranked else None for number in _list(before)]
        slots = (slots + [None] * SLOTS)[:SLOTS]
        others = iter([number for number in ranked if number not in slots])
        filled = [next(others, None) if number is None else number for number in slots]
        return [number for number in filled if number is not None]

    families = [each for each, _ in FAMILIES]
    turn = (moment.at_ms + families.index(family) * holds_ms // len(families)) // holds_ms  # never all in one build
    return moment.cache.get(name, (table.membership, turn), pick)


def _list(value: object) -> list[int]:
    return value if isinstance(value, list) else []


def _ranked(moment: Moment, fleet: Fleet, kinds: Sequence[str], street: str = "") -> Rows:
    """The sensors that speak and have limits, nearest to them first; others follow where there are too few."""
    table = moment.live.tables["sensor"]
    scored: list[tuple[bool, float, str, int]] = []
    for kind in kinds:
        if kind not in fleet.kinds:
            continue
        latest = latest_of(moment, fleet, kind)
        for row in np.flatnonzero(fleet.of(kind, street)):
            stream: Datastream | None = table["stream"][row]
            point = None if stream is None else latest.get(stream.id)
            if stream is None or point is None or not stream.thresholds:
                continue
            is_quiet = fleet.standing[row] not in (NORMAL, ALARM)
            scored.append((is_quiet, -nearness(stream.thresholds, point[1]), table["id"][row], int(row)))
    return np.array([row for *_, row in sorted(scored)], dtype=np.int64)


def _shown(moment: Moment, fleet: Fleet, row: int) -> Values:
    stream: Datastream = moment.live.tables["sensor"]["stream"][row]
    points = series_of(moment, stream)
    values = sensor_values(moment, fleet, row, points[-1] if points else None)
    rate = rate_per_h(points) if fleet.standing[row] in (NORMAL, ALARM) else None
    return values | {
        "points": [[at_ms, round(value, 3)] for at_ms, value in points],
        "limits": [[limit.level, limit.limit, limit.above] for limit in stream.thresholds],
        "rate_per_h": None if rate is None else round(rate, 3),
        "reaches": reaches(stream, points, rate),
    }


def series_of(moment: Moment, stream: Datastream) -> list[Point]:
    """The last three hours of a datastream, up to twenty seconds old: each is read in its own turn."""
    kept: OrderedDict[str, tuple[int, list[Point]]] = moment.cache.get("iot.series", None, OrderedDict)
    holds_ms = max(SERIES_HOLDS_MS, int(moment.context.least_age_s * 1000))
    turn = (moment.at_ms + crc32(stream.id.encode()) % holds_ms) // holds_ms
    if stream.id not in kept or kept[stream.id][0] != turn:
        step_ms = int(STEP.total_seconds() * 1000)
        since = datetime.fromtimestamp(moment.at_ms // step_ms * step_ms / 1000, UTC) - HISTORY
        points = moment.context.readings.series(stream.id, since, since + HISTORY + 2 * STEP, MOST_POINTS)
        kept[stream.id] = turn, points
        kept.move_to_end(stream.id)
        while len(kept) > MOST_SERIES:
            kept.popitem(last=False)
    return kept[stream.id][1]


def reaches(stream: Datastream, points: Sequence[Point], rate: float | None) -> Values | None:
    """Which limit is reached when, if it goes on like this; None beyond six hours. `is_back`: out of trouble."""
    if not points or not rate:
        return None
    at_ms, value = points[-1]
    limit = limit_ahead(stream.thresholds, value)
    if limit is None:
        return None
    hours = (limit.limit - value) / rate
    if not 0 < hours <= FARTHEST.total_seconds() / 3600:
        return None
    is_back = value >= limit.limit if limit.above else value <= limit.limit
    return {
        "limit": limit.limit,
        "level": limit.level,
        "at": at_ms + round(hours * 3_600_000) // 60_000 * 60_000,
        "is_back": is_back,
    }
