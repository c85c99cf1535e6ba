"""The catalogue: parts that add up, unknown that stays unknown, the dead never called live, what is wrong in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from situation.catalogue import Notice, Past, Span, Uptime
from situation.live import Moment
from situation.panels.sources import PANELS
from situation.panels.uses import panels_fed_by
from situation.records import Health
from situation.store.sources import SourceHour, hour_of
from tests.sample_city import NOW, hours_ago, source
from tests.situation.panels.grid_city import city

BY_KEY = {panel.key: panel for panel in PANELS}
DEAD = {"state": Health.UNAVAILABLE, "succeeded_at": hours_ago(3), "error": "timeout"}


def past(key: str, uptime: Mapping[Span, Uptime] | None = None, **day: Any) -> Past:
    """A past whose last hour is all of its day."""
    hour = SourceHour(source=key, hour=hour_of(NOW), **day)
    spans = uptime or {"day": Uptime(0.9, 3600.0), "week": Uptime(0.9, 3600.0), "month": Uptime(0.9, 3600.0)}
    return Past(source=key, since=NOW, uptime=spans, day=hour, hours=(*[None] * 23, hour))


def shown(panel: str, *records: Any, pasts: tuple[Past, ...] = ()) -> dict[str, Any]:
    moment = city(*records)
    moment.context.sources.take(pasts, NOW)
    return BY_KEY[panel].build(moment)


def row_of(values: dict[str, Any], key: str) -> dict[str, Any]:
    return next(row for row in values["rows"] if row["id"] == key)


def test_departments_add_up_and_those_without_a_source_are_told() -> None:
    values = shown("sources-sum", source("dead", "sensor", department="water", **DEAD))
    whole = values["delivering"] + values["partly"] + values["not_delivering"] + values["without"]
    assert whole == values["departments"]
    board = shown("sources-board", source("dead", "sensor", department="water", **DEAD))
    assert values["without"] == len(board["without"])


def test_sources_add_up_by_the_words_of_their_states() -> None:
    values = shown("sources-sum", source("dead", "sensor", **DEAD), source("off", "place", state=Health.PAUSED))
    assert values["live"] + sum(count for _, count in values["others"]) == values["sources"]
    assert dict(values["others"]) == {"health.unavailable": 1, "health.paused": 1}
    assert values["dead"] == 2


def test_the_dead_are_told_before_the_many_that_are_only_degraded() -> None:
    """A narrow screen shows the first words only."""
    degraded = [source(f"slow-{n}", "place", state=Health.DEGRADED) for n in range(3)]
    values = shown("sources-sum", source("dead", "sensor", **DEAD), *degraded)
    assert values["others"] == [("health.unavailable", 1), ("health.degraded", 3)]


def test_a_paused_source_is_in_no_figure_live() -> None:
    board = shown("sources-board", source("off", "place", state=Health.PAUSED))
    assert (row_of(board, "off")["state"], row_of(board, "off")["word"]) == ("paused", "health.paused")


def test_a_promise_is_held_against_content_and_its_lack_against_the_last_answer() -> None:
    promised = source("a", "sensor", promise_s=60.0, content_at=NOW - timedelta(seconds=90))
    silent = source("b", "sensor", content_at=hours_ago(5))
    values = shown("sources-board", promised, silent)
    assert [row_of(values, key)["promise_s"] for key in "ab"] == [60.0, 120.0]
    assert row_of(values, "a")["at"] == round((NOW - timedelta(seconds=90)).timestamp() * 1000)
    sums = shown("sources-sum", promised, silent)
    assert sums["sources"] - sums["fresh"] == 1
    assert sums["oldest"][0] == "a"
    assert row_of(shown("sources-needs", promised), "a")["needs"] == [("late", None)]


def test_without_a_past_figures_are_unknown_and_not_zero() -> None:
    row = row_of(shown("sources-board", source("a", "sensor")), "a")
    assert (row["rejected"], row["errors"], row["inside"], row["uptime"]) == (None, None, None, [None] * 3)
    assert row["volume"] == [None] * 24
    sums = shown("sources-sum")
    assert (sums["records"], sums["usable"], sums["inside"], sums["uptime"][0][0]) == (None, None, None, None)


def test_the_past_makes_volume_shares_and_uptime() -> None:
    known = past("a", records=90, rejected=10, fetches=10, failures=1, positioned=50, outside=5)
    row = row_of(shown("sources-board", source("a", "sensor"), pasts=(known,)), "a")
    assert (row["volume"][-1], row["rejected"], row["errors"], row["inside"]) == (90, 0.1, 0.1, 0.9)
    assert row["uptime"] == [0.9] * 3
    sums = shown("sources-sum", source("a", "sensor"), pasts=(known,))
    assert (sums["records"], sums["rejected"], sums["usable"], sums["volume"][-1]) == (90, 10, 0.9, 90)


def test_a_past_of_a_source_that_is_gone_counts_no_more() -> None:
    assert shown("sources-sum", pasts=(past("gone", records=90),))["records"] is None


def test_the_worst_comes_first_and_says_all_that_is_wrong() -> None:
    odd = past("odd", positioned=100, outside=60, unpositioned=100, content_age_least_s=-28800.0)
    odd.day.content_age_most_s = -28790.0
    values = shown(
        "sources-needs",
        source("odd", "sensor"),
        source("dead", "sensor", **DEAD),
        source("slow", "sensor", state=Health.DEGRADED, error="slow"),
        source("off", "sensor", state=Health.PAUSED),
        pasts=(odd,),
    )
    assert [row["id"] for row in values["rows"]] == ["dead", "off", "slow", "odd"]
    assert row_of(values, "odd")["needs"] == [("zone", -8.0), ("outside", 0.6), ("unplaced", 0.5)]


def test_settings_that_were_refused_and_shares_that_cannot_be_told_need_a_look_too() -> None:
    moment = city()
    refused = Notice(id="settings", name="line 3: unknown key", what="settings", argument=2, since=NOW)
    moment.context.sources.take((), NOW, [refused])
    values = BY_KEY["sources-needs"].build(moment)
    assert [(row["id"], row["name"], row["needs"]) for row in values["notices"]] == [
        ("settings", "line 3: unknown key", [("settings", 2)])
    ]
    assert values["rows"] == []


def test_nothing_is_wrong_where_all_is_well() -> None:
    assert shown("sources-needs")["rows"] == []


@pytest.mark.parametrize(("age_s", "state"), [(3, "live"), (500, "stale")])
def test_the_page_is_as_true_as_the_collector_is_alive(age_s: float, state: str) -> None:
    beat = source("collector", interval_s=5.0, stale_after_s=20.0, succeeded_at=NOW - timedelta(seconds=age_s))
    moment: Moment = city(beat)
    panel = BY_KEY["sources-board"]
    assert panel.standing(moment, {}).state.value == state
    assert all(row["id"] != "collector" for row in panel.build(moment)["rows"])


def test_before_the_collector_has_said_anything_there_is_no_data() -> None:
    moment = city()
    assert BY_KEY["sources-sum"].standing(moment, {}).state.value == "no-data"


def test_every_kind_that_people_see_feeds_a_panel_and_none_is_fed_by_nothing() -> None:
    uses = dict(panels_fed_by(["camera"]))
    assert "cameras" in uses["overview"]
    assert "video-wall" in uses["video"]
    assert panels_fed_by([]) == ()
