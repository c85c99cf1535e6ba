"""The change log, keyframes, and what is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from situation.batch import Batch
from situation.records import Alarm, Camera, Case, CaseState, DeviceState, Record
from situation.store import RetentionPolicy, Store, StoreError

AT = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
Situation = dict[tuple[str, str], tuple[int, Record]]

cameras = st.builds(
    Camera,
    id=st.sampled_from("abcd"),
    source=st.just(""),
    name=st.sampled_from(["", "门口", "x\u202e"]),
    lon=st.sampled_from([None, 121.4, 121.5]),
    lat=st.just(31.4),
    state=st.sampled_from(DeviceState),
)
cases = st.builds(Case, id=st.sampled_from("abcd"), source=st.just(""), state=st.sampled_from(CaseState))
batches = st.tuples(
    st.sampled_from(["police", "urban"]),
    st.lists(st.one_of(cameras, cases), max_size=5),
    st.sampled_from([frozenset(), frozenset({"camera"}), frozenset({"camera", "case"})]),
)


def situation(store: Store) -> Situation:
    """What the store says now, read record by record."""
    return {(kind, each.id): (number, each) for kind in ("camera", "case") for number, each in store.load(kind)}


@given(st.lists(batches, min_size=1, max_size=8))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_replaying_changes_from_anywhere_gives_the_situation(new_url: Callable[[], str], steps: list) -> None:
    store = Store.open(new_url(), migrate=False)
    seen: list[tuple[int, Situation]] = [(0, {})]
    for minute, (source, records, complete) in enumerate(steps):
        mine = tuple(replace(record, source=source) for record in records)
        seq = store.apply(source, Batch(records=mine, complete=complete), AT + timedelta(minutes=minute))
        if minute == len(steps) // 2:
            assert store.keyframe(AT + timedelta(minutes=minute)) == seq
            kept_from = seq
        seen.append((seq, situation(store)))
    for seq, start in seen:
        replayed = dict(start)
        for change in store.changes(seq):
            replayed.pop((change.kind, change.id), None)
            if change.record is not None:
                replayed[change.kind, change.id] = (change.number, change.record)
        assert replayed == seen[-1][1]
        if seq >= kept_from:
            assert store.restore(seq=seq).records == start
    store.close()


def camera(number: int, name: str = "") -> Camera:
    return Camera(id=f"c{number}", source="police", name=name)


def test_the_past_is_a_keyframe_and_the_changes_since(store: Store) -> None:
    store.apply("police", Batch(records=(camera(1), camera(2))), AT)
    store.keyframe(AT)
    store.apply("police", Batch(records=(camera(2, "new"),)), AT + timedelta(hours=1))
    early = store.restore(at=AT + timedelta(minutes=59))
    late = store.restore(at=AT + timedelta(hours=1))
    assert early.records["camera", "c2"][1].name == ""
    assert late.records["camera", "c2"][1].name == "new"
    assert (early.seq, late.seq) == (2, 3)


def test_a_keyframe_of_many_records_is_whole(store: Store) -> None:
    many = tuple(camera(number) for number in range(12_000))
    store.apply("police", Batch(records=many), AT)
    for _ in range(2):
        store.keyframe(AT)
    assert {record for _, record in store.restore(at=AT).records.values()} == set(many)


def test_what_lies_before_all_keyframes_is_an_error(store: Store) -> None:
    store.apply("police", Batch(records=(camera(1),)), AT)
    store.keyframe(AT)
    with pytest.raises(StoreError, match="reach back"):
        store.restore(at=AT - timedelta(days=1))


def test_the_log_is_cut_at_a_keyframe_and_the_rest_can_be_restored(store: Store) -> None:
    policy = RetentionPolicy(changes=timedelta(days=2), keyframe_every=timedelta(days=1))
    for day in range(6):
        now = AT + timedelta(days=day)
        store.apply("police", Batch(records=(camera(1, f"day {day}"),)), now)
        store.retain(now, policy)
    assert store.first_seq() == 5
    assert store.last_seq() == 6
    assert store.restore(at=AT + timedelta(days=3)).records["camera", "c1"][1].name == "day 3"
    with pytest.raises(StoreError):
        store.restore(at=AT + timedelta(days=2))


def test_an_empty_log_begins_after_the_last_change(store: Store) -> None:
    assert (store.first_seq(), store.last_seq(), store.changes(0)) == (1, 0, [])


def test_ended_cases_and_alarms_are_forgotten_in_time(store: Store) -> None:
    old, new = AT - timedelta(days=100), AT - timedelta(days=1)
    records = (
        Case(id="open", source="centre", state=CaseState.DISPATCHED, registered_at=old),
        Case(id="old", source="centre", state=CaseState.CLOSED, closed_at=old),
        Case(id="new", source="centre", state=CaseState.CLOSED, closed_at=new),
        Alarm(id="active", source="rules", started_at=old),
        Alarm(id="old", source="rules", started_at=old, ended_at=old),
    )
    store.apply("centre", Batch(records=records), AT)
    store.retain(AT, RetentionPolicy(closed_cases=timedelta(days=50), ended_alarms=timedelta(days=50)))
    assert {each.id for _, each in store.load("case")} == {"open", "new"}
    assert {each.id for _, each in store.load("alarm")} == {"active"}
    assert {each.id for _, each in store.load("case", ended_since=AT)} == {"open"}


def test_forgotten_numbers_are_never_given_again(store: Store) -> None:
    policy = RetentionPolicy(changes=timedelta(0), keyframe_every=timedelta(0))
    store.apply("police", Batch(records=(camera(1),), complete=frozenset({"camera"})), AT)
    for _ in range(2):
        store.apply("police", Batch(complete=frozenset({"camera"})), AT)
    store.retain(AT, policy)
    store.retain(AT + timedelta(hours=1), policy)
    store.apply("police", Batch(records=(camera(1), camera(2))), AT)
    assert sorted(number for number, _ in store.load("camera")) == [2, 3]


def test_the_versions_of_a_record_are_its_own_changes_newest_first(store: Store) -> None:
    for state in (DeviceState.ONLINE, DeviceState.OFFLINE):
        both = (replace(camera(1), state=state), replace(camera(2), state=state))
        store.apply("police", Batch(records=both), AT)
    told = store.versions("camera", "c1")
    assert [change.record.state for change in told if isinstance(change.record, Camera)] == ["offline", "online"]
    assert {change.id for change in told} == {"c1"}


def test_a_record_nobody_knows_has_no_versions(store: Store) -> None:
    assert store.versions("camera", "nobody") == []
