"""Records to and from the text kept in the store, and times to and from epoch milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from situation.records import RECORD_TYPES, Record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_ENCODER = msgspec.json.Encoder()
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(record_type) for kind, record_type in RECORD_TYPES.items()
}


def encode(record: Record) -> str:
    """The record as JSON text."""
    return _ENCODER.encode(record).decode()


def decode(kind: str, body: str) -> Record:
    """The record of a JSON text; fields that a later release added have their defaults."""
    record: Record = _DECODERS[kind].decode(body)
    return record


def to_ms(at: datetime) -> int:
    """Epoch milliseconds of an aware time."""
    return (at - _EPOCH) // _MILLISECOND


def to_ms_or_none(at: datetime | None) -> int | None:
    """Epoch milliseconds of an aware time, None for None."""
    return None if at is None else to_ms(at)


def to_datetime(at_ms: int) -> datetime:
    """Aware UTC time of epoch milliseconds."""
    return _EPOCH + timedelta(milliseconds=at_ms)
