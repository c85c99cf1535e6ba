"""What the store makes of batches of records."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from situation.batch import Batch, Rejection
from situation.records import (
    Area,
    AreaKind,
    Camera,
    Case,
    CaseState,
    Datastream,
    DeviceState,
    GridScheme,
    Health,
    Observation,
    Officer,
    Place,
    Record,
    Sensor,
    SourceHealth,
)
from situation.scope import EVERYTHING, Scope
from situation.store import Query, Store

AT = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
ONLINE, OFFLINE = DeviceState.ONLINE, DeviceState.OFFLINE


def camera(number: int, source: str = "police", state: DeviceState = ONLINE, seen_s: float = 0) -> Camera:
    """A camera that was seen `seen_s` after AT."""
    return Camera(
        id=f"c{number}",
        source=source,
        name=f"camera {number}",
        lon=121.4 + number / 1000,
        lat=31.4,
        state=state,
        seen_at=AT + timedelta(seconds=seen_s),
    )


def put(store: Store, *records: Record, source: str = "police", complete: str = "", seconds: float = 0) -> int:
    """Apply the records as one batch, `seconds` after AT."""
    kinds = frozenset({complete} if complete else ())
    return store.apply(source, Batch(records=records, complete=kinds), AT + timedelta(seconds=seconds))


def record_of(store: Store, kind: str, record_id: str) -> Record | None:
    found = store.get(kind, record_id)
    return found[1] if found else None


def operations(store: Store, after: int = 0) -> list[tuple[str, str]]:
    return [(change.operation, change.id) for change in store.changes(after)]


def square(code: str, west: float, east: float, kind: AreaKind = AreaKind.STREET) -> Area:
    ring = [[west, 31.0], [east, 31.0], [east, 32.0], [west, 32.0], [west, 31.0]]
    geometry = f'{{"type": "Polygon", "coordinates": [{ring}]}}'
    return Area(
        id=f"administrative/{code}",
        source="civil",
        area_kind=kind,
        scheme=GridScheme.ADMINISTRATIVE,
        code=code,
        name=code,
        geometry=geometry,
    )


def test_what_went_in_comes_out(store: Store) -> None:
    given = camera(1)
    assert put(store, given) == 1
    number, found = store.get("camera", "c1") or (0, None)
    assert found == given
    assert store.by_number("camera", number) == (number, given)
    assert store.by_number("sensor", number) is None
    assert list(store.load("camera")) == [(number, given)]


def test_a_poll_without_news_writes_no_change_but_moves_the_time_seen(store: Store) -> None:
    last = put(store, *(camera(n) for n in range(20)), complete="camera")
    assert put(store, *(camera(n, seen_s=30) for n in range(20)), complete="camera", seconds=30) == last
    found = record_of(store, "camera", "c7")
    assert isinstance(found, Camera)
    assert found.seen_at == AT + timedelta(seconds=30)


def test_a_change_of_state_is_logged_once(store: Store) -> None:
    last = put(store, camera(1), camera(2))
    put(store, camera(1, state=OFFLINE), camera(2))
    put(store, camera(1, state=OFFLINE), camera(2))
    (change,) = store.changes(last)
    assert isinstance(change.record, Camera)
    assert (change.seq, change.id, change.record.state) == (last + 1, "c1", OFFLINE)


def test_memory_of_the_writer_survives_a_restart(store: Store, url: str) -> None:
    last = put(store, camera(1), camera(2), complete="camera")
    store.close()
    again = Store.open(url, migrate=False)
    assert put(again, camera(1), camera(2), complete="camera") == last
    again.close()


def test_record_missing_from_a_complete_batch_is_removed(store: Store) -> None:
    last = put(store, *(camera(n) for n in range(5)), complete="camera")
    put(store, *(camera(n) for n in range(4)), complete="camera")
    assert operations(store, last) == [("remove", "c4")]
    assert store.get("camera", "c4") is None


def test_rejected_record_of_a_complete_batch_keeps_its_last_good_version(store: Store) -> None:
    put(store, *(camera(n) for n in range(5)), complete="camera")
    rest = tuple(camera(n) for n in range(4))
    batch = Batch(records=rest, complete=frozenset({"camera"}), rejected=(Rejection("c4", "bad"),))
    store.apply("police", batch, AT)
    assert record_of(store, "camera", "c4") == camera(4)


def test_a_source_claims_what_it_told_and_did_not_take_back(store: Store) -> None:
    put(store, *(camera(n) for n in range(5)))
    put(store, camera(5), camera(1))
    assert store.claims("police", ("camera",)) == 6
    put(store, *(camera(n) for n in range(4)), complete="camera")
    assert (store.claims("police", ("camera", "alarm")), store.claims("traffic", ("camera",))) == (4, 0)


def test_losing_more_than_half_must_be_seen_twice(store: Store) -> None:
    last = put(store, *(camera(n) for n in range(10)), complete="camera")
    assert put(store, camera(0), complete="camera") == last
    assert store.doubted("police") == {"camera"}
    put(store, camera(0), complete="camera")
    assert store.count("camera") == 1
    assert store.doubted("police") == frozenset()


def test_a_full_answer_ends_the_doubt(store: Store) -> None:
    everything = tuple(camera(n) for n in range(10))
    for records in (everything, everything[:1], everything, everything[:1]):
        put(store, *records, complete="camera")
    assert store.count("camera") == 10


def test_unmodified_answer_confirms_the_doubt(store: Store) -> None:
    put(store, *(camera(n) for n in range(10)), complete="camera")
    put(store, camera(0), complete="camera")
    store.apply("police", Batch(not_modified=True), AT)
    assert store.count("camera") == 1


def test_record_that_returns_keeps_its_number(store: Store) -> None:
    put(store, *(camera(n) for n in range(3)), complete="camera")
    before = store.get("camera", "c2")
    put(store, camera(0), camera(1), complete="camera")
    put(store, *(camera(n) for n in range(3)), complete="camera")
    assert store.get("camera", "c2") == before


def test_of_two_claims_the_living_one_counts(store: Store) -> None:
    put(store, camera(1))
    last = put(store, camera(1, "urban", OFFLINE), source="urban")
    assert last == 1
    put(store, camera(1, state=OFFLINE, seen_s=-60))
    assert record_of(store, "camera", "c1") == camera(1, "urban", OFFLINE)
    put(store, camera(1, "urban", ONLINE, 60), source="urban")
    put(store, camera(1, state=ONLINE, seen_s=90))
    found = record_of(store, "camera", "c1")
    assert found is not None
    assert found.source == "urban", "as good as the other is no reason to switch"


def test_a_claim_ended_by_one_source_passes_to_the_other(store: Store) -> None:
    put(store, *(camera(n) for n in range(4)), complete="camera")
    last = put(store, camera(1, "urban"), source="urban", complete="camera")
    number = (store.get("camera", "c1") or (0,))[0]
    put(store, camera(0), camera(2), camera(3), complete="camera")
    assert operations(store, last) == [("put", "c1")]
    assert store.get("camera", "c1") == (number, camera(1, "urban"))


def test_the_word_of_a_dead_source_counts_less(store: Store) -> None:
    put(store, camera(1), camera(2))
    last = put(store, camera(1, "urban"), source="urban")
    health = SourceHealth(id="police", source="collector", state=Health.UNAVAILABLE)
    put(store, health, source="collector")
    assert operations(store, last) == [("put", "police"), ("put", "c1")]
    assert record_of(store, "camera", "c1") == camera(1, "urban")


def test_an_older_version_does_not_replace_a_newer(store: Store) -> None:
    case = Case(id="k1", source="centre", state=CaseState.REPLIED, updated_at=AT)
    put(store, case, source="centre")
    put(store, replace(case, state=CaseState.REGISTERED, updated_at=AT - timedelta(hours=1)), source="centre")
    assert record_of(store, "case", "k1") == case


def test_officer_is_news_after_twenty_metres_and_kept_before(store: Store) -> None:
    officer = Officer(id="o1", source="telecom", lon=121.4, lat=31.4, on_duty=True, positioned_at=AT)
    step = replace(officer, lon=121.40015, positioned_at=AT + timedelta(seconds=15))  # 14 m
    walk = replace(officer, lon=121.4003, positioned_at=AT + timedelta(seconds=30))  # 28 m
    first = put(store, officer, source="telecom")
    assert put(store, step, source="telecom") == first
    assert record_of(store, "officer", "o1") == step
    assert put(store, walk, source="telecom") == first + 1


def test_a_track_told_at_once_is_logged_fix_by_fix_and_leaves_the_last_one_standing(store: Store) -> None:
    start = Officer(id="o1", source="gpx", lon=121.4, lat=31.4, positioned_at=AT)
    walk = [replace(start, lon=121.4 + n * 0.001, positioned_at=AT + timedelta(seconds=n)) for n in range(5)]
    put(store, *walk, source="gpx")
    assert record_of(store, "officer", "o1") == walk[-1]
    assert [change.record for change in store.versions("officer", "o1")] == walk[::-1]
    put(store, *walk[:3], source="gpx")
    assert record_of(store, "officer", "o1") == walk[-1]  # a file that comes late tells nothing newer


def test_an_officer_who_stands_still_is_news_every_two_minutes(store: Store) -> None:
    officer = Officer(id="o1", source="telecom", lon=121.4, lat=31.4, on_duty=True, positioned_at=AT)
    first = put(store, officer, source="telecom")
    assert put(store, replace(officer, positioned_at=AT + timedelta(seconds=119)), source="telecom") == first
    assert put(store, replace(officer, positioned_at=AT + timedelta(seconds=120)), source="telecom") == first + 1
    assert put(store, replace(officer, positioned_at=AT + timedelta(seconds=200)), source="telecom") == first + 1


def test_source_is_news_when_its_state_changes_and_kept_always(store: Store) -> None:
    health = SourceHealth(id="police", source="collector", state=Health.OK, succeeded_at=AT)
    last = put(store, health, source="collector")
    later = replace(health, succeeded_at=AT + timedelta(seconds=30), record_count=7)
    assert put(store, later, source="collector") == last
    assert store.sources() == (later,)


def test_sensor_carries_its_latest_reading(store: Store) -> None:
    sensor = Sensor(id="s1", source="water", datastreams=(Datastream(id="s1/level"),))
    reading = Observation("s1/level", AT, 1.25)
    last = store.apply("water", Batch(records=(sensor,), observations=(reading,)), AT)
    expected = replace(sensor, value=1.25, observed_at=AT)
    assert record_of(store, "sensor", "s1") == expected
    assert [record for _, record in store.load("sensor")] == [expected]
    assert put(store, replace(sensor, value=9.0), source="water") == last


def test_area_codes_are_found_from_the_position_and_follow_the_areas(store: Store) -> None:
    put(store, square("310113101", 121.0, 121.5), source="civil")
    put(store, camera(1))
    found = record_of(store, "camera", "c1")
    assert isinstance(found, Camera)
    assert found.street_code == "310113101"
    last = put(store, square("310113101", 121.0, 121.3), square("310113102", 121.3, 122.0), source="civil", seconds=9)
    assert ("put", "c1") in operations(store, last - 1)
    assert store.records("camera", query=Query(areas=("310113102",))).total == 1
    assert put(store, camera(1)) == last


def test_area_codes_given_by_the_source_are_kept(store: Store) -> None:
    put(store, square("310113101", 121.0, 121.5), source="civil")
    given = replace(camera(1), street_code="310113999")
    put(store, given)
    assert record_of(store, "camera", "c1") == given


def test_a_batch_is_all_or_nothing(store: Store) -> None:
    put(store, camera(1))
    unknown_kind = Record(id="x", source="police")
    with pytest.raises(KeyError):
        put(store, camera(1, state=OFFLINE), unknown_kind)
    assert record_of(store, "camera", "c1") == camera(1)
    put(store, camera(1, state=OFFLINE))
    assert operations(store, 1) == [("put", "c1")]


def test_two_writers_see_each_other(store: Store, url: str) -> None:
    other = Store.open(url, migrate=False)
    put(store, camera(1))
    put(other, camera(1, state=OFFLINE))
    put(store, camera(1))
    put(other, camera(2), source="urban")
    assert [change.seq for change in store.changes(0)] == [1, 2, 3, 4]
    assert record_of(other, "camera", "c1") == camera(1)
    other.close()


def test_version_tells_of_foreign_commits_and_of_nothing_else(store: Store, url: str) -> None:
    reader = Store.open(url, migrate=False)
    try:
        before = reader.version()
        assert reader.version() == before
        put(store, camera(1))
        assert changes_within(reader, before)
    finally:
        reader.close()


def changes_within(reader: Store, before: int, seconds: float = 10.0) -> bool:
    """Whether the version moves on soon: PostgreSQL tells its listeners a moment after the commit."""
    until_s = time.monotonic() + seconds
    while reader.version() == before:
        if time.monotonic() > until_s:
            return False
    return True


def test_pages_follow_one_another_without_gap(store: Store) -> None:
    put(store, *(camera(n) for n in range(7)))
    ids: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = store.records("camera", query=Query(limit=3, offset=offset))
        ids += [record.id for _, record in page.items]
        offset = page.next_offset
        assert page.total == 7
    assert ids == [f"c{n}" for n in range(7)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(ids=("c1", "c9")), {"c1"}),
        (Query(bbox=(121.4, 31.0, 121.4015, 32.0)), {"c0", "c1"}),
        (Query(status=("offline",)), {"c2"}),
        (Query(since=AT + timedelta(seconds=1)), {"c2"}),
        (Query(until=AT + timedelta(seconds=1)), {"c0", "c1"}),
        (Query(source="urban"), set()),
    ],
)
def test_query_finds(store: Store, query: Query, expected: set[str]) -> None:
    put(store, camera(0), camera(1), camera(2, state=OFFLINE, seen_s=60))
    assert {record.id for _, record in store.records("camera", query=query).items} == expected
    assert store.count("camera", query=query) == len(expected)


@pytest.mark.parametrize(
    "scope",
    [
        EVERYTHING,
        Scope(areas=frozenset({"310113101"})),
        Scope(areas=frozenset({"310113102001", "310113103002003"})),
        Scope(departments=frozenset({"water"})),
        Scope(areas=frozenset({"310113101"}), departments=frozenset({"water"})),
        Scope(areas=frozenset()),
    ],
)
def test_scope_in_sql_is_scope_in_python(store: Store, scope: Scope) -> None:
    records: list[Record] = [
        Place(id="p1", source="x", street_code="310113101", department="water"),
        Place(id="p2", source="x", street_code="310113102", community_code="310113102001", department="gas"),
        Place(id="p3", source="x", grid_code="310113103002003", department="gas"),
        Place(id="p4", source="x", department="water"),
        SourceHealth(id="x", source="collector", department="water"),
        square("310113101", 121.0, 121.5),
    ]
    put(store, *records)
    for kind in ("place", "source", "area"):
        seen = {record.id for _, record in store.records(kind, scope).items}
        assert seen == {record.id for record in records if record.kind == kind and scope.allows(record)}
        assert seen == {record.id for record in records if store.get(kind, record.id, scope)}


def test_cursor_comes_with_its_batch(store: Store) -> None:
    assert store.cursor("police") is None
    store.apply("police", Batch(cursor={"page": 3, "since": "x"}), AT)
    store.apply("police", Batch(), AT)
    assert store.cursor("police") == {"page": 3, "since": "x"}


def test_a_forgotten_source_leaves_nothing(store: Store) -> None:
    put(store, camera(1), camera(2))
    last = put(store, camera(1, "urban"), source="urban")
    store.forget("police", AT)
    assert operations(store, last) == [("remove", "c2"), ("put", "c1")]
    assert store.count("camera") == 1


def test_what_was_removed_is_told_unless_it_came_back_or_another_still_claims_it(store: Store) -> None:
    shared = camera(3, "urban")
    put(store, shared, source="urban")
    before = put(store, camera(1), camera(2), camera(3), camera(4))
    put(store, camera(4), complete="camera")
    put(store, camera(4), complete="camera", seconds=1)  # most are gone: believed when said twice
    last = put(store, camera(2), seconds=2)
    assert store.removed(before) == (last, (("camera", "c1"),))
    assert store.removed(last) == (last, ())
