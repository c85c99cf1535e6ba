"""`python -m datasources sample`: replies kept for tests, without what identifies a person or opens a system."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.__main__ import main
from datasources.connecting.redaction import Redaction

sys.path.append(str(Path(__file__).parents[1] / "contract"))
from fake_upstream import Upstream, serve

DISTRICT = '[district]\nname = "长宁区"\nadcode = "310105"\n'
ROW = {
    "personId": "P-1001",
    "personName": "王小明",
    "mobile": "13812345678",
    "token": "hunter2",
    "note": "请致电13812345678或a.b@example.com，身份证310105199001011234",
    "address": "长宁路1号",
    "lng": 121.42,
    "deviceId": "31010500001320000001",
    "service_code": "171",
    "on": True,
    "none": None,
}
redaction = Redaction(b"k" * 32)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serve(Upstream()) as running:
        yield running


def test_persons_secrets_and_ids_are_replaced_and_the_rest_stays() -> None:
    kept = redaction.value("", ROW)
    text = json.dumps(kept, ensure_ascii=False)
    for secret in ("王小明", "13812345678", "hunter2", "a.b@example.com", "310105199001011234", "P-1001"):
        assert secret not in text
    same = ("address", "lng", "service_code", "on", "none")
    assert {name: kept[name] for name in same} == {name: ROW[name] for name in same}
    assert kept["deviceId"].startswith("310105")
    assert len(kept["deviceId"]) == 20


def test_what_opens_a_camera_is_replaced_whatever_it_is_called() -> None:
    row = {
        "userPwd": "hunter2",
        "登录密码": "hunter2",
        "Set-Cookie": "JSESSIONID=hunter2",
        "rtsp": "rtsp://admin:hunter2@10.6.0.7:554/ch1",
        "odd": "rtsp://admin:hunt@er2@10.6.0.7/ch1",
        "flv": "http://10.6.0.7/live.flv?app=live&accessToken=hunter2&sign=hunter2&t=5",
    }
    kept = redaction.value("", row)
    assert "hunter2" not in str(kept)
    assert "er2@" not in str(kept)
    assert kept["rtsp"] == "rtsp://***@10.6.0.7:554/ch1"
    assert kept["flv"] == "http://10.6.0.7/live.flv?app=live&accessToken=***&sign=***&t=5"


def test_the_same_id_is_the_same_all_over() -> None:
    assert redaction.value("id", "P-7") == redaction.value("parent_id", "P-7")
    assert redaction.value("id", "P-7") != Redaction(b"j" * 32).value("id", "P-7")


@given(st.text(min_size=1, max_size=40), st.one_of(st.text(max_size=40), st.integers(), st.booleans(), st.none()))
def test_anything_can_be_redacted_and_keeps_its_type(name: str, value: str | int | bool | None) -> None:
    kept = redaction.value(name, value)
    assert value is None or isinstance(kept, str | type(value))


def test_tables_and_xml_are_redacted_by_their_names() -> None:
    table, ending = redaction.body("编号,姓名,地址\nA1,王小明,长宁路\n".encode("gb18030"), "text/csv")
    assert ending == "csv"
    assert "王小明" not in table.decode()
    assert "长宁路" in table.decode()
    xml, ending = redaction.body(b"<r><s id='A1'><phone>13812345678</phone><n>x</n></s></r>", "text/xml")
    assert ending == "xml"
    assert b"13812345678" not in xml
    assert b"A1" not in xml
    assert b"<n>x</n>" in xml


def test_replies_of_a_source_are_kept_with_an_index(
    tmp_path: Path, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    upstream.pages["/p"] = json.dumps({"rows": [ROW]}, ensure_ascii=False).encode()
    file = tmp_path / "district.toml"
    block = f'[[sources]]\nkey = "patrol"\nkind = "positions"\nurl = "{upstream.url}"\n[sources.options]\npath = "p"\n'
    file.write_text(DISTRICT + block, encoding="utf-8")
    assert main(["sample", "patrol", "--settings", str(file), "--into", str(tmp_path / "samples")]) == 0
    (entry,) = json.loads((tmp_path / "samples" / "patrol" / "index.json").read_text("utf-8"))
    assert (entry["path"], entry["status"]) == ("/p", 200)
    kept = (tmp_path / "samples" / "patrol" / entry["file"]).read_text("utf-8")
    assert "王小明" not in kept
    assert "长宁路1号" in kept
    assert "Look at them" in capsys.readouterr().out


def test_a_list_beside_the_settings_is_kept_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wells.csv").write_text("id,name,lon,lat\n1,甲,121.4,31.2\n", encoding="utf-8")
    file = tmp_path / "district.toml"
    file.write_text(f'{DISTRICT}[[sources]]\nkey = "wells"\nkind = "table"\nurl = "file:wells.csv"\n', encoding="utf-8")
    assert main(["sample", "wells", "--settings", str(file), "--into", str(tmp_path / "kept")]) == 0
    assert "甲" in next((tmp_path / "kept" / "wells").glob("*.csv")).read_text(encoding="utf-8")
