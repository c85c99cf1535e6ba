"""What a detail page tells beside its record: neighbours, relations, an area's and a department's numbers, chains."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from situation import detail
from situation.detail import Reason
from situation.live import Context, Live, Moment
from situation.numbers import NUMBERS_BY_KEY
from situation.panels.cameras import Focus
from situation.records import AreaKind, Record
from tests.sample_city import (
    NOW,
    STREETS,
    MemoryStore,
    alarm,
    camera,
    case,
    department,
    hours_ago,
    officer,
    sensor,
    sources,
    street,
    warning,
)

SPOT = Focus("case/k", "k", 121.48, 31.40)
M_PER_DEG = 111_195.0


def moment_of(*records: Record) -> Moment:
    """The situation with these records and living sources."""
    store = MemoryStore()
    store.put(*sources(), *records)
    return Moment(Live.load(store, NOW), NOW, Context())


def north(metres: float) -> float:
    """Latitude so many metres north of the spot."""
    return 31.40 + metres / M_PER_DEG


def test_the_nearest_come_first_and_the_far_not_at_all() -> None:
    moment = moment_of(*(camera(f"c{metres}", lat=north(metres)) for metres in (400, 30, 900)))
    found = detail.near(moment, "camera", SPOT, 500.0)
    assert [each.id for each in found] == ["c30", "c400"]
    assert abs(found[0].distance_m - 30) < 1
    assert found[0].bearing_deg == 0


def test_a_record_is_not_its_own_neighbour() -> None:
    moment = moment_of(camera("c1"), camera("c2"))
    found = detail.near(moment, "camera", Focus("camera/c1", "c1", 121.48, 31.40), 500.0)
    assert [each.id for each in found] == ["c2"]


def test_neighbours_have_the_states_of_their_marks() -> None:
    moment = moment_of(case("late", due_at=hours_ago(1)), officer("off", on_duty=False), sensor("high", level=1))
    states = {kind: detail.near(moment, kind, SPOT, 500.0)[0].state for kind in ("case", "officer", "sensor")}
    assert states == {"case": 6, "officer": 1, "sensor": 5}


def relations_of(subject: Record, *others: Record) -> dict[str, detail.Relation]:
    """Relations of a record among others, by kind/id."""
    moment = moment_of(subject, *others)
    found = detail.relations(moment, detail.subject_of(subject, detail.spot_of(subject)))
    return {each.key: each for each in found}


def test_an_alarm_about_a_record_is_of_the_same_cause() -> None:
    found = relations_of(sensor("s1"), alarm("a1", about="sensor/s1", lat=31.45))
    assert found["alarm/a1"].reasons[0] is Reason.CAUSE
    assert found["alarm/a1"].why == "alarm-about"


def test_an_alarm_and_what_it_is_about_are_related_both_ways() -> None:
    found = relations_of(alarm("a1", about="sensor/s1"), sensor("s1"))
    assert found["sensor/s1"].why == "about"


def test_a_case_again_at_the_same_place_says_how_far_and_how_long_before() -> None:
    subject = case("k2", reported_at=hours_ago(1), subcategory="积水")
    found = relations_of(subject, case("k1", reported_at=hours_ago(49), lat=north(20), subcategory="暴露垃圾"))
    relation = found["case/k1"]
    assert relation.reasons == (Reason.PLACE,)
    assert relation.later_s == -48 * 3600
    assert relation.distance_m is not None
    assert abs(relation.distance_m - 20) < 1


def test_what_is_far_and_long_ago_is_not_related() -> None:
    assert not relations_of(case("k2"), case("k1", reported_at=hours_ago(30), lat=north(800)))


def test_one_record_with_several_reasons_is_one_row_with_the_strongest_first() -> None:
    alike = {"subcategory": "积水", "reported_at": hours_ago(1)}
    found = relations_of(case("k2", **alike), case("k1", lat=north(10), **alike))
    assert found["case/k1"].reasons == (Reason.CAUSE, Reason.PLACE, Reason.TIME)


def test_a_warning_in_force_here_is_related_and_one_elsewhere_is_not() -> None:
    streets = street(STREETS[0], 121.4, 121.5), street(STREETS[1], 121.5, 121.6)
    from situation.records import AreaClaim

    here = warning("here", areas=(AreaClaim(codes=(STREETS[0],)),))
    elsewhere = warning("elsewhere", areas=(AreaClaim(codes=(STREETS[1],)),))
    found = relations_of(case("k1"), *streets, here, elsewhere)
    assert "warning/here" in found
    assert "warning/elsewhere" not in found


def test_the_numbers_of_streets_add_up_to_those_of_the_wall() -> None:
    cases = [case(f"k{n}", street_code=STREETS[n % 2], due_at=hours_ago(1 if n % 3 else -1)) for n in range(20)]
    moment = moment_of(street(STREETS[0], 121.4, 121.5), street(STREETS[1], 121.5, 121.6), *cases)
    numbers = detail.area_numbers(moment, moment.streets)
    assert sum(each.cases_open or 0 for each in numbers) == NUMBERS_BY_KEY["cases_open"].value(moment)
    assert sum(each.cases_overdue or 0 for each in numbers) == NUMBERS_BY_KEY["cases_overdue"].value(moment)


def test_numbers_nobody_can_tell_are_unknown_and_not_zero() -> None:
    store = MemoryStore()
    store.put(street(STREETS[0], 121.4, 121.5))
    moment = Moment(Live.load(store, NOW), NOW, Context())
    numbers = detail.area_numbers(moment, moment.streets)[0]
    assert (numbers.cases_open, numbers.alarms, numbers.cameras) == (None, None, None)


def test_equal_streets_share_the_better_place() -> None:
    streets = [street(f"31011310{n}", 121.3 + n / 10, 121.4 + n / 10) for n in range(1, 4)]
    cases = [case("a", street_code="310113101"), case("b", street_code="310113102")]
    moment = moment_of(*streets, *cases)
    numbers = detail.area_numbers(moment, moment.streets)
    places = {
        code: {rank.number: rank.place for rank in detail.ranks(numbers, code)}["cases_open"]
        for code in ("310113101", "310113102", "310113103")
    }
    assert places == {"310113101": 1, "310113102": 1, "310113103": 3}


def test_the_way_down_leads_from_the_district_to_its_streets() -> None:
    from dataclasses import replace

    district = replace(street("310113", 121.3, 121.7), area_kind=AreaKind.DISTRICT, parents=())
    moment = moment_of(district, street(STREETS[0], 121.4, 121.5), street(STREETS[1], 121.5, 121.6))
    assert [area.code for area in detail.children_of(moment, district)] == list(STREETS)
    assert [area.code for area in detail.path_of(moment, (STREETS[0], "310113"))] == ["310113", STREETS[0]]


@given(st.lists(st.sampled_from([None, -5.0, -1.0, 1.0, 7.0]), max_size=12))
def test_the_most_urgent_case_comes_first_and_those_without_limit_last(late_hours: list[float | None]) -> None:
    cases = [case(f"k{n}", due_at=None if late is None else hours_ago(late)) for n, late in enumerate(late_hours)]
    moment = moment_of(*cases)
    found = detail.most_urgent(moment, np.ones(len(moment.cases), dtype=np.bool_), 20)
    ages = [each.late_s for each in found]
    known = [age for age in ages if age is not None]
    assert known == sorted(known, reverse=True)
    assert ages[: len(known)] == known
    assert len(ages) == len(cases)


def test_a_department_has_its_own_cases_devices_and_sources() -> None:
    moment = moment_of(
        department("police"),
        case("k1", department="police", due_at=hours_ago(1)),
        case("k2", department="urban"),
        camera("c1", department="police"),
        camera("c2", department="urban"),
    )
    numbers = detail.department_numbers(moment, "police")
    assert (numbers.cases_open, numbers.cases_overdue, numbers.cameras) == (1, 1, (1, 0, 1))
    assert {source.department for source, _ in numbers.sources} == {"police"}


def test_the_on_time_rate_of_all_departments_cases_is_that_of_the_wall() -> None:
    cases = [case(f"k{n}", department="police", due_at=hours_ago(n + 1)) for n in range(5)]
    moment = moment_of(department("police"), *cases)
    rate = NUMBERS_BY_KEY["ontime_rate"].value(moment)
    assert detail.department_numbers(moment, "police").ontime_rate == rate


def test_messages_of_a_warning_form_a_chain_whichever_one_asks_from() -> None:
    first = warning("1", sent_at=hours_ago(3))
    second = warning("2", sent_at=hours_ago(2), references=("1",), message_type="Update")
    third = warning("3", sent_at=hours_ago(1), references=("2",), message_type="Cancel")
    moment = moment_of(first, second, third, warning("other"))
    for each in (first, second, third):
        assert [message.id for message in detail.chain_of(moment, each)] == ["1", "2", "3"]


def test_a_warning_that_refers_to_itself_ends_all_the_same() -> None:
    loop = warning("1", references=("1", "2"))
    assert [each.id for each in detail.chain_of(moment_of(loop), loop)] == ["1"]
    assert loop.sent_at is not None
    assert loop.sent_at - NOW == -timedelta(hours=1)
