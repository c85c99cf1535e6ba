"""Formats of messages and exports that hold one object after another: JSON Lines and CBOR."""

from __future__ import annotations

import math
from typing import Any

from datasources.contract import SourceDataError
from datasources.crowded import refuse_rows
from datasources.decode import decode_json, decode_text

_DEEPEST = 64
LARGEST_CBOR = 8_000_000
"""Each of its bytes may be an object of sixty."""


def read_lines(body: bytes, content_type: str = "", encoding: str | None = None) -> list[Any]:
    """One JSON value a line. A line that is none becomes text, which is no row: it costs itself.

    Raises SourceDataError when no line is JSON.
    """
    refuse_rows(body.count(b"\n"))
    text = decode_text(body, content_type, encoding)
    rows: list[Any] = []
    good = 0
    for line in text.split("\n"):
        if not line.strip("\x1e \t\r"):  # RFC 7464 begins records by 0x1e
            continue
        try:
            rows.append(decode_json(line.strip("\x1e \t\r").encode()))
            good += 1
        except SourceDataError:
            rows.append(line[:200])
    if not good:
        raise SourceDataError("not_json", "no line is JSON" if rows else "no line at all")
    return rows


def read_cbor(body: bytes) -> Any:
    """A CBOR document (RFC 8949) as JSON would have it: bytes become hexadecimal, what JSON can't say becomes None."""
    import cbor2

    if len(body) > LARGEST_CBOR:
        raise SourceDataError("too_large", f"{len(body)} bytes of CBOR, at most {LARGEST_CBOR} are read")
    try:
        return _plain(cbor2.loads(body), 0)
    except (cbor2.CBORDecodeError, ValueError, RecursionError, MemoryError, OverflowError, TypeError) as error:
        raise SourceDataError("not_cbor", f"not CBOR: {error}") from error


def _plain(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inner, depth + 1) for inner in value]
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (str, int, float, bool)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else None
