"""Every number that areas are compared by, and what it was on the days before: one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from situation.counting import Counted
from situation.health import LIVING
from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.moment import OFFLINE, UNKNOWN, Mask
from situation.numbers import AMONG, ROWS

Span = tuple[int, int]
"""From … until, epoch ms; `until` itself does not belong to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of areas: how many rows of `kind` are in `mask`, or their share of `among`.

    `can_tell`: rows of which anybody knows what the mask asks; an area that has rows, none of them known, is unknown
    itself. `was` (and `was_among`): the rows of a day that has ended at some time, None where nobody keeps that.
    `is_known`: whether 0 is a number at all now.
    """

    key: str
    kind: str
    mask: Callable[[Moment], Mask]
    is_known: Callable[[Moment], bool]
    among: Callable[[Moment], Mask] | None = None
    can_tell: Callable[[Moment], Mask] | None = None
    was: Callable[[Moment, Span], Mask] | None = None
    was_among: Callable[[Moment, Span], Mask] | None = None
    is_stock: bool = False
    is_low_bad: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it is a share of something; shares are not divided by people or ground."""
        return self.among is not None


def _counted(key: str) -> Counted:
    rows = ROWS[key]
    if not isinstance(rows, Counted):
        raise TypeError(f"the rows of {key} are not a table's")
    return rows


def _registered(moment: Moment, span: Span) -> Mask:
    registered = moment.cases["registered_ms"]
    return np.asarray(moment.is_registered & (registered >= span[0]) & (registered < span[1]))


def _was_open(moment: Moment, span: Span) -> Mask:
    return moment.was_open(span[1])


def _was_overdue(moment: Moment, span: Span) -> Mask:
    due = moment.cases["due_ms"]
    return np.asarray(moment.was_open(span[1]) & (due != NO_TIME) & (due < span[1]))


def _was_due(moment: Moment, span: Span) -> Mask:
    due = moment.cases["due_ms"]
    return np.asarray(moment.is_registered & moment.cases["is_handled"] & (due >= span[0]) & (due < span[1]))


def _was_ontime(moment: Moment, span: Span) -> Mask:
    return np.asarray(_was_due(moment, span) & (moment.cases["left_ms"] <= moment.cases["due_ms"]))


def _is_told_by_the_living(kind: str) -> Callable[[Moment], bool]:
    return lambda moment: any(moment.source_states[source.id] in LIVING for source in moment.sources_of([kind]))


def _is_over(moment: Moment) -> Mask:
    return np.asarray((moment.sensor_states != UNKNOWN) & (moment.live.tables["sensor"]["level"] > 0))


def _from_cases(key: str, **history: object) -> Figure:
    rows = _counted(key)
    return Figure(key=key, kind="case", mask=rows.mask, is_known=rows.is_known, **history)  # type: ignore[arg-type]


FIGURES: tuple[Figure, ...] = (
    _from_cases("cases_open", was=_was_open, is_stock=True),
    _from_cases("cases_overdue", was=_was_overdue, is_stock=True),
    _from_cases("cases_today", was=_registered),
    _from_cases(
        "ontime_rate",
        among=_counted("ontime_rate" + AMONG).mask,
        was=_was_ontime,
        was_among=_was_due,
        is_low_bad=True,
    ),
    Figure(
        key="alarms_active",
        kind="alarm",
        mask=lambda moment: moment.live.tables["alarm"]["is_active"],
        is_known=lambda moment: moment.has_delivered("alarm", "sensor", "camera"),
    ),
    Figure(
        key="cameras_offline",
        kind="camera",
        mask=lambda moment: np.asarray(moment.camera_states == OFFLINE),
        is_known=_is_told_by_the_living("camera"),
        can_tell=lambda moment: np.asarray(moment.camera_states != UNKNOWN),
    ),
    Figure(
        key="sensors_over",
        kind="sensor",
        mask=_is_over,
        is_known=_is_told_by_the_living("sensor"),
        can_tell=lambda moment: np.asarray(moment.sensor_states != UNKNOWN),
    ),
    Figure(
        key="officers_on_duty",
        kind="officer",
        mask=lambda moment: np.asarray(moment.live.tables["officer"]["on_duty"] == 1),
        is_known=_is_told_by_the_living("officer"),
        can_tell=lambda moment: np.asarray(moment.live.tables["officer"]["on_duty"] >= 0),
        is_low_bad=True,
    ),
)

FIGURES_BY_KEY: dict[str, Figure] = {figure.key: figure for figure in FIGURES}
