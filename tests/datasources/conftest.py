"""Where the real upstream data of each kind lies."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest


@pytest.fixture
def now() -> datetime:
    """2026-08-09 14:00 in Shanghai."""
    return datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
