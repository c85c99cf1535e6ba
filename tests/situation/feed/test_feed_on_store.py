"""The feed over the real store, written to by another connection as the collector does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sample_city import NOW, SETTINGS, camera, case, sensor, sources
from wire_reader import Screen

from situation.batch import Batch
from situation.clock import FakeClock
from situation.feed import Feed
from situation.records import Datastream, DeviceState, Observation, Threshold
from situation.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'city.db'}"


@pytest.fixture
def writer(url: str) -> Iterator[Store]:
    store = Store.open(url)
    store.apply("setup", Batch(records=tuple(sources())), NOW)
    yield store
    store.close()


@pytest.fixture
def reader(url: str, writer: Store) -> Iterator[Store]:
    store = Store.open(url, migrate=False)
    yield store
    store.close()


def test_what_the_collector_writes_reaches_the_screen(writer: Store, reader: Store) -> None:
    async def scene() -> None:
        clock = FakeClock(NOW)
        writer.apply("video-a", Batch(records=(camera("1"), camera("2"))), NOW)
        feed = Feed(reader, SETTINGS, clock, release="r")
        await feed.start(follow=False)
        screen = Screen(feed.snapshot())
        assert screen.panels["kpi"]["values"]["cameras_online"] == 2
        writer.apply("video-a", Batch(records=(camera("1", state=DeviceState.OFFLINE),)), NOW)
        writer.apply("case-centre", Batch(records=(case("1"),)), NOW)
        clock.advance(1)
        await feed.step()
        stream = feed.subscribe(screen.seq)
        screen.take(await anext(stream) + await anext(stream))
        await stream.aclose()  # type: ignore[attr-defined]
        assert screen.panels["kpi"]["values"]["cameras_online"] == 1
        assert feed.numbers()["cases_open"] == 1
        assert feed.seq == writer.last_seq()
        await feed.close()

    asyncio.run(scene())


def test_the_watched_sensor_shows_the_readings_of_the_store(writer: Store, reader: Store) -> None:
    stream = Datastream(id="w/1", unit="m", thresholds=(Threshold(level=1, limit=4.0),))
    readings = tuple(Observation("w/1", NOW - timedelta(minutes=i), 3.0 - i / 1000) for i in range(150))
    writer.apply("things", Batch(records=(sensor("w", datastreams=(stream,)),), observations=readings), NOW)

    async def scene() -> None:
        feed = Feed(reader, SETTINGS, FakeClock(NOW))
        await feed.start(follow=False)
        watched = feed.panels()["watched"]["values"]
        assert watched["sensor"] == "w"
        assert watched["points"][-1] == [round(NOW.timestamp() * 1000), 3.0]
        assert len(watched["points"]) <= 100
        assert watched["points"] == sorted(watched["points"], key=lambda point: point[0])
        await feed.close()

    asyncio.run(scene())


def test_a_source_that_goes_on_answering_moves_the_ages_and_sends_no_frame(writer: Store, reader: Store) -> None:
    async def scene() -> None:
        clock = FakeClock(NOW)
        feed = Feed(reader, SETTINGS, clock)
        await feed.start(follow=False)
        sent: list[int] = []
        feed.on_frame(lambda oldest_at, sent_at, size: sent.append(size))
        clock.advance(15)
        answered = tuple(replace(source, succeeded_at=clock.now()) for source in sources())
        writer.apply("setup", Batch(records=answered), clock.now())
        await feed.step()
        assert sent == []
        assert feed.panels()["streets"]["as_of"] == round(clock.now().timestamp() * 1000)
        await feed.close()

    asyncio.run(scene())
