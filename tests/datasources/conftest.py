"""The city's time, an upstream that answers what a test says, and somebody who has just been given its address."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "contract"))
from fake_upstream import Upstream, serve
from newcomer import Newcomer


@pytest.fixture
def now() -> datetime:
    """2026-08-09 14:00 in Shanghai."""
    return datetime(2026, 8, 9, 6, 0, tzinfo=UTC)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serve(Upstream()) as running:
        yield running


@pytest.fixture
def newcomer(upstream: Upstream, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Newcomer:
    return Newcomer(upstream, capsys, tmp_path / "district.toml")
