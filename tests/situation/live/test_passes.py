"""When cases entered and left the seven steps."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sample_city import NOW, case, hours_ago

from situation.live.passes import OPEN_STEPS, STILL_THERE, pack, unpack
from situation.live.schema import STEPS, left_ms, registered_ms
from situation.records import CASE_STEPS, OPEN_STATES, Case, CaseEvent, CaseState, CaseStep

STATES = list(CaseState)


def passes_of(record: Case) -> list[tuple[CaseStep, int, int]]:
    packed = np.array([pack(record, registered_ms(record), left_ms(record)), b""], dtype=object)[:1]
    passes = unpack(packed)
    columns = (passes.step.tolist(), passes.entered_s.tolist(), passes.left_s.tolist())
    return [(STEPS[step], entered, left) for step, entered, left in zip(*columns, strict=True)]


def seconds(hours: float) -> int:
    return int(hours_ago(hours).timestamp())


@st.composite
def lives(draw: st.DrawFn) -> Case:
    """Cases as upstreams tell them: in order or not, with times that contradict one another."""
    hour = st.floats(0, 900)
    told = draw(st.lists(st.tuples(hour, st.sampled_from(STATES)), max_size=10))
    if draw(st.booleans()):
        told.sort(key=lambda event: -event[0])
    when = st.none() | hour.map(hours_ago)
    return case(
        "c",
        state=draw(st.sampled_from(STATES)),
        events=tuple(CaseEvent(at=hours_ago(hours), state=state) for hours, state in told),
        reported_at=draw(when),
        registered_at=draw(when),
        closed_at=draw(when),
        updated_at=draw(hour.map(hours_ago)),
    )


def test_each_step_is_left_when_the_next_one_is_entered() -> None:
    events = [(5, "reported"), (4, "registered"), (3, "dispatched"), (2, "in_progress")]
    record = case(
        "c",
        reported_at=hours_ago(5),
        registered_at=hours_ago(4),
        events=tuple(CaseEvent(at=hours_ago(hours), state=CaseState(state)) for hours, state in events),
    )
    assert passes_of(record) == [
        (CaseStep.COLLECT, seconds(5), seconds(4)),
        (CaseStep.REGISTER, seconds(4), seconds(3)),
        (CaseStep.DISPATCH, seconds(3), seconds(2)),
        (CaseStep.HANDLE, seconds(2), STILL_THERE),
    ]


def test_a_returned_case_passes_the_dispatch_twice() -> None:
    states = ["dispatched", "in_progress", "returned", "in_progress"]
    events = tuple(CaseEvent(at=hours_ago(4 - i), state=CaseState(state)) for i, state in enumerate(states))
    record = case("c", reported_at=hours_ago(5), registered_at=hours_ago(4), events=events)
    steps = [step for step, *_ in passes_of(record)]
    assert steps == [CaseStep.COLLECT, CaseStep.DISPATCH, CaseStep.HANDLE, CaseStep.DISPATCH, CaseStep.HANDLE]


def test_a_suspended_case_stays_where_it_is_handled() -> None:
    states = ["in_progress", "suspended", "in_progress"]
    events = tuple(CaseEvent(at=hours_ago(3 - i), state=CaseState(state)) for i, state in enumerate(states))
    record = case("c", reported_at=hours_ago(5), registered_at=hours_ago(3), events=events)
    assert passes_of(record)[1:] == [(CaseStep.HANDLE, seconds(3), STILL_THERE)]


def test_an_upstream_without_steps_says_where_a_case_counts_but_not_how_long_steps_take() -> None:
    record = case("c", state=CaseState.CLOSED, closed_at=hours_ago(1), updated_at=hours_ago(1))
    packed = np.array([pack(record, registered_ms(record), left_ms(record)), b""], dtype=object)
    assert not unpack(packed).is_timed.any()
    assert [step for step, *_ in passes_of(record)] == [CaseStep.COLLECT, CaseStep.REGISTER, CaseStep.EVALUATE]


@given(lives())
def test_passes_follow_one_another_without_gap(record: Case) -> None:
    passes = passes_of(record)
    assert all(left == entered for (_, _, left), (_, entered, _) in pairwise(passes))
    assert all(left == STILL_THERE or left >= entered for _, entered, left in passes)


@given(lives())
def test_an_open_case_stands_in_its_own_step_and_a_closed_one_in_none_of_the_open_ones(record: Case) -> None:
    standing = [step for step, _, left in passes_of(record) if left == STILL_THERE]
    if record.state in OPEN_STATES:
        assert standing == [CASE_STEPS[record.state]]
    else:
        assert not OPEN_STEPS.intersection(standing)


@given(lives(), st.floats(0, 900))
def test_at_every_time_it_counts_in_one_open_step_while_it_is_open(record: Case, hours: float) -> None:
    at_s = int((NOW - timedelta(hours=hours)).timestamp())
    registered, left = registered_ms(record), left_ms(record)
    is_open = registered >= 0 and registered // 1000 <= at_s < left // 1000
    within = [
        step
        for step, entered, gone in passes_of(record)
        if step in OPEN_STEPS and entered <= at_s and (gone == STILL_THERE or at_s < gone)
    ]
    assert len(within) == int(is_open)
