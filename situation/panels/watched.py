"""The watched sensor: the one configured, else the water sensor nearest its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from situation.health import LIVING, PanelState, Standing, standing
from situation.live import Moment
from situation.live.context import Point
from situation.live.moment import OFFLINE
from situation.panels.definition import Values
from situation.records import Datastream, Threshold

WATER_KINDS = ("river_level", "underpass_water", "manhole_level", "tide_level")
HISTORY = timedelta(hours=3)
AHEAD = timedelta(hours=1)
STEP = timedelta(minutes=10)
TREND = timedelta(minutes=20)
LEAST_TREND_POINTS = 3
MOST_POINTS = 120
CHOICE_LASTS_MS = 20_000
STAYS_WITHIN = 0.9
"""The choice stays with a sensor until another is nearer to its limit by a tenth: nothing jumps without cause."""

LATE_INTERVALS = 3.0
NOTHING: Values = {
    "sensor": None,
    "number": None,
    "name": "",
    "place": "",
    "unit": "",
    "kind": "",
    "points": [],
    "limit": None,
    "limit_level": None,
    "is_over": None,
    "rate_per_h": None,
    "projection": [],
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sensor that may be watched; `nearness`: limits crossed plus the share of the way to the next."""

    number: int
    nearness: float


def build_watched(moment: Moment) -> Values:
    """Readings of the last hours with the limit they approach, how fast, and where that leads within the hour."""
    row = _watched_row(moment)
    if row is None:
        return dict(NOTHING)
    table = moment.live.tables["sensor"]
    stream: Datastream = table["stream"][row]
    points = moment.context.readings.series(stream.id, *_span(moment), MOST_POINTS)
    last = points[-1][1] if points else None
    limit = limit_ahead(stream.thresholds, last)
    rate = rate_per_h(points)
    return {
        "sensor": table["id"][row],
        "number": int(table.numbers[row]),
        "name": table["name"][row],
        "place": table["address"][row],
        "unit": stream.unit,
        "kind": moment.live.words.word(int(table["category"][row])),
        "points": [[at_ms, round(value, 4)] for at_ms, value in points],
        "limit": None if limit is None else limit.limit,
        "limit_level": None if limit is None else limit.level,
        "is_over": None if limit is None or last is None else _is_crossed(limit, last),
        "rate_per_h": None if rate is None else round(rate, 4),
        "projection": [] if rate is None else _projection(points[-1], rate),
    }


