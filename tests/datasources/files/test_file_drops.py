"""The `files` kind on a folder and on a real SFTP server: each finished file once, half-written ones never."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block

from datasources.contract import Batch, FetchContext, SourceDataError, SourceUnavailable
from datasources.files.memory import Memory
from datasources.files.source import FilesSource
from datasources.files.whole import whole_lines
from datasources.http import HttpClient
from datasources.options import OptionsError
from datasources.registry import build
from situation.clock import CityClock
from tests.datasources.files.conftest import Place

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
HEAD = "id,name,lon,lat\n"
ONE, TWO, THREE = ("1,甲,121.48,31.4\n", "2,乙,121.49,31.4\n", "3,丙,121.5,31.4\n")


def source(drop: Place, **options: Any) -> FilesSource:
    made = build(Block(kind="files", url="", options={**drop.options, **options}), http=HttpClient())
    assert isinstance(made, FilesSource)
    return made


def fetch(of: FilesSource, cursor: Any = None, seconds: float = 20.0) -> Batch:
    return of.fetch(FetchContext(now=NOW, cursor=cursor, deadline_monotonic_s=CityClock().monotonic() + seconds))


def settled(of: FilesSource, cursor: Any = None) -> Batch:
    """What two looks bring."""
    return fetch(of, fetch(of, cursor).cursor)


def ids(batch: Batch) -> list[str]:
    return [record.id.removeprefix("upstream.") for record in batch.records]


def test_a_file_is_read_once_it_was_found_the_same_twice(drop: Place) -> None:
    drop.put("a.csv", HEAD + ONE)
    of = source(drop)
    first = fetch(of)
    assert ids(first) == []
    second = fetch(of, first.cursor)
    assert ids(second) == ["1"]
    assert second.complete == frozenset({"place"})
    assert fetch(of, second.cursor).not_modified


def test_a_file_that_is_old_at_the_first_look_of_all_is_read_at_once(drop: Place) -> None:
    drop.at_s -= 1000
    drop.put("a.csv", HEAD + ONE)
    of = source(drop)
    assert ids(fetch(of)) == ["1"]
    drop.put("b.csv", HEAD + TWO)
    assert ids(fetch(of, fetch(of).cursor)) == []


def test_the_address_of_a_source_can_say_where_its_files_are(drop: Place) -> None:
    drop.put("a.csv", HEAD + ONE)
    sftp, options = drop.options.get("sftp"), {"pattern": "*.csv"}
    url = f"file://{drop.folder}"
    if sftp:
        url = f"sftp://{sftp['user']}@{sftp['host']}:{sftp['port']}/drop"
        options["sftp"] = {name: sftp[name] for name in ("password", "fingerprint")}
    made = build(Block(kind="files", url=url, options=options), http=HttpClient())
    assert isinstance(made, FilesSource)
    assert ids(settled(made)) == ["1"]


def test_a_file_that_grows_is_left_alone_until_it_rests(drop: Place) -> None:
    of = source(drop)
    drop.put("a.csv", HEAD + ONE)
    cursor = fetch(of).cursor
    drop.put("a.csv", HEAD + ONE + TWO)
    growing = fetch(of, cursor)
    assert ids(growing) == []
    assert ids(fetch(of, growing.cursor)) == ["1", "2"]


def test_the_newest_file_is_everything_there_is(drop: Place) -> None:
    of = source(drop)
    drop.put("a.csv", HEAD + ONE + TWO)
    cursor = settled(of).cursor
    drop.put("b.csv", HEAD + TWO)
    batch = settled(of, cursor)
    assert ids(batch) == ["2"]
    assert batch.complete == frozenset({"place"})


def test_every_new_file_is_read_once_the_oldest_first(drop: Place) -> None:
    of = source(drop, select="new")
    drop.put("z.csv", HEAD + ONE)
    drop.put("a.csv", HEAD + TWO)
    batch = settled(of)
    assert ids(batch) == ["1", "2"]
    assert batch.complete == frozenset()
    drop.put("m.csv", HEAD + THREE)
    drop.put("z.csv", HEAD + THREE + TWO)
    assert ids(settled(of, batch.cursor)) == ["3", "3", "2"]


def test_no_more_files_than_allowed_at_once_and_the_rest_next_time(drop: Place) -> None:
    of = source(drop, select="new", files_at_once=1)
    drop.put("a.csv", HEAD + ONE)
    drop.put("b.csv", HEAD + TWO)
    first = settled(of)
    assert ids(first) == ["1"]
    assert ids(fetch(of, first.cursor)) == ["2"]


def test_with_a_marker_a_file_counts_as_soon_as_it_has_one(drop: Place) -> None:
    of = source(drop, done_marker=".done")
    drop.put("a.csv", HEAD + ONE)
    first = settled(of)
    assert ids(first) == []
    drop.put("a.csv.done", "")
    assert ids(fetch(of, first.cursor)) == ["1"]


@pytest.mark.parametrize("name", [".a.csv", "a.csv.part", "a.csv.tmp", "~$a.csv", "a.csv~", "a.txt.filepart", "b.pdf"])
def test_hidden_and_temporary_files_and_others_are_ignored(drop: Place, name: str) -> None:
    drop.put(name, HEAD + ONE)
    batch = settled(source(drop, pattern=["*.csv", "*.txt", "*.csv*"]))
    assert (batch.records, batch.rejected) == ((), ())


def test_links_pipes_and_folders_are_no_files(drop: Place, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(HEAD + ONE)
    (drop.folder / "link.csv").symlink_to(secret)
    (drop.folder / "folder.csv").mkdir()
    os.mkfifo(drop.folder / "pipe.csv")
    assert ids(settled(source(drop))) == []


def test_a_file_that_becomes_a_link_after_the_look_is_not_followed(drop: Place, tmp_path: Path) -> None:
    of = source(drop)
    drop.put("a.csv", HEAD + ONE)
    cursor = fetch(of).cursor
    secret = tmp_path / "secret.csv"
    secret.write_text(HEAD + TWO)
    (drop.folder / "a.csv").unlink()
    (drop.folder / "a.csv").symlink_to(secret)
    assert ids(fetch(of, cursor)) == []


def test_a_file_beyond_the_cap_is_refused(drop: Place) -> None:
    drop.put("a.csv", HEAD + ONE * 100)
    with pytest.raises(SourceDataError) as caught:
        settled(source(drop, size_cap=1024))
    assert caught.value.safe_text == "too_large"


def test_what_was_read_is_moved_only_after_its_batch_was_kept(drop: Place) -> None:
    of = source(drop, select="new", after="move", done_marker=".ok")
    drop.put("a.csv", HEAD + ONE)
    drop.put("a.csv.ok", "")
    batch = fetch(of)
    assert ids(batch) == ["1"]
    assert (drop.folder / "a.csv").exists()
    assert ids(fetch(of)) == ["1"]  # a crash before the batch was kept: it is read again
    after = fetch(of, batch.cursor)
    assert (after.records, after.rejected) == ((), ())
    assert sorted(each.name for each in (drop.folder / "read").iterdir()) == ["a.csv", "a.csv.ok"]
    assert fetch(of, after.cursor).cursor == {"seen": {}, "read": {}}


def test_a_file_of_a_name_that_was_moved_before_is_read_too(drop: Place) -> None:
    of = source(drop, select="new", after="move")
    drop.put("a.csv", HEAD + ONE)
    cursor = fetch(of, settled(of).cursor).cursor
    drop.put("a.csv", HEAD + TWO)
    assert ids(settled(of, cursor)) == ["2"]


def test_a_bad_file_costs_itself_where_every_file_is_read(drop: Place) -> None:
    of = source(drop, select="new")
    drop.put("a.json", "{broken")
    drop.put("b.csv", HEAD + TWO)
    drop.put("c.dat", "what is this")
    batch = settled(of)
    assert ids(batch) == ["2"]
    assert [(bad.record_id, bad.reason) for bad in batch.rejected] == [("a.json", "not_json"), ("c.dat", "wrong_shape")]
    assert fetch(of, batch.cursor).not_modified


def test_a_bad_newest_file_is_an_error(drop: Place) -> None:
    drop.put("a.json", "<!doctype html><html>")
    with pytest.raises(SourceDataError) as caught:
        settled(source(drop))
    assert caught.value.safe_text == "html"


def test_a_last_line_that_was_cut_is_counted_and_left_out(drop: Place) -> None:
    drop.put("a.csv", HEAD + ONE + "2,乙,12")
    batch = settled(source(drop))
    assert ids(batch) == ["1"]
    assert [bad.record_id for bad in batch.rejected] == ["a.csv"]


def workbook() -> bytes:
    book, body = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for line in (["id", "name", "lon", "lat"], ["1", "甲", 121.48, 31.4]):
        book.active.append(line)
    book.save(body)
    return body.getvalue()


GEOJSON = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","id":"1","properties":{"name":"甲"},'
    '"geometry":{"type":"Point","coordinates":[121.48,31.4]}}]}'
)


@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        ("a.csv", (HEAD + ONE).encode("gb18030"), {}),
        ("a.TXT", (HEAD + ONE).replace(",", ";"), {"delimiter": ";"}),
        ("a.xlsx", workbook(), {}),
        ("a.json", '[{"id":"1","name":"甲","lon":121.48,"lat":31.4}]', {}),
        ("a.jsonl", '{"id":"1","name":"甲","lon":121.48,"lat":31.4}', {}),
        ("a.geojson", GEOJSON, {}),
        ("a.xml", "<r><p><id>1</id><name>甲</name><lon>121.48</lon><lat>31.4</lat></p></r>", {"rows": "p"}),
        ("a.out", HEAD + ONE, {"format": "csv"}),
    ],
)
def test_the_ending_of_a_name_says_the_format_where_the_options_do_not(
    drop: Place, name: str, content: str | bytes, options: dict[str, Any]
) -> None:
    drop.put(name, content)
    of = source(drop, **options)
    of.check()
    (record,) = settled(of).records
    assert (record.id, record.name) == ("upstream.1", "甲")


def test_a_trial_says_when_there_is_no_file(drop: Place) -> None:
    with pytest.raises(SourceDataError) as caught:
        source(drop).check()
    assert caught.value.safe_text == "empty"


def test_a_folder_that_is_not_there_is_unreachable(drop: Place) -> None:
    of = source(Place(drop.folder, {**drop.options, "folder": drop.options["folder"] + "/nowhere"}))
    with pytest.raises(SourceUnavailable) as caught:
        fetch(of)
    assert caught.value.safe_text == "unreachable"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"folder": "drop"}, "absolute path"),
        ({}, "is missing"),
        (
            {"folder": "/drop", "sftp": {"user": "u", "password": "p", "fingerprint": "SHA256:" + "a" * 43}},
            "has no host",
        ),
        ({"folder": "/drop", "moved_to": "../elsewhere"}, "without a path"),
        ({"folder": "/drop", "select": "all"}, "newest"),
        ({"folder": "/drop", "sftp": {"host": "h", "user": "u", "password": "p"}}, "never just believed"),
        (
            {"folder": "/drop", "sftp": {"host": "h", "user": "u", "fingerprint": "SHA256:" + "a" * 43}},
            "password or key",
        ),
        ({"folder": "/drop", "sftp": {"host": "h", "user": "u", "fingerprint": "ab:cd"}}, "ssh-keygen"),
    ],
)
def test_wrong_options_are_told(options: dict[str, Any], why: str) -> None:
    with pytest.raises(OptionsError, match=why):
        build(Block(kind="files", url="", options=options), http=HttpClient())


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(anything | st.fixed_dictionaries({"seen": anything, "read": anything}))
def test_any_cursor_is_a_memory_or_none(cursor: Any) -> None:
    memory = Memory.of(cursor)
    assert Memory.of(memory.cursor()) == replace(memory, is_first=False)


rows = st.lists(st.lists(st.text(alphabet="ab 甲", min_size=1, max_size=4), min_size=3, max_size=3), min_size=1)


@given(rows, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_whole_lines_are_never_left_out(lines: list[list[str]], end: str, has_end: bool) -> None:
    body = end.join(",".join(line) for line in lines).encode() + (end.encode() if has_end else b"")
    assert whole_lines(body, "csv", ",", "a") == (body, ())


@given(st.binary(max_size=80), st.sampled_from(["csv", "tsv", "jsonl", "json"]))
def test_only_the_last_line_is_ever_left_out(body: bytes, form: str) -> None:
    kept, cut = whole_lines(body, form, ",", "a")
    assert body.startswith(kept)
    assert b"\n" not in body[len(kept) :]
    assert bool(cut) == (kept != body)
