"""SensorThings as a client reads it: pages, options, both kinds of ids, and the two polls that the product makes."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

import pytest
from conftest import District
from hypothesis import given
from hypothesis import strategies as st

from simulator.upstreams.sensorthings.expressions import BadOption, evaluate, parse_filter
from simulator.upstreams.sensorthings.options import parse_options, split

ROOT = "/drainage-sensors/v1.1"
LATEST = "Locations,Datastreams($expand=Observations($orderby=phenomenonTime desc;$top=1))"


def _all(district: District, path: str, **options: str) -> list[dict]:
    rows, url = [], path
    parameters: dict[str, str] | None = {f"${name}": value for name, value in options.items()}
    while url:
        page = district.client.get(url, params=parameters).raise_for_status().json()
        rows += page["value"]
        url, parameters = page.get("@iot.nextLink", ""), None
    return rows


def test_root_lists_the_entity_sets(district: District) -> None:
    names = {entry["name"] for entry in district.get(ROOT).json()["value"]}
    assert {"Things", "Locations", "Datastreams", "Observations", "FeaturesOfInterest"} <= names


def test_next_links_lead_through_every_thing_once(district: District) -> None:
    things = _all(district, f"{ROOT}/Things", top="100")
    assert [thing["@iot.id"] for thing in things] == list(range(1, 251))


def test_pages_hold_a_hundred_rows_by_default_and_a_thousand_at_most(district: District) -> None:
    assert len(district.get(f"{ROOT}/Things").json()["value"]) == 100
    assert len(district.get(f"{ROOT}/Things", **{"$top": "5000"}).json()["value"]) == 250


def test_count_is_of_the_whole_result(district: District) -> None:
    page = district.get(f"{ROOT}/Things", **{"$count": "true", "$top": "2", "$filter": "id le 30"}).json()
    assert page["@iot.count"] == 30
    assert len(page["value"]) == 2


def test_discovery_poll_brings_positions_limits_and_the_latest_reading(district: District) -> None:
    thing = district.get(f"{ROOT}/Things", **{"$expand": LATEST, "$top": "1000"}).json()["value"][3]
    assert thing["Locations"][0]["location"]["coordinates"] == [121.483, 31.401]
    stream = thing["Datastreams"][0]
    assert stream["unitOfMeasurement"]["symbol"] == "cm"
    assert stream["properties"]["thresholds"][0] == {"level": 1, "limit": 25.0, "above": True}
    assert (
        stream["Observations"][0] | {"result": 0.0, "phenomenonTime": "2026-11-21T21:00:00Z"}
        == stream["Observations"][0]
    )


def test_incremental_poll_brings_what_came_since(district: District) -> None:
    district.clock.advance(90)
    options = {
        "filter": "phenomenonTime gt 2026-11-21T21:00:00Z",
        "orderby": "phenomenonTime asc",
        "expand": "Datastream($select=id)",
        "top": "100",
    }
    rows = _all(district, f"{ROOT}/Observations", **options)
    assert [row["Datastream"] for row in rows] == [{"@iot.id": number} for number in range(1, 251)]
    assert {row["phenomenonTime"] for row in rows} == {"2026-11-21T21:01:00Z"}


def test_no_reading_is_missing_after_a_long_gap(district: District) -> None:
    district.clock.advance(600)
    wanted = "phenomenonTime gt 2026-11-21T21:00:00Z and Datastream/id eq 7"
    rows = _all(district, f"{ROOT}/Observations", filter=wanted, orderby="phenomenonTime asc")
    assert [row["result"] for row in rows] == [float(minute) for minute in range(1, 11)]


def test_history_of_one_datastream_is_newest_first_when_asked(district: District) -> None:
    path = f"{ROOT}/Datastreams(5)/Observations"
    rows = district.get(path, **{"$orderby": "phenomenonTime desc", "$top": "3", "$select": "result"}).json()["value"]
    assert rows == [{"result": 0.0}, {"result": 59.0}, {"result": 58.0}]


def test_every_self_link_and_navigation_link_can_be_followed(district: District) -> None:
    for root in (ROOT, "/water-sensors/v1.1"):
        thing = district.get(f"{root}/Things").json()["value"][1]
        stream = district.get(thing["Datastreams@iot.navigationLink"]).json()["value"][0]
        observation = district.get(stream["Observations@iot.navigationLink"]).json()["value"][-1]
        for entity in (thing, stream, observation):
            assert district.get(entity["@iot.selfLink"]).json()["@iot.id"] == entity["@iot.id"]
        assert district.get(observation["Datastream@iot.navigationLink"]).json()["name"] == stream["name"]
        assert district.get(stream["Thing@iot.navigationLink"]).json()["name"] == thing["name"]


def test_one_instance_has_uuids_and_quotes_them(district: District) -> None:
    thing = district.get("/water-sensors/v1.1/Things").json()["value"][0]
    assert str(UUID(thing["@iot.id"])) == thing["@iot.id"]
    assert f"Things('{thing['@iot.id']}')" in thing["@iot.selfLink"]


def test_ids_stay_the_same(district: District) -> None:
    first = district.get("/water-sensors/v1.1/Observations").json()["value"][-1]["@iot.id"]
    district.clock.advance(120)
    assert first in {row["@iot.id"] for row in district.get("/water-sensors/v1.1/Observations").json()["value"]}


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ("name eq 'underpass_water7'", 1),
        ("contains(name,'water7')", 11),
        ("substringof('water7',name)", 11),
        ("startswith(name,'under') and not (id gt 5)", 5),
        ("properties/kind eq 'river_level'", 0),
        ("Datastreams/name eq 'underpass_water3 积水深度'", 1),
    ],
)
def test_filters_admit_what_they_say(district: District, wanted: str, count: int) -> None:
    assert district.get(f"{ROOT}/Things", **{"$filter": wanted, "$count": "true"}).json()["@iot.count"] == count


@pytest.mark.parametrize(
    "parameters",
    [
        {"$filter": "nope eq 1"},
        {"$filter": "name eq"},
        {"$filter": "frobnicate(name)"},
        {"$top": "-1"},
        {"$orderby": "name sideways"},
        {"$expand": "Nothing"},
        {"$expand": "Datastreams($top=1"},
        {"$resultFormat": "dataArray"},
    ],
)
def test_options_that_cannot_be_read_are_refused_in_words(district: District, parameters: dict[str, str]) -> None:
    reply = district.get(f"{ROOT}/Things", **parameters)
    assert reply.status_code == 400
    assert reply.json()["type"] == "error"


@pytest.mark.parametrize("path", ["Nothing", "Things(0)", "Things(251)", "Things(1)/Nothing", "Observations(5)"])
def test_paths_that_lead_nowhere_are_not_found(district: District, path: str) -> None:
    assert district.get(f"{ROOT}/{path}").status_code == 404


@given(st.text(max_size=30))
def test_any_text_is_a_filter_or_is_refused(text: str) -> None:
    try:
        expression = parse_filter(text)
    except BadOption:
        return
    evaluate(expression, lambda path: 1)


@given(st.text(alphabet="$abc=;,()'", max_size=30))
def test_any_text_is_an_expand_or_is_refused(text: str) -> None:
    with suppress(BadOption):
        parse_options([("$expand", text)])


def test_splitting_leaves_parentheses_and_quotes_whole() -> None:
    assert list(split("a,b(c,d(e,f)),'g,h'", ",")) == ["a", "b(c,d(e,f))", "'g,h'"]


def test_times_compare_as_instants() -> None:
    expression = parse_filter("phenomenonTime ge 2026-11-22T05:00:00+08:00")
    assert evaluate(expression, lambda path: datetime.fromisoformat("2026-11-21T21:00:00+00:00"))
