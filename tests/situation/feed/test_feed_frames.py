"""The feed as a screen sees it: snapshot, frames, beats, resets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sample_city import NOW, SETTINGS, MemoryStore, alarm, camera, case, hours_ago, source, sources, warning
from wire_reader import Screen

from situation.clock import FakeClock
from situation.feed import Feed
from situation.feed.feed import MOST_BEHIND
from situation.live import Moment
from situation.panels import PANELS, PANELS_BY_KEY
from situation.panels import definition as panel_definition
from situation.records import DeviceState, Health
from situation.store import StoreError


@asynccontextmanager
async def following(store: MemoryStore, clock: FakeClock) -> AsyncIterator[Feed]:
    feed = Feed(store, SETTINGS, clock, release="r1")
    await feed.start(follow=False)
    try:
        yield feed
    finally:
        await feed.close()


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.put(*sources())
    store.put(camera("c1"), camera("c2", source="video-b"), case("1"))
    return store


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


async def news(feed: Feed, clock: FakeClock, seconds: float = 0.2) -> None:
    clock.advance(seconds)
    await feed.step()


async def heard(feed: Feed, screen: Screen, after: int | None) -> None:
    """What a client that has seen `after` is given until there is nothing more at once."""
    async with aclosing(feed.subscribe(after)) as stream:
        while not screen.was_reset:
            try:
                screen.take(await asyncio.wait_for(anext(stream), 0.05))
            except (TimeoutError, StopAsyncIteration):
                return


def test_a_snapshot_holds_every_panel_and_every_mark(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            screen = Screen(feed.snapshot())
            assert set(screen.panels) == {panel.key for panel in PANELS}
            assert screen.header["release"] == "r1"
            assert screen.header["seq"] == store.last_seq()
            assert len(screen.marks["camera"]) == 2
            assert screen.panels["kpi"]["values"]["cameras_online"] == 2
            assert screen.panels["kpi"]["state"] == "live"
            assert feed.snapshot() is feed.snapshot()

    asyncio.run(scene())


def test_a_change_reaches_a_listening_screen_in_one_frame(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            screen = Screen(feed.snapshot())
            sent: list[object] = []
            feed.on_frame(lambda oldest_at, sent_at, size: sent.append(oldest_at))
            store.put(camera("c1", state=DeviceState.OFFLINE), at=NOW + timedelta(milliseconds=30))
            store.put(case("2"), at=NOW + timedelta(milliseconds=60))
            await news(feed, clock)
            await heard(feed, screen, screen.seq)
            frame = screen.frames[-1]
            assert frame["oldest_at"] == round(NOW.timestamp() * 1000) + 30
            assert frame["newest_at"] == round(NOW.timestamp() * 1000) + 60
            assert sent == [NOW + timedelta(milliseconds=30)]
            assert screen.panels["kpi"]["values"]["cameras_online"] == 1
            assert screen.panels["kpi"]["values"]["cases_open"] == 2
            assert len(screen.marks["case"]) == 2

    asyncio.run(scene())


def test_frames_leave_at_most_five_times_a_second(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            sent: list[float] = []
            feed.on_frame(lambda *_: sent.append(clock.monotonic()))
            for i in range(100):
                store.put(case(f"n{i}"), at=clock.now())
                await news(feed, clock, 0.02)
            assert 9 <= len(sent) <= 10
            assert all(later - earlier >= 0.2 - 1e-9 for earlier, later in pairwise(sent))

    asyncio.run(scene())


def test_nothing_is_sent_when_nothing_visible_changes(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            sent: list[int] = []
            feed.on_frame(lambda oldest_at, sent_at, size: sent.append(size))
            for _ in range(20):
                await news(feed, clock, 1.0)
                store.put_silently(*(replace(each, succeeded_at=clock.now()) for each in sources()))
            assert sent == []

    asyncio.run(scene())


def test_time_alone_makes_a_case_overdue_on_screen(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        store.put(case("soon", due_at=NOW + timedelta(seconds=5)))
        async with following(store, clock) as feed:
            screen = Screen(feed.snapshot())
            assert screen.panels["kpi"]["values"]["cases_overdue"] == 0
            await news(feed, clock, 6.0)
            await heard(feed, screen, screen.seq)
            assert screen.panels["kpi"]["values"]["cases_overdue"] == 1
            assert 6 in {state for _, _, state, _ in screen.marks["case"].values()}
            assert screen.frames[-1]["oldest_at"] is None

    asyncio.run(scene())


def test_cameras_of_a_silent_source_become_unknown_without_any_change_in_the_log(
    store: MemoryStore, clock: FakeClock
) -> None:
    """The collector is dead: nobody writes any more, and that must show."""

    async def scene() -> None:
        async with following(store, clock) as feed:
            screen = Screen(feed.snapshot())
            await news(feed, clock, 130.0)
            await heard(feed, screen, screen.seq)
            assert {state for _, _, state, _ in screen.marks["camera"].values()} == {2}
            assert screen.panels["kpi"]["values"]["cameras_online"] is None
            assert screen.panels["kpi"]["values"]["cameras_total"] == 2
            assert screen.panels["kpi"]["state"] == "stale"

    asyncio.run(scene())


def test_one_dead_platform_of_two_makes_the_panel_partial_with_its_coverage(
    store: MemoryStore, clock: FakeClock
) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            screen = Screen(feed.snapshot())
            store.put(source("video-b", "camera", state=Health.UNAVAILABLE, department="urban"))
            await news(feed, clock, 1.0)
            await heard(feed, screen, screen.seq)
            cameras = screen.panels["cameras"]
            assert (cameras["state"], cameras["coverage"]) == ("partial", 0.5)
            assert cameras["reason"] == ["reason.sources-down", "video-b"]
            assert screen.panels["streets"]["state"] == "live"
            assert screen.panels["kpi"]["values"]["cameras_online"] == 1

    asyncio.run(scene())


def test_a_screen_that_comes_back_is_given_what_it_missed(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            screen = Screen(feed.snapshot())
            for i in range(10):
                store.put(case(f"n{i}"), alarm(f"a{i}"))
                await news(feed, clock)
            await heard(feed, screen, screen.seq)
            assert not screen.was_reset
            assert len(screen.marks["alarm"]) == 10

    asyncio.run(scene())


def test_a_screen_away_for_too_long_is_told_to_start_over(
    store: MemoryStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("situation.feed.feed.KEPT_EVENTS", 3)

    async def scene() -> None:
        async with following(store, clock) as feed:
            screen = Screen(feed.snapshot())
            for i in range(6):
                store.put(case(f"n{i}"))
                await news(feed, clock)
            await heard(feed, screen, screen.seq)
            assert screen.was_reset

    asyncio.run(scene())


def test_a_number_of_another_store_is_answered_with_a_reset(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            screen = Screen(feed.snapshot())
            await heard(feed, screen, 9_000_000)
            assert screen.was_reset

    asyncio.run(scene())


def test_after_a_restart_a_screen_resumes_with_nothing_missing(store: MemoryStore, clock: FakeClock) -> None:
    """What only time changed while nobody was serving has no number of its own, and must come all the same."""

    async def scene() -> None:
        store.put(case("soon", due_at=NOW + timedelta(seconds=5)))
        async with following(store, clock) as before:
            screen = Screen(before.snapshot())
        clock.advance(600)
        async with following(store, clock) as after:
            await heard(after, screen, screen.seq)
            fresh = Screen(after.snapshot())
            assert screen.was_reset or (screen.marks, screen.panels) == (fresh.marks, fresh.panels)

    asyncio.run(scene())


def test_a_reader_that_is_too_slow_is_dropped_to_a_reset(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed, aclosing(feed.subscribe(feed.seq)) as stream:
            screen = Screen(feed.snapshot())
            screen.take(await anext(stream))
            screen.take(await anext(stream))
            for i in range(MOST_BEHIND + 1):
                store.put(case(f"n{i}"))
                await news(feed, clock)
            screen.take(await anext(stream))
            assert screen.was_reset
            with pytest.raises(StopAsyncIteration):
                await anext(stream)

    asyncio.run(scene())


def test_a_beat_comes_every_ten_seconds_with_the_ages_that_moved(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed, aclosing(feed.subscribe(None)) as stream:
            screen = Screen(feed.snapshot())
            screen.take(await anext(stream))
            assert set(screen.beats[0]["as_of"]) == {panel.key for panel in PANELS}
            clock.advance(9.0)
            store.put_silently(source("weather", "warning", succeeded_at=clock.now()))
            await feed.step()
            await news(feed, clock, 1.1)
            screen.take(await anext(stream))
            beat = screen.beats[1]
            assert beat["release"] == "r1"
            assert beat["at"] == round(clock.now().timestamp() * 1000)
            assert set(beat["as_of"]) == {"warnings"}

    asyncio.run(scene())


def test_a_panel_that_raises_becomes_an_error_and_the_others_go_on(
    store: MemoryStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    is_broken = False

    def fails(moment: Moment) -> panel_definition.Values:
        if is_broken:
            raise RuntimeError("a mistake of ours")
        return PANELS_BY_KEY["streets"].build(moment)

    fragile = tuple(replace(panel, build=fails) if panel.key == "streets" else panel for panel in PANELS)
    monkeypatch.setattr("situation.feed.composer.PANELS", fragile)

    async def scene() -> None:
        nonlocal is_broken
        async with following(store, clock) as feed:
            screen = Screen(feed.snapshot())
            rows = screen.panels["streets"]["values"]["rows"]
            is_broken = True
            for i in range(3):
                store.put(case(f"n{i}"))
                await news(feed, clock, 1.0)
            await heard(feed, screen, screen.seq)
            assert screen.panels["streets"]["state"] == "error"
            assert screen.panels["streets"]["values"]["rows"] == rows  # last values stay
            assert screen.panels["kpi"]["values"]["cases_open"] == 4
            is_broken = False
            await news(feed, clock, 1.0)
            await heard(feed, screen, screen.seq)
            assert screen.panels["streets"]["state"] == "live"

    asyncio.run(scene())
    assert sum("panel streets failed" in record.message for record in caplog.records) == 1


@pytest.mark.parametrize(("failure", "has_trace"), [(OSError, True), (StoreError, False)])
def test_a_feed_that_fails_says_so_and_starts_anew_with_nothing_missing(
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failure: type[Exception],
    has_trace: bool,
) -> None:
    caplog.set_level(logging.INFO, "situation.feed.feed")
    monkeypatch.setattr("situation.feed.feed.FIRST_PAUSE_S", 0.01)
    clock = FakeClock(NOW)

    async def until(feed: Feed, is_ok: bool) -> None:
        while feed.health().is_ok != is_ok:
            await asyncio.sleep(0)

    async def scene() -> None:
        feed = Feed(store, SETTINGS, clock, release="r1")
        assert not feed.health().is_ok
        await feed.start()
        screen = Screen(feed.snapshot())
        store.failure = failure("the disk is gone")
        await asyncio.wait_for(until(feed, False), 5)
        assert "the disk is gone" in feed.health().reason
        store.put(case("meanwhile"))
        store.failure = None
        await asyncio.wait_for(until(feed, True), 5)
        await heard(feed, screen, screen.seq)
        assert screen.panels["kpi"]["values"]["cases_open"] == 2
        await feed.close()

    asyncio.run(scene())
    down, up = caplog.records  # one line an edge; a store that is away needs no trace
    assert (down.levelname, bool(down.exc_info)) == ("ERROR", has_trace)
    assert "the disk is gone" in down.getMessage()
    assert up.getMessage() == "the feed works again"


def test_closing_ends_every_subscriber_and_counts_them_down(store: MemoryStore, clock: FakeClock) -> None:
    async def listen(feed: Feed) -> int:
        return len([chunk async for chunk in feed.subscribe(None)])

    async def scene() -> None:
        async with following(store, clock) as feed:
            listeners = [asyncio.create_task(listen(feed)) for _ in range(3)]
            await asyncio.sleep(0)
            assert feed.clients == 3
        assert await asyncio.gather(*listeners) == [1, 1, 1]
        assert feed.clients == 0

    asyncio.run(scene())


def test_a_warning_that_expires_leaves_the_screen(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        store.put(warning("w", expires_at=hours_ago(-0.01)))
        async with following(store, clock) as feed:
            screen = Screen(feed.snapshot())
            assert screen.panels["kpi"]["values"]["warnings_active"] == 1
            await news(feed, clock, 60)
            await heard(feed, screen, screen.seq)
            assert screen.panels["kpi"]["values"]["warnings_active"] == 0
            assert screen.panels["warnings"]["values"]["rows"] == []

    asyncio.run(scene())
