"""Cases and warnings of the moving city."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.behaviour import Behaviour
from simulator.behaviour.case_categories import CATEGORIES
from simulator.model import City, CityCase


@pytest.fixture(scope="module")
def month(behaviour: Behaviour, start_at: datetime) -> list[CityCase]:
    return behaviour.cases(start_at - timedelta(days=30), start_at, start_at)


def test_a_month_holds_650_cases_a_day(month: list[CityCase]) -> None:
    assert 18_500 <= len(month) <= 21_000
    assert len({case.number for case in month}) == len(month)


def test_nights_are_quiet_and_weekends_lower(behaviour: Behaviour, start_at: datetime) -> None:
    before = start_at - timedelta(days=2)
    cases = [case for case in behaviour.cases(before - timedelta(days=28), before, before)]
    hours = Counter((case.reported_at + timedelta(hours=8)).hour for case in cases)
    assert hours[9] > 10 * hours[3]
    assert hours[14] > hours[12]
    days = Counter((case.reported_at + timedelta(hours=8)).weekday() for case in cases)
    assert days[6] < 0.9 * days[1]


def test_backlog_and_punctuality_are_a_districts(behaviour: Behaviour, start_at: datetime) -> None:
    cases = behaviour.cases(start_at - timedelta(days=40), start_at, start_at)
    is_open = [case for case in cases if case.registered_at and not case.closed_at]
    due = [case for case in cases if case.due_at and start_at - timedelta(days=30) < case.due_at <= start_at]
    in_time = sum(bool(case.closed_at and case.due_at and case.closed_at <= case.due_at) for case in due)
    assert 1_000 <= len(is_open) <= 1_400
    assert 20 <= sum(bool(case.due_at and case.due_at < start_at) for case in is_open) <= 70
    assert 0.95 < in_time / len(due) < 0.975


def test_origins_and_upstreams_have_a_realistic_mix(month: list[CityCase]) -> None:
    origins = Counter(case.origin for case in month)
    assert 0.62 < origins["inspector"] / len(month) < 0.68
    upstreams = Counter(case.upstream for case in month)
    assert upstreams.most_common(1)[0][0] == "case-centre"
    assert set(upstreams) == {"case-centre", "greening-cases", "traffic-cases", "market-cases"}


def test_a_case_tells_only_what_has_happened(month: list[CityCase], start_at: datetime) -> None:
    for case in month[-1500:]:
        times = [task.at for task in case.tasks]
        assert times == sorted(times)
        assert times[-1] == case.updated_at <= start_at
        assert case.state == case.tasks[-1].state
        assert (case.closed_at is not None) == any(task.state == "closed" for task in case.tasks)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.integers(-20_000, 3_000), span=st.integers(1, 400))
def test_a_window_holds_exactly_what_was_reported_or_updated_in_it(
    behaviour: Behaviour, start_at: datetime, minutes: int, span: int
) -> None:
    at = start_at + timedelta(minutes=minutes)
    since = at - timedelta(minutes=span)
    for case in behaviour.cases(since, at, at):
        assert since <= case.updated_at <= at or since <= case.reported_at <= at
        assert behaviour.case(case.number, at) == case
        assert behaviour.case(case.number, case.reported_at - timedelta(seconds=1)) is None


def test_polling_finds_every_case_that_a_full_list_has(behaviour: Behaviour, start_at: datetime) -> None:
    known: dict[str, CityCase] = {}
    at = start_at - timedelta(hours=6)
    for _ in range(36):
        since, at = at, at + timedelta(minutes=10)
        known |= {case.number: case for case in behaviour.cases(since, at, at)}
    full = {c.number: c for c in behaviour.cases(start_at - timedelta(hours=6), start_at, start_at)}
    assert known == full


@pytest.mark.parametrize("number", ["", "x", "2026080900000", "2026080999999", "99999999000001", "２０２６080900001"])
def test_a_number_that_is_none_finds_nothing(behaviour: Behaviour, start_at: datetime, number: str) -> None:
    assert behaviour.case(number, start_at) is None


def test_the_storm_brings_ponding_to_low_ground(
    whole_city: City, behaviour: Behaviour, month: list[CityCase], start_at: datetime
) -> None:
    storm_at = start_at - timedelta(minutes=40)
    height = {area.code: area.elevation_m for area in whole_city.areas if area.scheme == "unit_grid"}
    ponding = [case for case in month if case.subcategory == "道路积水" and case.reported_at > storm_at]
    others = [height[case.grid] for case in month[:2000]]
    assert len(ponding) >= 8
    assert sum(height[case.grid] for case in ponding) / len(ponding) < sum(others) / len(others) - 0.2


def test_warnings_rise_to_orange_and_end(behaviour: Behaviour, start_at: datetime) -> None:
    now = [
        warning for warning in behaviour.warnings(start_at) if warning.hazard == "暴雨" and warning.status == "Actual"
    ]
    assert [warning.colour for warning in now[-3:]] == ["blue", "yellow", "orange"]
    assert now[-1].polygon
    assert all(len(code) == 9 for code in now[-1].area_codes)
    assert len(now[-1].references) == 2
    later = behaviour.warnings(start_at + timedelta(hours=5))
    assert [warning.message_type for warning in later if warning.hazard == "暴雨"][-1] == "Cancel"


def test_identifiers_of_warnings_are_unique(behaviour: Behaviour, start_at: datetime) -> None:
    warnings = behaviour.warnings(start_at + timedelta(days=9))
    assert len({warning.identifier for warning in warnings}) == len(warnings)
    assert any(warning.status == "Exercise" for warning in warnings)


def test_every_category_names_a_known_department(whole_city: City) -> None:
    assert {category.department for category in CATEGORIES} <= {d.key for d in whole_city.departments}


def test_forecast_covers_three_days_by_the_hour(behaviour: Behaviour, start_at: datetime) -> None:
    hours = behaviour.expected(start_at)
    assert len(hours) == 72
    assert hours[0].weather.at == start_at.replace(minute=0) + timedelta(hours=1)
    assert hours[-1].weather.at - hours[0].weather.at == timedelta(hours=71)
