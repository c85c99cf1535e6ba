"""`python -m datasources new`: systems nobody has told it of. What it can't know it must not guess in silence."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fake_upstream import Faulty, Upstream
from newcomer import DISTRICT, Newcomer

from datasources.__main__ import main

AT = "2026-08-09 08:50:00"
Connect = Callable[[Any], tuple[str, dict[str, Any]]]


@pytest.fixture
def connect(newcomer: Newcomer) -> Connect:
    return newcomer.connect


def test_columns_by_the_first_letters_of_their_pinyin_are_known(connect: Connect) -> None:
    rows = [
        {"sbbh": f"YJ{n}", "sbmc": f"下立交{n}", "jd": "121.40", "wd": "31.21", "zt": "1", "jsh": f"{n}", "cjsj": AT,
         "lxr": "张三", "lxdh": f"1381234567{n}"}
        for n in range(9)
    ]  # fmt: skip
    text, source = connect({"code": 200, "data": {"list": rows}})
    options = source["options"]
    assert options["fields"] == {"id": "sbbh", "lon": "jd", "lat": "wd", "name": "sbmc", "observed_at": "cjsj"}
    assert list(options["readings"]) == ["jsh"]
    assert "13812345670" not in text


def test_a_digit_for_a_state_is_a_question(connect: Connect) -> None:
    rows = [{"id": n, "cameraName": f"路口{n}", "status": str(n % 2), "url": f"rtsp://10.0.0.1/{n}"} for n in range(6)]
    text, source = connect(rows)
    assert not source["options"].get("values", {}).get("state")
    assert "1 is good in some systems, 0 in others" in text
    sure = [{"isOnline": row.pop("status"), **row} for row in rows]
    assert connect(sure)[1]["options"]["values"]["state"] == {"1": "online", "0": "offline"}


def test_words_of_several_words_are_known_too(connect: Connect) -> None:
    rows = [{"unique_key": n, "complaint_type": "Noise", "status": "In Progress"} for n in range(6)]
    assert connect(rows)[1]["options"]["values"]["state"] == {"In Progress": "in_progress"}


def test_rows_that_are_single_readings_are_read_by_quantity(connect: Connect) -> None:
    rows = [
        {
            "stationCode": f"S{k}",
            "stationName": f"站{k}",
            "paramName": name,
            "value": k + 0.5,
            "unit": unit,
            "time": AT,
        }
        for k in range(4)
        for name, unit in (("PM2.5", "µg/m³"), ("气温", "℃"))
    ]
    text, source = connect({"data": rows})
    options = source["options"]
    assert (options["reading_name"], options["fields"]["id"]) == ("paramName", "stationCode")
    assert options["readings"] == {"PM2.5": {"unit": "µg/m³"}, "气温": {"unit": "℃"}}
    assert "4 sensor + 8 readings" in text


def test_several_rows_of_one_sensor_and_time_are_doubted(connect: Connect) -> None:
    rows = [{"station": f"S{n % 3}", "time": AT, "level": n, "was": n} for n in range(9)]
    assert "! several rows tell of one sensor and time" in connect(rows)[0]


def test_what_lies_in_lists_of_one_is_found(connect: Connect) -> None:
    """As the water services of the USGS nest it (WaterML as JSON)."""
    rows = [
        {
            "sourceInfo": {
                "siteName": f"Gauge {n}",
                "siteCode": [{"value": f"0164650{n}"}],
                "geoLocation": {"geogLocation": {"latitude": 31.21, "longitude": 121.4}},
            },
            "variable": {"variableCode": [{"value": code}], "unit": {"unitCode": unit}},
            "values": [{"value": [{"value": "2.31", "dateTime": "2026-08-09T08:50:00+08:00"}]}],
        }
        for n in range(2)
        for code, unit in (("00060", "ft3/s"), ("00065", "ft"))
    ]
    notes = [{"value": "a", "title": str(n)} for n in range(9)]
    text, source = connect({"value": {"queryInfo": {"note": notes}, "timeSeries": rows}})
    assert source["options"]["rows"] == "value.timeSeries"
    assert "2 sensor + 4 readings" in text


def test_times_of_making_are_no_times_of_reading(connect: Connect) -> None:
    rows = [
        {"deviceId": f"d{n}", "name": f"d{n}", "createdTime": 1795850000000 + n, "temperature": 20.5} for n in range(5)
    ]
    assert "observed_at" not in connect(rows)[1]["options"]["fields"]


def test_flags_capacities_and_epochs_are_no_readings(connect: Connect) -> None:
    """As a status file of GBFS."""
    rows = [
        {
            "station_id": f"s{n}",
            "num_bikes_available": n,
            "is_renting": 1,
            "capacity": 20,
            "last_reported": 1795850000 + n,
        }
        for n in range(9)
    ]
    options = connect({"data": {"stations": rows}})[1]["options"]
    assert list(options["readings"]) == ["num_bikes_available"]
    assert options["fields"]["observed_at"] == "last_reported"


def test_stations_that_measure_nothing_are_places(connect: Connect) -> None:
    rows = [{"station_id": f"s{n}", "name": f"s {n}", "lat": 31.2, "lon": 121.4, "capacity": 20} for n in range(9)]
    assert connect({"data": {"stations": rows}})[1]["options"]["record"] == "place"


def test_a_name_that_all_share_is_none_and_names_are_a_doubtful_id(connect: Connect) -> None:
    rows = [{"clientid": f"pump-{n}", "proto_name": "MQTT"} for n in range(9)]
    assert connect({"data": rows})[1]["options"]["fields"]["name"] == "clientid"
    text, source = connect([{"名称": f"泵站{n}", "经度": 121.4, "纬度": 31.2} for n in range(9)])
    assert source["options"]["fields"]["id"] == "名称"
    assert "! no id was found but the name" in text


def test_an_id_that_a_few_rows_share_is_taken_and_doubted(connect: Connect) -> None:
    rows = [{"id": min(n, 28), "kind": "x", "lat": 31.2, "lon": 121.4} for n in range(30)]
    text, source = connect({"rows": rows})
    assert source["options"]["fields"]["id"] == "id"
    assert "! some rows have the same id" in text


def test_an_id_that_only_numbers_rows_is_taken_last_and_doubted(connect: Connect) -> None:
    rows = [{"_id": n, "AED_ID": f"A{n}", "lat": 31.2, "lon": 121.4} for n in range(9)]
    assert connect({"records": rows})[1]["options"]["fields"]["id"] == "AED_ID"
    rows = [{"OBJECTID": n, "lat": 31.2, "lon": 121.4} for n in range(9)]
    assert "! the id only numbers the rows" in connect({"records": rows})[0]


@pytest.mark.parametrize(
    "document",
    [
        {"results": [{"series": [{"name": "w", "columns": ["time", "station", "level_m"], "values": "rows"}]}]},
        {"code": 0, "column_meta": [["time", "TIMESTAMP", 8], ["station", "VARCHAR", 16], ["level_m", "FLOAT", 4]],
         "data": "rows", "rows": 9},
        {"meta": [{"name": "time"}, {"name": "station"}, {"name": "level_m"}], "data": "rows"},
    ],
)  # fmt: skip
def test_tables_of_databases_are_read_wherever_their_names_stand(connect: Connect, document: Any) -> None:
    """InfluxDB, TDengine, ClickHouse."""
    rows = [[f"2026-08-09T0{n}:00:00Z", f"S{n % 3}", n / 2] for n in range(9)]
    filled = json.loads(
        json.dumps(document)
        .replace('"rows"}', json.dumps(rows) + "}")
        .replace('"data": "rows"', f'"data": {json.dumps(rows)}')
    )
    text, source = connect(filled)
    assert source["options"]["columns"] == ["time", "station", "level_m"]
    assert "3 sensor + 9 readings" in text


def test_several_series_are_refused_with_what_to_ask_instead(
    upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    series = [
        {"tags": {"s": str(n)}, "columns": ["time", "v"], "values": [["2026-08-09T00:00:00Z", 1]]} for n in range(3)
    ]
    upstream.pages["/s"] = json.dumps({"results": [{"series": series}]}).encode()
    assert main(["new", "fresh", "--url", f"{upstream.url}/s"]) == 1
    assert "3 tables of their own" in caplog.text


def test_a_description_of_a_layer_is_no_list(upstream: Upstream, caplog: pytest.LogCaptureFixture) -> None:
    layer = {"geometryType": "esriGeometryPoint", "fields": [{"name": "OBJECTID"}, {"name": "NAME"}]}
    upstream.pages["/s"] = json.dumps(layer).encode()
    assert main(["new", "fresh", "--url", f"{upstream.url}/s"]) == 1
    assert "/query?where=1=1" in caplog.text


def test_a_sheet_with_a_title_above_its_names_and_gb18030_with_a_mark_are_read(connect: Connect) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for line in (
        ["防汛物资台账"],
        [],
        ["编号", "仓库名称", "经度", "纬度"],
        *([f"W{n}", f"仓库{n}", 121.4, 31.2] for n in range(9)),
    ):
        book.active.append(line)
    written = io.BytesIO()
    book.save(written)
    text, source = connect(written.getvalue())
    assert (source["options"]["header_row"], source["options"]["fields"]["name"]) == (3, "仓库名称")
    assert "9 place" in text
    lines = "\ufeff编号,名称,经度,纬度\r\n" + "".join(f"B{n},场所{n},121.4,31.2\r\n" for n in range(9))
    assert connect(lines.encode("gb18030"))[1]["options"]["fields"]["id"] == "编号"


def test_an_id_that_is_another_one_whenever_it_is_asked_for_is_none(
    upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    """As GeoServer numbers the rows of a view without a key."""
    asked = iter(range(100))

    def view(_: Any) -> Any:
        turn = next(asked)
        features = [
            {"type": "Feature", "id": f"v.fid-{turn}_{n}", "properties": {"bh": f"B{n}"},
             "geometry": {"type": "Point", "coordinates": [121.4, 31.2 + n / 1e4]}}
            for n in range(9)
        ]  # fmt: skip
        return Faulty(200, json.dumps({"type": "FeatureCollection", "features": features}).encode())

    upstream.pages["/s"] = view
    assert main(["new", "fresh", "--url", f"{upstream.url}/s"]) == 0
    text = capsys.readouterr().out
    assert tomllib.loads(text)["sources"][0]["options"]["fields"]["id"] == "bh"
    assert "! id is another one whenever it is asked for" in text


def test_a_list_of_lists_is_told_from_records(connect: Connect) -> None:
    """The index of a GBFS system, the collections of OGC API Features."""
    feeds = [
        {"name": name, "url": f"http://bikes.example/{name}.json"} for name in ("station_status", "vehicle_status")
    ]
    assert "! these rows look like addresses of other lists" in connect({"data": {"en": {"feeds": feeds}}})[0]
    links = [{"rel": "items", "href": "http://geo.example/collections/a/items"}]
    collections = [{"id": name, "title": name, "links": links} for name in "ab"]
    assert "! these rows look like addresses of other lists" in connect({"collections": collections})[0]


def test_a_zone_that_is_not_the_districts_is_doubted(connect: Connect) -> None:
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    rows = [{"stationId": f"s{n}", "level": n, "updateTime": at} for n in range(3)]
    text, source = connect(rows)
    assert source["timezone"] == "UTC"
    assert "! not sure, it would be the present so and is not as Asia/Shanghai" in text


def test_readings_without_a_time_are_told_of(connect: Connect) -> None:
    rows = [{"stationId": f"s{n}", "level": n, "duedate": "x"} for n in range(3)]
    text, _ = connect(rows)
    assert "! no time of the readings was found" in text
    assert "! sensors without a single reading" in text


def test_a_secret_of_an_address_goes_into_the_environment(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [{"id": f"s{n}", "lon": 121.4, "lat": 31.2} for n in range(7)]
    upstream.pages["/s"] = lambda asked: Faulty(
        200 if asked.get("token") == "hunter2" else 401, json.dumps(rows).encode()
    )
    settings = tmp_path / "district.toml"
    settings.write_text(DISTRICT, encoding="utf-8")
    arguments = ("--settings", str(settings))
    assert main(["new", "fresh", "--url", f"{upstream.url}/s?token=hunter2&f=json", *arguments, "--append"]) == 0
    text = capsys.readouterr().out
    assert "hunter2" not in text + settings.read_text(encoding="utf-8")
    assert tomllib.loads(text)["sources"][0]["options"]["query"] == {"token": "${FRESH_TOKEN}"}
    monkeypatch.setenv("FRESH_TOKEN", "hunter2")
    assert main(["check", *arguments]) == 0
    assert "7 place" in capsys.readouterr().out
