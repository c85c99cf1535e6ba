"""Every kind of source against an upstream on a socket that works, and one that fails in every way we have seen."""

from __future__ import annotations

from random import Random

import pytest
from examples import EXAMPLES, NOT_BY_HTTP, Example
from fake_upstream import Upstream
from source_settings import Block, MemoryStore

from datasources.contract import (
    Batch,
    FetchContext,
    Source,
    SourceAuthFailed,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from datasources.coordinator import Coordinator
from datasources.http import HttpClient
from datasources.registry import KINDS, build
from situation.clock import CityClock
from situation.records import RECORD_TYPES, Health

CITY_S = 1786255200.0  # 2026-08-09 14:00 in Shanghai, where the examples are
DEADLINE_S = 0.4
GENEROUS_S = 20.0
"""However busy this machine is, an upstream without an end is given up by then."""

AMPLE_S = 10.0
"""For upstreams that work: how fast this machine is must not matter."""


def city_clock() -> CityClock:
    """The city's time of the examples, with the machine's monotonic one."""
    return CityClock(anchor_real_s=CityClock().now().timestamp(), anchor_city_s=CITY_S, speed=1.0)


def make(example: Example, upstream: Upstream, read_timeout_s: float = AMPLE_S) -> Source:
    options = {**example.options, **({"path": example.path} if example.path else {})}
    block = Block(kind=example.kind, url=upstream.url, crs=example.crs, options=options)
    client = HttpClient(clock=city_clock(), byte_cap=2_000_000, connect_timeout_s=1.0, read_timeout_s=read_timeout_s)
    return build(block, http=client)


def fetch(source: Source, cursor: object = None, within_s: float = AMPLE_S) -> Batch:
    clock = city_clock()
    deadline_s = clock.monotonic() + within_s
    return source.fetch(FetchContext(now=clock.now(), cursor=cursor, deadline_monotonic_s=deadline_s))


every_kind = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.kind)


def test_every_registered_kind_has_an_example() -> None:
    assert {example.kind for example in EXAMPLES} | NOT_BY_HTTP == set(KINDS)


def test_every_manifest_names_kinds_of_record() -> None:
    for kind in KINDS.values():
        assert set(kind.manifest.records) <= set(RECORD_TYPES)


@every_kind
def test_good_reply_is_normalised(example: Example, upstream: Upstream) -> None:
    upstream.pages.update(example.pages)
    source = make(example, upstream)
    source.check()
    batch = fetch(source)
    assert len(batch.records) == example.kept
    assert batch.rejected == ()
    assert {record.kind for record in batch.records} <= set(source.manifest.records)
    assert {record.source for record in batch.records} == {"upstream"}


@every_kind
def test_second_fetch_with_the_cursor_works_too(example: Example, upstream: Upstream) -> None:
    upstream.pages.update(example.pages)
    source = make(example, upstream)
    again = fetch(source, fetch(source).cursor)
    assert again.rejected == ()


@every_kind
def test_empty_reply_is_no_error(example: Example, upstream: Upstream) -> None:
    upstream.pages.update(example.empty)
    batch = fetch(make(example, upstream))
    assert batch.rejected == ()
    assert len(batch.records) <= 1


@every_kind
def test_malformed_record_costs_only_itself(example: Example, upstream: Upstream) -> None:
    upstream.pages.update(example.malformed)
    batch = fetch(make(example, upstream))
    assert len(batch.rejected) == 1
    assert batch.rejected[0].reason
    assert len(batch.records) == max(example.kept - 1, 1)


@every_kind
def test_wrong_types_are_a_data_error(example: Example, upstream: Upstream) -> None:
    upstream.pages.update(example.wrong)
    with pytest.raises(SourceDataError):
        fetch(make(example, upstream))


@every_kind
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("html500", SourceUnavailable),
        ("html200", SourceDataError),
        ("404", SourceError),
        ("401", SourceAuthFailed),
        ("403", SourceAuthFailed),
        ("429", SourceUnavailable),
        ("503", SourceUnavailable),
        ("empty_body", SourceDataError),
        ("garbage", SourceDataError),
        ("redirect_elsewhere", SourceUnavailable),
        ("redirect_loop", SourceUnavailable),
        ("reset", SourceUnavailable),
        ("truncated", SourceUnavailable),
        ("huge", SourceDataError),
    ],
)
def test_fault_is_one_of_the_three_errors(
    example: Example, upstream: Upstream, fault: str, error: type[SourceError]
) -> None:
    upstream.pages.update(example.pages)
    upstream.fault = fault
    clock = city_clock()
    started_s = clock.monotonic()
    with pytest.raises(error) as caught:
        fetch(make(example, upstream))
    assert clock.monotonic() - started_s < GENEROUS_S
    assert caught.value.safe_text
    assert "127.0.0.1" not in caught.value.safe_text


@pytest.mark.parametrize("kind", ["geojson", "sensorthings", "wvp"])
@pytest.mark.parametrize("fault", ["hang", "drip", "drip_headers"])
def test_upstream_that_does_not_come_to_an_end_is_given_up(kind: str, fault: str, upstream: Upstream) -> None:
    (example,) = (each for each in EXAMPLES if each.kind == kind)
    upstream.pages.update(example.pages)
    upstream.fault = fault
    clock = city_clock()
    started_s = clock.monotonic()
    with pytest.raises(SourceUnavailable) as caught:
        fetch(make(example, upstream), within_s=DEADLINE_S)
    assert clock.monotonic() - started_s < GENEROUS_S
    assert caught.value.safe_text == "timeout"


@pytest.mark.parametrize(("fault", "seconds"), [("429", 120), ("503", 7)])
def test_wish_to_wait_is_passed_on(upstream: Upstream, fault: str, seconds: float) -> None:
    upstream.fault = fault
    with pytest.raises(SourceUnavailable) as caught:
        fetch(make(EXAMPLES[0], upstream))
    assert caught.value.retry_after_s == seconds


@every_kind
def test_source_is_shown_down_keeps_its_records_and_recovers(example: Example, upstream: Upstream) -> None:
    upstream.pages.update(example.pages)
    store = MemoryStore()
    coordinator = Coordinator(make(example, upstream), store, city_clock(), Random(1))
    coordinator.poll()
    assert coordinator.health.state is Health.OK
    kept = len(store.data)
    upstream.fault = "reset"
    coordinator.poll()
    coordinator.poll()
    assert coordinator.health.state is Health.UNAVAILABLE
    assert len(store.data) == kept
    upstream.fault = ""
    coordinator.poll()
    assert coordinator.health.state is Health.OK


@every_kind
def test_secrets_and_passwords_stay_outside(example: Example, upstream: Upstream) -> None:
    upstream.pages.update(example.pages)
    batch = fetch(make(example, upstream))
    assert "secret" not in repr(batch)
