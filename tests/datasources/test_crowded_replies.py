"""Replies below the cap of bytes that would take gigabytes as objects: lists of nothing but zeros or empty objects."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from datasources.contract import Batch, Rejection, SourceDataError
from datasources.crowded import MOST_ROWS
from datasources.decode import decode_json, decode_xml
from datasources.fields import each
from datasources.formats.packed import read_cbor, read_lines
from datasources.formats.tables import read_csv
from datasources.ledger import Ledger
from situation.clock import FakeClock
from situation.store import Store


@pytest.mark.parametrize(
    ("decode", "packed"),
    [
        (decode_json, gzip.compress(b"[" + b"0," * 16_000_001 + b"0]", 1)),
        (decode_json, gzip.compress(b"[" + b"{}," * 8_000_001 + b"0]", 1)),
        (decode_json, gzip.compress(b"[" * 8_000_001, 1)),
        (read_lines, gzip.compress(b"{}\n" * (MOST_ROWS + 1), 1)),
        (lambda body: read_csv(body.decode()), gzip.compress(b"id\n" * (MOST_ROWS + 1), 1)),
        (lambda body: read_csv(body.decode()), gzip.compress(b"," * 32_000_001, 1)),
        (read_cbor, gzip.compress(b"\x9a\x00\x80\x00\x00" + b"\xa0" * 0x800000, 1)),
        (decode_xml, gzip.compress(b"<r>" + b"<a/>" * 8_000_001 + b"</r>", 1)),
    ],
    ids=["values", "objects", "lists", "lines", "table", "cells", "cbor", "tags"],
)
def test_more_parts_than_any_city_has_are_refused_before_they_are_objects(
    decode: Callable[[bytes], object], packed: bytes
) -> None:
    with pytest.raises(SourceDataError) as refused:
        decode(gzip.decompress(packed))
    assert refused.value.safe_text == "too_large"


@pytest.mark.parametrize("decode", [decode_json, decode_xml])
@pytest.mark.parametrize("body", [b"", b" \r\n"])
def test_a_body_without_content_is_called_empty(decode: Callable[[bytes], object], body: bytes) -> None:
    with pytest.raises(SourceDataError) as refused:
        decode(body)
    assert refused.value.safe_text == "empty"


def test_more_rows_than_any_city_has_are_not_looked_at() -> None:
    with pytest.raises(SourceDataError) as refused:
        each(range(MOST_ROWS + 1), str)
    assert refused.value.safe_text == "too_large"


def test_a_hundred_thousand_alike_are_one_reason(tmp_path: Path, clock: FakeClock) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}", migrate=True)
    ledger = Ledger(store.source_history, clock)
    bad = [Rejection("1", "no lon"), *[Rejection("?", "not an object")] * 100_000, Rejection("2", "no lon")]
    ledger.took("s", Batch(rejected=tuple(bad)), 0.1)
    ledger.flush()
    told = {(each.reason, each.count, each.sample) for each in store.source_history.reasons("s")}
    assert told == {("no lon", 2, "2: no lon"), ("not an object", 100_000, "?: not an object")}
    store.close()
