"""The `frigate` source: cameras of a Frigate by their frames per second; what it saw as alarms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from datasources.contract import (
    Batch,
    FetchContext,
    Manifest,
    Rejection,
    SourceDataError,
    SourceSettings,
    SourceUnavailable,
)
from datasources.fields import each, instant
from datasources.frigate.api import Api
from datasources.frigate.normalise import Kind, Watch, is_wanted, streams, to_alarm
from datasources.frigate.options import FrigateOptions
from datasources.http import HttpClient
from datasources.media.counts import Count
from datasources.media.server import Listed, ServerSource, make_source
from datasources.options import read_options
from situation.records import Alarm, Camera

MANIFEST = Manifest(
    kind="frigate", records=("camera", "alarm"), interval_s=15, timeout_s=20, stale_after_s=120, resumes=True
)
PATHS: Mapping[Kind, str] = {"reviews": "api/review", "events": "api/events"}
FIRST_WINDOW = timedelta(hours=1)
LONGEST_GAP = timedelta(days=7)
OVERLAP = timedelta(minutes=10)
"""Frigate tells an event when it counts: minutes after its beginning, where an object must enter a zone first."""


@dataclass(frozen=True, slots=True)
class Open:
    """An alarm that had not ended: what is needed to end it when Frigate no longer lists it."""

    kind: Kind
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrigateSource:
    """One Frigate."""

    key: str
    manifest: Manifest
    cameras: ServerSource
    api: Api
    options: FrigateOptions

    def check(self) -> None:
        """Log in and try its configuration."""
        self.cameras.check()

    def fetch(self, context: FetchContext) -> Batch:
        """All cameras, and the alarms since the last time, with those that were open then."""
        cursor = context.cursor if isinstance(context.cursor, Mapping) else {}
        batch = self.cameras.fetch(context)
        by_name = {
            record.id.removeprefix(f"{self.key}."): record for record in batch.records if isinstance(record, Camera)
        }
        watch = Watch(self.key, self.cameras.department, self.options, by_name)
        alarms, refused, kept = self._alarms(watch, context, cursor, _behind(batch.cursor, context.now))
        return replace(
            batch,
            records=(*batch.records, *alarms),
            rejected=(*batch.rejected, *refused),
            cursor={**(batch.cursor or {}), **kept},
        )

    def _alarms(
        self, watch: Watch, context: FetchContext, cursor: Mapping[str, Any], behind: timedelta
    ) -> tuple[list[Alarm], list[Rejection], dict[str, Any]]:
        """Its alarms, and what the next fetch must know. Its cameras are worth as much without."""
        asked_at = instant(cursor.get("asked_at")) or context.now - FIRST_WINDOW
        open_before = _opened(cursor.get("open"))
        starts = [instant(each.row.get("start_time")) for each in open_before.values()]
        since = min([asked_at - OVERLAP - behind, *(start - OVERLAP for start in starts if start)])
        since = max(since, context.now - LONGEST_GAP)
        found: list[tuple[Kind, Any]] = []
        try:
            for kind in self.options.alarms:
                found += [(kind, row) for row in self._rows(kind, since, context.deadline_monotonic_s)]
        except (SourceDataError, SourceUnavailable) as error:
            kept = {name: cursor[name] for name in ("asked_at", "open") if name in cursor}
            return [], [Rejection("alarms", error.safe_text)], kept
        listed = {str(row.get("id")) for _, row in found if isinstance(row, dict)}
        found += [(gone.kind, _ended(gone.row, context.now)) for own, gone in open_before.items() if own not in listed]
        wanted = [(kind, row) for kind, row in found if is_wanted(row, kind, self.options)]
        alarms, rejected = each(wanted, lambda item: to_alarm(item[1], item[0], watch))
        return alarms, rejected, {"asked_at": context.now.isoformat(), "open": _still_open(found)}

    def _rows(self, kind: Kind, since: datetime, deadline_s: float) -> list[Any]:
        params = {"after": since.timestamp()} | ({"include_thumbnails": 0} if kind == "events" else {})
        return self.api.pages(PATHS[kind], deadline_s, params)


def _behind(cursor: Any, now: datetime) -> timedelta:
    """How far Frigate's clock is behind ours: it asks by its own, which the counts of its cameras tell (every 15 s)."""
    counts = (Count.of_row(row) for row in cursor["counts"].values())
    told_s = max((count.value for count in counts if count), default=0.0)
    return timedelta(seconds=max(now.timestamp() - told_s, 0.0)) if told_s else timedelta(0)


def _opened(kept: Any) -> dict[str, Open]:
    rows = kept.items() if isinstance(kept, Mapping) else ()
    return {
        str(own): Open(row["kind"], row) for own, row in rows if isinstance(row, Mapping) and row.get("kind") in PATHS
    }


def _still_open(found: list[tuple[Kind, Any]]) -> dict[str, Any]:
    """Rows without an end, as far as they are needed to end them; unwanted ones too, which may become wanted."""
    needed = ("id", "camera", "label", "sub_label", "start_time", "severity", "data", "zones")
    return {
        str(row["id"]): {"kind": kind, **{name: row[name] for name in needed if name in row}}
        for kind, row in found
        if isinstance(row, dict) and row.get("id") and row.get("end_time") is None
    }


def _ended(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {**row, "end_time": now.astimezone(UTC).timestamp()}


def build(settings: SourceSettings, http: HttpClient) -> FrigateSource:
    """Make the source; raises ValueError for wrong options."""
    options = read_options(FrigateOptions, settings)
    api = Api.of(settings.url, options, http)

    def ask(deadline_s: float) -> Listed:
        config, stats = api.get("api/config", deadline_s), api.get("api/stats", deadline_s)
        return streams(config, stats, settings.url, options, http.clock.now())

    cameras = make_source(settings, http, MANIFEST, options, ask, drops_dead=False)
    return FrigateSource(key=settings.key, manifest=cameras.manifest, cameras=cameras, api=api, options=options)