def _span(moment: Moment) -> tuple[datetime, datetime]:
    """The time shown. It moves in steps: thinned readings would else all change a little in every frame."""
    step_ms = int(STEP.total_seconds() * 1000)
    since = datetime.fromtimestamp(moment.at_ms // step_ms * step_ms / 1000, UTC) - HISTORY
    return since, since + HISTORY + STEP


def stand_watched(moment: Moment, values: Values) -> Standing:
    """State and age of the one sensor shown: its source's, and late when the sensor itself is."""
    row = None if values.get("number") is None else moment.live.tables["sensor"].row(values["number"])
    if row is None:
        sources = moment.sources_of(["sensor"])
        state = PanelState.NO_DATA if sources else PanelState.NOT_CONFIGURED
        return Standing(state, reason=("reason.no-watched-sensor",))
    table = moment.live.tables["sensor"]
    key = moment.live.words.word(int(table["source"][row]))
    own = standing([source for source in moment.sources if source.id == key], moment.source_states)
    if not values["points"]:
        return Standing(PanelState.NO_DATA, None, None, ("reason.no-readings",)) if own.state in LIVING else own
    read_at = datetime.fromtimestamp(values["points"][-1][0] / 1000, UTC)
    late_s = max(LATE_INTERVALS * table["stream"][row].interval_s, moment.context.least_age_s)
    is_late = own.state is PanelState.LIVE and moment.at - read_at > timedelta(seconds=late_s)
    return Standing(PanelState.DELAYED if is_late else own.state, read_at, None, own.reason)


def limit_ahead(thresholds: Sequence[Threshold], value: float | None) -> Threshold | None:
    """The limit that matters: the next one not crossed yet, the worst one when all are."""
    if not thresholds:
        return None
    by_severity = sorted(thresholds, key=lambda threshold: -threshold.level)
    if value is None:
        return by_severity[0]
    ahead = [threshold for threshold in by_severity if not _is_crossed(threshold, value)]
    return ahead[0] if ahead else by_severity[-1]


def nearness(thresholds: Sequence[Threshold], value: float) -> float:
    """How near a reading is to trouble: limits crossed, plus the share of the way to the next."""
    crossed = sum(_is_crossed(threshold, value) for threshold in thresholds)
    limit = limit_ahead(thresholds, value)
    if limit is None:
        return 0.0
    if not limit.above:
        share = limit.limit / value if value > 0 else 0.0
    else:
        share = value / limit.limit if limit.limit > 0 else 0.0
    return crossed + (share if crossed == len(thresholds) else min(max(share, 0.0), 1.0))


def rate_per_h(points: Sequence[Point]) -> float | None:
    """Slope of the last readings in units per hour (least squares); None when there are too few."""
    if not points:
        return None
    since_ms = points[-1][0] - TREND.total_seconds() * 1000
    recent = np.array([point for point in points if point[0] >= since_ms], dtype=np.float64)
    if len(recent) < LEAST_TREND_POINTS or recent[-1, 0] == recent[0, 0]:
        return None
    hours = (recent[:, 0] - recent[-1, 0]) / 3_600_000
    return float(np.polyfit(hours, recent[:, 1], 1)[0])


def _projection(last: Point, rate: float) -> list[list[float]]:
    at_ms, value = last
    ahead_ms = int(AHEAD.total_seconds() * 1000)
    ahead = value + rate * AHEAD.total_seconds() / 3600
    if ahead >= 0 or value < 0:
        return [[at_ms, round(value, 4)], [at_ms + ahead_ms, round(ahead, 4)]]
    dry_ms = at_ms + round(value / -rate * 3_600_000)  # water does not fall below the ground
    return [[at_ms, round(value, 4)], [dry_ms, 0.0]]


def _is_crossed(threshold: Threshold, value: float) -> bool:
    return value >= threshold.limit if threshold.above else value <= threshold.limit


def _watched_row(moment: Moment) -> int | None:
    table = moment.live.tables["sensor"]
    if moment.context.watched_sensor:
        rows = np.flatnonzero(table["id"] == moment.context.watched_sensor)
        return int(rows[0]) if len(rows) and table["stream"][rows[0]] is not None else None
    before = moment.cache.last("watched.choice")
    lasting_ms = max(CHOICE_LASTS_MS, int(moment.context.least_age_s * 1000))
    token = (table.membership, moment.at_ms // lasting_ms)
    number = moment.cache.get("watched.choice", token, lambda: _choose(moment, before))
    return None if number is None else table.row(number)


def _choose(moment: Moment, before: object) -> int | None:
    candidates = _candidates(moment)
    if not candidates:
        return None
    best = max(candidates, key=lambda candidate: (candidate.nearness, -candidate.number))
    for candidate in candidates:
        if candidate.number == before and candidate.nearness >= STAYS_WITHIN * best.nearness:
            return candidate.number
    return best.number


def _candidates(moment: Moment) -> list[Candidate]:
    """Water sensors that have readings; silent ones and those of dead sources only when there are no others."""
    table = moment.live.tables["sensor"]
    codes = [code for kind in WATER_KINDS if (code := moment.live.words.find(kind)) is not None]
    is_water = np.isin(table["category"], codes)
    is_living = moment.is_living_source[table["source"]]
    is_silent = moment.sensor_states == OFFLINE
    choices = (is_water & is_living & ~is_silent, is_water & is_living, is_water)
    rows = next((rows for choice in choices if len(rows := np.flatnonzero(choice))), np.flatnonzero(is_water))
    streams = {int(table.numbers[row]): table["stream"][row] for row in rows if table["stream"][row] is not None}
    latest = moment.context.readings.latest([stream.id for stream in streams.values()])
    return [
        Candidate(number, nearness(stream.thresholds, latest[stream.id][1]))
        for number, stream in streams.items()
        if stream.thresholds and stream.id in latest
    ]
