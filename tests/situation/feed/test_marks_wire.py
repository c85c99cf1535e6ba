"""What the map is told of each record, and how little is said when something changes."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_city import (
    NOW,
    SETTINGS,
    MemoryStore,
    alarm,
    camera,
    case,
    hours_ago,
    officer,
    place,
    sensor,
    source,
    sources,
)
from wire_reader import Screen

from situation.clock import FakeClock
from situation.feed import Feed, wire
from situation.feed.marks import Marks, compare, encode_put, encode_removed
from situation.records import DeviceState, Health, Record


def shown(*records: Record) -> Screen:
    async def scene() -> Screen:
        store = MemoryStore()
        store.put(*sources())
        store.put(*records)
        feed = Feed(store, SETTINGS, FakeClock(NOW))  # type: ignore[arg-type]
        await feed.start(follow=False)
        screen = Screen(feed.snapshot())
        await feed.close()
        return screen

    return asyncio.run(scene())


def state(record: Record, *others: Record) -> int:
    (mark,) = shown(record, *others).marks[record.kind].values()
    return mark[2]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (camera("1"), 0),
        (camera("1", state=DeviceState.OFFLINE), 1),
        (camera("1", state=DeviceState.UNKNOWN), 2),
        (camera("1", source="nobody"), 2),
        (sensor("1"), 0),
        (sensor("1", level=3), 3),
        (sensor("1", level=1), 5),
        (sensor("1", level=1, state=DeviceState.OFFLINE), 1),
        (case("1"), 0),
        (case("1", due_at=hours_ago(1)), 6),
        (alarm("1", priority=1), 5),
        (alarm("1", priority=3), 3),
        (alarm("1", priority=4), 7),
        (alarm("1", priority=2, acknowledged_at=NOW), 4 + 16),
        (officer("1"), 0),
        (officer("1", on_duty=None), 2),
        (officer("1", positioned_at=hours_ago(0.1)), 0),
        (officer("1", positioned_at=hours_ago(0.2)), 2),
        (officer("1", positioned_at=hours_ago(9), on_duty=False), 1),
        (place("1", "school"), 0),
    ],
)
def test_each_record_has_the_state_of_the_contract(record: Record, expected: int) -> None:
    assert state(record) == expected


def test_officers_of_a_dead_source_are_unknown() -> None:
    assert state(officer("1"), source("officers", "officer", state=Health.STALE)) == 2


def test_time_alone_makes_an_officer_unknown() -> None:
    async def scene() -> list[int]:
        store, clock = MemoryStore(), FakeClock(NOW)
        store.put(*sources(), officer("1", positioned_at=hours_ago(0.1)))
        feed = Feed(store, SETTINGS, clock)  # type: ignore[arg-type]
        await feed.start(follow=False)
        states = []
        for _ in range(2):
            screen = Screen(feed.snapshot())
            states += [mark[2] for mark in screen.marks["officer"].values()]
            clock.advance(300)
            store.put_silently(*(replace(each, succeeded_at=clock.now()) for each in sources()))
            await feed.step()
        await feed.close()
        return states

    assert asyncio.run(scene()) == [0, 2]


def test_what_has_no_position_is_not_on_the_map() -> None:
    assert shown(camera("1", lon=None, lat=None)).marks["camera"] == {}


def test_categories_name_what_a_mark_is() -> None:
    screen = shown(place("1", "school"), place("2", "underpass"))
    named = {number: screen.categories["place"][mark[3]] for number, mark in screen.marks["place"].items()}
    assert sorted(named.values()) == ["school", "underpass"]


TABLES = st.dictionaries(
    st.integers(1, 2**32 - 1),
    st.tuples(st.floats(-180, 180, width=32), st.floats(-90, 90, width=32), st.integers(0, 23), st.integers(0, 127)),
    max_size=20,
)


def table(rows: dict[int, tuple[float, float, int, int]]) -> Marks:
    numbers = sorted(rows)
    lon, lat, states, categories = zip(*(rows[number] for number in numbers), strict=True) if rows else ((), (), (), ())
    return Marks(
        np.array(numbers, dtype=np.uint32),
        np.array(lon, dtype=np.float32),
        np.array(lat, dtype=np.float32),
        np.array(states, dtype=np.uint8),
        np.array(categories, dtype=np.uint8),
    )


@given(TABLES, TABLES, st.data())
def test_what_is_sent_turns_the_old_marks_into_the_new_ones(
    before: dict[int, tuple[float, float, int, int]],
    fresh: dict[int, tuple[float, float, int, int]],
    data: st.DataObject,
) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(before)))) if before else set()
    after = {number: before[number] for number in kept} | fresh
    described, body = wire.columns({"camera": table(before)})
    screen = Screen(wire.snapshot({"seq": 1, "panels": {}, "marks": described, "categories": {}}, body))
    changes = compare(table(before), table(after))
    sent = {"put": encode_put(table(after), changes), "remove": encode_removed(changes.removed)}
    screen.take(wire.event("frame", {"seq": 2, "panels": {}, "marks": {"camera": sent}}, 2))
    assert screen.marks["camera"] == after
    assert bool(changes) == (before != after)


def test_a_camera_that_goes_offline_costs_three_bytes() -> None:
    before = table({5: (121.5, 31.4, 0, 1)})
    after = table({5: (121.5, 31.4, 1, 1)})
    assert base64.b64decode(encode_put(after, compare(before, after))) == bytes([5, 1, 1])


def test_a_number_that_is_none_is_null_on_the_wire() -> None:
    assert json.loads(wire.to_json({"value": float("nan")})) == {"value": None}
