"""The generic mapping on what real systems really said: options alone, no code."""

from __future__ import annotations

import json
import math
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from source_settings import Block

from datasources.formats import FormOptions, read_rows
from datasources.mapping import Mapped, read_mapping
from situation.records import Alarm, Camera, Case, Place, Sensor, WeatherWarning

pytestmark = pytest.mark.shared_data
NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)


def read(path: Path, options: str, crs: str = "wgs84") -> Mapped:
    """What a file comes to by options as they stand in a settings file."""
    told = tomllib.loads(options)
    form = FormOptions(**{name: value for name, value in told.items() if name in FormOptions.model_fields})
    mapping_options = {name: value for name, value in told.items() if name not in FormOptions.model_fields}
    mapping = read_mapping(Block("rest", url="http://10.0.0.7/", options=mapping_options), crs)
    rows = read_rows(path.read_bytes(), form)
    return mapping.read(rows.rows, rows.geometries, now=NOW)


def test_cameras_of_four_cities_are_listed_with_what_can_be_looked_at(shared_data: Path) -> None:
    mapped = read(
        shared_data / "cameras" / "pig-observer-4-cities.json",
        """
        record = "camera"
        fields = { id = "join('.', [city, id])", name = "name" }
        media = { snapshot = "url", hls = "stream" }
        """,
    )
    cameras = [one for one in mapped.records if isinstance(one, Camera)]
    assert (len(cameras), mapped.rejected) == (3715, ())
    found = Counter(tuple(sorted(json.loads(camera.media))) for camera in cameras)
    assert sum(found.values()) == 3715
    assert found["hls",] >= 1300
    relative = next(camera for camera in cameras if camera.id == "upstream.atlanta.cctv_4946")
    assert json.loads(relative.media)["hls"].startswith("http://10.0.0.7/georgiavss2/")


HONG_KONG = """
format = "csv"
record = "camera"
fields = { id = "key", name = "description", lat = "latitude", lon = "longitude" }
media = { snapshot = "url" }
"""


def test_a_table_with_a_byte_order_mark_has_its_first_column(shared_data: Path) -> None:
    mapped = read(shared_data / "cameras" / "hk-traffic-cameras.csv", HONG_KONG)
    assert (len(mapped.records), mapped.rejected) == (210, ())


def test_a_citys_own_plane_fits_once_its_false_coordinates_are_measured_at_known_points(shared_data: Path) -> None:
    """Hong Kong's grid lies on another ellipsoid and datum; its false coordinates take up nearly all of that."""
    plane = """
    [plane]
    origin_lon = 114.1785556
    origin_lat = 22.3121333
    false_easting_m = 836441.18
    false_northing_m = 819239.29
    """
    easting = HONG_KONG.replace('"latitude"', '"northing"').replace('"longitude"', '"easting"')
    path = shared_data / "cameras" / "hk-traffic-cameras.csv"
    told, meant = read(path, easting + plane).records, read(path, HONG_KONG).records
    off = [metres(one, other) for one, other in zip(told, meant, strict=True)]
    assert sorted(off)[len(off) // 2] < 1
    assert sum(each > 5 for each in off) <= 3  # which the table itself has in two places


def metres(one: object, other: object) -> float:
    assert isinstance(one, Camera)
    assert isinstance(other, Camera)
    if None in (one.lon, one.lat, other.lon, other.lat):
        return math.inf
    east = (one.lon - other.lon) * math.cos(math.radians(other.lat))
    return math.hypot(east, one.lat - other.lat) * 111_320


def test_every_warning_of_a_country_is_kept_also_those_without_a_colour(shared_data: Path) -> None:
    mapped = read(
        shared_data / "warnings" / "china" / "cma-effective-2026-07-31-07Z.json",
        """
        rows = "warnings"
        rows_by_key = true
        record = "warning"
        fields.id = "join('-', [\\"@key\\", type, issued])"
        fields.event = "type"
        fields.level = "color"
        fields.sent_at = "issued"
        fields.expires_at = "expires"
        fields.area_codes = '"@key"'
        fields.area_name = "name"
        """,
    )
    warnings = [one for one in mapped.records if isinstance(one, WeatherWarning)]
    assert mapped.rejected == ()
    assert len(warnings) >= 1200  # some are listed twice
    here = [one for one in warnings if "310113" in one.areas[0].codes]
    assert len(here) == 3
    assert Counter(one.level for one in here) == {"orange": 1, "blue": 1, "yellow": 1}
    assert sum(one.level == "unknown" for one in warnings) >= 30
    assert mapped.newest_at is not None
    assert mapped.newest_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("name", "options", "level"),
    [
        (
            "getWarningNow-zh.json",
            """
            rows = "warning"
            ok = { path = "code", equals = 200, auth = [401, 402, 403] }
            fields.event = "typeName"
            fields.headline = "title"
            fields.description = "text"
            fields.level = "severityColor"
            fields.sent_at = "pubTime"
            fields.onset_at = "startTime"
            fields.expires_at = "endTime"
            fields.references = "related"
            """,
            "Ⅳ级/一般",
        ),
        (
            "getWeatherAlertCurrent-zh.json",
            """
            rows = "alerts"
            fields.event = "eventType.name"
            fields.level = "color.code"
            fields.sender = "senderName"
            fields.sent_at = "issuedTime"
            fields.onset_at = "onsetTime"
            fields.expires_at = "expireTime"
            fields.message_type = "messageType.code"
            fields.references = "messageType.supersedes"
            """,
            "blue",
        ),
    ],
)
def test_both_shapes_of_a_weather_service_are_read(shared_data: Path, name: str, options: str, level: str) -> None:
    path = shared_data / "warnings" / "qweather" / name
    (warning,) = read(path, 'record = "warning"\nid_prefix = ""\n' + options).records
    assert isinstance(warning, WeatherWarning)
    assert (warning.level, warning.event, warning.is_actual) == ("blue", "大风", True)
    assert warning.expires_at is not None
    assert warning.headline
    if "supersedes" in options:
        assert (warning.message_type, warning.references) == ("Update", ("202510181140100706230391",))


