"""Tile archives on this machine's disk: MBTiles (SQLite) and PMTiles version 3, read-only.

Formats: https://github.com/mapbox/mbtiles-spec (1.3, rows counted from the south) and
https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md (Hilbert tile ids, directories of varints).
"""

from __future__ import annotations

import gzip
import sqlite3
import struct
from bisect import bisect_right
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

GZIP_MAGIC = b"\x1f\x8b"
MEDIA_TYPES = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"RIFF", "image/webp"))
VECTOR_TYPE = "application/vnd.mapbox-vector-tile"

_PMTILES_HEADER = struct.Struct("<7sB11Q6B")
_NO_COMPRESSION, _GZIP = 1, 2
_DIRECTORY_DEPTH = 4
_CACHED_DIRECTORIES = 64


class ArchiveError(Exception):
    """The file is not an archive we can read; the text says why."""


@dataclass(frozen=True, slots=True)
class Tile:
    """The bytes of a tile as they go to the browser. `encoding` is the `Content-Encoding`, empty for none."""

    body: bytes
    media_type: str
    encoding: str


class TileArchive(Protocol):
    """A set of tiles in one file."""

    def tile(self, zoom: int, x: int, y: int) -> Tile | None:
        """The tile (XYZ, rows counted from the north), None where the archive has none."""
        ...


def to_tile(body: bytes) -> Tile:
    """A tile with its media type, known by its first bytes."""
    if body.startswith(GZIP_MAGIC):
        return Tile(body, VECTOR_TYPE, "gzip")
    media_type = next((name for magic, name in MEDIA_TYPES if body.startswith(magic)), VECTOR_TYPE)
    return Tile(body, media_type, "")


def open_archive(path: Path) -> TileArchive:
    """The archive in `path`, of the kind its first bytes say; raises ArchiveError."""
    try:
        with path.open("rb") as file:
            magic = file.read(16)
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror}") from error
    if magic.startswith(b"PMTiles\x03"):
        return PmTiles(path)
    if magic.startswith(b"SQLite format 3\x00"):
        return MbTiles(path)
    raise ArchiveError(f"{path} is neither PMTiles version 3 nor MBTiles")


class MbTiles:
    """An MBTiles file. Each read opens its own connection: reads come from several threads."""

    def __init__(self, path: Path) -> None:
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"

    def tile(self, zoom: int, x: int, y: int) -> Tile | None:
        """The tile, None where there is none; raises ArchiveError."""
        question = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        try:
            with closing(sqlite3.connect(self._address, uri=True)) as connection:
                row = connection.execute(question, (zoom, x, (1 << zoom) - 1 - y)).fetchone()
        except sqlite3.Error as error:
            raise ArchiveError(f"the tile archive can't be read: {error}") from error
        return to_tile(bytes(row[0])) if row else None


@dataclass(frozen=True, slots=True)
class _Entry:
    tile_id: int
    offset: int
    length: int
    run: int  # 0: the entry points at a leaf directory


class PmTiles:
    """A PMTiles version 3 file whose directories are plain or gzip."""

    def __init__(self, path: Path) -> None:
        self._path = path
        header = _PMTILES_HEADER.unpack(self._read(0, _PMTILES_HEADER.size))
        self._root, self._leaves, self._tiles = (header[2], header[3]), header[6], header[8]
        self._is_packed = header[14] == _GZIP
        if header[14] not in (_NO_COMPRESSION, _GZIP):
            raise ArchiveError(f"{path}: its directories are packed with something else than gzip")
        self._directory = lru_cache(_CACHED_DIRECTORIES)(self._load_directory)

    def tile(self, zoom: int, x: int, y: int) -> Tile | None:
        """The tile, None where there is none; raises ArchiveError."""
        tile_id = to_tile_id(zoom, x, y)
        offset, length = self._root
        for _ in range(_DIRECTORY_DEPTH):
            entry = _find(self._directory(offset, length), tile_id)
            if entry is None:
                return None
            if entry.run:
                return to_tile(self._read(self._tiles + entry.offset, entry.length))
            offset, length = self._leaves + entry.offset, entry.length
        raise ArchiveError(f"{self._path}: its directories are nested too deep")

    def _read(self, offset: int, length: int) -> bytes:
        try:
            with self._path.open("rb") as file:
                file.seek(offset)
                body = file.read(length)
        except OSError as error:
            raise ArchiveError(f"{self._path}: {error.strerror}") from error
        if len(body) < length:
            raise ArchiveError(f"{self._path} ends too early")
        return body

    def _load_directory(self, offset: int, length: int) -> tuple[_Entry, ...]:
        body = self._read(offset, length)
        try:
            return _parse_directory(gzip.decompress(body) if self._is_packed else body)
        except (OSError, EOFError, IndexError) as error:
            raise ArchiveError(f"{self._path}: a directory is damaged") from error


def to_tile_id(zoom: int, x: int, y: int) -> int:
    """The PMTiles id of a tile: all lower zooms first, then along the Hilbert curve."""
    side = 1 << zoom
    position = 0
    half = side >> 1
    while half:
        right, down = int(bool(x & half)), int(bool(y & half))
        position += half * half * ((3 * right) ^ down)
        if not down:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        half >>= 1
    return (side * side - 1) // 3 + position


def _varints(body: bytes) -> list[int]:
    values, value, shift = [], 0, 0
    for byte in body:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            values.append(value)
            value, shift = 0, 0
    return values


def _parse_directory(body: bytes) -> tuple[_Entry, ...]:
    count, *values = _varints(body)
    gaps, runs, lengths, offsets = (values[part * count : (part + 1) * count] for part in range(4))
    entries: list[_Entry] = []
    tile_id = 0
    for index in range(count):
        tile_id += gaps[index]
        follows = offsets[index] == 0 and index > 0
        offset = entries[-1].offset + entries[-1].length if follows else offsets[index] - 1
        entries.append(_Entry(tile_id, offset, lengths[index], runs[index]))
    return tuple(entries)


def _find(entries: tuple[_Entry, ...], tile_id: int) -> _Entry | None:
    index = bisect_right(entries, tile_id, key=lambda entry: entry.tile_id) - 1
    if index < 0:
        return None
    entry = entries[index]
    is_inside = entry.run == 0 or tile_id < entry.tile_id + entry.run
    return entry if is_inside else None
