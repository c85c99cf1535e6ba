"""Bodies of every format to the same rows; whatever else they are is one of the sources' errors."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import cbor2
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.contract import SourceAuthFailed, SourceDataError, SourceError
from datasources.formats import FormOptions, Rows, read_rows
from datasources.formats import workbook as workbook_module

ROWS = [{"id": "1", "name": "蕰藻浜"}, {"id": "2", "name": "潘泾"}]
FORMATS = ("json", "jsonl", "xml", "csv", "tsv", "geojson", "xlsx", "cbor", "text")


def workbook(rows: list[list[Any]], sheet: str = "Sheet") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def read(body: bytes | str, content_type: str = "", **options: Any) -> Rows:
    body = body.encode() if isinstance(body, str) else body
    return read_rows(body, FormOptions(**options), content_type)


def text(rows: list[dict[str, str]]) -> str:
    return json.dumps(rows, ensure_ascii=False)


@pytest.mark.parametrize(
    ("body", "options"),
    [
        (text(ROWS), {}),
        (json.dumps({"code": 0, "data": {"list": ROWS}}), {"rows": "data.list"}),
        (text(ROWS).encode("gb18030"), {"encoding": "gb18030"}),
        (("\ufeff" + text(ROWS)).encode("utf-8"), {}),
        (json.dumps({"rows": [["1", "蕰藻浜"], ["2", "潘泾"]]}), {"rows": "rows", "columns": ("id", "name")}),
        ("\n".join(json.dumps(row) for row in ROWS) + "\n", {"format": "jsonl"}),
        ("<r><data><item><id>1</id><name>蕰藻浜</name></item><item><id>2</id><name>潘泾</name></item></data></r>",
         {"format": "xml", "rows": "data/item"}),
        ("编号;名称\r\n1;蕰藻浜\r\n\r\n2;潘泾\r\n".replace("编号", "id").replace("名称", "name").encode("gb18030"),
         {"format": "csv", "delimiter": ";"}),
        ("sep=;\nid;name\n1;蕰藻浜\n2;潘泾\n", {"format": "csv"}),
        ("1,蕰藻浜\n2,潘泾\n", {"format": "csv", "columns": ("id", "name")}),
        ("id\tname\n1\t蕰藻浜\n2\t潘泾\n", {"format": "tsv"}),
        (workbook([["河道表"], ["id", "name"], ["1", "蕰藻浜"], [None, None], ["2", "潘泾"]], "河道"),
         {"format": "xlsx", "header_row": 2, "sheet": "河道"}),
        (cbor2.dumps({"d": ROWS}), {"format": "cbor", "rows": "d"}),
    ],
)  # fmt: skip
def test_the_same_rows_come_out_of_every_format(body: bytes | str, options: dict[str, Any]) -> None:
    assert list(read(body, **options).rows) == ROWS


@given(st.binary(max_size=300), st.sampled_from(FORMATS))
@settings(max_examples=300)
def test_any_bytes_are_rows_or_an_error_of_the_source(body: bytes, name: str) -> None:
    with contextlib.suppress(SourceError):
        rows = read(body, format=name).rows
        assert isinstance(rows, Sequence)
        assert len(list(rows)) == len(rows)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=2, max_size=2)
    )
)
def test_every_cell_of_a_table_comes_out_as_it_was_written(cells: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([["a", "b"], *cells])
    rows = read(written.getvalue(), format="csv").rows
    assert [[row["a"], row["b"]] for row in rows] == cells


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "text"])
def test_a_page_for_people_is_never_taken_for_data(name: str) -> None:
    with pytest.raises(SourceDataError, match="HTML"):
        read("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", format=name)


def test_an_object_by_key_gives_a_row_for_each_of_its_values() -> None:
    body = json.dumps({"warnings": {"310113": [{"t": "a"}, {"t": "b"}], "310110": {"t": "c"}, "x": 7}})
    assert read(body, rows="warnings", rows_by_key=True).rows == [
        {"t": "a", "@key": "310113"},
        {"t": "b", "@key": "310113"},
        {"t": "c", "@key": "310110"},
        {"@key": "x", "@value": 7},
    ]


def test_a_list_inside_each_row_gives_a_row_for_each_of_its_parts_with_what_it_is_part_of() -> None:
    device = {"dev": "d1", "data": {"readings": [{"p": "z", "v": 1}, 7]}}
    body = json.dumps({"devices": [device, {"dev": "d2"}, "broken"]})
    assert read(body, rows="devices", inside="data.readings").rows == [
        {"p": "z", "v": 1, "@parent": device},
        {"@value": 7, "@parent": device},
        "broken",
    ]


def test_null_where_the_list_belongs_is_an_empty_list_and_a_missing_one_an_error() -> None:
    assert read('{"data": {"list": null}}', rows="data.list").rows == []
    with pytest.raises(SourceDataError, match="it has message"):
        read('{"message": "x"}', rows="data.list")
    with pytest.raises(SourceDataError, match="the option `rows`"):
        read('{"rows": []}')


def test_a_message_may_be_a_single_object_or_value() -> None:
    assert read_rows(b'{"id": 1}', FormOptions(), is_message=True).rows == [{"id": 1}]
    assert read_rows(b"21.5", FormOptions(), is_message=True).rows == [{"value": 21.5}]
    assert read(b" 21.5\n", format="text").rows == [{"value": "21.5"}]


@pytest.mark.parametrize(
    ("body", "error", "code"),
    [
        ('{"code": 500, "msg": "库连接失败"}', SourceDataError, "upstream_code:500"),
        ('{"code": "401", "msg": "登录过期"}', SourceAuthFailed, "auth_failed:401"),
        ('{"code": 10021}', SourceAuthFailed, "auth_failed:10021"),
    ],
)
def test_an_error_inside_a_good_reply_is_an_error(body: str, error: type[SourceError], code: str) -> None:
    with pytest.raises(error) as caught:
        read(body, rows="data", ok={"path": "code", "equals": [0, 200], "auth": [401, 10021], "message": "msg"})
    assert caught.value.safe_text == code


def test_elements_of_xml_are_rows_with_their_attributes_and_repeated_children() -> None:
    body = '<a:r xmlns:a="urn:x"><a:s id="1"><a:z unit="m">2.5</a:z><p>1</p><p>2</p><q/></a:s></a:r>'
    assert read(body, format="xml", rows="//s").rows == [
        {"@id": "1", "z": "2.5", "z@unit": "m", "p": ["1", "2"], "q": None}
    ]


def test_xml_with_entities_is_refused() -> None:
    with pytest.raises(SourceDataError):
        read("<!DOCTYPE x [<!ENTITY a 'b'>]><x><y>&a;</y></x>", format="xml")


def test_a_line_that_is_no_json_costs_itself() -> None:
    assert read('{"id": 1}\n{"id": \n', format="jsonl").rows == [{"id": 1}, '{"id": ']


def test_cells_come_as_values_and_formulas_as_what_they_were_saved_with() -> None:
    (row,) = read(workbook([["id", "f", "n"], ["1", "=1+1", 2.5]]), format="xlsx").rows
    assert row == {"id": "1", "n": 2.5}


def test_rows_beyond_the_dimensions_that_a_workbook_claims_are_read() -> None:
    claimed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["id"], ["1"], ["2"]]))) as told, zipfile.ZipFile(claimed, "w") as out:
        for name in told.namelist():
            out.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', told.read(name)))
    assert read(claimed.getvalue(), format="xlsx").rows == [{"id": "1"}, {"id": "2"}]


def test_a_workbook_that_unpacks_to_far_more_than_it_says_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_module, "LARGEST_UNPACKED", 1000)
    with pytest.raises(SourceDataError) as caught:
        read(workbook([["id"], ["1"]]), format="xlsx")
    assert caught.value.safe_text == "too_large"


def test_a_sheet_that_is_not_there_is_named() -> None:
    with pytest.raises(SourceDataError) as caught:
        read(workbook([["id"]]), format="xlsx", sheet="河道")
    assert caught.value.safe_text == "no_sheet:河道"
