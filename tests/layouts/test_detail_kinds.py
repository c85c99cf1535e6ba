"""Detail pages by kind: what a reader is told, in the order and words it is told in. Pure functions only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from layouts.details import DetailView, detail_page, to_tree
from layouts.details.case import steps_of
from layouts.details.officer import cut, stays_of, walked_m
from layouts.details.view import AreaView, Counts, DepartmentView, Late, Neighbour, Related, Version, WarningView
from situation.records import (
    Alarm,
    Area,
    AreaKind,
    Camera,
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Datastream,
    Department,
    DeviceState,
    Health,
    Officer,
    Record,
    Sensor,
    SourceHealth,
    Threshold,
    WarningLevel,
    WeatherWarning,
)

AT = datetime(2026, 8, 9, 6, 32, tzinfo=UTC)
M_PER_DEG = 111_195.0


def ago(minutes: float) -> datetime:
    """So many minutes before AT."""
    return AT - timedelta(minutes=minutes)


def page(record: Record, language: str = "zh", **more: Any) -> list[Any]:
    """The page of a record as a tree."""
    view = DetailView(
        record=record, raw={}, source=None, at=AT, language=language, zone=ZoneInfo("Asia/Shanghai"), **more
    )
    return to_tree(detail_page(view))


def texts(tree: Any) -> Iterator[str]:
    """Every text of a tree, in order."""
    if isinstance(tree, str):
        yield tree
        return
    for child in tree[2]:
        yield from texts(child)


def elements(tree: Any) -> Iterator[list[Any]]:
    """Every element of a tree, in order."""
    if not isinstance(tree, str):
        yield tree
        for child in tree[2]:
            yield from elements(child)


def said(record: Record, language: str = "zh", **more: Any) -> str:
    """All that a page says."""
    return " ".join(" ".join(texts(page(record, language, **more))).split())


def drawn(tree: Any, kind: str) -> list[dict[str, Any]]:
    """What the browser is given to draw."""
    import json

    return [json.loads(each[1]["data-given"]) for each in elements(tree) if each[1].get("data-draw") == kind]


def a_case(*states: tuple[float, CaseState], **more: Any) -> Case:
    """A case that passed these states so many minutes ago."""
    events = tuple(CaseEvent(at=ago(minutes), state=state) for minutes, state in states)
    given = {"state": states[-1][1] if states else CaseState.REPORTED, "events": events}
    return Case(id="k", source="x", **(given | more))


def test_a_case_stands_in_one_step_and_has_the_earlier_ones_behind_it() -> None:
    steps = steps_of(a_case((60, CaseState.REPORTED), (50, CaseState.REGISTERED), (40, CaseState.DISPATCHED)))
    assert [step.step for step in steps if step.is_current] == [CaseStep.DISPATCH]
    assert [step.step for step in steps if step.left is not None] == [CaseStep.COLLECT, CaseStep.REGISTER]


def test_a_case_that_came_back_counts_from_its_last_entry() -> None:
    steps = steps_of(
        a_case(
            (60, CaseState.DISPATCHED),
            (50, CaseState.IN_PROGRESS),
            (30, CaseState.RETURNED),
            (20, CaseState.DISPATCHED),
        )
    )
    dispatch = next(step for step in steps if step.step is CaseStep.DISPATCH)
    assert dispatch.entered == ago(30)


@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from(CaseState)), max_size=12))
def test_any_history_of_a_case_makes_a_page_with_seven_steps(events: list[tuple[int, CaseState]]) -> None:
    tree = page(a_case(*events))
    assert sum(each[1].get("class") == "detail-step" for each in elements(tree)) == 7


def test_an_overdue_case_says_how_late_it_is_and_one_in_time_what_is_left() -> None:
    begun = {"registered_at": ago(120)}
    assert "超期 1 时 30 分" in said(a_case((120, CaseState.IN_PROGRESS), due_at=ago(90), **begun))
    assert "剩 30 分钟" in said(a_case((120, CaseState.IN_PROGRESS), due_at=ago(-30), **begun))


def test_a_case_that_was_dropped_is_neither_late_nor_in_time() -> None:
    told = said(a_case((120, CaseState.CANCELLED), registered_at=ago(120), due_at=ago(90)))
    assert "超期" not in told
    assert "不计时限" in told


def test_the_events_of_a_case_come_newest_first_with_the_time_between() -> None:
    told = said(a_case((60, CaseState.REPORTED), (45, CaseState.REGISTERED)))
    assert told.rindex("上报") > told.rindex("立案")
    assert "15 分钟" in told


def test_an_unacknowledged_alarm_says_how_long_it_waits() -> None:
    told = said(Alarm(id="a", source="rules", started_at=ago(47)))
    assert "待确认 47 分钟" in told
    assert "已持续 47 分钟" in told


def test_an_alarm_shows_the_readings_of_what_it_is_about_with_its_own_times() -> None:
    stream = Datastream(id="d", unit="cm", thresholds=(Threshold(level=1, limit=25.0),))
    sensor = Sensor(id="s", source="x", state=DeviceState.ONLINE, datastreams=(stream,))
    alarm = Alarm(id="a", source="rules", about="sensor/s", limit=25.0, started_at=ago(5))
    charts = drawn(page(alarm, about=sensor), "chart")
    assert charts[0]["datastream"] == "d"
    assert charts[0]["events"] == [[int(ago(5).timestamp() * 1000), "发生"]]


def test_an_alarm_about_a_silent_sensor_does_not_pass_its_value_for_one_of_now() -> None:
    stream = Datastream(id="d", unit="cm")
    sensor = Sensor(
        id="s", source="x", state=DeviceState.OFFLINE, datastreams=(stream,), observed_at=ago(12), value=30.0
    )
    told = said(Alarm(id="a", source="rules", about="sensor/s", started_at=ago(20)), about=sensor)
    assert "离线" in told
    assert "最后读数 12 分钟前" in told


def test_changes_of_state_say_how_long_each_lasted() -> None:
    def camera(state: DeviceState) -> Camera:
        return Camera(id="c", source="x", state=state)

    past = [
        Version(ago(10), camera(DeviceState.ONLINE)),
        Version(ago(40), camera(DeviceState.OFFLINE)),
        Version(ago(45), camera(DeviceState.OFFLINE)),
        Version(ago(100), camera(DeviceState.ONLINE)),
    ]
    told = said(camera(DeviceState.ONLINE), versions=past)
    assert "已 10 分钟" in told
    assert "持续 35 分钟" in told


def test_a_device_of_a_dead_source_is_unknown_since_it_was_heard_last() -> None:
    camera = Camera(id="c", source="video", state=DeviceState.UNKNOWN)
    past = [Version(ago(600), Camera(id="c", source="video", state=DeviceState.ONLINE))]
    source = SourceHealth(id="video", source="video", state=Health.UNAVAILABLE, succeeded_at=ago(25))
    view = DetailView(
        record=camera, raw={}, source=source, at=AT, language="zh", zone=ZoneInfo("Asia/Shanghai"), versions=past
    )
    assert "未知 已 25 分钟" in " ".join(texts(to_tree(detail_page(view))))


def test_numbers_of_cameras_are_the_same_in_list_and_plan() -> None:
    def neighbour(kind: str, far: float) -> Neighbour:
        return Neighbour(
            kind=kind,
            id=f"{far}",
            number=1,
            name=f"{kind} {far}",
            lon=121.4,
            lat=31.4,
            distance_m=far,
            bearing_deg=90,
            state=0,
        )

    case = Case(id="k", source="x", lon=121.4, lat=31.4)
    tree = page(case, around=[neighbour("camera", 20), neighbour("camera", 60), neighbour("officer", 90)])
    marks = {mark["title"]: mark["label"] for mark in drawn(tree, "plan")[0]["marks"]}
    assert marks == {"camera 20": "1", "camera 60": "2", "officer 90": "A"}
    rows = [" ".join(texts(each)) for each in elements(tree) if each[1].get("class") == "around-row"]
    assert rows[:2] == ["1 camera 20 东 20 m", "2 camera 60 东 60 m"]


def test_a_related_row_says_why_how_far_and_when() -> None:
    other = Case(id="k2", source="x", name="积水")
    related = Related(record=other, reasons=("place", "time"), why="repeated", distance_m=32.4, later_s=-270)
    told = said(Case(id="k", source="x"), related=[related])
    assert "同地 同时 30 天内同一地点 · 32 m · 早 4 分 30 秒" in told


def test_messages_of_a_warning_come_newest_first_and_say_how_long_each_held() -> None:
    def message(key: str, minutes: float, kind: str) -> WeatherWarning:
        return WeatherWarning(
            id=key,
            source="x",
            name=f"warning {key}",
            event="暴雨",
            level=WarningLevel.ORANGE,
            sent_at=ago(minutes),
            expires_at=ago(-60),
            message_type=kind,
        )

    chain = (message("1", 90, "Alert"), message("2", 30, "Update"))
    told = said(chain[1], warning=WarningView(chain=chain))
    assert "持续 1 小时" in told
    assert "剩 1 小时" in told
    assert told.rindex("warning 2") < told.rindex("warning 1")


def test_a_track_is_cut_where_nothing_was_heard() -> None:
    step = 100 / M_PER_DEG
    track = (
        (ago(60), 121.4, 31.4),
        (ago(59), 121.4, 31.4 + step),
        (ago(20), 121.4, 31.5),
        (ago(19), 121.4, 31.5 + step),
    )
    line = cut(track)
    assert line[2] is None
    assert len(line) == 5
    assert round(walked_m(track)) == 200


def test_a_stay_is_where_somebody_stood_for_minutes() -> None:
    stood = [(ago(60 - n), 121.4, 31.4) for n in range(10)]
    track = (*stood, (ago(49), 121.41, 31.4), (ago(48), 121.42, 31.4))
    assert [(begin, end) for begin, end, _, _ in stays_of(track)] == [(ago(60), ago(49))]


def test_an_officers_telephone_is_shown_masked_only() -> None:
    officer = Officer(id="o", source="x", name="周俊", phone="13812345617")
    view = DetailView(
        record=officer, raw={"phone": "138****5617"}, source=None, at=AT, language="zh", zone=ZoneInfo("Asia/Shanghai")
    )
    told = " ".join(texts(to_tree(detail_page(view))))
    assert "138****5617" in told
    assert "13812345617" not in told


AREA = Area(
    id="administrative/1", source="x", area_kind=AreaKind.STREET, code="1", name="友谊路街道", name_en="Youyi Road"
)
BELOW = Area(id="administrative/11", source="x", area_kind=AreaKind.COMMUNITY, code="11", name="一村", name_en="First")


def test_an_area_tells_its_rank_and_leads_down_and_to_its_most_urgent_case() -> None:
    counts = Counts(cases_open=90, cases_overdue=3, alarms=None)
    late = Late(id="k7", name="积水", address="宝杨路", late_s=7200)
    area = AreaView(counts=counts, ranks=(("cases_overdue", 1, 13),), children=((BELOW, counts),), late=(late,))
    tree = page(AREA, area=area)
    links = {each[1].get("href") for each in elements(tree) if each[0] == "a"}
    assert {"/area/administrative%2F11", "/case/k7", "/cases?street=1"} <= links
    told = " ".join(texts(tree))
    assert "第 1 / 13" in told
    assert "超期 2 小时" in told


def test_what_an_area_does_not_know_is_a_dash() -> None:
    told = said(AREA, area=AreaView(counts=Counts(cases_open=5)))
    assert "— 超期" in told
    assert "0 超期" not in told


def test_a_page_speaks_english_where_records_do() -> None:
    told = said(AREA, "en", area=AreaView(counts=Counts(), children=((BELOW, Counts()),)))
    assert "Youyi Road" in told
    assert "First" in told


def test_a_department_lists_its_sources_with_their_age() -> None:
    source = SourceHealth(id="video", source="video", name="公安视频", records=("camera",), succeeded_at=ago(9))
    told = said(
        Department(id="d", source="x", name="公安分局"),
        agency=DepartmentView(counts=Counts(), sources=((source, "delayed"),)),
    )
    assert "公安视频 摄像机" in told
    assert "迟到" in told
    assert "9 分钟前" in told
