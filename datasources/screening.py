"""What a batch must survive whatever its source: nothing comes from the future."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from datasources.contract import Batch, Rejection
from situation.records import Officer, Record

FUTURE_TOLERANCE = timedelta(minutes=5)
"""How far an upstream's clock may be ahead before what it says about now can't be believed."""

FROM_THE_FUTURE = "from the future"
"""The reason for which such content is rejected."""

_POSITIONED: dict[str, Callable[[Any], datetime | None]] = {Officer.kind: lambda officer: officer.positioned_at}
"""Kinds whose whole meaning is a moment. A warning or a case is never dropped for its clock, only its source marked."""


def screen(batch: Batch, now: datetime) -> Batch:
    """The batch without observations and positions from more than five minutes ahead, which are counted as rejected."""
    latest = now + FUTURE_TOLERANCE
    ahead = [Rejection(record.id, FROM_THE_FUTURE) for record in batch.records if _is_ahead(record, latest)]
    observations = batch.observations
    if any(observation.observed_at > latest for observation in observations):
        kept = tuple(observation for observation in observations if observation.observed_at <= latest)
        ahead += [
            Rejection(observation.datastream, FROM_THE_FUTURE)
            for observation in observations
            if observation.observed_at > latest
        ]
        observations = kept
    if not ahead:
        return batch
    records = tuple(record for record in batch.records if not _is_ahead(record, latest))
    return replace(batch, records=records, observations=observations, rejected=(*batch.rejected, *ahead))


def is_clock_ahead(content_at: datetime | None, now: datetime) -> bool:
    """Whether the newest time of some content lies beyond the tolerance."""
    return content_at is not None and content_at > now + FUTURE_TOLERANCE


def _is_ahead(record: Record, latest: datetime) -> bool:
    moment = _POSITIONED.get(record.kind)
    at = moment(record) if moment else None
    return at is not None and at > latest
