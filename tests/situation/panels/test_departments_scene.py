"""The departments scene: every department once, parts that add up, and nothing of the dead called fine."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from situation.numbers import NUMBERS_BY_KEY
from situation.panels.agencies import PANELS
from situation.panels.definition import ChoiceError
from situation.records import CaseState, Health
from tests.sample_city import alarm, case, hours_ago, sensor, source
from tests.situation.panels.grid_city import city

BY_KEY = {panel.key: panel for panel in PANELS}


def shown(key: str, *records: Any, **choice: str) -> dict[str, Any]:
    """A panel of the scene by a choice."""
    panel = BY_KEY[key]
    assert panel.choose is not None
    return panel.choose(city(*records), choice)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from(["water", "housing", "nobody", ""]), st.booleans()), max_size=15))
def test_departments_and_elsewhere_add_up_to_the_open_cases_of_the_wall(cases: list[tuple[str, bool]]) -> None:
    records = [
        case(f"c{i}", department=who, due_at=hours_ago(1 if is_late else -24)) for i, (who, is_late) in enumerate(cases)
    ]
    moment = city(*records)
    board = BY_KEY["departments-board"].build(moment)
    assert sum(row["cases"]["open"] for row in board["rows"]) + board["sum"]["elsewhere"] == board["sum"]["open"]
    assert board["sum"]["open"] == NUMBERS_BY_KEY["cases_open"].value(moment)
    assert board["sum"]["overdue"] == NUMBERS_BY_KEY["cases_overdue"].value(moment)


def test_a_department_whose_source_died_is_not_live_and_its_sensors_are_unknown() -> None:
    dead = source("dead", "sensor", department="water", state=Health.UNAVAILABLE, succeeded_at=hours_ago(3))
    board = shown("departments-board", dead, sensor("s", source="dead", department="water", level=1))
    row = next(row for row in board["rows"] if row["id"] == "water")
    assert row["state"] == "stale"
    assert row["sources"] == [1, 0]
    assert row["sensors"] == [1, 0, 0, 1]  # total, online, over a limit, unknown


def test_the_oldest_source_gives_a_department_its_age() -> None:
    old = source("old", "place", department="water", succeeded_at=hours_ago(2))
    new = source("new", "place", department="water")
    row = next(row for row in shown("departments-board", old, new)["rows"] if row["id"] == "water")
    assert row["at"] == round(hours_ago(2).timestamp() * 1000)


def test_the_worst_source_comes_first_and_tells_what_it_delivers() -> None:
    dead = source("zz", "sensor", department="water", state=Health.UNAVAILABLE, succeeded_at=hours_ago(3))
    rows = shown("departments-sources", dead, sensor("s", source="zz"))["rows"]
    assert rows[0]["id"] == "zz"
    assert rows[0]["records"] == [["sensor", 1]]
    only = shown("departments-sources", dead, department="water")["rows"]
    assert [row["id"] for row in only] == ["zz"]


def test_one_department_in_full_has_its_own_and_nobody_elses() -> None:
    records = [
        case("mine", department="water", due_at=hours_ago(3)),
        case("oldest", department="water", due_at=hours_ago(30)),
        case("other", department="housing", due_at=hours_ago(99)),
        alarm("x", department="water"),
        alarm("y", department="housing"),
    ]
    one = shown("departments-one", *records, department="water")
    assert [row[0] for row in one["cases"]] == ["oldest", "mine"]
    assert [row["id"] for row in one["alarms"]] == ["x"]
    assert sum(step[1] for step in one["steps"]) == one["row"]["cases"]["open"] == 2


def test_the_share_on_time_is_of_those_that_were_due() -> None:
    closed = {"state": CaseState.CLOSED, "department": "water", "registered_at": hours_ago(60), "due_at": hours_ago(40)}
    records = [case("late", closed_at=hours_ago(30), **closed), case("fine", closed_at=hours_ago(50), **closed)]
    row = next(row for row in shown("departments-board", *records)["rows"] if row["id"] == "water")
    assert (row["cases"]["ontime"], row["cases"]["was_due"]) == (0.5, 2)


def test_without_a_choice_those_that_need_a_look_come_and_the_healthy_do_not() -> None:
    rows = shown("departments-one", case("late", department="water", due_at=hours_ago(1)))["rows"]
    assert [row[0] for row in rows] == ["water"]


@pytest.mark.parametrize("choice", [{"department": "nobody"}, {"street": "x"}])
def test_what_nobody_knows_is_refused(choice: dict[str, str]) -> None:
    with pytest.raises(ChoiceError):
        shown("departments-board", **choice)
