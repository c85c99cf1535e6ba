"""The demonstration goes on from start to start, and nothing is ever from the future."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from situation.clock import CityClock
from situation.processes import demonstration
from situation.processes.demonstration import DemonstrationError, District, Saved, note, plan

BAOSHAN = District(adcode="310113", scale=1, seed=7)
NOON = datetime(2026, 8, 9, 4, 0, tzinfo=UTC)


def city_time(clock: CityClock, real: datetime) -> datetime:
    return datetime.fromtimestamp(clock.anchor_city_s + (real.timestamp() - clock.anchor_real_s) * clock.speed, UTC)


def test_the_first_start_is_forty_minutes_into_a_storm_on_the_machines_clock() -> None:
    made = plan(None, BAOSHAN, NOON, 1.0, None)
    assert made.clock == CityClock()
    assert [datetime.fromisoformat(storm) for storm in made.saved.storms] == [NOON - timedelta(minutes=40)]


def test_a_start_soon_after_continues_the_same_storm() -> None:
    first = plan(None, BAOSHAN, NOON, 1.0, None)
    second = plan(first.saved, BAOSHAN, NOON + timedelta(hours=2), 1.0, None)
    assert second.saved.storms == first.saved.storms


def test_a_start_much_later_brings_a_new_storm_and_keeps_the_old_one() -> None:
    first = plan(None, BAOSHAN, NOON, 1.0, None)
    later = NOON + timedelta(hours=30)
    second = plan(first.saved, BAOSHAN, later, 1.0, None)
    assert second.saved.storms[0] == first.saved.storms[0]
    assert datetime.fromisoformat(second.saved.storms[1]) == later - timedelta(minutes=40)


def test_another_district_in_the_same_folder_is_refused() -> None:
    saved = plan(None, BAOSHAN, NOON, 1.0, None).saved
    with pytest.raises(DemonstrationError, match="holds district 310113 at scale 1 with seed 7"):
        plan(saved, District(adcode="310115", scale=1, seed=7), NOON, 1.0, None)


def test_a_start_before_the_history_of_the_folder_is_refused() -> None:
    saved = plan(None, BAOSHAN, NOON, 1.0, None).saved
    with pytest.raises(DemonstrationError, match="already holds history until"):
        plan(saved, BAOSHAN, NOON, 1.0, NOON - timedelta(days=1))


@given(
    speeds=st.lists(st.sampled_from([1.0, 5.0, 60.0, 1000.0]), min_size=2, max_size=5),
    runs=st.lists(st.integers(1, 100_000), min_size=5, max_size=5),
    is_killed=st.booleans(),
)
def test_city_time_never_goes_back_from_one_start_to_the_next(
    speeds: list[float], runs: list[int], is_killed: bool
) -> None:
    saved: Saved | None = None
    real, newest = NOON, datetime.min.replace(tzinfo=UTC)
    for speed, run_s in zip(speeds, runs, strict=False):
        made = plan(saved, BAOSHAN, real, speed, None)
        assert city_time(made.clock, real) >= newest
        noted_at = real + timedelta(seconds=run_s)
        saved = note(made.saved, made.clock, city_time(made.clock, noted_at), is_last=not is_killed)
        real = noted_at + timedelta(seconds=demonstration.SAVE_EVERY_S if is_killed else 0)
        newest = city_time(made.clock, real)
        real += timedelta(seconds=1)


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    assert demonstration.load(tmp_path) is None
    saved = plan(None, BAOSHAN, NOON, 60.0, None).saved
    demonstration.save(tmp_path, saved)
    assert demonstration.load(tmp_path) == saved


@pytest.mark.parametrize("text", ["", "{", "[]", '{"district": {}}', '{"district": {"adcode": "1"}, "storms": []}'])
def test_a_damaged_file_is_one_clear_line(tmp_path: Path, text: str) -> None:
    (tmp_path / demonstration.FILE_NAME).write_text(text)
    with pytest.raises(DemonstrationError, match="is damaged"):
        demonstration.load(tmp_path)
