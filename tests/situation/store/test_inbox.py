"""The inbox: what was pushed waits until a batch holds it, in order, bounded, and is kept exactly once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from situation.batch import Batch
from situation.records import Place
from situation.store import Store, StoreError, inbox
from situation.store.inbox import InboxFull

AT = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)


def put(store: Store, source: str, *bodies: bytes) -> None:
    for body in bodies:
        store.inbox.put(source, AT, "application/json", body)


def bodies(store: Store, source: str, most: int = 100, most_bytes: int = 10_000) -> list[bytes]:
    return [letter.body for letter in store.inbox.waiting(source, most, most_bytes)]


def test_letters_wait_in_the_order_in_which_they_came(store: Store) -> None:
    put(store, "a", b"1", b"2")
    put(store, "b", b"other")
    put(store, "a", b"3")
    assert bodies(store, "a") == [b"1", b"2", b"3"]
    assert store.inbox.waiting("a", 1, 1)[0].at == AT
    assert store.inbox.waiting("a", 1, 1)[0].content_type == "application/json"


def test_batch_takes_out_what_it_holds_and_nothing_else(store: Store) -> None:
    put(store, "a", b"1", b"2", b"3")
    put(store, "b", b"other")
    second = store.inbox.waiting("a", 2, 100)[-1].number
    store.apply("a", Batch(records=(Place(id="a.1", source="a"),), taken=second), AT)
    assert bodies(store, "a") == [b"3"]
    assert bodies(store, "b") == [b"other"]


def test_batch_that_fails_leaves_its_letters(store: Store) -> None:
    put(store, "a", b"1")
    number = store.inbox.waiting("a", 1, 1)[0].number
    broken = Place(id="a.1", source="a", lon=float("inf"), lat=object())  # type: ignore[arg-type]
    with pytest.raises((StoreError, TypeError, ValueError)):
        store.apply("a", Batch(records=(broken,), taken=number), AT)
    assert bodies(store, "a") == [b"1"]


def test_what_is_read_at_once_is_bounded_in_number_and_bytes(store: Store) -> None:
    put(store, "a", b"x" * 50, b"y" * 50, b"z" * 50)
    assert len(bodies(store, "a", most=2)) == 2
    assert len(bodies(store, "a", most_bytes=100)) == 2
    assert len(bodies(store, "a", most_bytes=1)) == 1


def test_full_inbox_refuses_without_hindering_others(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_LETTERS", 2)
    put(store, "a", b"1", b"2")
    with pytest.raises(InboxFull):
        put(store, "a", b"3")
    put(store, "b", b"1")
    monkeypatch.setattr(inbox, "MOST_LETTERS", 100)
    monkeypatch.setattr(inbox, "MOST_BYTES", 5)
    with pytest.raises(InboxFull):
        put(store, "a", b"1234")


def test_nothing_waits_of_a_source_that_is_gone(store: Store) -> None:
    put(store, "a", b"1")
    put(store, "b", b"1")
    store.inbox.forget("a")
    assert (bodies(store, "a"), bodies(store, "b")) == ([], [b"1"])


def test_a_letter_wakes_nobody(store: Store) -> None:
    before = store.last_seq()
    put(store, "a", b"1")
    assert store.last_seq() == before
    store.apply("a", Batch(taken=10), AT)
    assert store.last_seq() == before
