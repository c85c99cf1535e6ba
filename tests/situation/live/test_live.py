"""The situation in memory follows the store."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sample_city import NOW, STREETS, MemoryStore, alarm, camera, case, hours_ago, sources

from situation.live import Live
from situation.live.columns import Column, Table, Words
from situation.records import CaseState
from situation.scope import Scope


def loaded(store: MemoryStore, scope: Scope | None = None) -> Live:
    return Live.load(store, NOW, scope or Scope())


@given(st.lists(st.tuples(st.sampled_from(["put", "remove"]), st.integers(1, 200), st.floats(0, 180)), max_size=400))
def test_a_table_holds_what_was_put_last_and_nothing_that_was_removed(steps: list[tuple[str, int, float]]) -> None:
    table = Table([Column("lon", np.float64, lambda record, _words: record.lon)], Words())
    expected: dict[int, float] = {}
    for step, number, lon in steps:
        if step == "put":
            table.put([(number, camera(str(number), lon=lon))])
            expected[number] = lon
        else:
            table.remove(number)
            expected.pop(number, None)
    assert dict(zip(table.numbers.tolist(), table["lon"].tolist(), strict=True)) == expected
    for number in expected:
        row = table.row(number)
        assert row is not None
        assert table["id"][row] == str(number)


def test_changes_that_were_already_loaded_do_no_harm() -> None:
    store = MemoryStore()
    store.put(*sources(), camera("1"), camera("2"))
    live = loaded(store)
    live.apply(store.changes(0), NOW)
    assert len(live.tables["camera"]) == 2
    assert live.seq == store.last_seq()


def test_old_closed_cases_are_let_go_and_open_ones_stay() -> None:
    store = MemoryStore()
    old = hours_ago(24 * 29)
    closed = case("closed", registered_at=old, reported_at=old, due_at=old, closed_at=old, state=CaseState.CLOSED)
    store.put(closed, case("open", registered_at=hours_ago(24 * 90), due_at=old))
    live = loaded(store)
    assert set(live.tables["case"]["id"]) == {"closed", "open"}
    live.prune(NOW + timedelta(days=5))
    assert set(live.tables["case"]["id"]) == {"open"}


def test_ended_alarms_are_kept_for_a_day() -> None:
    store = MemoryStore()
    store.put(alarm("active"), alarm("ended", ended_at=hours_ago(1)), alarm("long ended", ended_at=hours_ago(30)))
    live = loaded(store)
    assert {record.id for record in live.whole["alarm"].values()} == {"active", "ended"}


def test_a_record_that_leaves_the_scope_is_removed() -> None:
    store = MemoryStore()
    store.put(camera("1", street_code=STREETS[0]), camera("2", street_code=STREETS[1]))
    live = loaded(store, Scope(areas=frozenset({STREETS[0]})))
    assert set(live.tables["camera"]["id"]) == {"1"}
    store.put(camera("1", street_code=STREETS[1]))
    live.apply(store.changes(live.seq), NOW)
    assert len(live.tables["camera"]) == 0


def test_the_same_sources_read_again_are_no_change() -> None:
    store = MemoryStore()
    store.put(*sources())
    live = loaded(store)
    assert not live.put_sources(store.load("source"))
