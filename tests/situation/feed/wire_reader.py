"""Reads the feed as a browser does: a small mirror of assets/10-feed.js, 11-snapshot.js and 13-screen.js."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

import numpy as np

DTYPES = {"u32": "<u4", "f32": "<f4", "u8": "u1", "u16": "<u2"}
Mark = tuple[float, float, int, int]


class Screen:
    """What one wall shows after a snapshot and the frames it was sent."""

    def __init__(self, snapshot: bytes) -> None:
        length = struct.unpack_from("<I", snapshot)[0]
        assert (4 + length) % 4 == 0
        self.header: dict[str, Any] = json.loads(snapshot[4 : 4 + length])
        self.seq: int = self.header["seq"]
        self.panels: dict[str, Any] = self.header["panels"]
        self.marks = {table["kind"]: _marks(snapshot, 4 + length, table) for table in self.header["marks"]}
        self.categories = self.header["categories"]
        self.beats: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []
        self.was_reset = False

    def take(self, stream: bytes) -> None:
        """Apply a piece of the event stream (whole events)."""
        for text in stream.decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith(":"))
            if lines:
                self._apply(lines["event"], json.loads(lines["data"]), lines.get("id"))

    def _apply(self, name: str, data: dict[str, Any], event_id: str | None) -> None:
        if name == "reset":
            self.was_reset = True
        elif name == "beat":
            self.beats.append(data)
            for key, as_of in data["as_of"].items():
                self.panels[key]["as_of"] = as_of
        else:
            assert event_id == str(data["seq"])
            self.frames.append(data)
            self._apply_frame(data)

    def _apply_frame(self, frame: dict[str, Any]) -> None:
        if frame["seq"] < self.seq:
            return
        self.seq = frame["seq"]
        self.categories |= frame.get("categories", {})
        for key, panel in frame["panels"].items():
            before = self.panels.get(key, {"values": {}})
            self.panels[key] = panel | {"values": before["values"] | panel["values"]}
        for kind, changes in frame["marks"].items():
            table = self.marks.setdefault(kind, {})
            for number in _removed(changes.get("remove", "")):
                table.pop(number, None)
            for number, state, category, position in _puts(changes.get("put", "")):
                table[number] = (*(position or table[number][:2]), state, category)


def _marks(body: bytes, start: int, table: dict[str, Any]) -> dict[int, Mark]:
    columns = {}
    for column in table["columns"]:
        assert column["offset"] % 4 == 0
        columns[column["name"]] = np.frombuffer(
            body, DTYPES[column["type"]], table["count"], start + column["offset"]
        ).tolist()
    assert columns["number"] == sorted(columns["number"])
    rows = zip(*(columns[name] for name in ("number", "lon", "lat", "state", "category")), strict=True)
    return {number: tuple(rest) for number, *rest in rows}


def _varint(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _removed(text: str) -> list[int]:
    body, at, number = base64.b64decode(text), 0, 0
    numbers = []
    while at < len(body):
        gap, at = _varint(body, at)
        number += gap
        numbers.append(number)
    return numbers


def _puts(text: str) -> list[tuple[int, int, int, tuple[float, float] | None]]:
    body, at, number = base64.b64decode(text), 0, 0
    puts = []
    while at < len(body):
        gap, at = _varint(body, at)
        number += gap
        state, category, position = body[at], body[at + 1], None
        at += 2
        if category & 0x80:
            category &= 0x7F
            position = struct.unpack_from("<ff", body, at)
            at += 8
        puts.append((number, state, category, position))
    return puts
