"""The `wvp` source: devices with their keep-alives, channels, alarms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from datasources.contract import (
    Batch,
    FetchContext,
    Manifest,
    Rejection,
    SourceDataError,
    SourceSettings,
    SourceUnavailable,
    configured,
)
from datasources.fields import chunks, instant, newest, zone
from datasources.http import HttpClient
from datasources.options import read_options
from datasources.wvp.client import WvpClient
from datasources.wvp.normalise import (
    Platform,
    former_alarm,
    normalise_alarms,
    normalise_channels,
    normalise_devices,
)
from datasources.wvp.options import WvpOptions
from situation.records import Alarm, Camera

MANIFEST = Manifest(
    kind="wvp",
    records=("camera", "alarm"),
    interval_s=30,
    timeout_s=45,
    stale_after_s=180,
    moves_within_s=600,
    resumes=True,
)
DEVICES = "api/device/query/devices"
CHANNELS = "api/common/channel/list"
ALARMS = "api/alarm/list"
FORMER_ALARMS = "api/alarm/all"
"""Where alarms are on a platform of before `api/alarm/list` (DeviceAlarm)."""

ALARM_WINDOW = timedelta(hours=1)
AT_ONCE = 5_000
"""Channels whose rows are held at the same time: enough of them to tell a place that is far from all others."""

LONGEST_GAP = timedelta(days=7)
"""After a longer silence alarms of before it are no longer asked for."""


@dataclass(frozen=True, slots=True)
class WvpSource:
    """All channels of a platform with the keep-alives of their devices, and the alarms of the last hour."""

    key: str
    manifest: Manifest
    client: WvpClient
    platform: Platform
    has_alarms: bool

    def check(self) -> None:
        """Log in and try one device."""
        headers = self.client.credentials(float("inf"))
        self.client.data(DEVICES, headers, float("inf"), {"page": 1, "count": 1})

    def fetch(self, context: FetchContext) -> Batch:
        """The whole platform."""
        deadline_s = context.deadline_monotonic_s
        headers = self.client.credentials(deadline_s)
        devices = normalise_devices(self.client.rows(DEVICES, headers, deadline_s), self.platform)
        now = self.client.http.clock.now()
        by_id: dict[str, Camera] = {}
        rejected: list[Rejection] = []
        for rows in chunks(self.client.rows(CHANNELS, headers, deadline_s), AT_ONCE):
            cameras, refused = normalise_channels(rows, devices, self.platform, now)
            by_id.update((camera.id, camera) for camera in cameras)
            rejected += refused
        asked_at = instant(context.cursor) if isinstance(context.cursor, str) else None
        alarms, refused, asked_at = self._alarms(by_id, headers, context, now, asked_at)
        return Batch(
            records=(*by_id.values(), *alarms),
            rejected=(*rejected, *refused),
            complete=frozenset({"camera"}),
            cursor=asked_at.isoformat() if asked_at else None,
            content_at=newest(camera.seen_at for camera in by_id.values()),
        )

    def _alarms(
        self,
        cameras: Mapping[str, Camera],
        headers: Mapping[str, str],
        context: FetchContext,
        now: datetime,
        asked_at: datetime | None,
    ) -> tuple[list[Alarm], list[Rejection], datetime | None]:
        """Alarms since an hour before they were last had: those active then are seen to have ended. And when."""
        if not self.has_alarms:
            return [], [], None
        since = max(min(asked_at or now, now) - ALARM_WINDOW, now - LONGEST_GAP)
        local = since.astimezone(zone(self.platform.zone))
        try:
            rows = self._alarm_rows(headers, context.deadline_monotonic_s, local.strftime("%Y-%m-%d %H:%M:%S"))
        except (SourceDataError, SourceUnavailable) as error:  # its cameras are worth as much without
            return [], [Rejection("alarms", error.safe_text)], asked_at
        return *normalise_alarms(rows, cameras, self.platform, now), now

    def _alarm_rows(self, headers: Mapping[str, str], deadline_s: float, since: str) -> list[Any]:
        """The rows since then; where the platform has neither list, what it said of the newer one is raised."""
        try:
            return list(self.client.rows(ALARMS, headers, deadline_s, {"beginTime": since}))
        except SourceDataError as error:
            try:
                rows = list(self.client.rows(FORMER_ALARMS, headers, deadline_s, {"startTime": since}))
            except SourceDataError:
                raise error from None
        return [former_alarm(row) for row in rows]


def build(settings: SourceSettings, http: HttpClient) -> WvpSource:
    """Make the source; raises ValueError for an unknown zone, OptionsError for wrong options."""
    zone(settings.timezone)
    options = read_options(WvpOptions, settings)
    manifest = configured(MANIFEST, settings)
    client = WvpClient(settings, http, options.page_size)
    platform = Platform(key=settings.key, department=settings.department, crs=manifest.crs, zone=settings.timezone)
    return WvpSource(settings.key, manifest, client, platform, options.alarms)
