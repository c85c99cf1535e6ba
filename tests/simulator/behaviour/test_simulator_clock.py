"""The simulator's clock."""

from __future__ import annotations

import pytest

from simulator.clock import SharedClock


def test_clock_survives_being_written_and_read() -> None:
    clock = SharedClock(1_786_000_000.25, 1_786_257_000.0, 60.0)
    assert SharedClock.parse(str(clock)) == clock


@pytest.mark.parametrize("text", ["", "1,2", "a,b,c", "1,2,0", "1,2,-1", "1,2,nan"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SharedClock.parse(text)
