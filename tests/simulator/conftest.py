"""The demonstration city at its real size, built once and kept between runs (its file name changes with its code)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator.behaviour import Behaviour, default_schedule
from simulator.city import load
from simulator.model import City


@pytest.fixture(scope="session")
def whole_city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> City:
    """宝山区 at scale 1."""
    cache = request.config.cache
    folder = Path(cache.mkdir("city")) if cache else tmp_path_factory.mktemp("city")
    return load("310113", 1, 7, folder)


@pytest.fixture(scope="session")
def start_at() -> datetime:
    """14:30 in Shanghai on a Sunday in August."""
    return datetime(2026, 8, 9, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def behaviour(whole_city: City, start_at: datetime) -> Behaviour:
    """The city with its default storylines."""
    return Behaviour(whole_city, default_schedule(whole_city, start_at))
