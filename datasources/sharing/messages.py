"""What a share is told: lots of changes in its scope, as JSON, and the headers that prove who says it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

import msgspec

from situation.plain import to_plain
from situation.records import Record
from situation.scope import EVERYTHING, PUBLIC_KINDS
from situation.settings import ShareSettings
from situation.store import Change

TIMESTAMP_HEADER, SIGNATURE_HEADER = "X-OneScreen-Timestamp", "X-OneScreen-Signature"
MOST_CHANGES = 500
MOST_BYTES = 1_000_000
"""Of one message; a single change that is larger goes alone."""


class Past(Protocol):
    """Where it stands what a record was before a change: `Store.deliveries`."""

    def before(self, changes: Sequence[Change]) -> dict[int, Record | None]:
        """By number of the change."""
        ...


@dataclass(frozen=True, slots=True)
class Lot:
    """Changes as they are told, each as JSON; they stand for everything up to `through`."""

    changes: tuple[bytes, ...]
    through: int


class Telling:
    """What one share may hear of."""

    def __init__(self, share: ShareSettings, past: Past) -> None:
        wanted = share.webhook.kinds if share.webhook is not None else ()
        self._kinds = share.kinds & frozenset(wanted) if wanted else share.kinds
        self._scope = share.scope
        self._past = past

    def lot(self, changes: Sequence[Change], after: int) -> Lot:
        """As many of these changes as fit into one message."""
        told: list[bytes] = []
        size, through = 0, after
        for change, operation in self._operations(changes):
            if operation is not None:
                body = self._encoded(change, operation)
                size += len(body) + 1
                if told and (len(told) == MOST_CHANGES or size > MOST_BYTES):
                    break
                told.append(body)
            through = change.seq
        return Lot(tuple(told), through)

    def _operations(self, changes: Sequence[Change]) -> Iterator[tuple[Change, Literal["put", "remove"] | None]]:
        """Each change and how it is told; None: not at all. What leaves the scope is told as a removal."""
        leaving = [change for change in changes if self._may_leave(change)]
        before = self._past.before(leaving)
        for change in changes:
            if change.kind not in self._kinds:
                yield change, None
            elif self._is_seen(change.record):
                yield change, "put"
            else:
                was_seen = change.seq not in before or self._is_seen(before[change.seq])
                yield change, "remove" if was_seen else None

    def _may_leave(self, change: Change) -> bool:
        """Whether it must be looked up if the share ever saw the record, which is gone or beyond its scope now."""
        is_everybodys = change.kind in PUBLIC_KINDS or self._scope == EVERYTHING
        return change.kind in self._kinds and not is_everybodys and not self._is_seen(change.record)

    def _is_seen(self, record: Record | None) -> bool:
        return record is not None and self._scope.allows(record)

    def _encoded(self, change: Change, operation: Literal["put", "remove"]) -> bytes:
        told: dict[str, Any] = {
            "seq": change.seq,
            "at": iso(change.at),
            "operation": operation,
            "kind": change.kind,
            "id": change.id,
        }
        if operation == "put" and change.record is not None:
            told["record"] = to_plain(self._scope.narrowed(change.record))
        return msgspec.json.encode(told)


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with Z, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def body_of(share: str, lot: Lot, after: int) -> bytes:
    """A message with changes; `after` and `through` are the places in the change log between which they lie."""
    head = msgspec.json.encode({"type": "changes", "share": share, "after": after, "through": lot.through})
    return head[:-1] + b',"changes":[' + b",".join(lot.changes) + b"]}"


def reset_of(share: str, through: int) -> bytes:
    """A message that says: read everything again, then go on with what comes after `through`."""
    told = {"type": "reset", "share": share, "after": through, "through": through, "changes": []}
    return msgspec.json.encode(told)


def headers_of(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """The same recipe as for what is pushed to us: HMAC-SHA256 of time, full stop, body. `now` is the machine's."""
    stamp = f"{now.timestamp():.0f}"
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        TIMESTAMP_HEADER: stamp,
        SIGNATURE_HEADER: f"sha256={signature}",
    }
