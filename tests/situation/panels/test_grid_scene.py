"""The grid scene: ranks, peers, trends, drilling down, and who answers. Parts add up to the numbers of the wall."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from situation.numbers import NUMBERS_BY_KEY
from situation.panels.definition import ChoiceError
from situation.panels.grid import PANELS
from situation.panels.grid.figures import FIGURES
from situation.panels.grid.ranks import median, peers, ranks
from situation.records import Case, CaseState, DeviceState, Health
from tests.sample_city import alarm, camera, case, hours_ago, officer, sensor, source
from tests.situation.panels.grid_city import COMMUNITIES, GRIDS, STREETS, city, somewhere

BY_KEY = {panel.key: panel for panel in PANELS}
VALUES = st.lists(st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6)), max_size=30).map(np.array)
PEOPLE = st.lists(st.one_of(st.just(float("nan")), st.just(0.0), st.floats(1, 1e6)), min_size=1, max_size=30)


def shown(key: str, *records: Any, **choice: str) -> dict[str, Any]:
    """A panel of the scene by a choice."""
    panel = BY_KEY[key]
    assert panel.choose is not None
    return panel.choose(city(*records), choice)


def closed(key: str, days_ago: float, **changes: Any) -> Case:
    """A case registered and closed that long ago."""
    given = {
        "state": CaseState.CLOSED,
        "registered_at": hours_ago(24 * days_ago + 2),
        "closed_at": hours_ago(24 * days_ago),
        "due_at": hours_ago(24 * days_ago - 1),
    }
    return case(key, **(given | changes))


@given(VALUES, st.booleans())
def test_ranks_order_what_is_known_equals_share_one_and_the_worst_is_first(values: Any, is_low_bad: bool) -> None:
    ranked = ranks(values.astype(float), is_low_bad=is_low_bad)
    for value, rank in zip(values, ranked, strict=True):
        if np.isnan(value):
            assert rank == 0
            continue
        worse = values < value if is_low_bad else values > value
        assert rank == 1 + np.count_nonzero(worse)


@given(PEOPLE, st.integers(0, 29), st.integers(1, 8))
def test_peers_are_the_nearest_by_ratio_and_never_the_area_itself(people: list[float], place: int, count: int) -> None:
    column = np.array(people)
    own = place % len(column)
    found = peers(column, own, count).tolist()
    assert own not in found
    assert len(found) <= count
    if not column[own] > 0:
        assert found == []
        return
    distance = np.abs(np.log(np.where(column > 0, column, np.nan)) - np.log(column[own]))
    left_out = [i for i in range(len(column)) if i != own and column[i] > 0 and i not in found]
    assert all(distance[i] >= max(distance[found], default=0) for i in left_out if found)


def test_a_median_of_nothing_known_is_unknown() -> None:
    assert median(np.array([np.nan])) is None


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from([*GRIDS, ""]), st.booleans()), max_size=12),
    st.sampled_from(["street", "community", "grid"]),
)
def test_at_every_level_areas_and_elsewhere_add_up_to_the_number_of_the_wall(
    cases: list[tuple[str, bool]], level: str
) -> None:
    records = [
        case(f"c{i}", **somewhere(grid), due_at=hours_ago(1 if is_late else -24))
        for i, (grid, is_late) in enumerate(cases)
    ]
    moment = city(*records)
    for key in ("cases_open", "cases_overdue", "cases_today"):
        values = BY_KEY["grid-map"].choose(moment, {"level": level, "number": key})  # type: ignore[misc]
        assert sum(values["values"].values()) + values["elsewhere"] == values["total"]
        assert values["total"] == NUMBERS_BY_KEY[key].value(moment)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
def test_every_number_has_a_value_or_says_that_nobody_knows_and_every_panel_is_built(figure: Any) -> None:
    records = [
        case("c", **somewhere(GRIDS[0])),
        camera("a", state=DeviceState.OFFLINE, **somewhere(GRIDS[0])),
        sensor("s", level=1, **somewhere(GRIDS[0])),
        alarm("x", **somewhere(GRIDS[0])),
        officer("o", **somewhere(GRIDS[0])),
    ]
    for key in BY_KEY:
        for area in ("", STREETS[0], next(iter(COMMUNITIES)), GRIDS[0]):
            assert shown(key, *records, area=area, number=figure.key) is not None
    values = shown("grid-map", *records, number=figure.key)["values"]
    assert values[STREETS[0]] == {"ontime_rate": None, "cases_overdue": 0}.get(figure.key, 1)


def test_picking_an_area_shows_the_next_level_inside_it_and_a_grid_its_neighbours() -> None:
    street = shown("grid-map", area=STREETS[0])
    assert (street["level"], street["within"]) == ("community", STREETS[0])
    assert set(street["values"]) == {"310113101001", "310113101002"}
    grid = shown("grid-map", area=GRIDS[0])
    assert (grid["level"], grid["within"]) == ("grid", STREETS[0])  # its community has too few to compare with
    assert len(grid["values"]) == 4
    assert [step[3] for step in grid["path"]] == ["", "street", "community", "grid"]


def test_counts_per_person_are_unknown_where_nobody_says_how_many_people_live() -> None:
    values = shown("grid-map", case("c", **somewhere(GRIDS[0])), level="grid", per="people")["values"]
    assert set(values.values()) == {None}
    assert shown("grid-map", case("c", **somewhere(GRIDS[0])), per="people")["values"][STREETS[0]] == 0.1


def test_an_area_of_dead_sources_is_unknown_and_not_fine() -> None:
    dead = source("video-a", "camera", state=Health.UNAVAILABLE)
    records = [
        dead,
        camera("a", source="video-a", **somewhere(GRIDS[0])),
        camera("b", source="video-b", state=DeviceState.OFFLINE, **somewhere(GRIDS[4])),
    ]
    values = shown("grid-map", *records, number="cameras_offline")["values"]
    assert values == {STREETS[0]: None, STREETS[1]: 1}


def test_the_trend_counts_seven_days_against_the_seven_before() -> None:
    records = [closed(f"new{i}", 1.5) for i in range(3)] + [closed(f"old{i}", 9.5) for i in range(2)]
    records.append(closed("first", 20))
    values = shown("grid-trend", *records, number="cases_today")
    assert values["weeks"] == (3, 2)
    assert sum(values["values"]) == 5
    assert len(values["values"]) == len(values["ends"]) == 14


def test_days_before_the_history_begins_are_unknown_and_not_zero() -> None:
    values = shown("grid-trend", closed("c", 3), number="cases_today")
    assert values["values"][:10] == [None] * 10
    assert values["weeks"][1] is None


def test_a_number_without_a_past_says_nothing_of_it() -> None:
    values = shown("grid-trend", number="cameras_offline")
    assert values["values"] == []
    assert values["weeks"] == (None, None)


def test_the_newest_day_of_the_trend_is_the_number_of_now() -> None:
    records = [case("c", **somewhere(GRIDS[0])), case("d", **somewhere(GRIDS[5]), due_at=hours_ago(2)), closed("e", 20)]
    for key in ("cases_open", "cases_overdue"):
        values = shown("grid-trend", *records, number=key)
        assert values["values"][-1] == shown("grid-map", *records, number=key)["total"]


def test_the_share_on_time_of_a_week_is_pooled() -> None:
    late = closed("late", 2, due_at=hours_ago(49))
    records = [late, closed("a", 2), closed("b", 3), closed("c", 4), closed("first", 20)]
    assert shown("grid-trend", *records, number="ontime_rate")["weeks"][0] == 0.75


def test_who_answers_is_whose_beat_the_grid_is_else_of_the_next_larger_area() -> None:
    own = officer("own", beat_code=GRIDS[0])
    near = officer("near", beat_code=GRIDS[2], on_duty=False)
    crew = officer("crew", role="gas_crew", beat_code=GRIDS[0])
    values = shown("grid-duty", own, near, crew, area=GRIDS[0])
    assert [row[0] for row in values["answering"]] == ["own"]
    assert values["beat"][0] == GRIDS[0]
    wider = shown("grid-duty", own, near, crew, area=GRIDS[1])
    assert wider["beat"][0] == GRIDS[1][:12]
    street = shown("grid-duty", own, near, crew, area=STREETS[0])
    assert [row[0] for row in street["answering"]] == ["own", "near"]
    assert shown("grid-duty", own, area=STREETS[1])["answering"] == []


def test_departments_with_open_cases_here_come_with_their_counts() -> None:
    mine = case("c", department="water", due_at=hours_ago(1), **somewhere(GRIDS[0]))
    other = case("d", department="housing", **somewhere(GRIDS[5]))
    assert [row[0::3][:1] + row[3:5] for row in shown("grid-duty", mine, other, area=STREETS[0])["departments"]] == [
        ["water", 1, 1]
    ]


def test_an_officer_not_seen_for_long_is_not_shown_as_being_there() -> None:
    here = officer("here", positioned_at=hours_ago(0.01), **somewhere(GRIDS[0]))
    lost = officer("lost", positioned_at=hours_ago(3), **somewhere(GRIDS[0]))
    values = shown("grid-officers", here, lost, area=STREETS[0])
    assert {row[0]: row[5] for row in values["rows"]} == {"here": False, "lost": True}
    assert values["unknown"] == 1


def test_what_is_open_is_of_the_area_only_and_the_longest_overdue_first() -> None:
    records = [
        case("late", due_at=hours_ago(1), **somewhere(GRIDS[0])),
        case("later", due_at=hours_ago(9), **somewhere(GRIDS[1])),
        case("elsewhere", due_at=hours_ago(99), **somewhere(GRIDS[5])),
        alarm("x", **somewhere(GRIDS[5])),
    ]
    values = shown("grid-open", *records, area=STREETS[0])
    assert [row[0] for row in values["cases"]] == ["later", "late"]
    assert values["alarms"] == []


@pytest.mark.parametrize(
    "choice", [{"area": "999"}, {"level": "planet"}, {"number": "x"}, {"per": "x"}, {"colour": "red"}]
)
def test_a_choice_nobody_knows_is_refused_with_what_is_allowed(choice: dict[str, str]) -> None:
    with pytest.raises(ChoiceError) as refused:
        shown("grid-map", **choice)
    assert refused.value.allowed


def test_a_day_later_the_last_day_has_become_the_one_before_it() -> None:
    records = [closed("c", 0.5), closed("first", 20)]
    today = BY_KEY["grid-trend"].choose(city(*records), {"number": "cases_today"})  # type: ignore[misc]
    later = BY_KEY["grid-trend"].choose(city(*records, at=hours_ago(-24)), {"number": "cases_today"})  # type: ignore[misc]
    assert today["values"][-1] == later["values"][-2] == 1
