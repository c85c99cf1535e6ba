"""The wire format of docs/contracts.md: snapshot, frames, beats. Bytes in, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import numpy as np

from situation.feed.marks import Marks
from situation.live.columns import epoch_ms

RESET = b"event: reset\ndata: {}\n\n"
COMMENT = b": onescreen\n\n"
"""Sent first, so that a proxy or browser sees the stream open at once."""

_COLUMNS = (
    ("number", "u32", "<u4"),
    ("lon", "f32", "<f4"),
    ("lat", "f32", "<f4"),
    ("state", "u8", "u1"),
    ("category", "u8", "u1"),
)
_encoder = msgspec.json.Encoder()


def to_ms(at: datetime | None) -> int | None:
    """A time on the wire."""
    return None if at is None else epoch_ms(at)


def to_json(value: Any) -> bytes:
    """JSON; a float that is not a number becomes null."""
    return _encoder.encode(value)


def event(name: str, data: Any, seq: int | None = None) -> bytes:
    """One server-sent event."""
    head = b"" if seq is None else b"id: %d\n" % seq
    return head + b"event: " + name.encode() + b"\ndata: " + to_json(data) + b"\n\n"


def scene_event(
    scene: str, seq: int, panels: Mapping[str, Any], as_of: Mapping[str, int | None] | None = None
) -> bytes:
    """Panels of a scene. Without an id: a client that comes back is given its scenes whole again."""
    data: dict[str, Any] = {"scene": scene, "seq": seq, "panels": panels}
    if as_of:
        data["as_of"] = as_of
    return event("scene", data)


def columns(marks: Mapping[str, Marks]) -> tuple[list[dict[str, Any]], bytes]:
    """Description and bytes of the columns of all marks; every column starts at a multiple of 4."""
    described: list[dict[str, Any]] = []
    parts: list[bytes] = []
    offset = 0
    for kind, table in marks.items():
        entry: dict[str, Any] = {"kind": kind, "count": len(table), "columns": []}
        for name, wire_type, dtype in _COLUMNS:
            body = np.ascontiguousarray(getattr(table, name), dtype=dtype).tobytes()
            entry["columns"].append({"name": name, "type": wire_type, "offset": offset})
            padding = -len(body) % 4
            parts.append(body + b"\0" * padding)
            offset += len(body) + padding
        described.append(entry)
    return described, b"".join(parts)


def snapshot(header: Mapping[str, Any], body: bytes) -> bytes:
    """Header length, header padded to a multiple of 4 bytes counted from the start of the body, columns."""
    text = to_json(header)
    text += b" " * (-(4 + len(text)) % 4)
    return len(text).to_bytes(4, "little") + text + body
