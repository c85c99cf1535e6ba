"""An upstream for each test, and the helpers of the sources' tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_upstream import Upstream, serve

sys.path.append(str(Path(__file__).parents[1] / "datasources"))


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """An upstream on a socket, well-behaved until told otherwise."""
    with serve(Upstream()) as running:
        yield running
