"""The shipped presets of `warnings_json` on what the services really said, over a real socket and into a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_upstream import Upstream
from hypothesis import given, settings
from hypothesis import strategies as st
from source_settings import Block

from datasources.cap.normalise import Office
from datasources.contract import (
    Batch,
    FetchContext,
    RecordRejected,
    Source,
    SourceAuthFailed,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from datasources.http import HttpClient
from datasources.options import OptionsError
from datasources.registry import build
from datasources.warnings_json.preset import Asked
from datasources.warnings_json.presets import PRESETS
from situation.clock import FakeClock
from situation.records import WarningLevel, WeatherWarning
from situation.store import Store

BAOSHAN = ["310113"]
NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


def make(upstream: Upstream, preset: str, **options: Any) -> Source:
    block = Block("warnings_json", url=upstream.url, options={"preset": preset, "path": "list.json", **options})
    return build(block, http=HttpClient(clock=FakeClock(NOW)))


def fetch(source: Source, cursor: object = None, at: datetime = NOW) -> Batch:
    return source.fetch(FetchContext(now=at, cursor=cursor))


def listed(batch: Batch) -> list[WeatherWarning]:
    return [record for record in batch.records if isinstance(record, WeatherWarning)]


def shown(warnings: list[WeatherWarning]) -> set[tuple[str, WarningLevel]]:
    return {(warning.event, warning.level) for warning in warnings}


@pytest.mark.shared_data
def test_history_of_a_typhoon_is_shown_as_it_was_and_no_issuance_twice(
    upstream: Upstream, store: Store, shared_data: Path
) -> None:
    lines = (shared_data / "warnings/china/cma-shanghai-timeline.jsonl").read_text("utf-8").splitlines()
    source = make(upstream, "cma", areas=BAOSHAN)
    announced: set[str] = set()
    known: list[Any] | None = None
    cursor = None
    for line in lines:
        snapshot = json.loads(line)
        here = snapshot["shanghai"].get("310113", [])
        if here == known and snapshot["updated"] != "2026-08-09T04:21:06Z":
            continue  # most of 808 polls say what the last one said
        known = here
        upstream.pages["/list.json"] = line.encode()
        at = datetime.fromisoformat(snapshot["updated"])
        batch = fetch(source, cursor, at)
        cursor = batch.cursor
        current = {warning.id for warning in listed(batch)}
        store.apply("cma", batch, at)
        assert store.count("warning") == len(current) == len(here)
        assert batch.rejected == ()
        announced |= current
        if snapshot["updated"] == "2026-08-09T04:21:06Z":
            assert shown(listed(batch)) == {
                ("台风", WarningLevel.YELLOW),
                ("暴雨", WarningLevel.ORANGE),
                ("雷电", WarningLevel.YELLOW),
            }
            assert {warning.headline for warning in listed(batch)} >= {"宝山区暴雨橙色预警"}
    assert len(announced) == 63


@pytest.mark.shared_data
def test_warning_without_a_colour_is_shown_as_unknown_and_one_without_an_end_lasts(
    upstream: Upstream, shared_data: Path
) -> None:
    upstream.pages["/list.json"] = (shared_data / "warnings/china/cma-effective-2026-07-31-07Z.json").read_bytes()
    assert len(fetch(make(upstream, "cma", areas=BAOSHAN)).records) == 3
    everywhere = fetch(make(upstream, "cma", areas=[str(digit) for digit in range(10)]))
    assert (len(everywhere.records), everywhere.rejected) == (1212, ())
    unknown = [warning for warning in listed(everywhere) if warning.level is WarningLevel.UNKNOWN]
    assert len(unknown) == 33
    assert all(warning.level_text == "" and warning.event for warning in unknown)
    assert any(warning.expires_at is None for warning in listed(everywhere))
    assert any(warning.expires_at is not None for warning in listed(everywhere))


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["getWarningNow-zh.json", "getWarningNow-en.json"])
def test_older_qweather_is_read(upstream: Upstream, shared_data: Path, name: str) -> None:
    upstream.pages["/list.json"] = (shared_data / "warnings/qweather" / name).read_bytes()
    found = listed(fetch(make(upstream, "qweather", api_key="k")))
    assert found
    assert upstream.asked_headers[0]["X-QW-Api-Key"] == "k"
    assert all(warning.level is not WarningLevel.UNKNOWN and warning.sent_at and warning.headline for warning in found)


@pytest.mark.shared_data
def test_newer_qweather_is_read_with_what_it_supersedes(upstream: Upstream, shared_data: Path) -> None:
    upstream.pages["/list.json"] = (shared_data / "warnings/qweather/getWeatherAlertCurrent-zh.json").read_bytes()
    (warning,) = listed(fetch(make(upstream, "qweather-v1", areas=BAOSHAN)))
    assert (warning.event, warning.level, warning.message_type) == ("大风", WarningLevel.BLUE, "Update")
    assert warning.references == ("upstream.202510181140100706230391",)
    assert warning.instruction.startswith("1. ")
    assert warning.areas[0].codes == ("310113",)


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "count"), [("alerts_active_zone.json", 1), ("alerts_active_zone_second.json", 2)])
def test_us_warnings_without_geometry_are_listed_by_codes(
    upstream: Upstream, shared_data: Path, name: str, count: int
) -> None:
    upstream.pages["/list.json"] = (shared_data / "warnings/nws" / name).read_bytes()
    found = listed(fetch(make(upstream, "nws")))
    assert len(found) == count
    for warning in found:
        (claim,) = warning.areas
        assert claim.name
        assert not claim.polygons
        assert any(code.startswith("ORZ") for code in claim.codes)


def v1(number: str, kind: str = "alert", supersedes: list[str] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "issuedTime": "2026-08-09T13:00+08:00",
        "messageType": {"code": kind, "supersedes": supersedes},
        "eventType": {"name": "从未听说的灾害", "code": "9999"},
        "severity": "minor",
        "headline": "预警",
        "expireTime": "2026-08-10T13:00+08:00",
        **more,
    }


def test_cancel_ends_what_it_supersedes_and_it_does_not_come_back(upstream: Upstream) -> None:
    source = make(upstream, "qweather-v1")
    upstream.pages["/list.json"] = json.dumps({"alerts": [v1("a"), v1("b", "cancel", ["a"])]}).encode()
    batch = fetch(source)
    assert {warning.id: warning.superseded_by for warning in listed(batch)} == {
        "upstream.a": "upstream.b",
        "upstream.b": "",
    }
    upstream.pages["/list.json"] = json.dumps({"alerts": [v1("a")]}).encode()
    (again,) = listed(fetch(source, json.loads(json.dumps(batch.cursor)), NOW + timedelta(hours=2)))
    assert again.superseded_by == "upstream.b"


def test_event_and_colour_that_nobody_knows_are_shown_as_given(upstream: Upstream) -> None:
    upstream.pages["/list.json"] = json.dumps({"alerts": [v1("a", color={"code": "purple"})]}).encode()
    (warning,) = listed(fetch(make(upstream, "qweather-v1")))
    assert (warning.event, warning.level, warning.level_text) == ("从未听说的灾害", WarningLevel.UNKNOWN, "purple")


def test_nothing_in_force_is_an_empty_list(upstream: Upstream) -> None:
    empty = {
        "cma": {"warnings": {}},
        "qweather": {"code": "204"},
        "qweather-v1": {"metadata": {"zeroResult": True}},
        "nws": {"features": []},
        "swic": {"items": []},
    }
    for preset, document in empty.items():
        upstream.pages["/list.json"] = json.dumps(document).encode()
        batch = fetch(make(upstream, preset, areas=BAOSHAN))
        assert (batch.records, batch.complete) == ((), frozenset({"warning"}))


def test_flat_list_of_cma_is_read_by_its_ids_and_words(upstream: Upstream) -> None:
    row = {
        "id": "31011341600000_20260809111857",
        "headline": "上海市宝山区气象台更新暴雨橙色预警[Ⅱ级/严重]",
        "effective": "2026/08/09 11:18",
        "description": "预计未来三小时……",
        "title": "上海市宝山区更新暴雨橙色预警",
        "type": "p0002002",
    }
    other = row | {"id": "42112241600000_20260809111857"}
    upstream.pages["/list.json"] = json.dumps({"code": 0, "data": [row, other]}).encode()
    (warning,) = listed(fetch(make(upstream, "cma", areas=BAOSHAN)))
    assert (warning.level, warning.level_text) == (WarningLevel.ORANGE, "橙色 Ⅱ级/严重")
    assert warning.event == "暴雨橙色预警"
    assert warning.sent_at == datetime(2026, 8, 9, 3, 18, tzinfo=UTC)
    assert warning.areas[0].codes == ("310113",)


def test_list_of_the_whole_world_is_read_for_the_places_asked_for(upstream: Upstream) -> None:
    here = {
        "id": "CN-1",
        "event": "Rainstorm",
        "headline": "上海市宝山区发布暴雨橙色预警",
        "areaDesc": "上海市宝山区",
        "sent": "2026-08-09 03:18:57",
        "expires": "2026-08-10 03:18:57",
        "s": 3,
    }
    there = here | {"id": "AR-1", "headline": "Aviso", "areaDesc": "Buenos Aires", "s": 4}
    upstream.pages["/list.json"] = json.dumps({"itemCount": 2, "items": [here, there]}).encode()
    (warning,) = listed(fetch(make(upstream, "swic", areas=["宝山"])))
    assert (warning.level, warning.sent_at) == (WarningLevel.ORANGE, datetime(2026, 8, 9, 3, 18, 57, tzinfo=UTC))
    (other,) = listed(fetch(make(upstream, "swic", areas=["Buenos"])))
    assert (other.level, other.level_text) == (WarningLevel.RED, "Extreme")


@pytest.mark.parametrize(
    ("code", "error"),
    [("401", SourceAuthFailed), ("402", SourceAuthFailed), ("429", SourceUnavailable), ("404", SourceDataError)],
)
def test_error_inside_a_good_reply_is_an_error(upstream: Upstream, code: str, error: type[SourceError]) -> None:
    upstream.pages["/list.json"] = json.dumps({"code": code}).encode()
    with pytest.raises(error):
        fetch(make(upstream, "qweather"))


def test_us_polygon_is_mapped_and_a_test_message_is_not_actual(upstream: Upstream) -> None:
    ring = [[121.4, 31.3], [121.5, 31.3], [121.5, 31.4], [121.4, 31.3]]
    properties = {"id": "x", "sent": "2026-08-09T05:00:00Z", "event": "Flood Warning", "status": "Test"}
    geometry = {"type": "MultiPolygon", "coordinates": [[ring], [ring]]}
    upstream.pages["/list.json"] = json.dumps({"features": [{"properties": properties, "geometry": geometry}]}).encode()
    (warning,) = listed(fetch(make(upstream, "nws")))
    assert warning.areas[0].polygons[0][0] == (121.4, 31.3)
    assert (len(warning.areas[0].polygons), warning.is_actual) == (2, False)


def test_us_update_that_says_the_all_clear_is_no_warning(upstream: Upstream) -> None:
    said = {"id": "urn:oid:1", "sent": "2026-08-09T05:00:00+00:00", "event": "Flood Warning", "messageType": "Update"}
    rows = [{**said, "response": "AllClear", "urgency": "Past"}, {**said, "id": "urn:oid:2", "response": "Avoid"}]
    upstream.pages["/list.json"] = json.dumps({"features": [{"properties": row} for row in rows]}).encode()
    assert [one.message_type for one in listed(fetch(make(upstream, "nws")))] == ["Cancel", "Update"]


@pytest.mark.parametrize(
    ("options", "said"), [({"preset": "jma"}, "cma, nws, "), ({"preset": "cma"}, "areas is missing")]
)
def test_wrong_options_are_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(OptionsError, match=said):
        build(Block("warnings_json", options=options))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)
NAMES = """
id issued type color level name expires pubTime title status related severity severityColor issuedTime
messageType eventType headline properties geometry sent references geocode areaDesc
"""
ROW = st.dictionaries(st.sampled_from(NAMES.split()), anything | st.just("2026-08-09T05:00:00Z") | st.just("红色"))


@pytest.mark.parametrize("name", sorted(PRESETS))
@given(
    document=st.dictionaries(
        st.sampled_from(["warnings", "warning", "alerts", "features", "items", "310113"]), anything
    )
)
@settings(max_examples=50)
def test_any_document_has_rows_or_is_refused(name: str, document: Any) -> None:
    asked = Asked(office=Office(key="w", department="d", crs="wgs84", zone=None), areas=("310113",))
    try:
        rows = PRESETS[name].rows(document, asked)
    except SourceError:
        return
    assert len(list(rows)) >= 0


@pytest.mark.parametrize("name", sorted(PRESETS))
@given(row=ROW)
@settings(max_examples=100)
def test_any_row_becomes_a_warning_or_a_rejection(name: str, row: Any) -> None:
    asked = Asked(office=Office(key="w", department="d", crs="wgs84", zone=None))
    try:
        warning = PRESETS[name].read(row, asked)
    except RecordRejected:
        return
    assert warning.id
    assert warning.sent_at is not None
