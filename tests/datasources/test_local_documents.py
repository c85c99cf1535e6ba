"""Documents that lie beside the settings file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from datasources.contract import FetchContext, SourceDataError, SourceUnavailable
from datasources.local import LocalClient
from datasources.registry import build
from datasources.settings import load
from situation.clock import FakeClock

DISTRICT = '[district]\nname = "长宁区"\nadcode = "310105"\n'
BLOCK = '[[sources]]\nkey = "depots"\nkind = "table"\nurl = "file:lists/物资.csv"\n'


def test_a_list_beside_the_settings_is_read_when_it_changed(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "lists").mkdir()
    document = tmp_path / "lists" / "物资.csv"
    document.write_text("id,name,lon,lat\n1,甲,121.42,31.22\n", encoding="utf-8")
    file = tmp_path / "district.toml"
    file.write_text(DISTRICT + BLOCK, encoding="utf-8")
    source = build(load(file, {}).sources[0], clock)
    first = source.fetch(FetchContext(now=clock.now()))
    assert [record.name for record in first.records] == ["甲"]
    again = source.fetch(FetchContext(now=clock.now(), cursor=first.cursor))
    assert again.not_modified
    document.write_text("id,name\n1,乙\n2,丙\n", encoding="utf-8")
    os.utime(document, (1, 1))
    later = source.fetch(FetchContext(now=clock.now(), cursor=first.cursor))
    assert [record.name for record in later.records] == ["乙", "丙"]


def test_a_document_that_is_missing_or_too_large_is_an_error_of_its_source(tmp_path: Path, clock: FakeClock) -> None:
    client = LocalClient(clock=clock, byte_cap=3)
    with pytest.raises(SourceUnavailable, match="No such file"):
        client.get(f"file:{tmp_path}/nowhere.csv")
    (tmp_path / "large").write_bytes(b"1234")
    with pytest.raises(SourceDataError, match="more than 3 bytes"):
        client.get(f"file:{tmp_path}/large")
