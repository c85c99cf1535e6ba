"""The numbers of the product: what counts, what does not, and what is unknown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_city import (
    NOW,
    MemoryStore,
    alarm,
    camera,
    case,
    department,
    hours_ago,
    sensor,
    source,
    sources,
    street,
    warning,
)

from situation.live import Context, Live, Moment
from situation.numbers import NUMBERS, NUMBERS_BY_KEY, Number, compute_all
from situation.panels import PANELS_BY_KEY
from situation.records import Camera, CaseState, DeviceState, Health, Record


def moment(*records: Record, at: datetime = NOW) -> Moment:
    store = MemoryStore()
    store.put(*records)
    return Moment(Live.load(store, at), at, Context())


def number(key: str, *records: Record, at: datetime = NOW) -> Any:
    return NUMBERS_BY_KEY[key].value(moment(*records, at=at))


def test_with_no_source_every_number_is_unknown_and_none_is_zero() -> None:
    values = compute_all(moment())
    assert {key for key, value in values.items() if value is not None} == {"ontime_target"}


def test_with_sources_that_never_delivered_counts_are_unknown() -> None:
    starting = [
        source(key, kind, state=Health.STARTING, succeeded_at=None) for key, kind in (("a", "camera"), ("b", "case"))
    ]
    values = compute_all(moment(*starting))
    assert values["cameras_total"] is values["cameras_online"] is values["cases_open"] is None
    assert (values["sources_total"], values["sources_ok"]) == (2, 0)


def test_with_living_sources_that_have_nothing_counts_are_zero() -> None:
    values = compute_all(moment(*sources()))
    for key in ("cases_today", "cases_open", "cases_overdue", "cameras_total", "cameras_online", "alarms_active"):
        assert values[key] == 0
    assert values["warnings_active"] == 0
    assert values["ontime_rate"] is None  # nothing was due: no rate, neither 0 nor 1


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (CaseState.REPORTED, 0),
        (CaseState.ACCEPTED, 0),
        (CaseState.REGISTERED, 1),
        (CaseState.RETURNED, 1),
        (CaseState.SUSPENDED, 1),
        (CaseState.VERIFIED, 1),
        (CaseState.CLOSED, 0),
        (CaseState.REJECTED, 0),
        (CaseState.CANCELLED, 0),
    ],
)
def test_open_means_registered_and_not_closed_cancelled_or_rejected(state: CaseState, is_open: int) -> None:
    assert number("cases_open", *sources(), case("1", state=state)) == is_open


def test_the_day_begins_at_midnight_in_the_city() -> None:
    midnight = datetime.fromisoformat("2026-08-09T00:00:00+08:00")
    cases = [case("1", registered_at=midnight - timedelta(seconds=1)), case("2", registered_at=midnight)]
    assert number("cases_today", *sources(), *cases) == 1


def test_overdue_is_open_and_past_due() -> None:
    late = hours_ago(50)
    cases = [
        case("1", due_at=late),
        case("2", due_at=late, state=CaseState.CLOSED, closed_at=hours_ago(1)),
        case("3", due_at=None),
        case("4", due_at=hours_ago(-1)),
    ]
    assert number("cases_overdue", *sources(), *cases) == 1
    assert number("oldest_overdue_s", *sources(), *cases) == 50 * 3600


def test_ontime_rate_is_the_share_closed_by_then_of_those_due_in_thirty_days() -> None:
    def due(key: str, ago_h: float, closed_h: float | None, state: CaseState = CaseState.CLOSED) -> Record:
        closed_at = None if closed_h is None else hours_ago(closed_h)
        return case(key, registered_at=hours_ago(900), due_at=hours_ago(ago_h), closed_at=closed_at, state=state)

    cases = [
        due("in time", 10, 11),
        due("at the last moment", 10, 10),
        due("late", 10, 9),
        due("never", 10, None, CaseState.IN_PROGRESS),
        due("not due yet", -10, None, CaseState.IN_PROGRESS),
        due("long ago", 24 * 31, 800),
        due("cancelled", 10, 11, CaseState.CANCELLED),
    ]
    assert number("ontime_rate", *sources(), *cases) == 0.5


def test_cameras_of_a_dead_platform_are_not_online() -> None:
    dead = source("video-b", "camera", state=Health.UNAVAILABLE)
    both = [camera("1"), camera("2", source="video-b"), camera("3", state=DeviceState.OFFLINE)]
    records: list[Record] = [source("video-a", "camera"), dead, *both]
    assert number("cameras_online", *records) == 1
    assert number("cameras_unknown", *records) == 1
    assert number("cameras_total", *records) == 3


def test_when_every_camera_platform_is_dead_nobody_knows_how_many_are_online() -> None:
    dead = source("video-a", "camera", state=Health.STALE)
    assert number("cameras_online", dead, camera("1")) is None
    assert number("cameras_total", dead, camera("1")) == 1


def test_a_source_that_nobody_reports_on_any_more_is_not_ok() -> None:
    """The collector died: the last thing it said of this source was `ok`."""
    assert number("sources_ok", *sources(), at=NOW + timedelta(minutes=10)) == 0


def test_the_collector_is_no_source() -> None:
    assert number("sources_total", source("collector"), source("a", "camera")) == 1


def test_ended_alarms_are_not_active() -> None:
    assert number("alarms_active", *sources(), alarm("1"), alarm("2", ended_at=hours_ago(1))) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"is_actual": False},
        {"expires_at": hours_ago(0.1)},
        {"superseded_by": "other"},
        {"message_type": "Cancel"},
    ],
)
def test_exercises_and_ended_warnings_are_not_active(changes: dict[str, Any]) -> None:
    assert number("warnings_active", *sources(), warning("1", **changes)) == 0


def test_a_warning_replaced_by_an_update_counts_once() -> None:
    update = warning("2", message_type="Update", references=("1",))
    assert number("warnings_active", *sources(), warning("1"), update) == 1


@pytest.mark.parametrize(("message_type", "active"), [("Ack", 1), ("Error", 1), ("Alert", 2), ("Cancel", 0)])
def test_only_an_update_or_a_cancellation_ends_a_warning(message_type: str, active: int) -> None:
    later = warning("2", message_type=message_type, references=("1",))
    assert number("warnings_active", *sources(), warning("1"), later) == active


@pytest.mark.parametrize(("age_s", "ok"), [(2, 6), (25, 0)])
def test_while_the_collector_is_silent_no_source_is_live(age_s: float, ok: int) -> None:
    at = NOW - timedelta(seconds=age_s)
    heartbeat = source("collector", interval_s=5.0, stale_after_s=20.0, succeeded_at=at)
    upstreams = [source(str(n), "camera") for n in range(6)]
    assert number("sources_ok", heartbeat, *upstreams) == ok
    assert number("cameras_online", heartbeat, *upstreams, camera("c1", source="1")) == 1


def test_an_exercise_ends_no_actual_warning() -> None:
    exercise = warning("2", is_actual=False, message_type="Cancel", references=("1",))
    assert number("warnings_active", *sources(), warning("1"), exercise) == 1


def test_a_department_is_ok_when_all_its_sources_are_alive() -> None:
    records = [*sources(), department("police"), department("urban"), department("silent")]
    assert number("departments_total", *records) == 3
    assert number("departments_ok", *records) == 2
    records.append(source("video-b", "camera", department="urban", state=Health.AUTH_FAILED))
    assert number("departments_ok", *records) == 1


def test_comparisons_are_unknown_before_history_reaches_back() -> None:
    young = [*sources(), case("1", registered_at=hours_ago(2))]
    assert number("cases_open_before", *young) is None
    assert number("cases_today_before", *young) is None


def test_comparisons_look_at_the_same_time_of_day() -> None:
    week = 7 * 24
    cases = [
        case("old", registered_at=hours_ago(1000)),
        case("then", registered_at=hours_ago(week + 1), state=CaseState.CLOSED, closed_at=hours_ago(week)),
        case("later that day", registered_at=hours_ago(week - 1), state=CaseState.CLOSED, closed_at=hours_ago(12)),
    ]
    assert number("cases_today_before", *sources(), *cases) == 1
    assert number("cases_open_before", *sources(), *cases) == 2


def test_every_number_says_what_it_is() -> None:
    assert len(NUMBERS_BY_KEY) == len(NUMBERS)
    for each in NUMBERS:
        assert each.formula
        assert each.definition_key == f"number.{each.key}.definition"


TIMES = st.floats(-30, 24 * 20).map(hours_ago)
CASES = st.lists(
    st.builds(
        lambda state, registered, closed, due, code: dict(
            state=state, registered_at=registered, closed_at=closed, due_at=due, street_code=code
        ),
        st.sampled_from(list(CaseState)),
        st.none() | TIMES,
        st.none() | TIMES,
        st.none() | TIMES,
        st.sampled_from(["310113101", "310113999", ""]),
    ),
    max_size=30,
)


@settings(max_examples=60)
@given(CASES)
def test_parts_always_sum_to_the_total(cases: list[dict[str, Any]]) -> None:
    records = [*sources(), street("310113101", 121.4, 121.5), *(case(str(i), **each) for i, each in enumerate(cases))]
    now = moment(*records)
    values = compute_all(now)
    streets = PANELS_BY_KEY["streets"].build(now)
    assert sum(row[3] for row in streets["rows"]) + streets["elsewhere"][0] == values["cases_open"]
    assert sum(row[4] for row in streets["rows"]) + streets["elsewhere"][1] == values["cases_overdue"]
    pipeline = PANELS_BY_KEY["pipeline"].build(now)
    assert sum(opened for _, opened, _ in pipeline["steps"][1:-1]) == values["cases_open"] == pipeline["open"]
    assert sum(overdue for _, _, overdue in pipeline["steps"]) == values["cases_overdue"]
    assert pipeline["open_before"] + pipeline["new_today"] - pipeline["closed_today"] == pipeline["open"]
    assert sum(PANELS_BY_KEY["hourly"].build(now)["counts"]) == values["cases_today"] == pipeline["new_today"]
    assert sum(row[1] for row in PANELS_BY_KEY["origins"].build(now)["rows"]) == values["cases_today"]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 4)), max_size=12))
def test_unacknowledged_and_handled_alarms_add_up_to_the_active_ones(rows: list[tuple[bool, int]]) -> None:
    alarms = [
        alarm(str(i), priority=priority, acknowledged_at=NOW if is_acknowledged else None)
        for i, (is_acknowledged, priority) in enumerate(rows)
    ]
    now = moment(*sources(), *alarms)
    panel = PANELS_BY_KEY["alarms"].build(now)
    assert panel["unacknowledged"] + panel["handling"] == panel["total"] == compute_all(now)["alarms_active"]


def test_online_devices_never_outnumber_all_devices() -> None:
    devices: list[Camera] = [camera(str(i), state=state) for i, state in enumerate(DeviceState)]
    values = compute_all(moment(*sources(), *devices, sensor("s")))
    assert values["cameras_online"] == 1
    assert values["sensors_online"] == 1


def _storm() -> Moment:
    """A moment in which every number with rows has some."""
    return moment(
        *sources(),
        source("dead", "camera", "sensor", state=Health.UNAVAILABLE, succeeded_at=hours_ago(9)),
        *(case(f"open-{n}") for n in range(3)),
        *(case(f"late-{n}", due_at=hours_ago(1 + n), registered_at=hours_ago(30)) for n in range(4)),
        case("old", registered_at=hours_ago(24 * 20), state=CaseState.CLOSED, closed_at=hours_ago(24 * 19)),
        case(
            "kept",
            due_at=hours_ago(2),
            registered_at=hours_ago(24 * 7 + 2),
            closed_at=hours_ago(3),
            state=CaseState.CLOSED,
        ),
        *(camera(f"{n}", source=("video-a", "dead")[n % 2]) for n in range(5)),
        *(sensor(f"{n}", source=("things", "dead")[n % 2]) for n in range(5)),
        alarm("1"),
        alarm("2", ended_at=hours_ago(0.1)),
        warning("1"),
        warning("2", expires_at=hours_ago(1)),
        department("police"),
        department("urban"),
    )


@pytest.mark.parametrize("one", [one for one in NUMBERS if one.of is not None], ids=lambda one: one.key)
def test_the_rows_behind_a_number_are_as_many_as_it_says(one: Number) -> None:
    now = _storm()
    assert one.of is not None
    numbers = one.of.numbers(now).tolist()
    assert numbers
    assert len(set(numbers)) == len(numbers)
    if one.among is not None:
        among = one.among.numbers(now).tolist()
        assert set(numbers) <= set(among)
        assert one.value(now) == len(numbers) / len(among)
    elif one.measure is None:
        assert one.value(now) == len(numbers)


@pytest.mark.parametrize("one", [one for one in NUMBERS if one.of is not None], ids=lambda one: one.key)
def test_an_unknown_number_has_no_rows(one: Number) -> None:
    assert one.of is not None
    assert one.of.numbers(moment()).tolist() == []


def test_overdue_cases_are_listed_from_the_oldest_on() -> None:
    now = _storm()
    rows = NUMBERS_BY_KEY["cases_overdue"].of
    oldest = NUMBERS_BY_KEY["oldest_overdue_s"].of
    assert rows is not None
    assert oldest is not None
    due = [now.cases["due_ms"][now.cases.row(number)] for number in rows.numbers(now).tolist()]
    assert due == sorted(due)
    assert oldest.numbers(now).tolist() == rows.numbers(now).tolist()[:1]
