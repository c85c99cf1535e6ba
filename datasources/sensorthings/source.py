"""The `sensorthings` source.

Options: `path` (v1.1), `sensor_kind` (where Things name none), `full_every_s` (120), `backfill_s` (0: readings of the
time before the first start), `thresholds` (observed property → list of {level, limit, above}).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from datasources.contract import Batch, FetchContext, Manifest, Rejection, SourceSettings, configured
from datasources.document import address
from datasources.fields import instant, newest, zone
from datasources.http import HttpClient
from datasources.sensorthings.normalise import (
    Server,
    normalise_observations,
    normalise_things,
    read_thresholds,
    without_duplicates,
)
from datasources.sensorthings.pages import (
    DIALECTS,
    Dialect,
    NotUnderstood,
    as_unavailable,
    observations_query,
    read_pages,
    things_query,
)
from situation.records import Observation, Sensor

MANIFEST = Manifest(
    kind="sensorthings",
    records=("sensor",),
    interval_s=20,
    timeout_s=60,
    stale_after_s=300,
    moves_within_s=1800,
    resumes=True,
)
FULL_EVERY_S = 120.0
OVERLAP = timedelta(minutes=2)
"""Asked again each time: readings arrive late and out of order."""

FULL_AT_MOST_EVERY_S = 60.0
"""Real seconds, for a clock that runs ahead of the machine's."""

LONGEST_GAP = timedelta(hours=2)
"""After a longer silence only the latest readings are taken; a back-fill of days would block the live ones."""

LONGEST_GAP_AHEAD = timedelta(minutes=20)
"""The same for a clock that runs ahead of the machine's, which brings more readings than can be carried over."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SensorThingsSource:
    """A server's Things every few minutes, its new Observations in between."""

    key: str
    manifest: Manifest
    settings: SourceSettings
    server: Server
    http: HttpClient

    def check(self) -> None:
        """Try the first page of Things."""
        context = FetchContext(now=self.http.clock.now())
        self._with_dialect(0, lambda dialect: next(self._pages(things_query(dialect), context), None))

    def fetch(self, context: FetchContext) -> Batch:
        """New readings; and all Things with their latest, when the last time is a few minutes ago."""
        cursor = context.cursor if isinstance(context.cursor, dict) else {}
        preferred = min(int(cursor.get("dialect", 0)), len(DIALECTS) - 1)
        full_at, since = instant(cursor.get("full_at")), self._since(cursor, context.now)
        full_every_s = float(self.settings.options.get("full_every_s", FULL_EVERY_S))
        full_every = timedelta(seconds=max(full_every_s, min(full_every_s, FULL_AT_MOST_EVERY_S) * self._city_s()))
        is_full = full_at is None or context.now - full_at >= full_every
        sensors: list[Sensor] = []
        observations: list[Observation] = []
        rejected: list[Rejection] = []
        if is_full:
            preferred, (sensors, observations, rejected) = self._with_dialect(
                preferred, lambda dialect: self._things(dialect, context)
            )
            full_at = context.now
        if since is not None:
            preferred, (later, refused) = self._with_dialect(
                preferred, lambda dialect: self._observations(dialect, since, context)
            )
            observations += later
            rejected += refused
        kept = without_duplicates(observations)
        newest_at = newest([instant(cursor.get("observed_at")), kept[-1].observed_at if kept else None])
        reached = min(newest_at, context.now) if newest_at else None
        return Batch(
            records=tuple(sensors),
            observations=kept,
            complete=frozenset({"sensor"}) if is_full else frozenset(),
            rejected=tuple(rejected),
            content_at=newest_at,
            cursor={
                "full_at": full_at.isoformat() if full_at else None,
                "observed_at": reached.isoformat() if reached else None,
                "dialect": preferred,
            },
        )

    def _since(self, cursor: dict[str, Any], now: datetime) -> datetime | None:
        """From when on readings are wanted; None on a first fetch without back-fill: the latest are enough."""
        reached = instant(cursor.get("observed_at"))
        if reached is not None:
            return max(reached - OVERLAP, now - (LONGEST_GAP if self._city_s() <= 1.0 else LONGEST_GAP_AHEAD))
        backfill_s = float(self.settings.options.get("backfill_s", 0))
        return now - timedelta(seconds=backfill_s) if backfill_s and not cursor else None

    def _city_s(self) -> float:
        """City seconds in a real one."""
        return 1.0 / self.http.clock.real_s(1.0)

    def _things(
        self, dialect: Dialect, context: FetchContext
    ) -> tuple[list[Sensor], list[Observation], list[Rejection]]:
        sensors: list[Sensor] = []
        observations: list[Observation] = []
        rejected: list[Rejection] = []
        for rows in self._pages(things_query(dialect), context):
            found, last, refused = normalise_things(rows, self.server, self.http.clock.now())
            sensors += found
            observations += last
            rejected += refused
        return sensors, observations, rejected

    def _observations(
        self, dialect: Dialect, since: datetime, context: FetchContext
    ) -> tuple[list[Observation], list[Rejection]]:
        observations: list[Observation] = []
        rejected: list[Rejection] = []
        text = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for rows in self._pages(observations_query(dialect, text), context):
            found, refused = normalise_observations(rows, self.server)
            observations += found
            rejected += refused
        return observations, rejected

    def _with_dialect(self, preferred: int, ask: Callable[[Dialect], T]) -> tuple[int, T]:
        """Ask in the dialect that worked last, then in the others; raises SourceUnavailable when none is understood."""
        order = [preferred, *(index for index in range(len(DIALECTS)) if index != preferred)]
        refusal = NotUnderstood("wrong_shape")
        for index in order:
            try:
                return index, ask(DIALECTS[index])
            except NotUnderstood as error:
                refusal = error
        raise as_unavailable(refusal) from refusal

    def _pages(self, query: str, context: FetchContext) -> Any:
        base = address(self.settings, str(self.settings.options.get("path", "v1.1")))
        return read_pages(self.http, base, query, context)


def build(settings: SourceSettings, http: HttpClient) -> SensorThingsSource:
    """Make the source; raises ValueError for an unknown zone."""
    zone(settings.timezone)
    manifest = configured(MANIFEST, settings)
    thresholds = settings.options.get("thresholds", {})
    server = Server(
        key=settings.key,
        department=settings.department,
        crs=manifest.crs,
        zone=settings.timezone,
        sensor_kind=str(settings.options.get("sensor_kind", "")),
        thresholds={name: read_thresholds(rows) for name, rows in thresholds.items()},
    )
    return SensorThingsSource(settings.key, manifest, settings, server, http)
