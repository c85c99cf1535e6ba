"""The past of the sources and what is asked of the collector, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from situation.batch import Batch
from situation.records import Place
from situation.store import RetentionPolicy, Store
from situation.store.controls import RELOAD, pause_key, refresh_key
from situation.store.sources import SourceHour, SourceReason, hour_of

AT = datetime(2026, 8, 9, 6, 30, tzinfo=UTC)


def hour(source: str, at: datetime, **values: float) -> SourceHour:
    return SourceHour(source=source, hour=hour_of(at), **values)  # type: ignore[arg-type]


def reason(source: str, text: str, at: datetime = AT, count: int = 1) -> SourceReason:
    return SourceReason(
        source=source, sort="rejected", reason=text, count=count, first_at=at, last_at=at, sample="138****5617: x"
    )


def test_an_hour_written_again_replaces_itself(store: Store) -> None:
    store.source_history.save([hour("a", AT, fetches=1)], [])
    store.source_history.save([hour("a", AT, fetches=2, ok_s=60.5, content_age_least_s=-3.0)], [])
    (kept,) = store.source_history.hours(AT, AT + timedelta(hours=1))
    assert (kept.fetches, kept.ok_s, kept.content_age_least_s, kept.content_age_most_s) == (2, 60.5, -3.0, None)
    assert kept.at == AT.replace(minute=0)


def test_hours_are_read_by_source_and_time(store: Store) -> None:
    earlier = AT - timedelta(hours=3)
    store.source_history.save([hour("a", earlier), hour("a", AT), hour("b", AT)], [])
    asked = store.source_history.hours(AT - timedelta(hours=1), AT + timedelta(hours=1), "a")
    assert [(each.source, each.hour) for each in asked] == [("a", hour_of(AT))]
    assert len(store.source_history.hours(earlier, AT + timedelta(hours=1))) == 3


def test_time_paused_or_starting_is_neither_up_nor_down() -> None:
    spent = hour("a", AT, ok_s=60.0, degraded_s=30.0, frozen_s=10.0, down_s=100.0, paused_s=1000.0, starting_s=5.0)
    assert (spent.up_s, spent.watched_s) == (90.0, 200.0)


def test_reasons_come_the_newest_first_and_can_be_dropped(store: Store) -> None:
    old, new = reason("a", "no id", AT - timedelta(days=1)), reason("a", "no position", count=7)
    store.source_history.save([], [old, new, reason("b", "no id")])
    assert store.source_history.reasons("a") == [new, old]
    store.source_history.drop([old])
    assert store.source_history.reasons("a") == [new]


def test_what_is_older_than_the_policy_is_forgotten(store: Store) -> None:
    old = AT - timedelta(days=91)
    store.source_history.save([hour("a", old), hour("a", AT)], [reason("a", "old", old), reason("a", "new")])
    store.controls.ask(pause_key("a"), "on", old, "local-viewer")
    store.retain(AT, RetentionPolicy())
    assert [each.hour for each in store.source_history.hours(old, AT + timedelta(hours=1))] == [hour_of(AT)]
    assert [each.reason for each in store.source_history.reasons()] == ["new"]
    assert store.controls.log() == []
    assert store.controls.paused() == {"a"}


def test_the_newest_word_of_a_control_stands_and_every_one_is_logged(store: Store) -> None:
    later = AT + timedelta(seconds=5)
    store.controls.ask(pause_key("a"), "on", AT, "local-viewer")
    store.controls.ask(pause_key("a"), "off", later, "local-viewer")
    store.controls.ask(refresh_key("b"), "", later, "local-viewer")
    store.controls.ask(RELOAD, "", later, "local-viewer")
    assert store.controls.paused() == frozenset()
    assert store.controls.all()[pause_key("a")].at == later
    assert [(each.value, each.role) for each in store.controls.log(ending=":a")] == [
        ("off", "local-viewer"),
        ("on", "local-viewer"),
    ]
    store.controls.forget("a")
    assert set(store.controls.all()) == {refresh_key("b"), RELOAD}


def test_asking_between_two_batches_disturbs_no_writer(store: Store, url: str) -> None:
    other = Store.open(url, migrate=False)
    store.apply("s", Batch(records=(Place(id="1", source="s"),)), AT)
    other.controls.ask(pause_key("s"), "on", AT, "local-viewer")
    store.apply("s", Batch(records=(Place(id="2", source="s"),)), AT)
    other.close()
    assert store.last_seq() == 2
    assert store.controls.paused() == {"s"}


def test_totals_add_hours_and_keep_extremes(store: Store) -> None:
    store.source_history.save(
        [
            hour("a", AT - timedelta(hours=1), fetches=1, ok_s=10.0, slowest_s=3.0, content_age_least_s=-5.0),
            hour("a", AT, fetches=2, ok_s=20.0, slowest_s=1.0, content_age_least_s=7.0),
            hour("b", AT),
        ],
        [],
    )
    first, second = store.source_history.totals(AT - timedelta(days=1), AT + timedelta(hours=1))
    assert (first.source, first.hour, first.fetches, first.ok_s) == ("a", hour_of(AT) - 1, 3, 30.0)
    assert (first.slowest_s, first.content_age_least_s, first.content_age_most_s) == (3.0, -5.0, None)
    assert (second.source, type(second.fetches)) == ("b", int)
