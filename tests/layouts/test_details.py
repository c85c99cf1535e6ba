"""The side sheet: every kind of record, its source and age, nothing hidden, and addresses that name nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts.details import FACTS, Address, DetailView, address_of, detail_page, is_scene, not_found_page
from layouts.details.page import PLANS
from situation.records import (
    RECORD_TYPES,
    Alarm,
    Area,
    AreaKind,
    Camera,
    Case,
    CaseEvent,
    CaseState,
    Datastream,
    Health,
    Place,
    Record,
    Sensor,
    SourceHealth,
    Threshold,
)

AT = datetime(2026, 8, 9, 6, 32, tzinfo=UTC)
SOURCE = SourceHealth(
    id="video", source="collector", name="公安视频", state=Health.STALE, succeeded_at=AT - timedelta(minutes=9)
)
LIMITED = Datastream(id="d", name="水位", unit="cm", thresholds=(Threshold(level=1, limit=25.0),))
RECORDS: tuple[Record, ...] = (
    Camera(id="c", source="video", name="宝杨路下立交", seen_at=AT, lon=121.49, lat=31.4, street_code="310113003"),
    Sensor(id="s", source="video", datastreams=(LIMITED,), value=42.0, observed_at=AT - timedelta(seconds=8)),
    Area(id="administrative/310113", source="video", area_kind=AreaKind.DISTRICT, code="310113", name="宝山区"),
)


STREET = Area(
    id="administrative/310113003",
    source="civil",
    area_kind=AreaKind.STREET,
    code="310113003",
    name="友谊路街道",
    name_en="Youyi Road Subdistrict",
)


def view(record: Record, language: str = "zh", **more: Any) -> DetailView:
    raw = json.loads(json.dumps(asdict(record), default=str))
    options = {"source": SOURCE, "path": (STREET,), **more}
    return DetailView(record=record, raw=raw, at=AT, language=language, zone=ZoneInfo("Asia/Shanghai"), **options)


def texts(component: Any) -> Iterator[str]:
    """Every text a component shows."""
    if isinstance(component, str):
        yield component
        return
    children = component if isinstance(component, list) else getattr(component, "children", None)
    for child in children if isinstance(children, (list, tuple)) else [children]:
        if child is not None:
            yield from texts(child)


def said(record: Record, **more: Any) -> str:
    return " ".join(texts(detail_page(view(record, **more))))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.kind)
def test_a_sheet_tells_its_record_in_either_language(record: Record, language: str) -> None:
    assert (record.name or record.id) in said(record, language=language)


def test_every_kind_with_facts_has_a_page() -> None:
    assert RECORD_TYPES.keys() - FACTS.keys() == {"forecast", "basemap"}
    assert FACTS.keys() == PLANS.keys()


def test_a_sheet_says_how_its_source_is_doing() -> None:
    assert "公安视频  · 数据过期" in said(RECORDS[0])
    assert "9 分钟前" in said(RECORDS[0])


def test_codes_are_shown_as_names_where_they_have_one() -> None:
    assert "友谊路街道" in said(RECORDS[0])


def test_a_reading_is_shown_with_unit_limit_and_age() -> None:
    told = said(RECORDS[1])
    assert "42 cm" in told
    assert "≥ 25 cm" in told
    assert "8 秒前" in told


def test_an_unknown_value_is_a_dash() -> None:
    assert "0 cm" not in said(replace(RECORDS[1], value=None))
    assert "—" in said(replace(RECORDS[1], value=None))


def test_stock_is_shown_with_its_unit_and_when_it_was_counted() -> None:
    depot = Place(id="d", source="x", place_kind="supply_depot", stock=1200, stock_unit="只", stock_at=AT)
    assert "1200 只" in said(depot)
    assert "清点时间" in said(replace(depot, stock_at=None))
    assert "现有" not in said(replace(depot, stock=None))


def test_an_open_case_past_its_time_limit_says_so_and_a_closed_one_does_not() -> None:
    late = Case(id="1", source="x", state=CaseState.DISPATCHED, due_at=AT - timedelta(hours=3))
    assert "超期 3 小时" in said(late)
    assert "超期" not in said(replace(late, state=CaseState.CLOSED, closed_at=AT - timedelta(hours=4)))


def test_the_history_of_a_case_runs_forward() -> None:
    events = tuple(
        CaseEvent(at=AT - timedelta(hours=h), state=s) for h, s in [(1, CaseState.CLOSED), (2, CaseState.REPORTED)]
    )
    told = said(Case(id="1", source="x", events=events))
    assert told.index("上报 ") < told.rindex("结案")


@pytest.mark.parametrize("explanation", ['{"for_s": 60}', "{}", "[1]", "not json", '{"value": "<b>"}', "", "threshold"])
@pytest.mark.parametrize("rule", ["threshold", "camera_outage", "case_surge", "of another release"])
def test_an_alarm_is_explained_whatever_its_explanation_holds(rule: str, explanation: str) -> None:
    assert "告警" in said(Alarm(id="a", source="rules", rule=rule, explanation=explanation), source=None)


def test_a_huge_raw_record_is_cut() -> None:
    area = replace(RECORDS[2], geometry="x" * 1_000_000)
    assert len(said(area)) < 40_000


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/camera/31011300001", Address(kind="camera", id="31011300001")),
        ("/wall/case/A%2FB%20C", Address(kind="case", id="A/B C")),
        ("/area/unit_grid/310113003001001", Address(kind="area", id="unit_grid/310113003001001")),
        ("/wall", None),
        ("/", None),
        ("/camera/", None),
    ],
)
def test_an_address_names_a_record(path: str, address: Address | None) -> None:
    assert address_of(path) == address


@given(st.text(max_size=300))
def test_any_address_is_the_overview_or_has_a_sheet(path: str) -> None:
    assert is_scene("/" + path) or not_found_page("zh", "/" + path)


def test_a_record_out_of_reach_looks_like_one_that_does_not_exist() -> None:
    assert "没有 摄像机 42" in " ".join(texts(not_found_page("zh", "/camera/42")))
    assert "不是本系统的地址" in " ".join(texts(not_found_page("zh", "/nonsense")))
