"""What the normalisers promise for any input, and for the inputs that real systems are known for."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_settings import Block

from datasources.cap.areas import polygon
from datasources.cap.normalise import Office, normalise
from datasources.contract import SourceAuthFailed, SourceDataError
from datasources.coordinates import NOWHERE, locate
from datasources.decode import decode_json, decode_text, decode_xml
from datasources.fields import LONGEST_TEXT, clean, instant, number
from datasources.formats import read_rows
from datasources.formats.features import feature_rows
from datasources.mapping import Mapped, RowMapping, read_mapping
from datasources.open311.normalise import Dialect
from datasources.open311.normalise import normalise as normalise_cases
from datasources.positions.source import FIELDS, PositionOptions
from datasources.sensorthings.normalise import Server, normalise_things
from datasources.sensorthings.readings import normalise_observations
from datasources.superseding import read_replaced, references, settled
from datasources.words.case_states import STATES, read_states
from datasources.words.warning_levels import level_of
from datasources.wvp.normalise import Platform, normalise_alarms, normalise_channels, normalise_devices
from situation.crs import from_wgs84
from situation.records import Area, CaseState, DeviceState, Officer, PlacedRecord, WarningLevel

PLATFORM = Platform(key="p", department="police", crs="wgs84", zone="Asia/Shanghai")
SERVER = Server(key="s", department="water", crs="wgs84", zone="Asia/Shanghai")
DIALECT = Dialect(key="c", department="city", crs="wgs84", zone="Asia/Shanghai", states=STATES)
OFFICE = Office(key="w", department="meteorology", crs="wgs84", zone="Asia/Shanghai")
NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
CODE = "31011310001320000001"

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def rows_of(*names: str) -> st.SearchStrategy[list[Any]]:
    """Rows with known field names and any values, and things that are no rows."""
    return st.lists(st.dictionaries(st.sampled_from(names), anything, max_size=len(names)) | anything, max_size=4)


def read_features(features: list[Any], mapping: RowMapping) -> Mapped:
    geometries = [feature.get("geometry") if isinstance(feature, dict) else None for feature in features]
    return mapping.read(feature_rows(features), geometries)


def assert_fit_for_the_wall(records: list[Any]) -> None:
    for record in records:
        assert record.id
        assert len(record.name) <= LONGEST_TEXT
        if isinstance(record, PlacedRecord):
            assert (record.lon is None) == (record.lat is None)
            assert record.lon is None or -180 <= record.lon <= 180
            assert record.lat is None or -90 <= record.lat <= 90


@given(rows_of("gbDeviceId", "gbName", "gbStatus", "gbLongitude", "gbLatitude", "gbPtzType", "keepaliveTime", "id"))
@settings(max_examples=150)
def test_any_wvp_rows_become_records_or_rejections(rows: list[Any]) -> None:
    devices = normalise_devices(rows, PLATFORM)
    cameras, rejected = normalise_channels(rows, devices, PLATFORM, NOW)
    assert len(cameras) + len(rejected) == len(rows)
    assert_fit_for_the_wall(cameras)
    alarms, refused = normalise_alarms(rows, {}, PLATFORM, NOW)
    assert len(alarms) + len(refused) == len(rows)


@given(rows_of("@iot.id", "name", "properties", "Locations", "Datastreams", "phenomenonTime", "result", "Datastream"))
@settings(max_examples=150)
def test_any_sensorthings_rows_become_records_or_rejections(rows: list[Any]) -> None:
    sensors, _, rejected = normalise_things(rows, SERVER, NOW)
    assert len(sensors) + len(rejected) == len(rows)
    assert_fit_for_the_wall(sensors)
    normalise_observations(rows, SERVER.key, SERVER.zone)


@given(rows_of("service_request_id", "status", "requested_datetime", "lat", "long", "extended_attributes"))
@settings(max_examples=150)
def test_any_open311_rows_become_records_or_rejections(rows: list[Any]) -> None:
    cases, rejected = normalise_cases(rows, DIALECT)
    assert len(cases) + len(rejected) == len(rows)
    assert_fit_for_the_wall(cases)


@given(rows_of(*FIELDS.values()))
@settings(max_examples=150)
def test_any_position_rows_become_records_or_rejections(rows: list[Any]) -> None:
    mapped = read_mapping(Block("positions"), "bd09", PositionOptions()).read(rows)
    assert len(mapped.records) + len(mapped.rejected) == len(rows)
    assert_fit_for_the_wall(list(mapped.records))


def test_speeds_of_officers_are_metres_a_second_and_their_fields_may_have_other_names() -> None:
    options = PositionOptions(fields={"id": "badge"})
    (officer,) = read_mapping(Block("positions"), "wgs84", options).read([{"badge": 7, "speed": "36"}]).records
    assert isinstance(officer, Officer)
    assert (officer.id, officer.speed_mps) == ("upstream.7", 10.0)


@given(rows_of("type", "geometry", "properties", "id"))
@settings(max_examples=150)
def test_any_features_become_records_or_rejections(rows: list[Any]) -> None:
    for record in ("place", "area"):
        mapping = read_mapping(Block("geojson", options={"record": record}), "wgs84")
        mapped = read_features(rows, mapping)
        assert len(mapped.records) + len(mapped.rejected) == len(rows)


@given(st.text())
def test_text_is_inert_and_short(value: str) -> None:
    shown = clean(value * 50)
    assert len(shown) <= LONGEST_TEXT
    assert not set(shown) & set("\x00\x07\x1b\u202e\u202d\u2066\u200f\ufeff")


def test_ordinary_text_stays_as_it_is() -> None:
    assert clean("蕰川路\t积水\n<script>") == "蕰川路\t积水\n<script>"


@given(scalars)
def test_any_value_is_a_time_in_utc_or_none(value: Any) -> None:
    at = instant(value)
    assert at is None or at.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        "2026-08-09T06:00:00Z",
        "2026-08-09T06:00:00-00:00",
        "2026-08-09T14:00:00+08:00",
        "2026-08-09T08:00:00.000000+02:00",
        "2026-08-09 14:00:00",
        "2026/8/9 14:00",
        "2026年8月9日 14:00:00",
        "Sun, 09 Aug 2026 06:00:00 +0000",
        1786255200,
        1786255200000,
        "1786255200000",
    ],
)
def test_times_of_all_kinds_mean_the_same_moment(value: Any) -> None:
    assert instant(value, "Asia/Shanghai") == NOW


@pytest.mark.parametrize("value", ["", "soon", None, True, float("nan"), "0000-00-00 00:00:00", "99999999999999999999"])
def test_what_is_no_time_is_unknown(value: Any) -> None:
    assert instant(value) is None


@pytest.mark.parametrize("value", ["NaN", "inf", "", None, True, [], "12,5"])
def test_what_is_no_number_is_unknown_and_never_zero(value: Any) -> None:
    assert number(value) is None


@pytest.mark.parametrize(
    ("lon", "lat"), [(0.0, 0.0), (0.03, 0.0), (None, 31.0), (200.0, 31.0), (float("nan"), 31.0), (120.0, 300.0)]
)
def test_position_that_is_none_is_unknown(lon: float | None, lat: float | None) -> None:
    assert locate([lon], [lat]) == [NOWHERE]


def test_swapped_position_is_turned_round() -> None:
    assert locate([31.4], [121.48]) == [(121.48, 31.4)]


def test_position_far_from_all_others_is_unknown() -> None:
    places = locate([121.4] * 20 + [2.35], [31.4] * 20 + [48.85])
    assert places[-1] == NOWHERE
    assert NOWHERE not in places[:-1]


@given(st.lists(st.tuples(st.floats(120.9, 122), st.floats(30.7, 31.9)), min_size=1, max_size=20))
@settings(max_examples=50)
def test_every_record_is_converted_from_its_own_coordinate_system(places: list[tuple[float, float]]) -> None:
    systems = [("wgs84", "gcj02", "bd09")[index % 3] for index in range(len(places))]
    given_as = [
        [float(part[0]) for part in from_wgs84(crs, [lon], [lat])]
        for crs, (lon, lat) in zip(systems, places, strict=True)
    ]
    found = locate([lon for lon, _ in given_as], [lat for _, lat in given_as], systems)
    for (lon, lat), (x, y) in zip(places, found, strict=True):
        assert (x, y) == (pytest.approx(lon, abs=2e-8), pytest.approx(lat, abs=2e-8))


@pytest.mark.parametrize(
    ("status", "age_s", "state"),
    [
        ("ON", 60, DeviceState.ONLINE),
        ("ON", 179, DeviceState.ONLINE),
        ("ON", 181, DeviceState.OFFLINE),
        ("OFF", 10, DeviceState.OFFLINE),
        ("ON", None, DeviceState.UNKNOWN),
        ("ON", -3600, DeviceState.UNKNOWN),
    ],
)
def test_camera_lives_by_keepalives_whatever_its_status_says(
    status: str, age_s: int | None, state: DeviceState
) -> None:
    device: dict[str, Any] = {"id": 7, "deviceId": "d", "heartBeatInterval": 60, "heartBeatCount": 3}
    if age_s is not None:
        device["keepaliveTimeStamp"] = int((NOW - timedelta(seconds=age_s)).timestamp() * 1000)
    row = {"gbDeviceId": CODE, "gbStatus": status, "dataDeviceId": 7}
    cameras, _ = normalise_channels([row], normalise_devices([device], PLATFORM), PLATFORM, NOW)
    assert cameras[0].state is state
    assert cameras[0].id == CODE


@pytest.mark.parametrize("data_type", [2, 3])
def test_pushed_and_pulled_streams_do_not_live_by_the_keepalives_of_a_device_of_the_same_number(data_type: int) -> None:
    device = {"id": 7, "deviceId": "31011300002000000001", "keepaliveTime": "2026-08-09 13:59:50"}
    row = {"gbDeviceId": CODE, "gbStatus": "ON", "dataType": data_type, "dataDeviceId": 7}
    cameras, _ = normalise_channels([row], normalise_devices([device], PLATFORM), PLATFORM, NOW)
    assert cameras[0].state is DeviceState.UNKNOWN
    assert cameras[0].media == f"{CODE}/{CODE}"


@pytest.mark.parametrize(("data_type", "media"), [(1, f"{CODE}/{CODE}"), (2, "common/41"), (3, "common/41")])
def test_a_stream_without_a_device_is_looked_at_by_its_own_number(data_type: int, media: str) -> None:
    row = {"gbId": 41, "gbDeviceId": CODE, "dataType": data_type, "dataDeviceId": 7}
    cameras, _ = normalise_channels([row], {}, PLATFORM, NOW)
    assert cameras[0].media == media


def test_camera_stands_where_its_device_says_in_the_system_of_its_device() -> None:
    device = {"id": 7, "deviceId": "d", "geoCoordSys": "GCJ02"}
    row = {"gbDeviceId": CODE, "dataDeviceId": 7, "gbLongitude": 121.531541859215, "gbLatitude": 31.17530398364597}
    cameras, _ = normalise_channels([row], normalise_devices([device], PLATFORM), PLATFORM, NOW)
    assert (cameras[0].lon, cameras[0].lat) == (pytest.approx(121.5272106), pytest.approx(31.1774276))


def test_video_alarm_is_over_after_a_while() -> None:
    row = {"id": 1, "channelDeviceId": CODE, "alarmTime": int(NOW.timestamp() * 1000)}
    active, _ = normalise_alarms([row], {}, PLATFORM, NOW + timedelta(minutes=9))
    ended, _ = normalise_alarms([row], {}, PLATFORM, NOW + timedelta(minutes=11))
    assert (active[0].ended_at, ended[0].ended_at) == (None, NOW + timedelta(minutes=10))
    assert active[0].about == f"camera/{CODE}"


def test_case_of_a_system_with_only_open_and_closed() -> None:
    row = {"service_request_id": 17, "status": "open", "requested_datetime": "2026-08-09T13:00:00+08:00"}
    closed = row | {"service_request_id": "18", "status": "closed", "updated_datetime": "2026-08-09T13:30:00+08:00"}
    cases, _ = normalise_cases([row, closed], DIALECT)
    assert [case.state for case in cases] == [CaseState.REGISTERED, CaseState.CLOSED]
    assert cases[0].registered_at == cases[0].reported_at
    assert cases[1].closed_at == datetime(2026, 8, 9, 5, 30, tzinfo=UTC)
    assert cases[0].id == "c.17"


def test_words_of_an_upstream_never_contradict_its_plain_status() -> None:
    row = {
        "service_request_id": "1",
        "status": "closed",
        "requested_datetime": "2026-08-09T13:00:00+08:00",
        "extended_attributes": {"detailed_status": "处置"},
    }
    assert normalise_cases([row], DIALECT)[0][0].state is CaseState.CLOSED


def test_unknown_word_for_a_task_stays_visible() -> None:
    task = {"task_type": "送宇宙", "task_created": "2026-08-09T13:10:00+08:00"}
    row = {
        "service_request_id": "1",
        "status": "open",
        "requested_datetime": "2026-08-09T13:00:00+08:00",
        "extended_attributes": {"tasks": [task]},
    }
    assert normalise_cases([row], DIALECT)[0][0].events[0].note == "送宇宙"


def test_wrong_state_in_the_settings_names_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"sources\.c\.options\.states\.派遣.*allowed.*dispatched"):
        read_states("c", {"派遣": "sent"})


def alert(identifier: str, kind: str = "Alert", status: str = "Actual", refers: str = "", hour: int = 1) -> Element:
    return decode_xml(
        f"<alert><identifier>{identifier}</identifier><sender>qx</sender><sent>2026-08-09T0{hour}:00:00+08:00</sent>"
        f"<status>{status}</status><msgType>{kind}</msgType><references>{refers}</references>"
        "<info><event>暴雨黄色预警</event></info></alert>".encode()
    )


def test_update_takes_the_place_of_its_alert_though_the_times_are_written_differently() -> None:
    update = alert("b", "Update", refers="qx,a,2026-08-08T17:00:00-00:00", hour=2)
    warnings = settled(normalise(one, OFFICE)[0] for one in (alert("a"), update)).warnings
    assert {warning.id: warning.superseded_by for warning in warnings} == {"a": "b", "b": ""}


def test_exercise_takes_no_real_warning_off_the_wall() -> None:
    exercise = alert("b", "Cancel", status="Exercise", refers="qx,a,2026-08-09T01:00:00+08:00", hour=2)
    warnings = settled(normalise(one, OFFICE)[0] for one in (alert("a"), exercise)).warnings
    assert {warning.id: (warning.superseded_by, warning.is_actual) for warning in warnings} == {
        "a": ("", True),
        "b": ("", False),
    }


def test_what_a_cancel_ended_stays_ended_when_the_feed_drops_the_cancel_and_goes_on_listing_it() -> None:
    cancel = alert("b", "Cancel", refers="qx,a,2026-08-09T01:00:00+08:00", hour=2)
    first = settled(normalise(one, OFFICE)[0] for one in (alert("a"), cancel))
    later = settled([*normalise(alert("a"), OFFICE)], first.replaced)
    assert [warning.superseded_by for warning in later.warnings] == ["b"]
    assert {name: one.by for name, one in later.replaced.items()} == {"a": "b"}


def test_identifier_that_comes_back_later_is_another_warning() -> None:
    cancel = alert("b", "Cancel", refers="qx,a,2026-08-09T01:00:00+08:00", hour=2)
    first = settled(normalise(one, OFFICE)[0] for one in (alert("a"), cancel))
    known = read_replaced(json.loads(json.dumps(first.replaced_cursor())))
    assert known == first.replaced
    again = settled([*normalise(alert("a", hour=3), OFFICE)], known)
    assert [warning.superseded_by for warning in again.warnings] == [""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("qx,a,2026-08-09T01:00:00+08:00", ("a",)), ("a", ("a",)), ("qx,a,t qx,b,t", ("a", "b")), ("", ())],
)
def test_references_are_identifiers(text: str, expected: tuple[str, ...]) -> None:
    assert references(text) == expected


@pytest.mark.parametrize(
    ("event", "headline", "severity", "level", "given_as"),
    [
        ("暴雨橙色预警", "", "Moderate", WarningLevel.ORANGE, "橙色"),
        ("", "宝山区气象台发布雷电黄色预警[Ⅲ级/较重]", "", WarningLevel.YELLOW, "黄色 Ⅲ级/较重"),
        ("", "暴雨黄色预警升级为橙色预警", "", WarningLevel.ORANGE, "橙色"),
        ("Red Flag Warning", "", "Severe", WarningLevel.ORANGE, "Severe"),
        ("暴雨紫色预警", "", "Weird", WarningLevel.UNKNOWN, "Weird"),
    ],
)
def test_level_comes_from_words_and_then_from_severity(
    event: str, headline: str, severity: str, level: WarningLevel, given_as: str
) -> None:
    assert level_of(event, headline, [], severity) == (level, given_as)


def test_polygon_of_cap_is_turned_into_lon_lat_and_closed() -> None:
    assert polygon("31.0,121.0 31.0,122.0 32.0,122.0") == ((121.0, 31.0), (122.0, 31.0), (122.0, 32.0), (121.0, 31.0))


def test_sensor_is_judged_by_its_readings() -> None:
    stream = {
        "@iot.id": "d",
        "properties": {"interval_s": 60, "thresholds": [{"level": 2, "limit": 15}, {"level": 1, "limit": 25}]},
        "Observations": [{"phenomenonTime": "2026-08-09T05:50:00Z", "result": "26.5"}],
    }
    late, crossed = NOW, NOW - timedelta(minutes=6)
    things = [{"@iot.id": 3, "Datastreams": [stream]}]
    sensors, observations, _ = normalise_things(things, SERVER, late)
    assert (sensors[0].state, sensors[0].level, sensors[0].value) == (DeviceState.OFFLINE, 1, 26.5)
    assert observations[0].datastream == "s.d"
    assert normalise_things(things, SERVER, crossed)[0][0].state is DeviceState.ONLINE


@pytest.mark.parametrize(("given", "share"), [(87, 0.87), ("42.4", 0.42), (101, None), (-3, None), ("low", None)])
def test_a_battery_is_a_share_and_nonsense_is_unknown(given: object, share: float | None) -> None:
    (found,), _, _ = normalise_things([{"@iot.id": 3, "properties": {"battery": given}}], SERVER, NOW)
    assert found.battery == share


def test_areas_know_their_ancestors_and_lie_in_wgs84() -> None:
    lon, lat = from_wgs84("gcj02", [121.4], [31.4])
    ring = [[float(lon[0]), float(lat[0])]] * 4
    rows = [
        {
            "properties": {"code": code, "kind": kind, "parent": parent, "name": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for code, kind, parent in (
            ("310113", "district", ""),
            ("310113003", "street", "310113"),
            ("310113003001", "community", "310113003"),
        )
    ]
    options = {"record": "area", "fields": {"id": "code", "area_kind": "kind"}}
    mapped = read_features(rows, read_mapping(Block("geojson", options=options), "gcj02"))
    assert mapped.rejected == ()
    community = mapped.records[-1]
    assert isinstance(community, Area)
    assert community.parents == ("310113003", "310113")
    assert community.id == "administrative/310113003001"
    assert "[121.4,31.4]" in community.geometry


def test_mapping_with_an_unknown_field_names_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"options\.fields\.nmae: is no field of this record; did you mean name\?"):
        read_mapping(Block("table", options={"fields": {"nmae": "名称"}}), "wgs84")


def test_refusal_inside_a_good_reply_is_an_authentication_failure() -> None:
    with pytest.raises(SourceAuthFailed):
        read_rows('{"code": 401, "msg": "请登录"}'.encode(), PositionOptions())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_whatever_its_encoding(encoding: str) -> None:
    assert decode_text("蕰藻浜，水位 3.2 米".encode(encoding)).endswith("水位 3.2 米")


def test_json_with_nan_and_byte_order_mark_is_read() -> None:
    assert decode_json('\ufeff{"a": NaN, "b": "水"}'.encode())["b"] == "水"


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        b"<x>",
        b"",
        b"<html><body>502</body></html>",
    ],
)
def test_xml_that_is_none_or_dangerous_is_a_data_error(body: bytes) -> None:
    with pytest.raises(SourceDataError):
        decode_xml(body)


def test_xml_in_gb2312_is_read() -> None:
    root = decode_xml('<?xml version="1.0" encoding="GB2312"?><a>暴雨</a>'.encode("gb2312"))
    assert root.text == "暴雨"


def test_areas_that_name_all_their_parents_keep_them() -> None:
    properties = {"code": "310113003001001", "kind": "grid", "parents": ["310113003001", "310113003"]}
    options = {"record": "area", "fields": {"id": "code", "area_kind": "kind"}}
    mapping = read_mapping(Block("geojson", options=options), "wgs84")
    mapped = read_features([{"properties": properties, "geometry": None}], mapping)
    assert mapped.rejected == ()
    assert [area.parents for area in mapped.records if isinstance(area, Area)] == [("310113003001", "310113003")]


def test_a_bad_row_is_rejected_by_the_id_its_record_has_so_that_it_is_not_taken_for_gone() -> None:
    place = read_mapping(Block("geojson", options={"record": "place", "values": {}}), "wgs84")
    area = read_mapping(Block("geojson", options={"record": "area"}), "wgs84")
    bad_area = {"type": "Feature", "properties": {"id": "310113", "name": "宝山区"}, "geometry": None}
    assert [bad.record_id for bad in read_features([bad_area], area).rejected] == ["administrative/310113"]
    assert place.read([{"id": "7"}]).records[0].id == "upstream.7"
    _, _, refused = normalise_things([{"@iot.id": 7, "Datastreams": ["broken"]}], SERVER, NOW)
    assert [bad.record_id for bad in refused] == ["s.7"]


@pytest.mark.parametrize(("given", "kept"), [("CANCEL", "Cancel"), ("update", "Update"), ("", "Alert")])
def test_the_type_of_a_message_is_known_however_it_is_written(given: str, kept: str) -> None:
    text = f"""<alert><identifier>1</identifier><sent>2026-08-09T14:00:00+08:00</sent><status>Actual</status>
    <msgType>{given}</msgType><info><event>暴雨</event></info></alert>"""
    assert normalise(decode_xml(text.encode()), OFFICE)[0].message_type == kept


def test_a_number_that_no_store_can_hold_costs_its_record_only() -> None:
    mapping = read_mapping(Block("table", options={"record": "area", "constants": {"area_kind": "street"}}), "wgs84")
    mapped = mapping.read([{"id": "1", "population": "1e300"}, {"id": "2", "population": "17"}])
    assert [area.id for area in mapped.records] == ["administrative/2"]
    assert [bad.record_id for bad in mapped.rejected] == ["administrative/1"]
