"""For any sequence of changes: a snapshot and the frames after it show what a fresh snapshot shows."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sample_city import NOW, SETTINGS, STREETS, MemoryStore, alarm, camera, case, hours_ago, sensor, source, sources
from wire_reader import Screen

from situation.clock import FakeClock
from situation.feed import Feed
from situation.records import CaseState, DeviceState, Health

IDS = st.sampled_from([f"x{i}" for i in range(6)])
LON = st.sampled_from([121.4, 121.5, None])
PLATFORMS = st.sampled_from(["video-a", "video-b", "nobody"])
STATES = st.sampled_from(list(DeviceState))

PUTS = st.one_of(
    st.builds(lambda key, state, lon, of: camera(key, state=state, lon=lon, source=of), IDS, STATES, LON, PLATFORMS),
    st.builds(lambda key, state, level: sensor(key, state=state, level=level), IDS, STATES, st.integers(0, 3)),
    st.builds(
        lambda key, state, due, lon: case(
            key, state=state, due_at=hours_ago(due / 60), lon=lon, closed_at=NOW, street_code=STREETS[0]
        ),
        IDS,
        st.sampled_from(list(CaseState)),
        st.integers(-3, 3),
        LON,
    ),
    st.builds(
        lambda key, priority, ended: alarm(key, priority=priority, ended_at=NOW if ended else None),
        IDS,
        st.integers(1, 4),
        st.booleans(),
    ),
    st.builds(lambda health: source("video-a", "camera", state=health), st.sampled_from(list(Health))),
)
STEPS = st.one_of(
    st.tuples(st.just("put"), PUTS),
    st.tuples(st.just("remove"), st.tuples(st.sampled_from(["camera", "sensor", "case", "alarm"]), IDS)),
    st.tuples(st.just("pass"), st.sampled_from([0.05, 0.2, 1.0, 70.0, 200.0])),
    st.tuples(st.just("snapshot"), st.none()),
)


def perform(store: MemoryStore, clock: FakeClock, step: tuple[str, Any]) -> None:
    name, detail = step
    if name == "put":
        store.put(detail, at=clock.now())
    elif name == "remove":
        store.remove(*detail, at=clock.now())
    elif name == "pass":
        clock.advance(detail)


async def caught_up(feed: Feed, screen: Screen) -> None:
    """Everything a client is given at once: the first two pieces are the beat and the frames it missed."""
    async with aclosing(feed.subscribe(screen.seq)) as stream:
        screen.take(await anext(stream))
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        if waiting.done():
            screen.take(waiting.result())
            return
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def compare(store: MemoryStore, clock: FakeClock, steps: list[tuple[str, Any]]) -> None:
    feed = Feed(store, SETTINGS, clock, release="r")  # type: ignore[arg-type]
    await feed.start(follow=False)
    screens = [Screen(feed.snapshot())]
    for step in steps:
        perform(store, clock, step)
        await feed.step()
        if step[0] == "snapshot":
            screens.append(Screen(feed.snapshot()))
    clock.advance(300)  # all that rests is due
    await feed.step()
    fresh = Screen(feed.snapshot())
    for screen in screens:
        await caught_up(feed, screen)
        assert not screen.was_reset
        assert screen.marks == fresh.marks
        assert screen.panels == fresh.panels
        assert screen.categories == fresh.categories
    await feed.close()


@settings(max_examples=40)
@given(st.lists(STEPS, max_size=25))
def test_a_snapshot_and_the_frames_after_it_show_what_a_fresh_snapshot_shows(steps: list[tuple[str, Any]]) -> None:
    store = MemoryStore()
    store.put(*sources())
    asyncio.run(compare(store, FakeClock(NOW), steps))


@settings(max_examples=20)
@given(st.lists(STEPS, max_size=20), st.lists(STEPS, max_size=5))
def test_a_feed_that_followed_shows_what_one_that_just_started_shows(
    before: list[tuple[str, Any]], after: list[tuple[str, Any]]
) -> None:
    """The columns kept up to date and the columns loaded afresh are the same."""

    async def scene() -> None:
        store, clock = MemoryStore(), FakeClock(NOW + timedelta(seconds=1))
        store.put(*sources())
        followed = Feed(store, SETTINGS, clock)  # type: ignore[arg-type]
        await followed.start(follow=False)
        for step in before + after:
            perform(store, clock, step)
            await followed.step()
        clock.advance(300)
        await followed.step()
        started = Feed(store, SETTINGS, clock)  # type: ignore[arg-type]
        await started.start(follow=False)
        one, other = Screen(followed.snapshot()), Screen(started.snapshot())
        assert one.panels == other.panels
        assert {kind: {number: mark[:3] for number, mark in table.items()} for kind, table in one.marks.items()} == {
            kind: {number: mark[:3] for number, mark in table.items()} for kind, table in other.marks.items()
        }
        await followed.close()
        await started.close()

    asyncio.run(scene())
