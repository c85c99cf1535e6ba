"""From the health of sources to the state and age of a panel."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sample_city import NOW, source

from situation.health import PANEL_STATES, PanelState, source_state, standing
from situation.records import Health, SourceHealth


def stand(*sources: SourceHealth, counts: dict[str, dict[str, int]] | None = None):  # type: ignore[no-untyped-def]
    return standing(sources, {each.id: source_state(each, NOW) for each in sources}, counts)


def test_every_health_has_a_panel_state() -> None:
    assert set(PANEL_STATES) == set(Health)


@pytest.mark.parametrize(
    ("health", "state"),
    [
        (Health.OK, PanelState.LIVE),
        (Health.STALE, PanelState.STALE),
        (Health.FROZEN, PanelState.FROZEN),
        (Health.AUTH_FAILED, PanelState.ERROR),
        (Health.NOT_CONFIGURED, PanelState.NOT_CONFIGURED),
        (Health.PAUSED, PanelState.PAUSED),
    ],
)
def test_a_panel_of_one_source_shows_its_health(health: Health, state: PanelState) -> None:
    assert stand(source("a", "camera", state=health)).state is state


def test_a_source_that_never_answered_gives_no_data() -> None:
    assert stand(source("a", "camera", state=Health.STARTING, succeeded_at=None)).state is PanelState.NO_DATA
    assert stand(source("a", "camera", state=Health.UNAVAILABLE, succeeded_at=None)).state is PanelState.NO_DATA


def test_a_source_starting_again_with_kept_records_is_late_and_not_empty() -> None:
    assert stand(source("a", "camera", state=Health.STARTING)).state is PanelState.DELAYED


@pytest.mark.parametrize(("age_s", "state"), [(10, PanelState.LIVE), (60, PanelState.DELAYED), (121, PanelState.STALE)])
def test_age_outranks_a_health_that_nobody_renews(age_s: float, state: PanelState) -> None:
    assert stand(source("a", "camera", succeeded_at=NOW - timedelta(seconds=age_s))).state is state


def test_a_success_in_the_future_is_no_success_of_now() -> None:
    ahead = source("a", "camera", succeeded_at=NOW + timedelta(hours=2))
    assert source_state(ahead, NOW) is PanelState.STALE


def test_a_fast_clock_makes_no_source_late() -> None:
    old = source("a", "camera", succeeded_at=NOW - timedelta(hours=1))
    assert source_state(old, NOW, least_age_s=7200) is PanelState.LIVE


def test_the_oldest_living_source_decides_the_age() -> None:
    young, old = source("a"), source("b", succeeded_at=NOW - timedelta(seconds=30))
    assert stand(young, old).as_of == NOW - timedelta(seconds=30)


def test_one_dead_of_two_is_partial_with_the_share_of_records_of_the_living() -> None:
    dead = source("b", "camera", name="城管视频", state=Health.UNAVAILABLE)
    found = stand(source("a", "camera"), dead, counts={"camera": {"a": 12_000, "b": 6_000}})
    assert (found.state, found.coverage) == (PanelState.PARTIAL, 0.67)
    assert found.reason == ("reason.sources-down", "城管视频")


def test_a_paused_source_is_never_live_and_is_named_as_paused() -> None:
    found = stand(source("a", "camera"), source("b", "camera", name="城管视频", state=Health.PAUSED))
    assert (found.state, found.reason) == (PanelState.PARTIAL, ("reason.sources-paused", "城管视频"))


def test_coverage_is_never_shown_as_everything_while_a_source_is_dead() -> None:
    dead = source("b", "camera", state=Health.STALE)
    found = stand(source("a", "camera"), dead, counts={"camera": {"a": 99_999, "b": 1}})
    assert found.coverage == 0.99


def test_when_all_are_dead_the_worst_state_wins() -> None:
    found = stand(source("a", state=Health.STALE), source("b", state=Health.AUTH_FAILED))
    assert (found.state, found.coverage) == (PanelState.ERROR, 0.0)


def test_a_frozen_source_tells_of_the_time_of_its_content() -> None:
    content_at = NOW - timedelta(hours=2)
    assert stand(source("a", state=Health.FROZEN, content_at=content_at)).as_of == content_at


def test_a_source_not_configured_takes_no_part_while_others_do() -> None:
    assert stand(source("a"), source("b", state=Health.NOT_CONFIGURED)).state is PanelState.LIVE


def test_without_any_source_a_panel_is_not_configured() -> None:
    assert stand().state is PanelState.NOT_CONFIGURED


def test_kinds_count_alike_and_a_source_that_never_delivered_counts_as_one_like_the_others() -> None:
    silent = source("c", "camera", state=Health.STARTING, succeeded_at=None)
    found = stand(source("s", "sensor"), silent, counts={"sensor": {"s": 10_000}, "camera": {}})
    assert (found.state, found.coverage) == (PanelState.PARTIAL, 0.5)
