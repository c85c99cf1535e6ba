"""Tracks: what is drawn of an officer's way, and what is not."""

from __future__ import annotations

import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from situation.tracks import GAP_S, STOOD_M, Fix, cut, fixes_of, metres
from tests.sample_city import NOW, officer

fixes = st.lists(
    st.none()
    | st.builds(
        Fix,
        at_ms=st.integers(0, 10_000_000),
        lon=st.floats(121.40, 121.42),
        lat=st.floats(31.30, 31.32),
    ),
    max_size=30,
).map(lambda found: [*filter(None, sorted(filter(None, found), key=lambda fix: fix.at_ms))])


def test_a_way_told_step_by_step_is_one_line() -> None:
    way = [Fix(i * 15_000, 121.40 + i * 0.0003, 31.3) for i in range(10)]
    assert cut(way) == way


def test_somebody_who_stood_still_is_not_cut() -> None:
    way = [Fix(0, 121.40, 31.3), Fix(3_600_000, 121.4003, 31.3)]
    assert cut(way) == way


def test_a_long_silence_that_ends_elsewhere_is_a_gap() -> None:
    way = [Fix(0, 121.40, 31.3), Fix(3_600_000, 121.41, 31.3)]
    assert cut(way) == [way[0], None, way[1]]


def test_the_end_of_a_shift_cuts_and_nothing_is_known_of_the_time_after_it() -> None:
    on = officer("o", positioned_at=NOW)
    off = officer("o", positioned_at=NOW + timedelta(seconds=30), on_duty=False)
    again = officer("o", positioned_at=NOW + timedelta(seconds=60))
    assert [fix is None for fix in cut(fixes_of([on, off, again]))] == [False, True, False]


@given(fixes)
def test_every_fix_stays_and_no_drawn_step_is_longer_than_what_was_told(found: list[Fix | None]) -> None:
    track = cut(found)
    assert [fix for fix in track if fix] == [fix for fix in found if fix]
    for before, after in itertools.pairwise(track):
        assert before is not None or after is not None
        if before and after:
            assert after.at_ms - before.at_ms <= GAP_S * 1000 or metres(before, after) <= STOOD_M
    if track:
        assert track[0] is not None
        assert track[-1] is not None
