"""How the sources are doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from situation.records.base import Record


class Health(StrEnum):
    """Health of a source; never of a device."""

    STARTING = "starting"
    OK = "ok"
    DEGRADED = "degraded"
    STALE = "stale"
    FROZEN = "frozen"  # answers, but its content no longer moves
    UNAVAILABLE = "unavailable"
    AUTH_FAILED = "auth_failed"
    NOT_CONFIGURED = "not_configured"
    PAUSED = "paused"  # somebody told us not to ask it


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth(Record):
    """How a source is doing. `id` is the source's key. Ages are computed when shown, never stored.

    `content_at` is the newest time found in its content; `error` is a safe text for screens. `owner` and `phone` are
    who answers for it; `promise_s` how old its content may be at most, None when nobody promised.
    """

    kind: ClassVar[str] = "source"
    source_kind: str = ""
    name_en: str = ""
    owner: str = ""
    phone: str = ""
    description: str = ""
    promise_s: float | None = None
    state: Health = Health.STARTING
    records: tuple[str, ...] = ()  # kinds it delivers
    interval_s: float = 0.0
    stale_after_s: float = 0.0
    since_at: datetime | None = None  # in this state since
    attempted_at: datetime | None = None
    succeeded_at: datetime | None = None
    content_at: datetime | None = None
    record_count: int = 0
    rejected_count: int = 0  # in the last batch
    rejected_total: int = 0
    failures_total: int = 0
    rejected_samples: tuple[str, ...] = ()  # "id: reason", at most three
    error: str = ""
    latency_s: float | None = None
