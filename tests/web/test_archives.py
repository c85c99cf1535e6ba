"""Tile archives, read from files made here by the formats' own rules."""

from __future__ import annotations

import gzip
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.archives import ArchiveError, open_archive, to_tile_id

PNG = b"\x89PNG a tile"


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    """Entries of (tile id, offset, length, run) as the format packs them."""
    gaps = [one[0] - before for one, before in zip(entries, [0, *(entry[0] for entry in entries)], strict=False)]
    columns = [gaps, [one[3] for one in entries], [one[2] for one in entries], [one[1] + 1 for one in entries]]
    return gzip.compress(varint(len(entries)) + b"".join(varint(value) for column in columns for value in column))


def pmtiles(path: Path, tiles: dict[int, bytes], is_nested: bool) -> Path:
    """A PMTiles file whose tiles stand in the root directory or one level deeper."""
    body, entries = b"", []
    for tile_id in sorted(tiles):
        entries.append((tile_id, len(body), len(tiles[tile_id]), 1))
        body += tiles[tile_id]
    leaves = directory(entries) if is_nested else b""
    root = directory([(0, 0, len(leaves), 0)]) if is_nested else directory(entries)
    places = [
        127,
        len(root),
        127 + len(root),
        0,
        127 + len(root),
        len(leaves),
        127 + len(root) + len(leaves),
        len(body),
    ]
    header = struct.pack("<7sB11Q6B", b"PMTiles", 3, *places, 0, 0, 0, 1, 2, 1, 2, 0, 5)
    path.write_bytes(header.ljust(127, b"\0") + root + leaves + body)
    return path


@pytest.mark.parametrize(
    ("tile", "expected"),
    [
        ((0, 0, 0), 0),
        ((1, 0, 0), 1),
        ((1, 0, 1), 2),
        ((1, 1, 1), 3),
        ((1, 1, 0), 4),
        ((2, 0, 0), 5),
        ((12, 3423, 1763), 19078479),
    ],
)
def test_tile_ids_are_those_of_the_specification(tile: tuple[int, int, int], expected: int) -> None:
    assert to_tile_id(*tile) == expected


@given(st.integers(0, 6))
def test_every_tile_of_a_zoom_has_an_id_of_its_own(zoom: int) -> None:
    side = 1 << zoom
    first = (side * side - 1) // 3
    assert {to_tile_id(zoom, x, y) for x in range(side) for y in range(side)} == set(range(first, first + side * side))


@pytest.mark.parametrize("is_nested", [False, True])
def test_pmtiles_gives_back_what_was_put_in(tmp_path: Path, is_nested: bool) -> None:
    tiles = {to_tile_id(5, x, 3): PNG + bytes([x]) for x in range(0, 32, 3)}
    archive = open_archive(pmtiles(tmp_path / "a.pmtiles", tiles, is_nested))
    for x in range(32):
        found = archive.tile(5, x, 3)
        assert (found.body if found else None) == tiles.get(to_tile_id(5, x, 3))


def test_mbtiles_counts_rows_from_the_south(tmp_path: Path) -> None:
    path = tmp_path / "a.mbtiles"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        connection.execute("INSERT INTO tiles VALUES (3, 1, 7, ?)", (PNG,))
    archive = open_archive(path)
    found = archive.tile(3, 1, 0)
    assert found is not None
    assert (found.body, found.media_type, found.encoding) == (PNG, "image/png", "")
    assert archive.tile(3, 1, 7) is None


@pytest.mark.parametrize("body", [b"", b"PMTiles\x02", b"<html>", b"PMTiles\x03 too short"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "a.pmtiles"
    path.write_bytes(body)
    with pytest.raises(ArchiveError):
        open_archive(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="No such file"):
        open_archive(tmp_path / "none.pmtiles")
