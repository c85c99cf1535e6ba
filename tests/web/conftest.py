"""A whole web application over a small real store, asked as a browser on this machine would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callbacks import web
from callbacks.services import Services
from situation.clock import FakeClock
from situation.feed import Feed
from situation.scope import EVERYTHING
from situation.settings import District, Secret, Settings, ShareSettings, SourceSettings
from situation.store import Store
from tests.web.browser_double import Client
from tests.web.shared_city import NARROW, WIDE, city
from tests.web.small_city import FakeMedia, local_client, records


@pytest.fixture
def media() -> FakeMedia:
    return FakeMedia()


@pytest.fixture
def services(tmp_path: Path, media: FakeMedia) -> Iterator[Services]:
    clock = FakeClock(datetime(2026, 8, 9, 6, 0, tzinfo=UTC))
    settings = Settings(
        district=District(name="宝山区", adcode="310113"),
        sources=tuple(SourceSettings(key=key, kind="wvp") for key in ("video", "water", "staff", "centre", "civil")),
    )
    store = Store.open(f"sqlite:///{tmp_path / 'onescreen.db'}")
    for batch in records(clock.now()):
        store.apply(batch.records[0].source, batch, clock.now())
    services = Services(
        settings=settings,
        store=store,
        feed=Feed(store, settings, clock, EVERYTHING, "0.1.0+test"),
        clock=clock,
        scope=EVERYTHING,
        media=media,
        release="0.1.0+test",
        data_folder=tmp_path,
    )
    yield services
    store.close()


@pytest.fixture
def client(services: Services) -> Iterator[Client]:
    """A browser on this machine."""
    with local_client(services) as client:
        yield client


@pytest.fixture
def wall_clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The machine's clock, which stands still."""
    clock = FakeClock(datetime(2026, 11, 28, tzinfo=UTC))
    monkeypatch.setattr(web, "CityClock", lambda: clock)
    return clock


@pytest.fixture
def sharing(services: Services, wall_clock: FakeClock) -> Services:
    services.store.apply("city", city(services.clock.now()), services.clock.now())
    cases = ShareSettings(
        key="cases", token=Secret("a token for cases only"), collections=("cases",), requests_per_minute=20
    )
    return replace(services, settings=services.settings.model_copy(update={"shares": (NARROW, WIDE, cases)}))


@pytest.fixture
def reader(sharing: Services) -> Iterator[Client]:
    """A system on another machine."""
    with local_client(sharing, address="192.168.3.7") as client:
        yield client


@pytest.fixture
def neighbour(sharing: Services) -> Iterator[Client]:
    """A browser on this machine."""
    with local_client(sharing) as client:
        yield client
