"""The `sensorthings` source: a server's Things every few minutes, its new Observations in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from datasources.asking.client import authenticated
from datasources.contract import (
    Batch,
    FetchContext,
    Manifest,
    Rejection,
    SourceSettings,
    SourceUnavailable,
    configured,
)
from datasources.document import address
from datasources.fields import newest, zone
from datasources.http import HttpClient
from datasources.mapping.options import ThresholdOptions
from datasources.options import read_options
from datasources.sensorthings.dialects import DIALECTS, in_dialect, observations_query, things_query
from datasources.sensorthings.listing import Listed, Listing
from datasources.sensorthings.memory import Memory, read_memory
from datasources.sensorthings.normalise import Server
from datasources.sensorthings.options import SensorThingsOptions
from datasources.sensorthings.pages import NotUnderstood, read_pages
from datasources.sensorthings.readings import normalise_observations, without_duplicates
from situation.records import Observation, Threshold

MANIFEST = Manifest(
    kind="sensorthings",
    records=("sensor",),
    interval_s=20,
    timeout_s=60,
    stale_after_s=300,
    moves_within_s=1800,
    resumes=True,
)
OVERLAP = timedelta(minutes=2)
"""Asked again each time: readings arrive late and out of order."""

FULL_AT_MOST_EVERY_S = 60.0
"""Real seconds, for a clock that runs ahead of the machine's."""

LONGEST_GAP = timedelta(hours=2)
"""After a longer silence only the latest readings are taken; a back-fill of days would block the live ones."""

LONGEST_GAP_AHEAD = timedelta(minutes=20)
"""The same for a clock that runs ahead of the machine's, which brings more readings than can be carried over."""


@dataclass(frozen=True, slots=True)
class SensorThingsSource:
    """A server's Things every few minutes, its new Observations in between."""

    key: str
    manifest: Manifest
    settings: SourceSettings
    options: SensorThingsOptions
    server: Server
    http: HttpClient

    def check(self) -> None:
        """Try the first page of Things."""
        context = FetchContext(now=self.http.clock.now())
        try:
            in_dialect(0, things_query, lambda _, query: next(self._pages(query, context), None))
        except NotUnderstood as refusal:
            raise SourceUnavailable(refusal.safe_text, str(refusal)) from refusal

    def fetch(self, context: FetchContext) -> Batch:
        """New readings; and all Things with their latest, when the last time is a few minutes ago."""
        memory = read_memory(context.cursor)
        since = self._since(memory, context.now)
        memory = memory.fresh(context.now)
        is_full = memory.full_at is None or context.now - memory.full_at >= self._full_every()
        listed = Listed(memory)
        if is_full:
            listed = Listing(self.options, self.server, self.http.clock.now(), self._reader(context)).read(memory)
            full_at = context.now if memory.full_at else context.now - self._apart()
            memory = replace(listed.memory, full_at=full_at)
            if since is None and not DIALECTS[memory.dialect].order:
                since = context.now - LONGEST_GAP  # a server that can't order can't be asked for the latest alone
        memory, later, refused = self._later(memory, since, context)
        kept = without_duplicates([*listed.observations, *later])
        newest_at = newest([memory.observed_at, kept[-1].observed_at if kept else None])
        reached = min(newest_at, context.now) if newest_at else None
        return Batch(
            records=tuple(listed.sensors),
            observations=kept,
            complete=frozenset({"sensor"}) if is_full else frozenset(),
            rejected=(*listed.rejected, *refused),
            content_at=newest_at,
            cursor=replace(memory, observed_at=reached).to_cursor(),
        )

    def _since(self, memory: Memory, now: datetime) -> datetime | None:
        """From when on readings are wanted; None on a first fetch without back-fill: the latest are enough."""
        if memory.observed_at is not None:
            longest = LONGEST_GAP if self._city_s() <= 1.0 else LONGEST_GAP_AHEAD
            return max(memory.observed_at - OVERLAP, now - longest)
        backfill_s = self.options.backfill_s
        return now - timedelta(seconds=backfill_s) if backfill_s and memory.full_at is None else None

    def _apart(self) -> timedelta:
        """Of servers that were first asked together each has its lists at another time from then on."""
        return self._full_every() / 2 * (crc32(self.key.encode()) % 1000 / 1000)

    def _full_every(self) -> timedelta:
        every_s = self.options.full_every_s
        return timedelta(seconds=max(every_s, min(every_s, FULL_AT_MOST_EVERY_S) * self._city_s()))

    def _city_s(self) -> float:
        """City seconds in a real one."""
        return 1.0 / self.http.clock.real_s(1.0)

    def _later(
        self, memory: Memory, since: datetime | None, context: FetchContext
    ) -> tuple[Memory, list[Observation], list[Rejection]]:
        """Readings since a moment. A server whose joins are wrong and that knows no dataArray has only the latest."""
        if since is None:
            return memory, [], []
        is_array = self.options.data_array or memory.joins is False
        has_multi = self.options.multi_datastreams
        preferred = memory.dialect if memory.reading is None else memory.reading
        try:
            reading, (found, rejected) = in_dialect(
                preferred,
                lambda dialect: observations_query(dialect, since, is_array, has_multi),
                lambda _, query: self._readings(query, context),
                is_learned=memory.reading is not None,
            )
        except NotUnderstood as refusal:
            if memory.joins is False:
                return memory, [], []
            raise SourceUnavailable(refusal.safe_text, str(refusal)) from refusal
        return replace(memory, reading=reading), found, rejected

    def _readings(self, query: str, context: FetchContext) -> tuple[list[Observation], list[Rejection]]:
        observations: list[Observation] = []
        rejected: list[Rejection] = []
        for rows in self._pages(query, context):
            found, refused = normalise_observations(rows, self.key, self.server.zone)
            observations += found
            rejected += refused
        return observations, rejected

    def _reader(self, context: FetchContext) -> Any:
        return lambda query: self._pages(query, context, is_whole=True)

    def _pages(self, query: str, context: FetchContext, *, is_whole: bool = False) -> Iterator[list[Any]]:
        base = address(self.settings, self.options.path)
        return read_pages(self.http, base, query, context, is_whole=is_whole)


def build_rest(settings: SourceSettings, http: HttpClient) -> SensorThingsSource:
    """The source as it is asked; raises OptionsError for wrong options, ValueError for an unknown zone."""
    zone(settings.timezone)
    options = read_options(SensorThingsOptions, settings)
    manifest = configured(MANIFEST, settings)
    server = Server(
        key=settings.key,
        department=settings.department,
        crs=manifest.crs,
        zone=settings.timezone,
        sensor_kind=options.sensor_kind,
        thresholds={name: _thresholds(given) for name, given in options.thresholds.items()},
    )
    asking = authenticated(http, options.auth, settings)
    return SensorThingsSource(settings.key, manifest, settings, options, server, asking)


def _thresholds(given: Sequence[ThresholdOptions]) -> tuple[Threshold, ...]:
    """The worst first."""
    found = [Threshold(level=one.level, limit=one.limit, above=one.above, label=one.label) for one in given]
    return tuple(sorted(found, key=lambda threshold: threshold.level))
