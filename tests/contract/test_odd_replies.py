"""Every kind against good replies gone wrong: broken off, scrambled, doubled, from the future, in the wrong place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import odd_replies
import pytest
from examples import EXAMPLES, Example
from fake_upstream import FAULTS, Upstream
from source_settings import Block, MemoryStore
from test_sources import city_clock, every_kind, fetch, make

from datasources.contract import Batch, Source, SourceError
from datasources.coordinator import Coordinator
from datasources.http import HttpClient
from datasources.registry import build
from datasources.screening import FUTURE_TOLERANCE
from situation.clock import FakeClock
from situation.records import Health, Officer

BY_KIND = {example.kind: example for example in EXAMPLES}
THREE = ("geojson", "sensorthings", "wvp")
"""For what the client or the Coordinator does: a document, pages with a dialect, a platform with several lists."""

THREE_KINDS = pytest.mark.parametrize("example", [BY_KIND[kind] for kind in THREE], ids=THREE)
TRIES = 25
CHANGES: tuple[Callable[[list[Any]], list[Any]], ...] = (
    lambda rows: [*rows, *rows],
    lambda rows: rows[::-1],
    lambda rows: rows * 10,
)
CHINA = (73.0, 136.0, 3.0, 54.0)


def answer(source: Source) -> Batch | SourceError:
    """What a fetch comes to: a batch or one of our errors, and nothing else ever."""
    try:
        return fetch(source)
    except SourceError as error:
        return error


def ids(batch: Batch) -> set[tuple[str, str]]:
    return {(record.kind, record.id) for record in batch.records}


@every_kind
def test_any_value_may_be_anything(example: Example, upstream: Upstream) -> None:
    source, rng = make(example, upstream), Random(example.kind)
    for _ in range(TRIES):
        upstream.pages = dict(odd_replies.with_one_odd_value(example, rng))
        answer(source)


@every_kind
def test_reply_may_break_off_or_be_scrambled_anywhere(example: Example, upstream: Upstream) -> None:
    source, rng = make(example, upstream), Random(example.kind)
    for number in range(TRIES):
        is_cut = number % 2 == 0
        upstream.pages = dict(odd_replies.cut(example, rng.random()) if is_cut else odd_replies.scrambled(example, rng))
        answer(source)


@every_kind
def test_record_told_twice_is_one_record_in_any_order(example: Example, upstream: Upstream) -> None:
    upstream.pages.update(example.pages)
    once = ids(fetch(make(example, upstream)))
    for change in CHANGES:
        upstream.pages = dict(odd_replies.with_lists(example, change))
        coordinator, store, _ = at_another_time(example, upstream, 0)
        coordinator.poll()
        assert set().union(*map(ids, store.data)) == once
        assert coordinator.health.record_count == len(once)


@every_kind
def test_position_nowhere_is_unknown_and_a_swapped_one_is_turned_round(example: Example, upstream: Upstream) -> None:
    for pages, may_be_known in ((odd_replies.at_null_island(example), False), (odd_replies.swapped(example), True)):
        if pages == example.pages:  # its positions are no text
            continue
        upstream.pages = dict(pages)
        found = answer(make(example, upstream))
        placed = [] if isinstance(found, SourceError) else found.records
        positions = [(record.lon, record.lat) for record in placed if getattr(record, "lon", None) is not None]
        assert may_be_known or positions == []
        west, east, south, north = CHINA
        assert all(west < lon < east and south < lat < north for lon, lat in positions)


@every_kind
def test_error_inside_a_good_reply_is_an_error(example: Example, upstream: Upstream) -> None:
    refusal = b'{"code": 500, "msg": "boom", "success": false, "data": null}'
    upstream.pages = {path: refusal for path in example.pages}
    found = answer(make(example, upstream))
    assert isinstance(found, SourceError)


def at_another_time(
    example: Example, upstream: Upstream, ahead_s: float, **more: Any
) -> tuple[Coordinator, MemoryStore, FakeClock]:
    """A coordinator whose clock is so much ahead of what the upstream tells."""
    clock, store = FakeClock(city_clock().now() + timedelta(seconds=ahead_s)), MemoryStore()
    options = {**example.options, **({"path": example.path} if example.path else {}), **more}
    block = Block(kind=example.kind, url=upstream.url, crs=example.crs, options=options)
    return (
        Coordinator(build(block, http=HttpClient(clock=clock, byte_cap=2_000_000)), store, clock, Random(1)),
        store,
        clock,
    )


@every_kind
@pytest.mark.parametrize("ahead_s", [-86_400, 86_400 * 30])
def test_clocks_that_differ_cost_no_cycle_and_let_nothing_in_from_the_future(
    example: Example, upstream: Upstream, ahead_s: float
) -> None:
    upstream.pages.update(example.pages)
    coordinator, store, clock = at_another_time(example, upstream, ahead_s)
    coordinator.poll()
    assert coordinator.health.error != "defect"
    assert coordinator.health.state is not Health.UNAVAILABLE
    latest = clock.now() + FUTURE_TOLERANCE
    for batch in store.data:
        assert all(each.observed_at <= latest for each in batch.observations)
        officers = [record for record in batch.records if isinstance(record, Officer)]
        assert all(each.positioned_at is None or each.positioned_at <= latest for each in officers)


@THREE_KINDS
def test_content_that_stands_still_is_frozen_until_it_moves(example: Example, upstream: Upstream) -> None:
    upstream.pages.update(example.pages)
    coordinator, _, clock = at_another_time(example, upstream, 0)
    coordinator.poll()
    health = coordinator.health
    assert health.state is Health.OK
    clock.advance(7_200)
    coordinator.poll()
    within_s = coordinator.source.manifest.moves_within_s
    assert coordinator.health.state is (Health.OK if within_s is None else Health.FROZEN)


@THREE_KINDS
@pytest.mark.parametrize("fault", [*sorted(FAULTS), "reset", "truncated", "huge"])
def test_outage_is_marked_counted_said_once_and_over_within_one_interval(
    example: Example, upstream: Upstream, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "datasources")
    upstream.pages.update(example.pages)
    coordinator, store, clock = at_another_time(example, upstream, 0, moves_within_s=0)
    coordinator.poll()
    kept = len(store.data)
    upstream.fault = fault
    for _ in range(6):
        wait_until_due(coordinator, clock)
        coordinator.poll()
        coordinator.tick()
    down = coordinator.health
    assert down.state in (Health.UNAVAILABLE, Health.AUTH_FAILED)
    assert (down.failures_total, down.succeeded_at is not None, len(store.data)) == (6, True, kept)
    upstream.fault = ""
    wait_s = wait_until_due(coordinator, clock)
    coordinator.poll()
    coordinator.tick()
    assert wait_s <= longest_wait_s(fault, coordinator)
    assert (coordinator.health.state, coordinator.health.error) == (Health.OK, "")
    said = [line for line in caplog.messages if "upstream" in line]
    assert ["is down" in line for line in said] == [True, False]


def wait_until_due(coordinator: Coordinator, clock: FakeClock) -> float:
    wait_s = max(coordinator.next_s - clock.monotonic(), 0.0)
    clock.advance(wait_s)
    return wait_s


def longest_wait_s(fault: str, coordinator: Coordinator) -> float:
    """An interval, or what the upstream itself wished for, or a minute where credentials were refused."""
    wishes = {"429": 180.0, "401": 60.0, "403": 60.0}
    return max(coordinator.interval_s, wishes.get(fault, 0.0))