def test_alerts_without_a_geometry_are_listed(shared_data: Path) -> None:
    mapped = read(
        shared_data / "warnings" / "nws" / "alerts_active_zone_second.json",
        """
        format = "geojson"
        record = "warning"
        fields.sent_at = "sent"
        fields.onset_at = "onset"
        fields.expires_at = "expires"
        fields.is_actual = "status"
        fields.message_type = "messageType"
        fields.area_name = "areaDesc"
        fields.area_codes = "geocode.UGC"
        """,
    )
    warnings = [one for one in mapped.records if isinstance(one, WeatherWarning)]
    assert len(warnings) == 2
    assert all(one.areas[0].codes and not one.areas[0].polygons and one.sent_at for one in warnings)


def test_events_of_an_ai_camera_are_alarms_with_their_end(shared_data: Path) -> None:
    mapped = read(
        shared_data / "cameras" / "frigate" / "events_front_door.json",
        """
        record = "alarm"
        fields.name = "label"
        fields.started_at = "start_time"
        fields.ended_at = "end_time"
        fields.about = "join('/', ['camera', camera])"
        fields.value = "data.top_score"
        values = { name = { person = "有人" } }
        """,
    )
    alarms = [one for one in mapped.records if isinstance(one, Alarm)]
    assert (len(alarms), mapped.rejected) == (50, ())
    assert all(one.about == "camera/front_door" and one.ended_at and one.started_at for one in alarms)
    assert any(one.name == "有人" for one in alarms)


def test_streams_by_name_are_cameras(shared_data: Path) -> None:
    mapped = read(
        shared_data / "cameras" / "go2rtc" / "streams_whip_producer.json",
        """
        rows = "@"
        rows_by_key = true
        record = "camera"
        fields = { id = '"@key"', state = "length(producers[?bytes_recv > `0`])" }
        values = { state = { "0" = "offline", "*" = "online" } }
        """,
    )
    (camera,) = mapped.records
    assert isinstance(camera, Camera)
    assert (camera.id, camera.state) == ("upstream.camera.kiosk_tablet", "online")


def test_reports_of_stations_are_sensors_with_readings_in_our_units(shared_data: Path) -> None:
    mapped = read(
        shared_data / "sensors" / "metar-yangtze-delta-2026.csv",
        """
        format = "csv"
        record = "sensor"
        fields = { id = "station", observed_at = "time" }
        constants = { sensor_kind = "wind" }
        [readings.wind]
        value = "wind_speed_kt"
        scale = 0.514444
        unit = "m/s"
        [readings.gust]
        value = "gust_kt"
        scale = 0.514444
        unit = "m/s"
        [readings.direction]
        value = "wind_dir_deg"
        unit = "°"
        """,
    )
    sensors = [one for one in mapped.records if isinstance(one, Sensor)]
    assert sorted(one.id for one in sensors) == ["upstream.ZSHC", "upstream.ZSNB", "upstream.ZSNJ", "upstream.ZSSS"]
    gusts = [one.value for one in mapped.observations if one.datastream.endswith(".gust")]
    assert max(gusts) == pytest.approx(47 * 0.514444, abs=1e-3)
    assert not [one for one in mapped.observations if one.datastream.endswith(".direction") and one.value != one.value]


def test_two_years_of_a_citys_reports_are_cases(shared_data: Path) -> None:
    mapped = read(
        shared_data / "cases" / "helsinki-open311-requests.json",
        """
        record = "case"
        fields.id = "service_request_id"
        fields.state = "status"
        fields.subcategory = "service_code"
        fields.lon = "long"
        fields.department = "agency_responsible"
        fields.name = "extended_attributes.title"
        fields.reported_at = "requested_datetime"
        fields.updated_at = "updated_datetime"
        fields.due_at = "expected_datetime"
        """,
    )
    cases = [one for one in mapped.records if isinstance(one, Case)]
    assert (len(cases), mapped.rejected) == (1380, ())
    assert Counter(one.state for one in cases) == {"closed": 1359, "registered": 21}
    assert sum(one.lon is None for one in cases) >= 26
    assert sum(one.closed_at > one.due_at for one in cases if one.closed_at and one.due_at) >= 350


def test_outlines_of_districts_are_areas_in_either_system(shared_data: Path) -> None:
    mapped = read(
        shared_data / "geography" / "shanghai-districts-tianditu-wgs84.geojson",
        """
        format = "geojson"
        record = "place"
        fields = { id = "gb" }
        """,
    )
    assert len(mapped.records) == 16
    assert all(isinstance(one, Place) and one.lon and 120 < one.lon < 123 for one in mapped.records)
