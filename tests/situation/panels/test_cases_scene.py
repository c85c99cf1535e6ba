"""The cases scene: whatever is chosen, parts add up to their totals and to the numbers of every screen."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_city import NOW, SETTINGS, STREETS, MemoryStore, alarm, case, department, hours_ago, source, street

from situation.clock import FakeClock
from situation.feed.readings import StoreReadings
from situation.feed.settings import context_of
from situation.live import Live, Moment
from situation.numbers import NUMBERS_BY_KEY
from situation.panels import PANELS_BY_KEY, ChoiceError
from situation.panels.casework import PANELS
from situation.panels.casework.classes import AGES, DUES
from situation.records import CASE_STEPS, OPEN_STATES, Area, AreaKind, Case, CaseEvent, CaseState, GridScheme, Record

DEPARTMENTS = ("greening", "drainage")
CATEGORIES = {"appearance": ("rubbish", "rubble"), "sudden": ("flooding",), "": ("",)}
ORIGINS = ("hotline", "inspector", "")
GRID = f"{STREETS[0]}001001"
EAST_50_M = 50 / (111_320 * math.cos(math.radians(31.40)))


def grid_area() -> Area:
    """A unit grid of a street, 0.04° by 0.02°, with 2,000 people."""
    ring = [[121.46, 31.39], [121.50, 31.39], [121.50, 31.41], [121.46, 31.41], [121.46, 31.39]]
    return Area(
        id=f"unit_grid/{GRID}",
        source="places",
        name="grid 001",
        area_kind=AreaKind.GRID,
        scheme=GridScheme.UNIT_GRID,
        code=GRID,
        parents=(f"{STREETS[0]}001", STREETS[0], "310113"),
        geometry=f'{{"type":"Polygon","coordinates":[{ring}]}}',
        population=2000,
    )


def surroundings() -> list[Record]:
    areas = [street(STREETS[0], 121.3, 121.5), street(STREETS[1], 121.5, 121.6), grid_area()]
    return [source("case-centre", "case"), *areas, *[department(key) for key in DEPARTMENTS]]


def moment(*records: Record) -> Moment:
    store = MemoryStore()
    store.put(*surroundings(), *records)
    context = context_of(SETTINGS, FakeClock(NOW), StoreReadings(store))  # type: ignore[arg-type]
    return Moment(Live.load(store, NOW), NOW, context)


def chosen(key: str, at: Moment, **choice: str) -> dict[str, Any]:
    choose = PANELS_BY_KEY[f"cases-{key}"].choose
    assert choose is not None
    return choose(at, choice)


def number(at: Moment, key: str) -> Any:
    return NUMBERS_BY_KEY[key].value(at)


# Any city, any choice


@st.composite
def cases(draw: st.DrawFn) -> list[Case]:
    hours = st.floats(0, 1000).map(hours_ago)
    found = []
    for index in range(draw(st.integers(1, 14))):
        category = draw(st.sampled_from(sorted(CATEGORIES)))
        reported = draw(hours)
        states = st.lists(st.sampled_from(list(CaseState)), max_size=6)
        events = [CaseEvent(at=reported + timedelta(hours=i), state=state) for i, state in enumerate(draw(states))]
        found.append(
            case(
                f"c{index}",
                state=draw(st.sampled_from(list(CaseState))),
                street_code=draw(st.sampled_from([*STREETS, "elsewhere", ""])),
                grid_code=draw(st.sampled_from([GRID, ""])),
                department=draw(st.sampled_from([*DEPARTMENTS, "nobody", ""])),
                category=category,
                subcategory=draw(st.sampled_from(CATEGORIES[category])),
                origin=draw(st.sampled_from(ORIGINS)),
                priority=draw(st.integers(1, 4)),
                address=draw(st.sampled_from(["1 Road", "2 Road", ""])),
                lon=draw(st.none() | st.floats(121.3, 121.6)),
                reported_at=reported,
                registered_at=draw(st.none() | st.just(reported)),
                due_at=draw(st.none() | hours | hours.map(lambda at: NOW + (NOW - at))),
                closed_at=None,
                updated_at=draw(st.floats(0, 1).map(lambda share, since=reported: since + share * (NOW - since))),
                events=tuple(events),
            )
        )
    return found


KEPT: dict[str, Callable[[Case, str], bool]] = {
    "category": lambda case, value: (case.category or "unknown") == value,
    "origin": lambda case, value: (case.origin or "unknown") == value,
    "department": lambda case, value: (case.department or "unknown") == value,
    "street": lambda case, value: (case.street_code or "unknown") == value,
    "priority": lambda case, value: str(case.priority) == value,
    "step": lambda case, value: (step := CASE_STEPS[case.state]) is not None and step.value == value,
    "overdue": lambda case, _: case.due_at is not None and case.due_at < NOW,
}
"""An independent telling of what the filters mean, for open cases."""

choices = st.fixed_dictionaries(
    {},
    optional={
        "category": st.sampled_from([category or "unknown" for category in CATEGORIES]),
        "origin": st.sampled_from([origin or "unknown" for origin in ORIGINS]),
        "department": st.sampled_from([*DEPARTMENTS, "unknown"]),
        "street": st.sampled_from(STREETS),
        "priority": st.sampled_from("1234"),
        "step": st.sampled_from(["dispatch", "handle", "reply"]),
        "overdue": st.just("1"),
        "slow": st.just("1"),
        "age": st.sampled_from(AGES.keys),
        "due": st.sampled_from(DUES.keys),
    },
)


def known(at: Moment, choice: Mapping[str, str]) -> dict[str, str]:
    """The part of a choice whose words any case has: others are refused."""
    words = {"category": "category", "origin": "origin", "department": "department"}
    has = {key: {at.live.words.word(code) or "unknown" for code in at.cases[key].tolist()} for key in words}
    has["department"] |= set(DEPARTMENTS)
    return {key: value for key, value in choice.items() if key not in has or value in has[key]}


def total(rows: list[list[Any]], index: int) -> int:
    return sum(row[index] for row in rows)


@settings(max_examples=25)
@given(cases(), choices)
def test_every_panels_parts_add_up_to_its_total_for_any_choice(city: list[Case], choice: dict[str, str]) -> None:
    at = moment(*city)
    choice = known(at, choice)
    for panel in ("categories", "origins", "departments", "streets"):
        values = chosen(panel, at, **choice)
        rows = [*values["rows"], values["elsewhere"]] if panel == "streets" else values["rows"]
        assert [total(rows, -4), total(rows, -3), total(rows, -2)] == values["total"][-4:-1], panel
    for category in chosen("categories", at, **choice)["rows"]:
        if "subcategory" not in choice:
            assert [total(category[1], -4), total(category[1], -3)] == category[2:4]
    ageing = chosen("ageing", at, **choice)
    assert total(ageing["ages"], 1) == ageing["total_by_age"]
    assert total(ageing["dues"], 1) == ageing["total_by_due"]
    assert sum(n for key, n in ageing["dues"] if key.startswith("late")) == ageing["overdue"]
    flow = chosen("flow", at, **choice)
    inner = flow["steps"][1:6]
    assert sum(step["now"] for step in inner) == flow["open"]
    assert sum(step["overdue"] for step in inner) == flow["overdue"]


@settings(max_examples=25)
@given(cases(), choices)
def test_the_list_holds_the_open_cases_that_meet_the_whole_choice(city: list[Case], choice: dict[str, str]) -> None:
    at = moment(*city)
    choice = {key: value for key, value in known(at, choice).items() if key in KEPT}
    values = chosen("list", at, **choice)
    expected = {
        each.id
        for each in city
        if each.state in OPEN_STATES and all(KEPT[key](each, value) for key, value in choice.items())
    }
    assert {row["id"] for row in values["rows"]} == expected
    assert values["total"] == len(expected) == chosen("sum", at, **choice)["open"]
    assert values["overdue"] == chosen("sum", at, **choice)["overdue"]


@settings(max_examples=25)
@given(cases())
def test_without_a_choice_every_total_is_the_number_on_every_screen(city: list[Case]) -> None:
    at = moment(*city)
    pair = [number(at, "cases_open"), number(at, "cases_overdue")]
    for panel in ("categories", "origins", "departments", "streets"):
        assert chosen(panel, at)["total"][-4:-2] == pair, panel
    sums, flow, ageing = chosen("sum", at), chosen("flow", at), chosen("ageing", at)
    assert [sums["open"], sums["overdue"]] == [flow["open"], flow["overdue"]] == pair
    assert [ageing["total_by_age"], ageing["overdue"]] == [ageing["total_by_due"], pair[1]] == pair
    assert sums["ontime_rate"] == number(at, "ontime_rate")
    assert sums["oldest_overdue_s"] == number(at, "oldest_overdue_s")
    assert sums["new"] == number(at, "cases_today")
    pipeline = PANELS_BY_KEY["pipeline"].build(at)
    assert [[step["step"], step["now"], step["overdue"]] for step in flow["steps"]] == pipeline["steps"]


@settings(max_examples=25)
@given(cases(), choices)
def test_yesterdays_rest_and_todays_movement_make_the_open_cases(city: list[Case], choice: dict[str, str]) -> None:
    at = moment(*city)
    sums = chosen("sum", at, **known(at, choice))
    assert sums["before"] + sums["new"] - sums["closed"] == sums["open_lasting"]
    whole, steps = chosen("sum", at), chosen("flow", at)["steps"]
    assert sum(step["in"] - step["out"] for step in steps[1:6]) == whole["open"] - whole["before"]


# Choices


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("colour", "red"),
        ("category", "never heard of"),
        ("street", "000000000"),
        ("step", "somewhere"),
        ("overdue", "yes"),
        ("age", "2d"),
        ("place", "here"),
        ("place", "nan,31.4"),
        ("place", "121.4"),
        ("since", "yesterday"),
        ("until", "2026-02-30"),
    ],
)
def test_an_unknown_choice_is_refused_with_what_is_allowed(key: str, value: str) -> None:
    with pytest.raises(ChoiceError) as refused:
        chosen("list", moment(case("a")), **{key: value})
    assert refused.value.key == key
    assert refused.value.value == value
    assert refused.value.allowed


def test_a_street_without_cases_can_be_chosen() -> None:
    assert chosen("list", moment(case("a")), street=STREETS[1])["total"] == 0


def test_days_are_those_of_the_city() -> None:
    at = moment(
        case("late", registered_at=NOW.replace(hour=15, minute=59) - timedelta(days=1)),  # 23:59 of the 8th there
        case("early", registered_at=NOW.replace(hour=16, minute=1) - timedelta(days=1)),  # 00:01 of the 9th
    )
    assert [row["id"] for row in chosen("list", at, since="2026-08-09")["rows"]] == ["early"]
    assert [row["id"] for row in chosen("list", at, until="2026-08-08")["rows"]] == ["late"]


def test_a_place_is_fifty_metres_around() -> None:
    at = moment(case("here"), case("near", lon=121.48 + 0.9 * EAST_50_M), case("far", lon=121.48 + 1.1 * EAST_50_M))
    rows = chosen("list", at, place="121.48,31.40")["rows"]
    assert {row["id"] for row in rows} == {"here", "near"}


def test_a_panel_leaves_its_own_key_out_so_that_its_other_bars_stay() -> None:
    at = moment(case("a", origin="hotline"), case("b", origin="video"))
    assert len(chosen("origins", at, origin="video")["rows"]) == 2
    assert chosen("streets", at, origin="video")["total"][0] == 1


# The list


def test_the_list_begins_with_the_longest_overdue_and_ends_with_what_has_no_limit() -> None:
    at = moment(
        case("none", due_at=None),
        case("soon", due_at=hours_ago(-1)),
        case("late", due_at=hours_ago(1)),
        case("latest", due_at=hours_ago(50)),
    )
    values = chosen("list", at)
    assert [row["id"] for row in values["rows"]] == ["latest", "late", "soon", "none"]
    oldest = chosen("list", at, overdue="1")["rows"][0]
    assert (at.at_ms - oldest["due_at"]) / 1000 == number(at, "oldest_overdue_s")


def test_a_row_says_whose_case_it_is_and_since_when_it_stands_in_its_step() -> None:
    events = (
        CaseEvent(at=hours_ago(1), state=CaseState.REGISTERED),
        CaseEvent(at=hours_ago(0.5), state=CaseState.IN_PROGRESS),
    )
    row = chosen("list", moment(case("case-centre.7", department="greening", events=events)))["rows"][0]
    assert row["number"] == "7"
    assert row["street"] == [STREETS[0], f"street {STREETS[0]}", ""]
    assert row["department"] == ["greening", "greening", ""]
    assert row["since"] == hours_ago(0.5).timestamp() * 1000


def test_only_so_many_rows_travel_but_the_total_is_told() -> None:
    at = moment(*[case(f"c{i}") for i in range(40)])
    assert (len(chosen("list", at)["rows"]), chosen("list", at)["total"]) == (30, 40)
    assert len(chosen("list", at, origin="hotline")["rows"]) == 40


# The seven steps


def handled(key: str, stay_h: float, *, ended_h: float = 24, **changes: Any) -> Case:
    """A case closed so many hours ago that was handled for so long."""
    began, ended = hours_ago(ended_h + stay_h), hours_ago(ended_h)
    given = {
        "events": (CaseEvent(at=began, state=CaseState.IN_PROGRESS), CaseEvent(at=ended, state=CaseState.CLOSED)),
        "reported_at": began,
        "registered_at": began,
        "closed_at": ended,
        "updated_at": ended,
    }
    return case(key, state=CaseState.CLOSED, **(given | changes))


def step(at: Moment, name: str) -> dict[str, Any]:
    return next(each for each in chosen("flow", at)["steps"] if each["step"] == name)


def test_stays_are_told_by_median_and_ninetieth_percentile_of_seven_and_thirty_days() -> None:
    recent = [handled(f"r{i}", hours) for i, hours in enumerate(range(1, 21))]
    older = [handled(f"o{i}", 100, ended_h=24 * 20) for i in range(20)]
    handle = step(moment(*recent, *older), "handle")
    assert handle["week"] == [20, 10 * 3600, 18 * 3600]
    assert handle["month"][0] == 40
    assert handle["month"][2] == 100 * 3600


def test_a_handful_of_stays_has_no_ninetieth_percentile() -> None:
    assert step(moment(handled("a", 2)), "handle")["week"] == [1, 2 * 3600, None]


def test_cases_whose_steps_are_not_told_say_nothing_about_stays() -> None:
    assert step(moment(handled("a", 2, events=())), "register")["week"] == [0, None, None]


def test_who_waits_longer_than_nine_in_ten_is_slow_and_most_slow_cases_make_the_bottleneck() -> None:
    done = [handled(f"d{i}", 1) for i in range(30)]
    began = CaseEvent(at=hours_ago(3), state=CaseState.IN_PROGRESS)
    stuck = [case(f"s{i}", registered_at=hours_ago(3), events=(began,)) for i in range(5)]
    at = moment(*done, *stuck, case("fresh", events=(CaseEvent(at=hours_ago(0.5), state=CaseState.IN_PROGRESS),)))
    flow = chosen("flow", at)
    assert (flow["slow"], flow["bottleneck"]) == (5, "handle")
    assert {row["id"] for row in chosen("list", at, slow="1")["rows"]} == {each.id for each in stuck}
    assert chosen("flow", moment(*done, *stuck[:4]))["bottleneck"] is None


# Departments and streets


def test_a_departments_rate_counts_what_was_due_in_thirty_days() -> None:
    at = moment(
        handled("good", 2, department="greening", due_at=hours_ago(20)),
        handled("late", 2, department="greening", due_at=hours_ago(25)),
        case("open", department="greening", due_at=hours_ago(1)),
    )
    row = next(row for row in chosen("departments", at)["rows"] if row[0] == "greening")
    assert row[3:7] == [3, 1, 1, 1]


def test_streets_stand_in_the_order_of_what_is_chosen() -> None:
    at = moment(
        case("a"), case("b"), case("late", street_code=STREETS[1], due_at=hours_ago(1)), case("away", street_code="")
    )
    assert [row[0] for row in chosen("streets", at)["rows"]] == [*STREETS]
    assert [row[0] for row in chosen("streets", at, overdue="1")["rows"]] == [STREETS[1], STREETS[0]]
    assert chosen("streets", at)["elsewhere"][0] == 1


# Hot spots


def spread(count: int, **changes: Any) -> list[Case]:
    return [case(f"{changes.get('subcategory', 'x')}{i}", grid_code=GRID, **changes) for i in range(count)]


def test_three_of_a_kind_within_fifty_metres_and_thirty_days_come_again() -> None:
    at = moment(*spread(3, subcategory="rubbish"), *spread(2, subcategory="rubble"))
    values = chosen("hotspots", at)
    assert [(place["subcategory"], place["count"]) for place in values["places"]] == [("rubbish", 3)]
    assert (values["places_total"], values["place_cases"]) == (1, 3)


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"lon": 121.48 + 0.9 * EAST_50_M}, 3),
        ({"lon": 121.48 + 1.2 * EAST_50_M}, 0),
        ({"lon": 121.48 + 1.2 * EAST_50_M, "address": "1 Road"}, 3),
        ({"lat": 31.40 + 0.9 * 50 / 111_320}, 3),
        ({"registered_at": hours_ago(24 * 30.5)}, 0),
        ({"subcategory": "rubble"}, 0),
    ],
)
def test_the_same_place_is_near_enough_lately_enough_and_the_same_problem(changes: dict[str, Any], count: int) -> None:
    two = [case(f"a{i}", subcategory="rubbish", address="1 Road") for i in range(2)]
    third = case("third", **({"subcategory": "rubbish", "address": "elsewhere"} | changes))
    places = chosen("hotspots", moment(*two, third))["places"]
    assert [place["count"] for place in places] == ([count] if count else [])


def test_density_keeps_every_case_and_says_which_have_no_place() -> None:
    at = moment(*spread(50, lon=121.42, lat=31.40), case("nowhere", lon=None, lat=None))
    density = chosen("hotspots", at)["density"]
    west, south, east, north = density["bounds"]
    cells = base64.b64decode(density["cells"])
    assert len(cells) == density["columns"] * density["lines"]
    km2 = (east - west) * (north - south) * 111.32**2 * math.cos(math.radians((south + north) / 2)) / len(cells)
    assert sum(cells) / 255 * density["peak"] * km2 == pytest.approx(50, rel=0.05)
    assert density["outside"] == 1


def test_grids_have_rates_by_ground_and_by_people_and_need_five_cases() -> None:
    grid = chosen("hotspots", moment(*spread(8)))["grids"][0]
    km2 = 0.04 * 0.02 * 111.32**2 * math.cos(math.radians(31.40))
    assert grid["per_km2"] == pytest.approx(8 / km2, abs=0.05)
    assert (grid["count"], grid["per_1000"]) == (8, 4.0)
    assert chosen("hotspots", moment(*spread(4)))["grids"] == []


def test_a_choice_about_open_cases_shows_where_those_are() -> None:
    at = moment(case("late", due_at=hours_ago(1)), case("fine"), handled("closed", 2))
    assert (chosen("hotspots", at)["about"], chosen("hotspots", at)["count"]) == ("month", 3)
    late = chosen("hotspots", at, overdue="1")
    assert (late["about"], late["count"]) == ("open", 1)


# Important cases


def reasons(*records: Record) -> dict[str, list[str]]:
    rows = chosen("important", moment(*records))["rows"]
    return {row["id"]: [reason for reason, _ in row["reasons"]] for row in rows}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"priority": 1}, ["urgent"]),
        ({"priority": 2}, ["pressing"]),
        ({"priority": 2, "registered_at": hours_ago(30)}, []),
        ({"due_at": hours_ago(1)}, ["oldest"]),
        ({}, []),
    ],
)
def test_rules_name_the_important_cases(changes: dict[str, Any], why: list[str]) -> None:
    assert reasons(case("a", **changes)).get("a", []) == why


def test_every_overdue_case_of_high_priority_is_important_others_only_when_among_the_oldest() -> None:
    old = [case(f"o{i}", subcategory=f"{i}", due_at=hours_ago(10 + i)) for i in range(3)]
    found = reasons(*old, case("low", due_at=hours_ago(1)), case("high", priority=2, due_at=hours_ago(1)))
    assert "low" not in found
    assert found["high"] == ["overdue", "pressing"]


def test_the_third_time_at_a_place_is_important_the_second_is_not() -> None:
    records = [case(f"c{i}", subcategory="rubbish", registered_at=hours_ago(3 - i)) for i in range(3)]
    assert reasons(*records) == {"c2": ["repeated"]}


def test_a_fresh_case_near_a_grave_alarm_is_important() -> None:
    near, far = case("near", lon=121.481), case("far", lon=121.49)
    assert reasons(near, far, alarm("a", priority=2)) == {"near": ["alarm"]}
    assert reasons(near, far, alarm("a", priority=3)) == {}


# Ignorance


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.key)
def test_before_any_case_was_delivered_nothing_is_zero(panel: Any) -> None:
    store = MemoryStore()
    store.put(source("case-centre", "case", succeeded_at=None))
    context = context_of(SETTINGS, FakeClock(NOW), StoreReadings(store))  # type: ignore[arg-type]
    values = panel.build(Moment(Live.load(store, NOW), NOW, context))
    assert 0 not in values.values()
    assert not any(value for value in values.values())
