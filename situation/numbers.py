"""Every number the product shows, defined once: wall, API and tests read this table.

Unknown is None, never 0. Parts always sum to their whole. The texts of a number are `number.<key>` (its name),
`number.<key>.definition` (what is shown on hover) and `number.<key>.formula` (how it is made) in the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from situation.counting import Counted, Listed, Rows
from situation.health import LIVING, PanelState
from situation.live import Context, Live, Moment
from situation.live.columns import NO_TIME
from situation.live.moment import DAY_MS, ONLINE, UNKNOWN, Mask

ONTIME_WINDOW = timedelta(days=30)
SAME_WEEKDAY = 7

Value = float | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number. `formula` says how it is computed, `parts` which rows of which panel add up to it.

    `of` are the rows behind it; it is how many they are unless `measure` says what else is made of them. Of a share,
    `of` are those that count and `among` all that could.
    """

    key: str
    unit: str = "count"
    formula: str
    parts: tuple[str, ...] = ()
    of: Rows | None = None
    among: Rows | None = None
    measure: Callable[[Moment], Value] | None = None

    @property
    def name_key(self) -> str:
        """Text key of its name."""
        return f"number.{self.key}"

    @property
    def definition_key(self) -> str:
        """Text key of what is said about it on hover."""
        return f"number.{self.key}.definition"

    def value(self, moment: Moment) -> Value:
        """The number at a moment, None when it is unknown."""
        if self.measure is not None:
            return self.measure(moment)
        return None if self.of is None else self.of.count(moment)

    def compute(self, live: Live, at: datetime, context: Context | None = None) -> Value:
        """The number at a moment, None when it is unknown."""
        return self.value(Moment(live, at, context or Context()))


def compute_all(moment: Moment) -> dict[str, Value]:
    """Every number by its key."""
    return {number.key: number.value(moment) for number in NUMBERS}


def _knows_cases(moment: Moment) -> bool:
    return moment.has_delivered("case")


def _reaches_back_to(at_ms: Callable[[Moment], int]) -> Callable[[Moment], bool]:
    """Whether the history of cases begins early enough: before it, nothing is known."""
    return lambda moment: moment.known_since_ms is not None and moment.known_since_ms <= at_ms(moment)


def _week_ago_ms(moment: Moment) -> int:
    return moment.day_start_ms(SAME_WEEKDAY)


def _day_ago_ms(moment: Moment) -> int:
    return moment.at_ms - DAY_MS


def _was_registered(moment: Moment) -> Mask:
    start_ms = _week_ago_ms(moment)
    registered = moment.cases["registered_ms"]
    until_ms = start_ms + (moment.at_ms - moment.today_ms)
    return np.asarray(moment.is_registered & (registered >= start_ms) & (registered < until_ms))


def _is_oldest_overdue(moment: Moment) -> Mask:
    due = moment.cases["due_ms"]
    overdue_due = due[moment.is_overdue]
    return np.asarray(moment.is_overdue & (due == overdue_due.min())) if len(overdue_due) else moment.is_overdue


def _oldest_overdue_s(moment: Moment) -> Value:
    """In whole minutes: a number that moves every second would be sent every second."""
    due = moment.cases["due_ms"][moment.is_overdue]
    return (moment.at_ms - int(due.min())) // 60_000 * 60 if len(due) else None


def _was_due(moment: Moment) -> Mask:
    due = moment.cases["due_ms"]
    since_ms = moment.at_ms - int(ONTIME_WINDOW.total_seconds() * 1000)
    was_due = moment.is_registered & moment.cases["is_handled"] & (due != NO_TIME)
    return np.asarray(was_due & (due > since_ms) & (due <= moment.at_ms))


def _was_ontime(moment: Moment) -> Mask:
    return np.asarray(_was_due(moment) & (moment.cases["left_ms"] <= moment.cases["due_ms"]))


def _ontime_rate(moment: Moment) -> Value:
    total = int(np.count_nonzero(_was_due(moment)))
    return int(np.count_nonzero(_was_ontime(moment))) / total if total else None


def _is_reported_today(moment: Moment) -> Mask:
    return np.asarray(moment.cases["reported_ms"] >= moment.today_ms)


def _cases(mask: Callable[[Moment], Mask], order: str = "-registered_ms") -> Counted:
    return Counted(kind="case", mask=mask, is_known=_knows_cases, order=order)


def _all(kind: str) -> Counted:
    def everything(moment: Moment) -> Mask:
        return np.ones(len(moment.live.tables[kind]), dtype=np.bool_)

    return Counted(kind=kind, mask=everything, is_known=lambda moment: moment.has_delivered(kind))


def _devices(kind: str, state: int) -> Counted:
    def in_state(moment: Moment) -> Mask:
        states = moment.camera_states if kind == "camera" else moment.sensor_states
        return np.asarray(states == state)

    def can_be_told(moment: Moment) -> bool:
        """Somebody who could tell is alive."""
        return any(moment.source_states[source.id] in LIVING for source in moment.sources_of([kind]))

    return Counted(kind=kind, mask=in_state, is_known=can_be_told)


