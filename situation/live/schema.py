"""Which columns each kind has: what numbers, panels and marks need, and no more."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from situation.live.columns import NO_TIME, Column, Words, epoch_ms
from situation.live.passes import pack
from situation.records import CASE_STEPS, OPEN_STATES, Case, CaseState, CaseStep, DeviceState, Officer, Sensor

DEVICE_STATES = tuple(DeviceState)
CASE_STATES = tuple(CaseState)
STEPS = tuple(CaseStep)
STILL_OPEN = np.iinfo(np.int64).max
"""`left_ms` of a case that is still in the workflow."""

TAG_SEPARATOR = "\n"
"""Between the tags of a camera, which are kept as one word."""

NO_STEP = len(STEPS)
_DEVICE_CODE = {state: code for code, state in enumerate(DEVICE_STATES)}
_STATE_CODE = {state: code for code, state in enumerate(CASE_STATES)}
_STEP_CODE = {state: NO_STEP if step is None else STEPS.index(step) for state, step in CASE_STEPS.items()}
_BEFORE_REGISTRATION = frozenset({CaseState.REPORTED, CaseState.ACCEPTED})
_NEVER_HANDLED = frozenset({CaseState.REJECTED, CaseState.CANCELLED})


def _text(name: str) -> Column:
    return Column(name, object, lambda record, _words: getattr(record, name))


def _word(name: str, column: str = "") -> Column:
    return Column(column or name, np.int32, lambda record, words: words.code(getattr(record, name)))


def _time(name: str) -> Column:
    return Column(name.removesuffix("_at") + "_ms", np.int64, lambda record, _words: epoch_ms(getattr(record, name)))


def _number(name: str) -> Column:
    """A number that may be unknown: NaN then."""

    def read(record: Any, _words: Words) -> float:
        value = getattr(record, name)
        return math.nan if value is None else value

    return Column(name, np.float64, read)


def _state(record: Any, _words: Words) -> int:
    return _DEVICE_CODE[record.state]


def registered_ms(case: Case) -> int:
    """When a case was registered. Upstreams that know only open and closed give no such time: the report's counts.

    The state outranks the time, so that an upstream that contradicts itself can't make parts and totals differ.
    """
    if case.state in _BEFORE_REGISTRATION:
        return NO_TIME
    if case.registered_at is not None:
        return epoch_ms(case.registered_at)
    if case.state in _NEVER_HANDLED:
        return NO_TIME
    return max(0, epoch_ms(case.reported_at or case.updated_at))


def left_ms(case: Case) -> int:
    """When a case was closed, cancelled or rejected; `STILL_OPEN` while it is in the workflow."""
    if case.state in OPEN_STATES or case.state in _BEFORE_REGISTRATION:
        return int(STILL_OPEN)
    return max(epoch_ms(case.closed_at or case.updated_at), registered_ms(case))


def _passes(case: Case, _words: Words) -> bytes:
    return pack(case, registered_ms(case), left_ms(case))


def _is_handled(case: Case, _words: Words) -> bool:
    return case.state not in _NEVER_HANDLED


def _stream(sensor: Sensor, _words: Words) -> Any:
    return sensor.datastreams[0] if sensor.datastreams else None


def _duty(officer: Officer, _words: Words) -> int:
    return -1 if officer.on_duty is None else int(officer.on_duty)


_PLACED = (
    _number("lon"),
    _number("lat"),
    _word("source"),
    _word("department"),
    _word("street_code", "street"),
)

_STOCK = (_number("stock"), _word("stock_unit"), _time("stock_at"))

_SMALLER = (_word("community_code", "community"), _word("grid_code", "grid"))

COLUMNS: dict[str, tuple[Column, ...]] = {
    "camera": (
        *_PLACED,
        _text("name"),
        _time("seen_at"),
        Column("state", np.uint8, _state),
        _word("form", "category"),
        _text("address"),
        *_SMALLER,
        _word("hub"),
        Column("tags", np.int32, lambda camera, words: words.code(TAG_SEPARATOR.join(camera.tags))),
    ),
    "sensor": (
        *_PLACED,
        *_SMALLER,
        _text("name"),
        _text("address"),
        Column("state", np.uint8, _state),
        Column("level", np.uint8, lambda sensor, _words: sensor.level),
        _word("sensor_kind", "category"),
        Column("stream", object, _stream),
        _time("observed_at"),  # of the reading that changed state or level last; of a silent one, its last
        _number("battery"),
    ),
    "case": (
        *_PLACED,
        *_SMALLER,
        _word("category"),
        _word("subcategory"),
        _word("origin"),
        _text("address"),
        Column("priority", np.uint8, lambda case, _words: case.priority),
        Column("state", np.uint8, lambda case, _words: _STATE_CODE[case.state]),
        Column("step", np.uint8, lambda case, _words: _STEP_CODE[case.state]),
        Column("is_open", np.bool_, lambda case, _words: case.state in OPEN_STATES),
        Column("is_handled", np.bool_, _is_handled),
        _time("reported_at"),
        _time("due_at"),
        Column("registered_ms", np.int64, lambda case, _words: registered_ms(case)),
        Column("left_ms", np.int64, lambda case, _words: left_ms(case)),
        Column("passes", object, _passes),
    ),
    "officer": (
        *_PLACED,
        *_SMALLER,
        _word("beat_code", "beat"),
        _text("name"),
        _word("role", "category"),
        Column("on_duty", np.int8, _duty),
        _time("positioned_at"),  # within two minutes: a fix that says the same is no news before
    ),
    "place": (*_PLACED, _text("name"), _word("place_kind", "category"), _number("capacity"), *_STOCK),
    "alarm": (
        *_PLACED,
        *_SMALLER,
        _word("rule", "category"),
        Column("priority", np.uint8, lambda alarm, _words: alarm.priority),
        Column("is_active", np.bool_, lambda alarm, _words: alarm.ended_at is None),
        Column("is_acknowledged", np.bool_, lambda alarm, _words: alarm.acknowledged_at is not None),
    ),
}
"""Kinds of which there are many: kept as columns."""

WHOLE_KINDS = frozenset({"alarm", "warning", "forecast", "department", "area", "source"})
"""Kinds of which there are few: their records are kept whole as well (an alarm is kept both ways)."""

LIVE_KINDS = frozenset(COLUMNS) | WHOLE_KINDS


def keeps_case(since_ms: Callable[[], int]) -> Callable[[Case], bool]:
    """Whether a case still counts: open, or touched by a number that looks back to `since_ms()`."""

    def keeps(case: Case) -> bool:
        if left_ms(case) == STILL_OPEN:
            return True
        newest = max(registered_ms(case), left_ms(case), epoch_ms(case.due_at), epoch_ms(case.reported_at))
        return newest >= since_ms()

    return keeps


def keeps_alarm(since_ms: Callable[[], int]) -> Callable[[Any], bool]:
    """Whether an alarm still counts: active, or ended after `since_ms()` (the timeline shows it)."""
    return lambda alarm: alarm.ended_at is None or epoch_ms(alarm.ended_at) >= since_ms()
