"""The page of a source: every error in words, what is unknown a dash, the past told honestly."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from layouts.details import DetailView, detail_page, to_tree
from layouts.details.view import ReasonView, SourceView, UptimeView
from layouts.telling import error_words
from layouts.text import LANGUAGES, TEXTS
from layouts.text_errors import ERROR_TEXTS
from situation.records import Alarm, Health, SourceHealth

DOCS = Path(__file__).parents[2] / "docs" / "sources.md"
AT = datetime(2026, 8, 9, 6, 30, tzinfo=UTC)
HOURS = tuple((AT - timedelta(hours=47 - n), None if n < 40 else n) for n in range(48))


def documented_codes() -> set[str]:
    """Every code of the list in docs/sources.md."""
    text = DOCS.read_text("utf-8")
    lines = text[text.index("is a code with an optional argument after a colon:") :].split("\n\n")[1]
    return {found.partition(":")[0] for found in re.findall(r"`([a-z_0-9]+(?::[^`]*)?)`", lines)}


def words(tree: Any) -> str:
    """All texts of a tree."""
    return tree if isinstance(tree, str) else " ".join(words(child) for child in tree[2])


def page(language: str = "zh", past: SourceView | None = None, **health: Any) -> str:
    given: dict[str, Any] = {"id": "gas", "source": "gas", "name": "燃气", "state": Health.OK, "records": ("sensor",)}
    record = SourceHealth(**(given | health))
    raw = {"owner": record.owner, "phone": "138****5617" if record.phone else "", "source_kind": "wvp"}
    zone = ZoneInfo("Asia/Shanghai")
    view = DetailView(record=record, raw=raw, source=record, at=AT, language=language, zone=zone, past=past)
    return words(to_tree(detail_page(view)))


def past(**changes: Any) -> SourceView:
    spans = (("day", 0.9876, 3600.0), ("week", 0.9876, 3600.0), ("month", 0.9876, 3600.0))
    uptime = tuple(UptimeView(span=span, share=share, watched_s=watched) for span, share, watched in spans)
    return SourceView(uptime=uptime, hours=HOURS, **changes)


def test_every_documented_error_has_words_in_every_language() -> None:
    codes = documented_codes()
    assert {"timeout", "http_status", "frozen"} <= codes
    assert {f"error.{code}" for code in codes} - ERROR_TEXTS.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(ERROR_TEXTS))
def test_words_of_errors_take_their_argument_and_bear_its_lack(language: str, key: str) -> None:
    code = key.removeprefix("error.")
    assert "{" not in error_words(f"{code}:7", language)
    assert error_words(code, language)


def test_an_error_that_nobody_knows_is_shown_as_it_is() -> None:
    assert error_words("odd:thing", "zh") == "odd:thing"


def test_the_page_says_what_is_wrong_and_whom_to_ask_without_the_whole_number() -> None:
    told = page(state=Health.UNAVAILABLE, error="http_status:503", owner="数据科 陈静", phone="13800135617")
    assert "对方系统报错（HTTP 503）" in told
    assert "数据科 陈静" in told
    assert "138****5617" in told
    assert "13800135617" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_source_without_a_past_says_so(language: str) -> None:
    assert TEXTS["detail.no_past"][LANGUAGES.index(language)] in page(language)


def test_spans_that_reach_no_further_than_the_history_claim_nothing() -> None:
    told = page(past=past())
    assert told.count("98.7%") == 1
    assert told.count("没有更长的历史") == 2


def test_reasons_tell_how_often_when_and_a_sample() -> None:
    reasons = (
        ReasonView(sort="rejected", reason="no id", count=1200, last_at=AT, sample="138****5617: no id"),
        ReasonView(sort="error", reason="timeout", count=3, last_at=AT, sample=""),
    )
    told = page("en", past=past(reasons=reasons))
    assert "1,200 times" in told
    assert "e.g. 138****5617: no id" in told
    assert "no answer in time" in told


def test_places_and_times_that_can_hardly_be_right_are_said() -> None:
    odd = past(inside_share=0.4, content_ages_s=(-28_800.0, -28_790.0), zone_guess_h=-8.0, ahead=12)
    told = page(past=odd)
    assert "40.0%" in told
    assert "超前 8 小时" in told
    assert "时间偏差 -8 小时" in told


def test_the_panels_that_use_it_are_named_with_their_scenes() -> None:
    told = page("en", past=past(uses=(("overview", ("kpi", "map")), ("iot", ("iot-matrix",)))))
    assert "Today, Map" in told
    assert TEXTS["panel.iot-matrix"][1] in told


@pytest.mark.parametrize(
    ("rule", "name", "title"),
    [
        ("source_silent", "水务局", "水务局 数据源中断 3 个"),
        ("network_silent", "", "多部门数据源同时中断 3 个"),
        ("camera_outage", "月浦镇", "月浦镇 3 路视频同时离线"),
        ("threshold", "宝杨路下立交积水", "宝杨路下立交积水"),
    ],
)
def test_an_alarm_that_counts_says_what_in_its_title(rule: str, name: str, title: str) -> None:
    alarm = Alarm(id="a", source="rules", rule=rule, name=name, value=3.0)
    view = DetailView(record=alarm, raw={}, source=None, at=AT, language="zh", zone=ZoneInfo("Asia/Shanghai"))
    assert view.title == title


def test_an_alarm_about_sources_is_told_in_english() -> None:
    alarm = Alarm(id="a", source="rules", rule="source_frozen", name="水务局", value=1.0)
    zone = ZoneInfo("Asia/Shanghai")
    view = DetailView(record=alarm, raw={}, source=None, at=AT, language="en", zone=zone, name_en="Water Bureau")
    assert view.title == "Water Bureau: 1 frozen"


def test_unknown_is_a_dash_and_what_was_lost_is_never_nothing() -> None:
    told = page(past=past(rejected_share=0.0004))
    assert "<0.1%" in told
    assert "—" in told
