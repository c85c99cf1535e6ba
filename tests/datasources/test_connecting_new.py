"""`python -m datasources new`: blocks written after a look at real replies, and adapters of one's own."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from datasources.__main__ import main

sys.path.append(str(Path(__file__).parents[1] / "contract"))
from fake_upstream import Faulty, Upstream, serve
from onvif_device import OnvifDevice

REPOSITORY = Path(__file__).parents[2]
DISTRICT = '[district]\nname = "长宁区"\nadcode = "310105"\n'
STATIONS = [
    {"stcd": "63101", "stnm": "苏州河站", "lgtd": 121.4251, "lttd": 31.2201, "tm": "2026-08-09 08:50:00", "z": 2.31,
     "contact_name": "王小明", "phone": "13812345678"},
    {"stcd": "63102", "stnm": "新泾港站", "lgtd": 121.3751, "lttd": 31.2101, "tm": "2026-08-09 08:50:00", "z": 2.51,
     "contact_name": "李雷", "phone": "13812345679"},
]  # fmt: skip


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serve(Upstream()) as running:
        yield running


def new(url: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[str, dict[str, Any]]:
    """The block that is written for an address, as text and as what it says."""
    assert main(["new", "fresh", "--url", url, *more]) == 0
    text = capsys.readouterr().out
    (source,) = tomllib.loads(text)["sources"]
    return text, source


@pytest.fixture
def district(tmp_path: Path) -> Path:
    file = tmp_path / "district.toml"
    file.write_text(DISTRICT, encoding="utf-8")
    return file


def test_rows_anywhere_in_json_are_found_with_their_columns(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], district: Path
) -> None:
    document = {"code": 0, "data": {"list": STATIONS, "warn": [{"a": 1}]}}
    upstream.pages["/s"] = json.dumps(document, ensure_ascii=False).encode()
    text, source = new(f"{upstream.url}/s", capsys, "--settings", str(district))
    assert (source["kind"], source["crs"], source["timezone"]) == ("rest", "wgs84", "Asia/Shanghai")
    options = source["options"]
    assert (options["record"], options["rows"]) == ("sensor", "data.list")
    assert options["fields"] == {
        "id": "stcd",
        "lon": "lgtd",
        "lat": "lttd",
        "name": "stnm",
        "observed_at": "tm",
    }
    assert options["readings"]["z"]["value"] == "z"
    assert "! not sure: 2 of 2 lie in the district so, as gcj02 2, as bd09 2" in text


def test_a_block_is_toml_whatever_columns_and_values_are_called(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], district: Path
) -> None:
    rows = [
        {
            "设备编号": f"B{n}",
            "水位(m)": n / 10,
            "流速（m/s）": n,
            "状态": ["1.0", "停\x7f", "\u202e运行"][n % 3],
            "备注\nkey": "x\r[store]\nurl = 1\x00",
            "名称": f"站\x00\n{n}",
        }
        for n in range(6)
    ]
    upstream.pages["/s"] = json.dumps(rows, ensure_ascii=False).encode()
    text, source = new(f"{upstream.url}/s", capsys, "--record", "sensor", "--settings", str(district), "--append")
    assert tomllib.loads(district.read_text(encoding="utf-8"))["sources"] == [source]
    assert source["options"]["readings"] == {
        "水位": {"value": "水位(m)", "unit": "m"},
        "流速": {"value": "流速（m/s）", "unit": "m/s"},
    }
    assert "\u202e" not in text


def test_a_key_that_is_taken_or_none_is_refused_before_anything_is_written(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], district: Path
) -> None:
    upstream.pages["/s"] = json.dumps(STATIONS, ensure_ascii=False).encode()
    more = ("--url", f"{upstream.url}/s", "--settings", str(district), "--append")
    new(f"{upstream.url}/s", capsys, *more[2:])
    before = district.read_text(encoding="utf-8")
    assert main(["new", "fresh", *more]) == 2
    assert main(["new", "泵站", *more]) == 2
    assert district.read_text(encoding="utf-8") == before


def test_nobody_is_named_in_a_block(upstream: Upstream, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"personId": str(n), "personName": "王小明", "mobile": "13812345678", "speed": n} for n in range(3)]
    upstream.pages["/s"] = json.dumps(rows, ensure_ascii=False).encode()
    text, source = new(f"{upstream.url}/s", capsys)
    assert source["options"]["record"] == "officer"
    assert source["options"]["fields"]["phone"] == "mobile"
    assert "王小明" not in text
    assert "13812345678" not in text


def test_states_are_tabled_and_what_nobody_knows_is_left_to_the_reader(
    upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"案件编号": f"A{n}", "案件状态": state, "诉求内容": "积水"} for n, state in enumerate(["结案", "处置", "待阅"])
    ]
    upstream.pages["/s"] = json.dumps({"rows": rows}, ensure_ascii=False).encode("gb18030")
    text, source = new(f"{upstream.url}/s", capsys)
    assert source["options"]["record"] == "case"
    assert source["options"]["values"]["state"] == {"结案": "closed", "处置": "in_progress"}
    assert '# "待阅" = "?"' in text


def test_a_table_of_cameras_is_a_list_with_pictures(upstream: Upstream, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["key;名称;经度;纬度;url", *(f"K{n};路口{n};121.42;31.22;http://10.0.0.1/{n}.jpg" for n in range(5))]
    upstream.pages["/c.csv"] = "\n".join(lines).encode("gb18030")
    _, source = new(f"{upstream.url}/c.csv", capsys)
    options = source["options"]
    assert (source["kind"], options["media"], options["hosts"]) == ("camera_list", {"snapshot": "url"}, ["10.0.0.1"])
    assert (options["delimiter"], options["encoding"]) == (";", "gb18030")


def test_rows_by_key_and_rows_of_xml_are_found(upstream: Upstream, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"name": "甲", "lon": 121.4, "lat": 31.2}
    upstream.pages["/k"] = json.dumps({"data": {"310105": [row], "310106": [row, row]}}).encode()
    options = new(f"{upstream.url}/k", capsys)[1]["options"]
    assert (options["rows"], options["rows_by_key"]) == ("data", True)
    upstream.pages["/x"] = b"<r><h>1</h><s><id>1</id><n>a</n></s><s><id>2</id><n>b</n></s></r>"
    options = new(f"{upstream.url}/x", capsys)[1]["options"]
    assert (options["format"], options["rows"], options["fields"]["id"]) == ("xml", "//s", "id")


def test_a_swapped_pair_is_turned(upstream: Upstream, capsys: pytest.CaptureFixture[str], district: Path) -> None:
    rows = [{"id": n, "lon": 31.22, "lat": 121.42} for n in range(5)]
    upstream.pages["/s"] = json.dumps(rows).encode()
    text, source = new(f"{upstream.url}/s", capsys, "--settings", str(district))
    assert (source["options"]["fields"]["lon"], source["options"]["fields"]["lat"]) == ("lat", "lon")
    assert "turned" in text


def test_relative_addresses_of_pictures_and_streams_are_seen_too(
    upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["id,name,lon,lat,jpg,mjpeg,hls", *(f"{n},c,121.4,31.2,/s/{n}.jpg,/m/{n},/h/{n}.m3u8" for n in range(3))]
    upstream.pages["/c.csv"] = "\n".join(lines).encode()
    _, source = new(f"{upstream.url}/c.csv", capsys, "--record", "camera")
    assert source["options"]["media"] == {"snapshot": "jpg", "mjpeg": "mjpeg", "hls": "hls"}


@pytest.mark.parametrize("welcome", [True, False])
def test_a_device_is_recognised_by_its_answer_to_the_time_whether_it_is_welcome_or_not(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], welcome: bool
) -> None:
    device = OnvifDevice([], login=("admin", "x"), refuses_its_clock=not welcome)
    upstream.pages |= {"/": lambda _: Faulty(200 if welcome else 401, b""), "/onvif/device_service": device.answer}
    text, source = new(f"{upstream.url}/", capsys)
    assert (source["kind"], source["url"]) == ("onvif", f"{upstream.url}/")
    assert "FRESH_PASSWORD" in text


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/v1.1/", {"value": [{"name": "Things", "url": "x"}, {"name": "Datastreams", "url": "y"}]}, "sensorthings"),
        ("/api/device/query/devices", {"code": 401, "msg": "请登录后重新请求"}, "wvp"),
        ("/services.json", [{"service_code": "1", "service_name": "积水"}], "open311"),
        ("/v7/weather/now", {"code": "200", "now": {}}, "weather"),
        ("/api/streams", {"cam": {"producers": [], "consumers": None}}, "go2rtc"),
        ("/v3/paths/list", {"itemCount": 0, "pageCount": 0, "items": []}, "mediamtx"),
        ("/zm/api/host/getVersion.json", {"version": "1.36.33", "apiversion": "2.0"}, "zoneminder"),
        ("/api/config", {"cameras": {}, "mqtt": {}}, "frigate"),
    ],
)
def test_known_systems_are_recognised_by_their_usual_addresses(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], path: str, body: Any, kind: str
) -> None:
    upstream.pages[path] = json.dumps(body).encode()
    assert new(upstream.url, capsys)[1]["kind"] == kind


def test_a_gateway_that_refuses_every_stranger_alike_is_not_taken_for_a_video_platform(
    upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = Faulty(401, json.dumps({"code": 401, "msg": "未登录"}, ensure_ascii=False).encode())
    upstream.pages |= {path: lambda _: refusal for path in ("/pumps", "/pumps/api/device/query/devices")}
    assert main(["new", "fresh", "--url", f"{upstream.url}/pumps"]) == 1
    assert "auth_failed:401" in caplog.text
    assert "--header" in caplog.text


def test_a_series_of_readings_is_of_sensors_that_come_again(
    upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["rowid", "station", "lat", "lon", "time", "gust_kt"]
    rows = [[n, f"ZS{n % 3}", 31.2, 121.4, f"2026-07-12T0{n}:30:00Z", n * 2.0] for n in range(9)]
    upstream.pages["/t"] = json.dumps({"rows": rows, "columns": names, "facets": [{"name": "x"}]}).encode()
    options = new(f"{upstream.url}/t", capsys)[1]["options"]
    assert (options["record"], options["rows"], options["columns"]) == ("sensor", "rows", names)
    assert options["fields"]["id"] == "station"
    assert list(options["readings"]) == ["gust_kt"]


def test_a_picture_becomes_a_list_beside_the_settings(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], district: Path
) -> None:
    upstream.pages["/0/current"] = b"\xff\xd8\xff\xe0" + bytes(100)
    arguments = ["--settings", str(district)]
    text, source = new(f"{upstream.url}/0/current", capsys, *arguments, "--append")
    assert (source["kind"], source["url"]) == ("camera_list", "file:fresh.csv")
    assert f"{upstream.url}/0/current" in text
    line = f"id,name,lon,lat,snapshot\n1,路口,121.42,31.22,{upstream.url}/0/current\n"
    (district.parent / "fresh.csv").write_text(line, encoding="utf-8")
    assert main(["check", *arguments]) == 0
    assert "1 camera" in capsys.readouterr().out


def test_warnings_as_json_are_given_their_preset(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], district: Path
) -> None:
    warnings = {"310105": [{"type": "暴雨", "color": "橙", "issued": "2026-08-09T04:00:00Z"}]}
    upstream.pages["/w"] = json.dumps({"warnings": warnings}).encode()
    _, source = new(f"{upstream.url}/w", capsys, "--settings", str(district))
    assert source["kind"] == "warnings_json"
    assert source["options"] == {"preset": "cma", "areas": ["310105"]}


def test_feeds_of_warnings_are_recognised(upstream: Upstream, capsys: pytest.CaptureFixture[str]) -> None:
    upstream.pages["/rss"] = b"<rss><channel><item><link>http://x/api/cap/1.xml</link></item></channel></rss>"
    assert new(f"{upstream.url}/rss", capsys)[1]["kind"] == "cap"


@pytest.mark.parametrize(
    ("url", "kind"),
    [("mqtt://127.0.0.1:1883", "mqtt"), ("postgresql://127.0.0.1/zhdd", "sql"), ("sftp://h/d", "files")],
)
def test_what_cannot_be_looked_at_is_known_by_its_address(
    url: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, source = new(url, capsys)
    assert source["kind"] == kind
    if kind == "sql":
        assert source["options"]["database"] == "${FRESH_DATABASE}"


def test_headers_come_from_the_environment_and_are_not_written(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    upstream.pages["/s"] = json.dumps(STATIONS).encode()
    text, _ = new(f"{upstream.url}/s", capsys, "--header", "Authorization: Bearer ${TOKEN}")
    assert upstream.asked_headers[0]["Authorization"] == "Bearer hunter2"
    assert "hunter2" not in text


def test_a_block_can_be_appended_and_is_right(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], district: Path
) -> None:
    upstream.pages["/c.csv"] = b"id,name,lon,lat\n1,a,121.42,31.22\n2,b,121.42,31.22\n"
    arguments = ["--settings", str(district)]
    new(f"{upstream.url}/c.csv", capsys, *arguments, "--append")
    assert main(["check", *arguments]) == 0
    assert "2 place" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"<html><body>no</body></html>", "html"), (b'{"a": 1}', "no list of objects"), (b"hm", "neither")],
)
def test_a_reply_without_rows_is_an_error_that_says_so(
    upstream: Upstream, caplog: pytest.LogCaptureFixture, body: bytes, said: str
) -> None:
    upstream.pages["/s"] = body
    assert main(["new", "fresh", "--url", f"{upstream.url}/s"]) == 1
    assert said in caplog.text.lower()


def test_an_adapter_of_ones_own_is_written_with_a_test_that_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "--python", "pump-house", "--into", str(tmp_path)]) == 0
    assert 'kind = "pump_house:PumpHouseSource"' in capsys.readouterr().out
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:dash", str(tmp_path)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": f"{REPOSITORY}:{tmp_path}"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert main(["new", "--python", "pump-house", "--into", str(tmp_path)]) == 2


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "preset"),
    [
        ("china/cma-effective-2026-07-31-07Z.json", "cma"),
        ("qweather/getWarningNow-zh.json", "qweather"),
        ("qweather/getWeatherAlertCurrent-zh.json", "qweather-v1"),
        ("nws/alerts_active_zone.json", "nws"),
    ],
)
def test_warnings_of_a_known_service_are_recognised_with_their_preset(
    upstream: Upstream, capsys: pytest.CaptureFixture[str], shared_data: Path, name: str, preset: str
) -> None:
    upstream.pages["/w"] = (shared_data / "warnings" / name).read_bytes()
    _, source = new(f"{upstream.url}/w", capsys)
    assert (source["kind"], source["options"]["preset"]) == ("warnings_json", preset)
    assert source["url"] == f"{upstream.url}/w"


def test_an_address_with_nothing_below_it_is_told_what_is_wanted(
    upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    upstream.pages = {}
    assert main(["new", "fresh", "--url", f"{upstream.url}/portal"]) == 1
    assert "name that of an interface, as its manual has it" in caplog.text
