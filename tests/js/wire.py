"""The wire format of docs/contracts.md as a server writes it: snapshot, frames, events."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterable, Mapping
from typing import Any

from numpy.typing import NDArray

Marks = Mapping[str, Mapping[str, NDArray[Any]]]
COLUMNS = (
    ("number", "u32", "<u4"),
    ("lon", "f32", "<f4"),
    ("lat", "f32", "<f4"),
    ("state", "u8", "u1"),
    ("category", "u8", "u1"),
)


def snapshot(header: Mapping[str, Any], marks: Marks) -> bytes:
    """`/api/snapshot`: u32 header length, header padded to 4 bytes, columns."""
    tables, body = [], b""
    for kind, columns in marks.items():
        table: dict[str, Any] = {"kind": kind, "count": len(columns["number"]), "columns": []}
        for name, kind_name, dtype in COLUMNS:
            body += b"\0" * (-len(body) % 4)
            table["columns"].append({"name": name, "type": kind_name, "offset": len(body)})
            body += columns[name].astype(dtype).tobytes()
        tables.append(table)
    text = json.dumps({**header, "marks": tables}).encode()
    text += b" " * (-(4 + len(text)) % 4)
    return struct.pack("<I", len(text)) + text + body


def varint(value: int) -> bytes:
    """LEB128."""
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def removed(numbers: Iterable[int]) -> str:
    """base64 of removed numbers."""
    return _gaps((number, b"") for number in sorted(numbers))


def put(marks: Iterable[tuple[int, int, int] | tuple[int, int, int, float, float]]) -> str:
    """base64 of changed marks: (number, state, category) or, when new or moved, also (lon, lat)."""
    return _gaps((number, _entry(*rest)) for number, *rest in sorted(marks))


def _entry(state: int, category: int, *position: float) -> bytes:
    if not position:
        return bytes([state, category])
    return bytes([state, category | 0x80]) + struct.pack("<ff", *position)


def _gaps(entries: Iterable[tuple[int, bytes]]) -> str:
    out, last = b"", 0
    for number, rest in entries:
        out += varint(number - last) + rest
        last = number
    return base64.b64encode(out).decode()


def event(name: str, data: Mapping[str, Any], seq: int | None = None) -> bytes:
    """One server-sent event."""
    identity = "" if seq is None else f"id: {seq}\n"
    return f"{identity}event: {name}\ndata: {json.dumps(data)}\n\n".encode()
