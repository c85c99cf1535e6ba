"""Trying a source once against its live upstream, and judging what it brought: the store is not touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import SystemRandom
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from datasources.connecting.remainder import FirstReplies, unread
from datasources.contract import (
    Batch,
    PushSource,
    Rejection,
    Source,
    SourceAuthFailed,
    SourceError,
    SourceUnavailable,
)
from datasources.coordinator import Coordinator
from datasources.health import REJECTED_SHARE
from datasources.plausibility import CANDIDATES, CrsJudgement, TimeJudgement, fit_crs, judge_time
from datasources.registry import build
from datasources.screening import screen
from situation.clock import Clock
from situation.crs import from_wgs84
from situation.masking import mask
from situation.records import PlacedRecord, Record
from situation.settings import SourceSettings

REASONS_SHOWN = 3
FEW_INSIDE = 0.9
"""With a smaller share of positions in the district something is worth a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the positions lie. `judgement` is of the coordinates as they came; None without an outline."""

    known: int
    unknown: int
    inside: int | None
    crs: str
    judgement: CrsJudgement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one try of one source came to. `error` is a code of docs/sources.md, "" when it answered."""

    key: str
    kind: str
    error: str = ""
    detail: str = ""
    is_reachable: bool = True
    is_authorised: bool | None = True
    is_listened_to: bool = False  # it pushes: only its connection was tried
    latency_s: float = 0.0
    records: tuple[tuple[str, int], ...] = ()
    observations: int = 0
    rejected: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    newest_at: datetime | None = None
    time: TimeJudgement | None = None
    crs: str = ""
    places: Places | None = None
    duplicates: int = 0
    unread: str = ""  # what its reply says that there is more of, and nothing asks for
    found: tuple[Record, ...] = ()

    @property
    def is_ok(self) -> bool:
        """Whether the source answered with something that can be used."""
        return not self.error and (self.is_listened_to or bool(self.records) or bool(self.observations))

    @property
    def is_much_rejected(self) -> bool:
        """Whether so much is rejected that the source would be degraded."""
        whole = sum(count for _, count in self.records) + self.rejected
        return bool(self.rejected) and self.rejected >= REJECTED_SHARE * whole


def judge_again(trial: Trial, outline: BaseGeometry | None) -> Trial:
    """The trial with its positions judged by the ground of the district."""
    return replace(trial, places=_places(trial.found, trial.crs, outline))


def try_source(settings: SourceSettings, clock: Clock) -> Trial:
    """Ask once, as the collector would on its first fetch; never raises for what an upstream does.

    A source that brings nothing at first (a file must be found the same twice) is looked at once more.
    """
    client = FirstReplies(clock=clock)
    source = build(settings, clock, client)
    if source.manifest.mode == "push":
        return _try_connection(settings, source, clock)
    outcome = Coordinator(source, _Nowhere(), clock, SystemRandom()).fetch()
    if outcome.batch is not None and _is_bare(outcome.batch) and source.manifest.resumes:
        failed = _try_connection(settings, source, clock)
        if failed.error:
            return failed
        outcome = Coordinator(source, _Nowhere(outcome.batch.cursor), clock, SystemRandom()).fetch()
    if outcome.batch is None:
        return _failed(settings, outcome.error or SourceUnavailable("unreachable"), outcome.latency_s)
    now = clock.now()
    trial = judge(settings, source.manifest.crs, screen(outcome.batch, now), now, outcome.latency_s)
    trial = replace(trial, unread=unread(settings, client.first))
    return replace(trial, duplicates=0) if source.manifest.has_tracks else trial


def _try_connection(settings: SourceSettings, source: Source | PushSource, clock: Clock) -> Trial:
    began_s = clock.monotonic()
    try:
        source.check()
    except SourceError as error:
        return _failed(settings, error, clock.monotonic() - began_s)
    latency_s = clock.monotonic() - began_s
    return Trial(key=settings.key, kind=settings.kind, is_listened_to=True, latency_s=latency_s)


def _is_bare(batch: Batch) -> bool:
    return not (batch.records or batch.observations or batch.rejected)


class _Nowhere:
    """A store that keeps nothing but, perhaps, where a source stopped."""

    def __init__(self, cursor: Any = None) -> None:
        self._cursor = cursor

    def apply(self, source: str, batch: Batch, at: datetime) -> int:
        """Nothing."""
        return 0

    def cursor(self, source: str) -> Any:
        """Where it stopped; None: everything is asked for."""
        return self._cursor

    def doubted(self, source: str) -> frozenset[str]:
        """Nothing."""
        return frozenset()

    def claims(self, source: str, kinds: Sequence[str]) -> int:
        """None."""
        return 0


def judge(settings: SourceSettings, crs: str, batch: Batch, now: datetime, latency_s: float) -> Trial:
    """What a batch is worth, before anybody knows the ground of the district."""
    kinds = Counter(record.kind for record in batch.records)
    ids = Counter((record.kind, record.id) for record in batch.records)
    return Trial(
        key=settings.key,
        kind=settings.kind,
        latency_s=latency_s,
        records=tuple(kinds.most_common()),
        observations=len(batch.observations),
        rejected=len(batch.rejected),
        reasons=_reasons(batch.rejected),
        newest_at=batch.content_at,
        time=judge_time(batch.content_at, now, settings.timezone),
        crs=crs,
        places=_places(batch.records, crs, None),
        duplicates=sum(count - 1 for count in ids.values()),
        found=batch.records,
    )


def _failed(settings: SourceSettings, error: SourceError, latency_s: float) -> Trial:
    code = error.safe_text.partition(":")[0]
    is_refused = isinstance(error, SourceAuthFailed)
    is_reachable = code not in ("unreachable", "timeout", "tls")
    return Trial(
        key=settings.key,
        kind=settings.kind,
        error=error.safe_text,
        detail=str(error) if str(error) != error.safe_text else "",
        is_reachable=is_reachable,
        is_authorised=False if is_refused else (True if code != "http_status" and is_reachable else None),
        latency_s=latency_s,
    )


def _reasons(rejected: Sequence[Rejection]) -> tuple[tuple[str, int], ...]:
    """The commonest reasons, each with the first record that it hit, masked."""
    counts = Counter(bad.reason for bad in rejected)
    first = {bad.reason: bad.record_id for bad in reversed(rejected)}
    return tuple((mask(f"{first[reason]}: {reason}"), n) for reason, n in counts.most_common(REASONS_SHOWN))


def _places(records: Sequence[Record], crs: str, outline: BaseGeometry | None) -> Places | None:
    placed = [record for record in records if isinstance(record, PlacedRecord)]
    if not placed:
        return None
    known = [record for record in placed if record.lon is not None and record.lat is not None]
    lons, lats = _array(known, "lon"), _array(known, "lat")
    if outline is None or not known:
        return Places(known=len(known), unknown=len(placed) - len(known), inside=None, crs=crs)
    inside = int(shapely.intersects_xy(outline, lons, lats).sum())
    judgement = None
    if crs in (*CANDIDATES, "cgcs2000"):
        # as they came: what was read wrongly is found by reading it in all ways
        raw_lons, raw_lats = from_wgs84(crs, lons, lats)
        judgement = fit_crs(outline, raw_lons.tolist(), raw_lats.tolist())
    return Places(known=len(known), unknown=len(placed) - len(known), inside=inside, crs=crs, judgement=judgement)


def _array(records: Sequence[Any], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([getattr(record, name) for record in records], dtype=np.float64)
