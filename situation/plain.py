"""Records as they may leave this server: JSON values, nothing that must not be told, telephones masked."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from situation.records import Area, Record

HIDDEN_FIELDS = frozenset({"media"})
"""How a camera is reached: opaque, and no business of anybody outside."""

MASKED_FIELDS = frozenset({"phone"})
_DIGITS = re.compile(r"\d{7,}")


def masked_phone(text: str) -> str:
    """A telephone number with its middle hidden, 138****5617; short internal numbers stay."""
    return _DIGITS.sub(_mask_digits, text)


def _mask_digits(match: re.Match[str]) -> str:
    digits = match.group()
    return (
        f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}" if len(digits) > 8 else f"{digits[:2]}****{digits[-2:]}"
    )


def to_plain(record: Record, number: int | None = None) -> dict[str, Any]:
    """The record as JSON values, hidden fields left out, telephones masked. `number` is what its mark carries."""
    plain: dict[str, Any] = msgspec.to_builtins(record)
    shown: dict[str, Any] = {"kind": record.kind} if number is None else {"kind": record.kind, "mark": number}
    for name, value in plain.items():
        if name in HIDDEN_FIELDS:
            continue
        shown[name] = masked_phone(value) if name in MASKED_FIELDS else value
    if isinstance(record, Area):
        shown["geometry"] = json.loads(record.geometry) if record.geometry else None
    return shown
