"""The generic mapping: whatever names, times, coordinates and words a department's rows have, by options alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_settings import Block

from datasources.contract import SourceDataError
from datasources.mapping import MAPPABLE, Mapped, RowMapping, read_mapping, require_ids
from datasources.options import OptionsError
from situation.crs import from_wgs84
from situation.projection import Plane
from situation.records import (
    Alarm,
    Area,
    Camera,
    Case,
    CaseState,
    DeviceState,
    Officer,
    Place,
    PlacedRecord,
    Sensor,
    WarningLevel,
    WeatherWarning,
)

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
BAOSHAN = [121.3, 31.25, 121.55, 31.55]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def mapping(record: str, crs: Any = "wgs84", timezone: str = "Asia/Shanghai", **options: Any) -> RowMapping:
    block = Block("rest", timezone=timezone, url="http://10.0.0.7/api", options={"record": record, **options})
    return read_mapping(block, crs)


def read(record: str, rows: list[Any], **options: Any) -> Mapped:
    return mapping(record, **options).read(rows, now=NOW)


def only(mapped: Mapped, kind: type[Any]) -> Any:
    assert mapped.rejected == ()
    (record,) = mapped.records
    assert isinstance(record, kind)
    return record


@pytest.mark.parametrize("record", sorted(MAPPABLE))
@given(data=st.data())
@settings(max_examples=30)
def test_any_rows_become_records_or_rejections(record: str, data: st.DataObject) -> None:
    names = sorted(MAPPABLE[record].known())
    fields = {name: name for name in names}
    row = st.dictionaries(st.sampled_from(names), anything, max_size=len(names))
    rows = data.draw(st.lists(row | anything, max_size=4))
    mapped = read(record, rows, fields=fields, bounds=BAOSHAN)
    ids = {one.id for one in mapped.records}
    assert len(mapped.records) + len(mapped.rejected) <= len(rows)
    assert len(ids) + len(mapped.rejected) <= len(rows)
    for one in mapped.records:
        assert one.id
        if isinstance(one, PlacedRecord):
            assert (one.lon is None) == (one.lat is None)


@given(rows=st.lists(st.dictionaries(st.sampled_from(["id", "p", "v", "t"]), anything, max_size=4) | anything))
@settings(max_examples=30)
def test_any_rows_of_single_readings_become_sensors_or_rejections(rows: list[Any]) -> None:
    mapped = read("sensor", rows, reading_name="p", fields={"value": "v", "observed_at": "t"})
    assert len(mapped.records) + len(mapped.rejected) <= len(rows)
    streams = {stream.id for one in mapped.records if isinstance(one, Sensor) for stream in one.datastreams}
    assert {one.datastream for one in mapped.observations} <= streams


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("name", {"name": "甲"}),
        ("站点.名称", {"站点": {"名称": "甲"}}),
        ("a.b[0].c", {"a": {"b": [{"c": "甲"}]}}),
        ("a[-1]", {"a": ["乙", "甲"]}),
        ('a."b c"', {"a": {"b c": "甲"}}),
        ("a.b", {"a.b": "甲", "a": {"b": "乙"}}),
        ("名称(全称)", {"名称(全称)": "甲"}),
        ("Lat/Lon", {"Lat/Lon": "甲"}),
        ("@iot.id", {"@iot.id": "甲"}),
        ("extra[?k=='name'].v | [0]", {"extra": [{"k": "x", "v": "乙"}, {"k": "name", "v": "甲"}]}),
        ("short || long", {"long": "甲"}),
        ("join('', [a, b])", {"a": "甲", "b": ""}),
    ],
)
def test_a_field_is_found_by_column_path_or_expression(path: str, row: dict[str, Any]) -> None:
    place = only(read("place", [{"id": "1", **row}], fields={"name": path}), Place)
    assert place.name == "甲"


def test_a_path_that_leads_nowhere_leaves_the_field_unknown() -> None:
    rows = [{"id": "1", "a": 3}, {"id": "2", "a": {"b": []}}, {"id": "3", "a": None}]
    assert [one.name for one in read("place", rows, fields={"name": "a.b[2].c"}).records] == ["", "", ""]


def test_every_wrong_option_is_named_with_what_is_allowed() -> None:
    wrong = {
        "fields": {"nmae": "x", "lat": "a[?"},
        "constants": {"state": "burning", "capacity": 3, "media": "x"},
        "values": {"state": {"1": "onlin", "*": "unknown"}},
        "media": {"snapshot": "b[?"},
    }
    with pytest.raises(OptionsError) as caught:
        mapping("camera", **wrong)
    told = {".".join(map(str, problem.path)): problem.allowed for problem in caught.value.problems}
    assert "did you mean name?" in told["options.fields.nmae"]
    assert "neither a column nor JMESPath" in told["options.fields.lat"]
    assert "offline, online, unknown" in told["options.constants.state"]
    assert {
        "options.values.state.1",
        "options.constants.capacity",
        "options.constants.media",
        "options.media.snapshot",
    } <= set(told)
    with pytest.raises(OptionsError, match=r"should be one of .*officer"):
        mapping("police")


def test_a_value_that_no_table_has_takes_the_explicit_default_or_stays_as_given() -> None:
    rows = [{"id": "1", "place_kind": "01"}, {"id": "2", "place_kind": "99"}, {"id": "3", "place_kind": 1.0}]
    table = {"01": "school", "1": "hospital"}
    assert [one.place_kind for one in read("place", rows, values={"place_kind": table}).records] == [
        "school", "99", "hospital",
    ]  # fmt: skip
    with_default = {"place_kind": {**table, "*": "other"}}
    assert [one.place_kind for one in read("place", rows, values=with_default).records] == [
        "school", "other", "hospital",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "given", ["121.45,31.4", "POINT (121.45 31.4)", [121.45, 31.4], {"lng": "121.45", "lat": 31.4}]
)
def test_one_column_that_holds_both_coordinates_is_understood(given: Any) -> None:
    place = only(read("place", [{"id": "1", "gps": given}], fields={"position": "gps"}), Place)
    assert (place.lon, place.lat) == (121.45, 31.4)


def test_latitude_before_longitude_is_said_by_an_option() -> None:
    options = {"fields": {"position": "p"}, "position_order": "lat-lon"}
    assert only(read("place", [{"id": "1", "p": "60.2,24.9"}], **options), Place).lon == 24.9


def test_a_pair_that_lies_near_the_district_only_when_swapped_is_turned_round() -> None:
    helsinki = [24.7, 60.1, 25.3, 60.3]
    rows = [{"id": str(n), "lon": lon, "lat": lat} for n, (lon, lat) in enumerate([(60.2, 24.9), (24.9, 60.2)])]
    places = read("place", rows, bounds=helsinki).records
    assert [(place.lon, place.lat) for place in places if isinstance(place, Place)] == [(24.9, 60.2)] * 2


@pytest.mark.parametrize("crs", ["gcj02", "bd09", "cgcs2000", "shanghai-local"])
def test_positions_of_every_system_come_out_as_wgs84(crs: str) -> None:
    lon, lat = from_wgs84(crs, [121.45], [31.4])
    place = only(mapping("place", crs).read([{"id": "1", "lon": lon[0], "lat": str(lat[0])}]), Place)
    assert (place.lon, place.lat) == pytest.approx((121.45, 31.4), abs=1e-7)


def test_a_departments_own_plane_is_set_by_its_parameters_and_northing_before_easting_is_noticed() -> None:
    plane = {"origin_lon": 121.4, "origin_lat": 31.2, "false_easting_m": 20_000, "false_northing_m": 50_000}
    east, north = Plane(**plane).from_degrees(*from_wgs84("wgs84", [121.45], [31.4]))
    rows = [{"id": "1", "X": north[0], "Y": east[0]}]
    options = {"fields": {"lon": "X", "lat": "Y"}, "plane": plane, "bounds": BAOSHAN}
    place = only(read("place", rows, **options), Place)
    assert (place.lon, place.lat) == pytest.approx((121.45, 31.4), abs=1e-7)


@pytest.mark.parametrize(
    ("given", "options"),
    [
        (1786255200, {}),
        ("1786255200000", {}),
        ("20260809140000", {}),
        ("2026-08-09 14:00", {}),
        ("09/08/2026 2:00 PM", {"time_format": "%d/%m/%Y %I:%M %p"}),
        ("Sun, 09 Aug 2026 06:00:00 GMT", {}),
        ("2026-08-09T05:00:00Z/2026-08-09T06:00:00Z", {}),
        ("2026-08-09 08:00:00", {"timezone": "Europe/Berlin"}),
    ],
)
def test_times_of_all_kinds_are_understood(given: Any, options: dict[str, Any]) -> None:
    officer = only(read("officer", [{"id": "1", "positioned_at": given}], **options), Officer)
    assert officer.positioned_at == NOW


def test_of_an_interval_a_beginning_takes_the_beginning() -> None:
    row = {"id": "1", "span": "2026-08-09T06:00:00Z/2026-08-09T09:00:00Z"}
    warning = only(read("warning", [row], fields={"onset_at": "span", "expires_at": "span"}), WeatherWarning)
    assert (warning.onset_at, warning.expires_at) == (NOW, NOW + timedelta(hours=3))


def test_a_system_that_knows_only_open_and_closed_is_enough() -> None:
    rows = [
        {"id": "1", "state": "OPEN", "reported_at": "2026-08-09T13:00:00+08:00"},
        {"id": "2", "state": "closed", "reported_at": NOW.isoformat(), "updated_at": NOW.isoformat()},
    ]
    opened, closed = read("case", rows).records
    assert isinstance(opened, Case)
    assert isinstance(closed, Case)
    assert (opened.state, opened.registered_at, opened.closed_at) == (CaseState.REGISTERED, opened.reported_at, None)
    assert (closed.state, closed.closed_at) == (CaseState.CLOSED, NOW)


def test_states_of_a_case_come_from_its_table_then_from_the_usual_words() -> None:
    rows = [{"id": "1", "zt": 5}, {"id": "2", "zt": "派遣"}, {"id": "3", "zt": "In_Process"}]
    cases = read("case", rows, fields={"state": "zt"}, values={"state": {"5": "verified"}}).records
    assert [case.state for case in cases if isinstance(case, Case)] == ["verified", "dispatched", "in_progress"]


def test_a_case_in_a_state_that_nobody_knows_stays_visible_with_the_word_as_given() -> None:
    row = {"id": "1", "state": "二次会商", "updated_at": NOW.isoformat(), "priority": "urgent"}
    case = only(read("case", [row]), Case)
    assert (case.state, case.state_text) == (CaseState.REGISTERED, "二次会商")
    assert case.priority == 3
    assert only(read("case", [{"id": "1", "state": "9"}]), Case).state_text == "9"
    assert only(read("case", [row], values={"state": {"*": "suspended"}}), Case).state_text == ""


def test_the_dispatch_chain_of_a_case_is_kept_in_order_and_says_when_it_was_registered_and_closed() -> None:
    flow = [
        {"t": "2026-08-09 13:30:00", "n": "结案", "who": "张三"},
        {"t": "2026-08-09 12:10:00", "n": "3"},
        {"t": None, "n": "派遣"},
        {"t": "2026-08-09 12:30:00", "n": "局长批示", "who": 7},
        "broken",
    ]
    steps = {"rows": "flow", "at": "t", "state": "n", "actor": "who"}
    row = {"id": "1", "state": "结案", "flow": flow}
    case = only(
        read(
            "case",
            [
                row,
            ],
            steps=steps,
            values={"state": {"3": "registered"}},
        ),
        Case,
    )
    assert [(event.state, event.note, event.actor) for event in case.events] == [
        ("registered", "", ""), ("registered", "局长批示", "7"), ("closed", "", "张三"),
    ]  # fmt: skip
    assert case.registered_at == datetime(2026, 8, 9, 4, 10, tzinfo=UTC)
    assert case.closed_at == datetime(2026, 8, 9, 5, 30, tzinfo=UTC)


def test_a_device_with_several_values_is_a_sensor_with_a_datastream_and_a_reading_each() -> None:
    readings = {
        "level": {"value": "z", "unit": "m", "scale": 0.01, "thresholds": [{"level": 1, "limit": 4.5}]},
        "rain": {"value": "drp", "unit": "mm", "interval_s": 3600},
    }
    rows = [{"stcd": 7, "z": "312", "drp": None, "tm": "2026-08-09 14:00:00"}]
    mapped = read("sensor", rows, fields={"id": "stcd", "observed_at": "tm"}, readings=readings)
    sensor = only(mapped, Sensor)
    assert [(stream.id, stream.unit) for stream in sensor.datastreams] == [
        ("upstream.7.level", "m"), ("upstream.7.rain", "mm"),
    ]  # fmt: skip
    assert sensor.datastreams[0].thresholds[0].limit == 4.5
    assert [(one.datastream, one.value, one.observed_at) for one in mapped.observations] == [
        ("upstream.7.level", 3.12, NOW)
    ]
    assert (sensor.value, mapped.newest_at) == (3.12, NOW)


def test_rows_of_single_readings_are_one_sensor_and_a_later_reply_about_one_quantity_ends_no_other() -> None:
    options = {"reading_name": "item", "fields": {"id": "dev", "value": "val", "observed_at": "ts"}}
    options["readings"] = {"pm25": {"is": "a01001", "unit": "µg/m³"}}
    reader = mapping("sensor", **options)
    rows = [{"dev": "d", "item": item, "val": 3, "ts": 1786255200} for item in ("a01001", "noise")]
    first, later = only(reader.read(rows), Sensor), only(reader.read(rows[1:]), Sensor)
    assert [stream.id for stream in first.datastreams] == ["upstream.d.pm25", "upstream.d.noise"]
    assert later.datastreams == first.datastreams


def test_a_warning_of_a_level_that_nobody_knows_is_kept_and_shown_as_given() -> None:
    warning = only(read("warning", [{"id": "1", "event": "沙尘", "level": "紫色"}]), WeatherWarning)
    assert (warning.level, warning.level_text, warning.is_actual) == (WarningLevel.UNKNOWN, "紫色", True)


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ({"level": "蓝色"}, "blue"),
        ({"level": "Ⅱ"}, "orange"),
        ({"level": "2"}, "orange"),
        ({"headline": "上海中心气象台发布大风黄色预警[Ⅲ级/较重]"}, "yellow"),
        ({"severity": "Extreme"}, "red"),
    ],
)
def test_the_level_of_a_warning_is_read_from_table_word_headline_or_severity(row: dict[str, str], level: str) -> None:
    table = {"level": {"2": "orange"}}
    assert only(read("warning", [{"id": "1", **row}], values=table), WeatherWarning).level == level


def test_an_update_in_the_same_reply_takes_the_place_of_what_it_refers_to_and_an_exercise_does_not() -> None:
    rows = [
        {"id": "a"},
        {"id": "b", "message_type": "update", "references": ["a"]},
        {"id": "c"},
        {"id": "d", "message_type": "Update", "references": "x,c,2026-08-09T13:00:00+08:00", "is_actual": "Exercise"},
    ]
    warnings = [one for one in read("warning", rows).records if isinstance(one, WeatherWarning)]
    prefix = "upstream."
    assert [(one.id, one.superseded_by) for one in warnings] == [
        (f"{prefix}a", f"{prefix}b"), (f"{prefix}b", ""), (f"{prefix}c", ""), (f"{prefix}d", ""),
    ]  # fmt: skip
    assert [one.is_actual for one in warnings] == [True, True, True, False]


def test_where_a_warning_holds_is_read_from_codes_names_and_polygons() -> None:
    row = {"id": "1", "adcodes": "310113；310110", "place": "宝山区", "ring": "31.3,121.4 31.3,121.5 31.4,121.5"}
    fields = {"area_codes": "adcodes", "area_name": "place", "polygon": "ring"}
    (claim,) = only(read("warning", [row], fields=fields, position_order="lat-lon"), WeatherWarning).areas
    assert (claim.codes, claim.name) == (("310113", "310110"), "宝山区")
    assert claim.polygons == (((121.4, 31.3), (121.5, 31.3), (121.5, 31.4), (121.4, 31.3)),)


def test_addresses_of_a_camera_are_kept_below_the_sources_own_where_they_are_relative() -> None:
    options = {"media": {"snapshot": "jpg", "hls": "urls.hls"}}
    row = {"id": "1", "jpg": "/snap/1.jpg", "urls": {"hls": "http://10.0.0.8/1.m3u8"}}
    camera = only(read("camera", [row], **options), Camera)
    assert json.loads(camera.media) == {"snapshot": "http://10.0.0.7/snap/1.jpg", "hls": "http://10.0.0.8/1.m3u8"}


@pytest.mark.parametrize(("age_s", "state"), [(60, "online"), (600, "offline")])
def test_a_camera_lives_by_its_last_frame_where_that_is_told(age_s: float, state: str) -> None:
    row = {"id": "1", "state": "online", "seen_at": (NOW - timedelta(seconds=age_s)).isoformat()}
    assert only(read("camera", [row], alive_for_s=300), Camera).state == state


def test_a_camera_with_its_national_code_is_the_same_on_every_platform() -> None:
    rows = [{"id": "31011300001320000001"}, {"id": 7}]
    assert [one.id for one in read("camera", rows).records] == ["31011300001320000001", "upstream.7"]
    assert read("camera", rows, id_prefix="x.").records[0].id == "x.31011300001320000001"


def test_a_camera_with_a_status_that_nobody_knows_stays_in_the_list() -> None:
    assert only(read("camera", [{"id": "1", "state": "维护中"}]), Camera).state is DeviceState.UNKNOWN


def test_an_event_of_a_device_is_an_alarm_that_ends_by_itself_where_it_is_told_so() -> None:
    row = {"id": "e1", "label": "person", "start": 1786255200.5, "cam": "front"}
    fields = {"name": "label", "started_at": "start", "about": "join('/', ['camera', cam])"}
    alarm = only(read("alarm", [row], fields=fields), Alarm)
    assert (alarm.about, alarm.ended_at, alarm.priority) == ("camera/front", None, 3)
    assert only(read("alarm", [row], fields=fields, active_for_s=0), Alarm).ended_at == alarm.started_at
    assert read("alarm", [{"id": "e2"}]).rejected[0].reason == "no started_at"


def test_a_number_in_another_unit_is_scaled() -> None:
    row = {"id": "1", "speed_mps": "36", "positioned_at": 1786255200}
    assert only(read("officer", [row], scale={"speed_mps": 1 / 3.6}), Officer).speed_mps == 10.0


def test_rows_without_any_id_mean_a_wrong_mapping_and_not_an_empty_city() -> None:
    reader = mapping("place", fields={"id": "编号"})
    with pytest.raises(SourceDataError, match="none of 2 rows") as caught:
        require_ids(reader.read([{"a": 1}, {"a": 2}]), reader)
    assert caught.value.safe_text == "no_column:编号"
    assert require_ids(reader.read([]), reader).records == ()


def test_a_row_without_an_id_is_told_by_its_columns_but_by_nothing_that_is_nobodys_business() -> None:
    row = {"status": 1, "userPwd": "hunter2", "personName": "Ann", "video": "rtsp://a:b@10.0.0.1", "street": "长宁路"}
    (bad,) = read("alarm", [row]).rejected
    assert (bad.record_id, bad.reason) == ("status=1, street=长宁路", "no id")


def test_an_area_without_a_level_is_rejected_by_its_id() -> None:
    mapped = read("area", [{"id": "310113"}, {"id": "310114", "area_kind": "district"}])
    assert [bad.record_id for bad in mapped.rejected] == ["administrative/310113"]
    assert isinstance(mapped.records[0], Area)
