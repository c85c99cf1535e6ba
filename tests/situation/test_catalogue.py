"""The past of a source in numbers: uptime of what was watched, shares of the day, the sign of a wrong time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from situation.catalogue import Past, SourceBook, read_pasts
from situation.store import Store
from situation.store.sources import SourceHour, hour_of

NOW = datetime(2026, 8, 9, 6, 30, tzinfo=UTC)


def hour(back: int, source: str = "a", **values: float) -> SourceHour:
    return SourceHour(source=source, hour=hour_of(NOW - timedelta(hours=back)), **values)  # type: ignore[arg-type]


def pasts(tmp_path: Path, *hours: SourceHour) -> dict[str, Past]:
    store = Store.open(f"sqlite:///{tmp_path / 'past.db'}")
    store.source_history.save(hours, [])
    found = read_pasts(store.source_history, NOW)
    store.close()
    return found


def test_uptime_is_a_share_of_watched_time_and_says_how_much_that_was(tmp_path: Path) -> None:
    found = pasts(
        tmp_path,
        hour(0, ok_s=1800.0),
        hour(2, ok_s=1800.0, down_s=1800.0, paused_s=3600.0),
        hour(24 * 3, down_s=3600.0),
        hour(24 * 20, degraded_s=3600.0),
    )["a"]
    assert {span: (each.share, each.watched_s) for span, each in found.uptime.items()} == {
        "day": (pytest.approx(2 / 3), 5400.0),
        "week": (0.4, 9000.0),
        "month": (pytest.approx(7200 / 12600), 12600.0),
    }
    assert found.since == (NOW - timedelta(days=20)).replace(minute=0)


def test_a_source_that_was_never_watched_has_no_uptime(tmp_path: Path) -> None:
    assert pasts(tmp_path, hour(0, paused_s=3600.0))["a"].uptime["day"].share is None


def test_the_last_24_hours_are_told_one_by_one_and_gaps_stay_gaps(tmp_path: Path) -> None:
    found = pasts(tmp_path, hour(0, records=5), hour(23, records=7), hour(30, records=9))["a"]
    assert len(found.hours) == 24
    assert [None if each is None else each.records for each in found.hours] == [7, *[None] * 22, 5]


def test_shares_of_the_day(tmp_path: Path) -> None:
    values = {"fetches": 10, "failures": 2, "records": 90, "rejected": 10}
    found = pasts(tmp_path, hour(1, **values, positioned=60, unpositioned=40, outside=6))["a"]
    assert (found.error_rate, found.rejected_share, found.unplaced_share, found.inside_share) == (0.2, 0.1, 0.4, 0.9)


def test_what_nobody_could_count_is_unknown_and_not_zero(tmp_path: Path) -> None:
    found = pasts(tmp_path, hour(1, paused_s=60.0))["a"]
    assert [found.error_rate, found.rejected_share, found.unplaced_share, found.inside_share] == [None] * 4


@pytest.mark.parametrize(
    ("least", "most", "hours"),
    [
        (-28_800.0, -28_760.0, -8.0),
        (28_810.0, 28_900.0, 8.0),
        (-19_800.0, -19_700.0, -5.5),
        (5.0, 60.0, None),
        (-400.0, -300.0, None),
        (28_800.0, 40_000.0, None),
        (27_500.0, 27_600.0, None),
        (None, None, None),
    ],
)
def test_a_steady_shift_by_quarters_of_an_hour_looks_like_a_time_zone(
    least: float | None, most: float | None, hours: float | None
) -> None:
    day = SourceHour(source="a", hour=0, content_age_least_s=least, content_age_most_s=most)
    assert Past(source="a", day=day).zone_guess_h == hours


def test_the_book_is_replaced_as_a_whole() -> None:
    book = SourceBook()
    before = book.pasts
    book.take([Past(source="a", day=SourceHour(source="a", hour=0))], NOW)
    assert (dict(before), list(book.pasts), book.read_at) == ({}, ["a"], NOW)