def _knows_warnings(moment: Moment) -> bool:
    return bool(moment.live.whole["warning"]) or moment.has_delivered("warning")


def _living_sources(moment: Moment) -> list[str]:
    return [key for key, state in moment.source_states.items() if state is PanelState.LIVE]


def _living_departments(moment: Moment) -> list[str]:
    return [key for key, state in moment.department_states.items() if state is PanelState.LIVE]


NUMBERS: tuple[Number, ...] = (
    Number(
        key="cases_today",
        formula="cases with registered_at in the local day",
        parts=("pipeline.new_today", "hourly.counts"),
        of=_cases(lambda moment: moment.is_registered_today),
    ),
    Number(
        key="cases_today_before",
        formula="cases registered on the same weekday last week, up to the same time of day",
        of=Counted(kind="case", mask=_was_registered, is_known=_reaches_back_to(_week_ago_ms), order="-registered_ms"),
    ),
    Number(
        key="cases_reported_today",
        formula="cases with reported_at in the local day",
        of=_cases(_is_reported_today, order="-reported_ms"),
    ),
    Number(
        key="cases_open",
        formula="registered, not closed, cancelled or rejected",
        parts=("streets.rows", "streets.elsewhere", "pipeline.steps"),
        of=_cases(lambda moment: moment.is_open),
    ),
    Number(
        key="cases_open_before",
        formula="cases that were open 24 hours ago",
        of=Counted(
            kind="case",
            mask=lambda moment: moment.was_open(_day_ago_ms(moment)),
            is_known=_reaches_back_to(_day_ago_ms),
            order="-registered_ms",
        ),
    ),
    Number(
        key="cases_overdue",
        formula="open and due_at in the past",
        parts=("streets.rows", "streets.elsewhere", "pipeline.steps"),
        of=_cases(lambda moment: moment.is_overdue, order="due_ms"),
    ),
    Number(
        key="oldest_overdue_s",
        unit="s",
        formula="how long the oldest overdue case has been so, in whole minutes",
        of=_cases(_is_oldest_overdue, order="due_ms"),
        measure=_oldest_overdue_s,
    ),
    Number(
        key="ontime_rate",
        unit="share",
        formula="of the cases due in the last 30 days (not rejected or cancelled), the share closed by due_at",
        of=_cases(_was_ontime, order="-due_ms"),
        among=_cases(_was_due, order="-due_ms"),
        measure=_ontime_rate,
    ),
    Number(
        key="ontime_target",
        unit="share",
        formula="from the settings",
        measure=lambda moment: moment.context.ontime_target,
    ),
    Number(key="cameras_total", formula="cameras known", of=_all("camera")),
    Number(key="cameras_online", formula="cameras online whose source is alive", of=_devices("camera", ONLINE)),
    Number(
        key="cameras_unknown",
        formula="cameras of which nobody alive can tell whether they are online",
        of=_devices("camera", UNKNOWN),
    ),
    Number(key="sensors_total", formula="sensors known", of=_all("sensor")),
    Number(key="sensors_online", formula="sensors online whose source is alive", of=_devices("sensor", ONLINE)),
    Number(
        key="sensors_unknown",
        formula="sensors of which nobody alive can tell whether they are online",
        of=_devices("sensor", UNKNOWN),
    ),
    Number(
        key="alarms_active",
        formula="alarms that have not ended",
        parts=("alarms.unacknowledged", "alarms.handling"),
        of=Listed(
            kind="alarm",
            members=lambda moment: [alarm.id for _, alarm in moment.active_alarms],
            is_known=lambda moment: moment.has_delivered("alarm", "sensor", "camera"),
        ),
    ),
    Number(
        key="warnings_active",
        formula="actual warnings, not expired, not superseded or cancelled",
        of=Listed(
            kind="warning",
            members=lambda moment: [warning.id for warning in moment.active_warnings],
            is_known=_knows_warnings,
        ),
    ),
    Number(
        key="sources_total",
        formula="sources configured",
        of=Listed(
            kind="source",
            members=lambda moment: [source.id for source in moment.sources],
            is_known=lambda moment: bool(moment.sources),
        ),
    ),
    Number(
        key="sources_ok",
        formula="sources that are ok and on time",
        of=Listed(kind="source", members=_living_sources, is_known=lambda moment: bool(moment.sources)),
    ),
    Number(
        key="departments_total",
        formula="departments known",
        of=Listed(
            kind="department",
            members=lambda moment: [department.id for department in moment.departments],
            is_known=lambda moment: bool(moment.departments),
        ),
    ),
    Number(
        key="departments_ok",
        formula="departments of which every source is ok and on time",
        of=Listed(kind="department", members=_living_departments, is_known=lambda moment: bool(moment.departments)),
    ),
)

NUMBERS_BY_KEY: dict[str, Number] = {number.key: number for number in NUMBERS}

AMONG = ".among"
ROWS: dict[str, Rows] = {
    **{number.key: number.of for number in NUMBERS if number.of is not None},
    **{number.key + AMONG: number.among for number in NUMBERS if number.among is not None},
}
"""The rows behind a number by its key; `<key>.among` are those a share is taken of."""
