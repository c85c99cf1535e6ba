"""Every number the product shows, defined once: wall, API and tests read this table.

Unknown is None, never 0. Parts always sum to their whole. The texts of a number are `number.<key>` (its name) and
`number.<key>.definition` (what is shown on hover) in the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from situation.health import LIVING, PanelState
from situation.live import Context, Live, Moment
from situation.live.columns import NO_TIME
from situation.live.moment import DAY_MS, ONLINE, UNKNOWN

ONTIME_WINDOW = timedelta(days=30)
SAME_WEEKDAY = 7

Value = float | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number. `formula` says how it is computed, `parts` which rows of which panel add up to it."""

    key: str
    unit: str = "count"
    formula: str
    parts: tuple[str, ...] = ()
    value: Callable[[Moment], Value]

    @property
    def name_key(self) -> str:
        """Text key of its name."""
        return f"number.{self.key}"

    @property
    def definition_key(self) -> str:
        """Text key of what is said about it on hover."""
        return f"number.{self.key}.definition"

    def compute(self, live: Live, at: datetime, context: Context | None = None) -> Value:
        """The number at a moment, None when it is unknown."""
        return self.value(Moment(live, at, context or Context()))


def compute_all(moment: Moment) -> dict[str, Value]:
    """Every number by its key."""
    return {number.key: number.value(moment) for number in NUMBERS}


def _cases(count: Callable[[Moment], int]) -> Callable[[Moment], Value]:
    return lambda moment: count(moment) if moment.has_delivered("case") else None


def _registered_before(moment: Moment) -> Value:
    start_ms = moment.day_start_ms(SAME_WEEKDAY)
    if moment.known_since_ms is None or moment.known_since_ms > start_ms:
        return None
    until_ms = start_ms + (moment.at_ms - moment.today_ms)
    registered = moment.cases["registered_ms"]
    return int(np.count_nonzero(moment.is_registered & (registered >= start_ms) & (registered < until_ms)))


def _open_before(moment: Moment) -> Value:
    at_ms = moment.at_ms - DAY_MS
    if moment.known_since_ms is None or moment.known_since_ms > at_ms:
        return None
    return int(np.count_nonzero(moment.was_open(at_ms)))


def _oldest_overdue_s(moment: Moment) -> Value:
    """In whole minutes: a number that moves every second would be sent every second."""
    due = moment.cases["due_ms"][moment.is_overdue]
    return (moment.at_ms - int(due.min())) // 60_000 * 60 if len(due) else None


def _ontime_rate(moment: Moment) -> Value:
    due, left = moment.cases["due_ms"], moment.cases["left_ms"]
    since_ms = moment.at_ms - int(ONTIME_WINDOW.total_seconds() * 1000)
    was_due = moment.is_registered & moment.cases["is_handled"] & (due != NO_TIME)
    was_due = was_due & (due > since_ms) & (due <= moment.at_ms)
    total = int(np.count_nonzero(was_due))
    return int(np.count_nonzero(was_due & (left <= due))) / total if total else None


def _reported_today(moment: Moment) -> int:
    return int(np.count_nonzero(moment.cases["reported_ms"] >= moment.today_ms))


def _total(kind: str) -> Callable[[Moment], Value]:
    return lambda moment: len(moment.live.tables[kind]) if moment.has_delivered(kind) else None


def _devices(kind: str, state: int) -> Callable[[Moment], Value]:
    def devices(moment: Moment) -> Value:
        if not any(moment.source_states[source.id] in LIVING for source in moment.sources_of([kind])):
            return None  # nobody who could tell is alive
        states = moment.camera_states if kind == "camera" else moment.sensor_states
        return int(np.count_nonzero(states == state))

    return devices


def _alarms_active(moment: Moment) -> Value:
    if not moment.has_delivered("alarm", "sensor", "camera"):
        return None
    return len(moment.active_alarms)


def _warnings_active(moment: Moment) -> Value:
    if not moment.live.whole["warning"] and not moment.has_delivered("warning"):
        return None
    return len(moment.active_warnings)


def _sources_ok(moment: Moment) -> Value:
    return sum(state is PanelState.LIVE for state in moment.source_states.values()) if moment.sources else None


def _departments_ok(moment: Moment) -> Value:
    if not moment.departments:
        return None
    return sum(state is PanelState.LIVE for state in moment.department_states.values())


NUMBERS: tuple[Number, ...] = (
    Number(
        key="cases_today",
        formula="cases with registered_at in the local day",
        parts=("pipeline.new_today", "hourly.counts"),
        value=_cases(lambda moment: int(np.count_nonzero(moment.is_registered_today))),
    ),
    Number(
        key="cases_today_before",
        formula="cases registered on the same weekday last week, up to the same time of day",
        value=_registered_before,
    ),
    Number(
        key="cases_reported_today",
        formula="cases with reported_at in the local day",
        value=_cases(_reported_today),
    ),
    Number(
        key="cases_open",
        formula="registered, not closed, cancelled or rejected",
        parts=("streets.rows", "streets.elsewhere", "pipeline.steps"),
        value=_cases(lambda moment: int(np.count_nonzero(moment.is_open))),
    ),
    Number(key="cases_open_before", formula="cases that were open 24 hours ago", value=_open_before),
    Number(
        key="cases_overdue",
        formula="open and due_at in the past",
        parts=("streets.rows", "streets.elsewhere", "pipeline.steps"),
        value=_cases(lambda moment: int(np.count_nonzero(moment.is_overdue))),
    ),
    Number(
        key="oldest_overdue_s",
        unit="s",
        formula="how long the oldest overdue case has been so, in whole minutes",
        value=_oldest_overdue_s,
    ),
    Number(
        key="ontime_rate",
        unit="share",
        formula="of the cases due in the last 30 days (not rejected or cancelled), the share closed by due_at",
        value=_ontime_rate,
    ),
    Number(
        key="ontime_target",
        unit="share",
        formula="from the settings",
        value=lambda moment: moment.context.ontime_target,
    ),
    Number(key="cameras_total", formula="cameras known", value=_total("camera")),
    Number(key="cameras_online", formula="cameras online whose source is alive", value=_devices("camera", ONLINE)),
    Number(
        key="cameras_unknown",
        formula="cameras of which nobody alive can tell whether they are online",
        value=_devices("camera", UNKNOWN),
    ),
    Number(key="sensors_total", formula="sensors known", value=_total("sensor")),
    Number(key="sensors_online", formula="sensors online whose source is alive", value=_devices("sensor", ONLINE)),
    Number(
        key="sensors_unknown",
        formula="sensors of which nobody alive can tell whether they are online",
        value=_devices("sensor", UNKNOWN),
    ),
    Number(
        key="alarms_active",
        formula="alarms that have not ended",
        parts=("alarms.unacknowledged", "alarms.handling"),
        value=_alarms_active,
    ),
    Number(
        key="warnings_active",
        formula="actual warnings, not expired, not superseded or cancelled",
        value=_warnings_active,
    ),
    Number(
        key="sources_total",
        formula="sources configured",
        value=lambda moment: len(moment.sources) or None,
    ),
    Number(key="sources_ok", formula="sources that are ok and on time", value=_sources_ok),
    Number(
        key="departments_total",
        formula="departments known",
        value=lambda moment: len(moment.departments) or None,
    ),
    Number(key="departments_ok", formula="departments of which every source is ok and on time", value=_departments_ok),
)

NUMBERS_BY_KEY: dict[str, Number] = {number.key: number for number in NUMBERS}
