"""Sensors and readings as SensorThings: by links, pages, filters; what is not understood is said, never a fault."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.routes.sharing.sta.errors import NotAsked
from callbacks.routes.sharing.sta.graph import Graphs
from callbacks.routes.sharing.sta.model import SETS
from callbacks.routes.sharing.sta.options import parse_options
from callbacks.routes.sharing.sta.paths import address, parse_path
from situation.clock import FakeClock
from situation.scope import EVERYTHING
from situation.store import Page
from tests.web.browser_double import Client
from tests.web.shared_city import FOREIGN, NARROW_TOKEN, WIDE_TOKEN

ROOT = "/share/sta/v1.1"
NARROWLY, WIDELY = {"x-api-key": NARROW_TOKEN}, {"x-api-key": WIDE_TOKEN}


def ask(reader: Client, path: str, headers: dict[str, str] = NARROWLY, status: int = 200) -> Any:
    answer = reader.get(f"{ROOT}/{path}" if path else ROOT, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_the_root_names_the_sets_and_each_can_be_read(reader: Client) -> None:
    sets = ask(reader, "")["value"]
    assert [each["name"] for each in sets] == list(SETS)
    for each in sets:
        answer = reader.get(each["url"].removeprefix("http://localhost:8050"), headers=NARROWLY)
        assert answer.json()["value"], each["name"]


def test_every_link_leads_somewhere(reader: Client) -> None:
    for name in SETS:
        row = ask(reader, f"{name}?$top=1")["value"][0]
        links = [value for key, value in row.items() if key.endswith(("navigationLink", "selfLink"))]
        for link in links:
            answer = reader.get(link.removeprefix("http://localhost:8050"), headers=NARROWLY)
            assert answer.status_code == 200, link


def test_entities_that_took_long_to_read_are_kept_twenty_times_as_long(clock: FakeClock) -> None:
    read_at: list[float] = []

    def read(*_: object) -> Page:
        read_at.append(clock.monotonic())
        clock.advance(2)
        return Page((), 0, None)

    store = SimpleNamespace(records=read, sources=lambda: ())
    services, graphs = SimpleNamespace(clock=clock, store=store, scope=EVERYTHING), Graphs()
    for _ in range(45):
        graphs.of(services)  # type: ignore[arg-type]
        clock.advance(1)
    assert [at - read_at[0] for at in read_at] == [0, 43]


def test_nothing_beyond_the_scope_appears_by_any_way(reader: Client) -> None:
    expand = "$expand=Locations,Datastreams($expand=Observations,Sensor,ObservedProperty)"
    for path in (
        *SETS,
        f"Things?{expand}",
        "Observations?$top=1000&$expand=Datastream/Thing",
        "Datastreams?$count=true",
        f"Observations?$filter=Datastream/id eq 'stream-{FOREIGN}-street'",
    ):
        told = reader.get(f"{ROOT}/{path}", headers=NARROWLY).text
        assert FOREIGN not in told.replace(f"'stream-{FOREIGN}-street'", ""), path
    assert ask(reader, "Datastreams?$count=true")["@iot.count"] == 1
    for path in (f"Things('sensor-{FOREIGN}-street')", f"Datastreams('stream-{FOREIGN}-office')/Observations"):
        ask(reader, path, status=404)
        ask(reader, path, WIDELY)


def test_readings_come_newest_first_and_page_on_to_the_last(reader: Client) -> None:
    page = ask(reader, "Datastreams('stream-mine')/Observations?$count=true&$top=60")
    assert page["@iot.count"] == 150
    assert page["value"][0]["phenomenonTime"] == "2026-08-09T06:00:00.000Z"
    assert page["value"][0]["result"] == 20.0
    seen = [row["result"] for row in page["value"]]
    while "@iot.nextLink" in page:
        page = reader.get(page["@iot.nextLink"].removeprefix("http://localhost:8050"), headers=NARROWLY).json()
        seen += [row["result"] for row in page["value"]]
    assert seen == [20.0 + minute for minute in range(150)]


def test_readings_of_all_streams_are_merged_in_time(reader: Client) -> None:
    rows = ask(reader, "Observations?$top=1000&$orderby=phenomenonTime asc&$expand=Datastream", WIDELY)["value"]
    assert len(rows) == 480
    assert [row["phenomenonTime"] for row in rows] == sorted(row["phenomenonTime"] for row in rows)
    assert len({row["Datastream"]["@iot.id"] for row in rows}) == 4


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("phenomenonTime gt 2026-08-09T05:50:00Z", 10),
        ("phenomenonTime ge 2026-08-09T13:50:00+08:00", 11),
        ("phenomenonTime ge 2026-08-09T05:00:00Z and phenomenonTime lt 2026-08-09T05:10:00Z", 10),
        ("phenomenonTime eq 2026-08-09T05:00:00Z", 1),
        ("resultTime gt 2030-01-01T00:00:00Z", 0),
        ("phenomenonTime lt 0001-01-01T00:00:00+08:00", None),
    ],
)
def test_readings_are_chosen_by_time(reader: Client, condition: str, count: int | None) -> None:
    path = f"Datastreams('stream-mine')/Observations?$top=1000&$filter={condition}"
    if count is None:
        assert "far away" in ask(reader, path, status=400)["message"]
    else:
        assert len(ask(reader, path)["value"]) == count


def test_a_reading_has_an_address_of_its_own(reader: Client) -> None:
    row = ask(reader, "Observations?$top=1")["value"][0]
    assert ask(reader, f"Observations('{row['@iot.id']}')")["result"] == row["result"]
    assert len(ask(reader, f"Observations?$filter=id eq '{row['@iot.id']}'")["value"]) == 1
    ask(reader, "Observations('stream-mine@1')", status=404)


def test_the_last_reading_of_every_stream_comes_in_one_answer(reader: Client) -> None:
    query = "$expand=Locations,Datastreams($expand=ObservedProperty,Observations($orderby=phenomenonTime desc;$top=1))"
    things = ask(reader, f"Things?{query}&$top=1000", WIDELY)["value"]
    last = [stream["Observations"][0]["result"] for thing in things for stream in thing["Datastreams"]]
    assert last == [20.0] * 4
    assert {thing["Locations"][0]["location"]["coordinates"][1] for thing in things} == {31.4}


def test_select_leaves_only_what_was_asked_for(reader: Client) -> None:
    row = ask(reader, "Things?$select=id&$expand=Datastreams($select=id)")["value"][0]
    assert set(row) == {"@iot.id", "@iot.selfLink", "Datastreams"}


@pytest.mark.parametrize(
    "query",
    [
        "$top=x",
        "$top=-1",
        "$skip=1e9",
        "$filter=geo.distance(location, geography'POINT(1 2)') lt 1",
        "$filter=name eq 'a' or name eq 'b'",
        "$filter=name eq 'a' and",
        "$orderby=result desc",
        "$expand=MultiDatastreams",
        "$expand=Datastreams($expand=Observations",
        "$resultFormat=dataArray",
        "$count=maybe",
    ],
)
def test_what_is_not_understood_is_said_in_a_sentence(reader: Client, query: str) -> None:
    answer = ask(reader, f"Things?{query}", status=400)
    assert len(answer["message"]) > 15


WORDS = (
    *("phenomenonTime", " gt ", "id", " eq ", "'", "''", "(", ")", ",", ";", "$top=1", "and ", "2026-08-09T05:00:00Z"),
    *("Datastreams", "Observations", "$expand=", "/", "Thing", "Locations", "name", " desc", "99999999999", "+"),
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=14).map("".join))


@given(
    name=st.sampled_from(SETS),
    key=st.sampled_from(["$top", "$skip", "$count", "$orderby", "$filter", "$select", "$expand", "$x", "x"]),
    text=TEXTS,
)
def test_no_option_breaks_the_parser(name: str, key: str, text: str) -> None:
    with suppress(NotAsked):
        assert 0 <= parse_options(name, [(key, text)]).limit <= 1_000


@given(text=TEXTS)
def test_no_path_breaks_the_parser(text: str) -> None:
    with suppress(NotAsked):
        assert parse_path(text)


@given(st.text(max_size=40))
def test_an_id_survives_its_address(entity_id: str) -> None:
    assert parse_path(unquote(address("Things", entity_id)))[0].id == entity_id


def test_no_question_ends_in_a_fault(reader: Client) -> None:
    known = st.sampled_from([*SETS, "Datastreams('stream-mine')/Observations", "Things('sensor-mine')"])
    keys = st.sampled_from(["$top", "$skip", "$count", "$orderby", "$filter", "$select", "$expand"])

    @given(path=st.one_of(known, TEXTS), key=keys, text=TEXTS)
    def answered(path: str, key: str, text: str) -> None:
        answer = reader.get(f"{ROOT}/{quote(path)}", params={key: text}, headers=WIDELY)
        assert answer.status_code in (200, 400, 404), answer.text

    answered()
