"""The ledger of the sources: what each delivered, lost and how it stood, hour by hour; written every few seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from datasources.contract import Batch, SourceError
from datasources.screening import FROM_THE_FUTURE, FUTURE_TOLERANCE
from situation.areas import AreaIndex
from situation.clock import Clock
from situation.masking import mask
from situation.records import Area, AreaKind, Health, PlacedRecord, Record, SourceHealth
from situation.store.sources import Sort, SourceHour, SourceReason, hour_of

MOST_REASONS = 40
"""Different reasons kept for each source: what is rarer or older goes first."""

MOST_POSITIONS = 20_000
"""Positions looked at in one batch, evenly chosen: beyond that a share says no more."""

LONGEST_TICK_S = 60.0
"""Real seconds: a longer gap (a suspended machine) is time nobody watched."""

REASON_LENGTH = 160

SECONDS: dict[Health, str] = {
    Health.STARTING: "starting_s",
    Health.OK: "ok_s",
    Health.DEGRADED: "degraded_s",
    Health.STALE: "stale_s",
    Health.FROZEN: "frozen_s",
    Health.UNAVAILABLE: "down_s",
    Health.AUTH_FAILED: "down_s",
    Health.NOT_CONFIGURED: "paused_s",
    Health.PAUSED: "paused_s",
}
"""Health → the column of `SourceHour` that its time goes into."""


class History(Protocol):
    """Where the ledger is kept: `Store.source_history`."""

    def save(self, hours: Iterable[SourceHour], reasons: Iterable[SourceReason]) -> None: ...
    def drop(self, reasons: Sequence[SourceReason]) -> None: ...
    def hours(self, since: datetime, until: datetime, source: str = "") -> list[SourceHour]: ...
    def reasons(self, source: str = "") -> list[SourceReason]: ...


@dataclass(slots=True)
class _Pages:
    """What is not written yet: hours and reasons by their keys."""

    hours: set[tuple[str, int]] = field(default_factory=set)
    reasons: set[tuple[str, Sort, str]] = field(default_factory=set)


@dataclass(slots=True)
class _Spots:
    """Positions that are not counted yet, and how many records had none."""

    known: list[tuple[float, float]] = field(default_factory=list)
    unknown: int = 0


class Ledger:
    """Counts in memory and writes with `flush`. Belongs to the collector's writer; not thread-safe."""

    def __init__(self, history: History, clock: Clock, areas: Iterable[Area] = ()) -> None:
        """`areas` are those known by now (`draw`)."""
        self._history = history
        self._clock = clock
        self._spots: dict[tuple[str, int], _Spots] = {}
        self._counted: dict[str, tuple[int, set[int]]] = {}
        self.draw(areas)
        now = clock.now()
        known = history.hours(now - timedelta(hours=1), now + timedelta(hours=1))
        self._hours = {(each.source, each.hour): each for each in known}
        self._reasons = {(each.source, each.sort, each.reason): each for each in history.reasons()}
        self._unwritten = _Pages()
        self._ticked: tuple[datetime, float] | None = None

    def draw(self, areas: Iterable[Area]) -> None:
        """Hold positions against these areas from now on; what the sources say of them is followed by itself."""
        if self._spots:
            self._weigh()
        self._areas = {area.id: area for area in areas if _draws_district(area)}
        self._district: BaseGeometry | None = None
        self._is_district_known = False

    def took(self, key: str, batch: Batch, latency_s: float) -> None:
        """Note an answer that was kept."""
        now = self._clock.now()
        hour = self._answered(key, now, latency_s)
        hour.records += len(batch.records)
        hour.observations += len(batch.observations)
        hour.rejected += len(batch.rejected)
        hour.ahead += sum(bad.reason == FROM_THE_FUTURE for bad in batch.rejected)
        self._note_content(hour, batch, now)
        self._note_positions(hour, batch)
        last = {bad.reason: bad for bad in batch.rejected}  # one of each reason: there may be a million alike
        for reason, count in Counter(bad.reason for bad in batch.rejected).items():
            self._reason(key, "rejected", reason, now, f"{last[reason].record_id}: {reason}", count)

    def unchanged(self, key: str, latency_s: float) -> None:
        """Note an answer that said that nothing changed."""
        self._answered(key, self._clock.now(), latency_s).unchanged += 1

    def failed(self, key: str, error: SourceError) -> None:
        """Note a fetch that failed."""
        now = self._clock.now()
        hour = self._hour(key, now)
        hour.fetches += 1
        hour.failures += 1
        self._reason(key, "error", error.safe_text, now, "")

    def tick(self, healths: Iterable[SourceHealth]) -> None:
        """Give the time since the last tick to the state that each source is in."""
        now, monotonic_s = self._clock.now(), self._clock.monotonic()
        before, self._ticked = self._ticked, (now, monotonic_s)
        if before is None or monotonic_s - before[1] > LONGEST_TICK_S:
            return
        elapsed_s = (now - before[0]).total_seconds()
        if elapsed_s <= 0:  # the clock was set back
            return
        for health in healths:
            hour, column = self._hour(health.id, now), SECONDS[health.state]
            setattr(hour, column, getattr(hour, column) + elapsed_s)

    def flush(self) -> None:
        """Write what is new; raises what the store raises, and then tries again with the next."""
        self._weigh()
        self._drop_rare_reasons()
        pages = self._unwritten
        self._history.save(
            [self._hours[key] for key in sorted(pages.hours)],
            [self._reasons[key] for key in sorted(pages.reasons) if key in self._reasons],
        )
        self._unwritten = _Pages()
        oldest = hour_of(self._clock.now()) - 1
        self._hours = {key: hour for key, hour in self._hours.items() if key[1] >= oldest}

    def _hour(self, key: str, now: datetime) -> SourceHour:
        number = hour_of(now)
        self._unwritten.hours.add((key, number))
        found = self._hours.get((key, number))
        if found is None:
            found = self._hours[key, number] = SourceHour(source=key, hour=number)
        return found

    def _answered(self, key: str, now: datetime, latency_s: float) -> SourceHour:
        hour = self._hour(key, now)
        hour.fetches += 1
        hour.latency_s += latency_s
        hour.slowest_s = max(hour.slowest_s, latency_s)
        return hour

    def _note_content(self, hour: SourceHour, batch: Batch, now: datetime) -> None:
        if batch.content_at is None:
            return
        age_s = (now - batch.content_at).total_seconds()
        hour.ahead += int(-age_s > FUTURE_TOLERANCE.total_seconds())
        least, most = hour.content_age_least_s, hour.content_age_most_s
        hour.content_age_least_s = age_s if least is None else min(least, age_s)
        hour.content_age_most_s = age_s if most is None else max(most, age_s)

    def _note_positions(self, hour: SourceHour, batch: Batch) -> None:
        for record in batch.records:
            if isinstance(record, Area) and _draws_district(record) and self._areas.get(record.id) != record:
                self._areas[record.id] = record
                self._is_district_known = False
        placed = [record for record in batch.records if isinstance(record, PlacedRecord)]
        if not batch.complete:
            placed = self._not_counted_yet(hour, placed)
        if not placed:
            return
        looked_at = placed[:: -(-len(placed) // MOST_POSITIONS)]
        known = [(record.lon, record.lat) for record in looked_at if record.lon is not None and record.lat is not None]
        spots = self._spots.setdefault((hour.source, hour.hour), _Spots())
        spots.known += known
        spots.unknown += len(looked_at) - len(known)
        if len(spots.known) >= MOST_POSITIONS:
            self._weigh()

    def _not_counted_yet(self, hour: SourceHour, placed: Sequence[PlacedRecord]) -> list[PlacedRecord]:
        """Without those that stood there already this hour: of a source that tells only what is new, the few rows its
        overlap tells again each minute would soon be all that counts.
        """
        at, counted = self._counted.get(hour.source, (hour.hour, set()))
        if at != hour.hour or len(counted) > MOST_POSITIONS:
            counted = set()
        new = [record for record in placed if hash((record.id, record.lon, record.lat)) not in counted]
        counted.update(hash((record.id, record.lon, record.lat)) for record in new)
        self._counted[hour.source] = hour.hour, counted
        return new

    def _weigh(self) -> None:
        """Count the positions held back: many at once cost little, each by itself as much as all.

        Without an outline of the district nothing is counted: neither inside nor outside would be true.
        """
        held, self._spots = self._spots, {}
        district = self._ground()
        if district is None:
            self._counted.clear()
            return
        for key, spots in held.items():
            hour = self._hours[key]
            hour.positioned += len(spots.known)
            hour.unpositioned += spots.unknown
            if spots.known:
                lons, lats = np.array(spots.known, dtype=np.float64).T
                inside = int(np.count_nonzero(shapely.intersects_xy(district, lons, lats)))
                hour.outside += len(spots.known) - inside

    def _ground(self) -> BaseGeometry | None:
        if not self._is_district_known:
            self._district = AreaIndex.build(self._areas.values()).district()
            if self._district is not None:
                shapely.prepare(self._district)
            self._is_district_known = True
        return self._district

    def _reason(self, source: str, sort: Sort, reason: str, now: datetime, sample: str, count: int = 1) -> None:
        reason = mask(reason)[:REASON_LENGTH]
        key = (source, sort, reason)
        self._unwritten.reasons.add(key)
        found = self._reasons.get(key)
        if found is None:
            found = SourceReason(source=source, sort=sort, reason=reason, count=0, first_at=now, last_at=now)
            self._reasons[key] = found
        found.count += count
        found.last_at = max(now, found.last_at)
        if sample:
            found.sample = mask(sample)[:REASON_LENGTH]

    def _drop_rare_reasons(self) -> None:
        """Keep each source's list short: the reasons seen last stay."""
        by_source: dict[str, list[SourceReason]] = {}
        for reason in self._reasons.values():
            by_source.setdefault(reason.source, []).append(reason)
        surplus = [
            reason
            for reasons in by_source.values()
            if len(reasons) > MOST_REASONS
            for reason in sorted(reasons, key=lambda each: (each.last_at, each.count))[: len(reasons) - MOST_REASONS]
        ]
        if surplus:
            self._history.drop(surplus)
            for reason in surplus:
                del self._reasons[reason.source, reason.sort, reason.reason]


def _draws_district(record: Record) -> bool:
    return isinstance(record, Area) and record.area_kind in (AreaKind.DISTRICT, AreaKind.STREET)
