"""Detail pages read from a real store, embedded and PostgreSQL: found, bounded by scope, with their past."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgres import PostgresMissing, require, serving

from callbacks.details.reading import find, read_page
from callbacks.services import Services
from layouts.details import Address
from situation.batch import Batch
from situation.feed import Feed
from situation.records import Camera, Case, CaseEvent, CaseState, DeviceState, Officer
from situation.scope import Scope
from situation.store import Store
from tests.web.small_city import records


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """A server with one empty database."""
    try:
        with serving() as socket:
            with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE details")
            yield f"postgresql+psycopg://postgres@/details?host={socket}"
    except PostgresMissing as error:
        require(str(error))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def stored(request: pytest.FixtureRequest, services: Services, tmp_path: Path) -> Iterator[Services]:
    """The small city on either database."""
    if request.param == "sqlite":
        yield services
        return
    store = Store.open(request.getfixturevalue("postgres_url"))
    now = services.clock.now()
    for batch in records(now):
        store.apply(batch.records[0].source, batch, now)
    yield replace(services, store=store)
    store.close()


def told(services: Services, path: str, search: str = "") -> str:
    """All that a page says and links to, read with a feed that has loaded."""

    feed = Feed(services.store, services.settings, services.clock, services.scope, "test")

    async def read() -> dict[str, Any]:
        await feed.start(follow=False)
        try:
            return await read_page(replace(services, feed=feed), path, search)
        finally:
            await feed.close()

    return str(asyncio.run(read()))


def test_a_page_tells_its_record_its_area_and_its_neighbours(stored: Services) -> None:
    page = told(stored, "/sensor/s1")
    assert "下立交" in page
    assert "友谊路街道" in page
    assert "/case/k1" in page


def test_an_address_below_the_wall_is_the_same_page(services: Services) -> None:
    assert "下立交" in told(services, "/wall/sensor/s1")


def test_a_scene_has_nothing_lying_over_it(services: Services) -> None:
    for path in ("/", "/wall", "/cases", "/wall/weather"):
        assert asyncio.run(read_page(services, path, ""))["tree"] is None


def test_a_camera_knows_when_it_was_alive(stored: Services) -> None:
    now = stored.clock.now()
    lost = Camera(id="c1", source="video", state=DeviceState.OFFLINE, seen_at=now, lon=121.42, lat=31.4)
    stored.store.apply("video", Batch(records=(lost,)), now + timedelta(minutes=1))
    found = find(stored, Address(kind="camera", id="c1"))
    assert found is not None
    states = [version.record.state for version in found.versions if isinstance(version.record, Camera)]
    assert states == [DeviceState.OFFLINE, DeviceState.ONLINE]


def test_an_officers_track_has_each_position_once_in_order(stored: Services) -> None:
    start = stored.clock.now() - timedelta(minutes=30)
    for step in range(4):
        at = start + timedelta(minutes=5 * step)
        officer = Officer(id="o9", source="staff", lon=121.42 + step / 1000, lat=31.4, positioned_at=at)
        stored.store.apply("staff", Batch(records=(officer, officer)), at)
    found = find(stored, Address(kind="officer", id="o9"))
    assert found is not None
    assert [round(lon, 3) for _, lon, _ in found.track] == [121.42, 121.421, 121.422, 121.423]


def test_a_case_page_shows_its_history(stored: Services) -> None:
    now = stored.clock.now()
    events = (CaseEvent(at=now - timedelta(hours=1), state=CaseState.REGISTERED, actor="值班长"),)
    case = Case(id="k7", source="centre", state=CaseState.REGISTERED, lon=121.45, lat=31.4, events=events)
    stored.store.apply("centre", Batch(records=(case,)), now)
    assert "值班长" in told(stored, "/case/k7")


def test_an_area_is_found_by_its_code_alone_and_shows_its_cases(stored: Services) -> None:
    page = told(stored, "/area/310113001")
    assert "友谊路街道" in page
    assert "/case/k1" in page


def test_who_may_not_see_a_record_is_told_the_same_as_of_one_that_does_not_exist(stored: Services) -> None:
    elsewhere = replace(stored, scope=Scope(areas=frozenset({"310113999"})))
    hidden, missing = told(elsewhere, "/camera/c1"), told(stored, "/camera/nobody")
    assert "camera 1" not in hidden
    assert hidden.replace("c1", "nobody") == missing


def test_what_must_not_leave_the_server_is_in_no_page(services: Services) -> None:
    assert "ref-1" not in told(services, "/camera/c1")
    assert "13812345617" not in told(services, "/officer/o1")


def test_the_language_of_the_address_is_that_of_the_page(services: Services) -> None:
    assert "Sensor" in told(services, "/sensor/s1", "?lang=en")
