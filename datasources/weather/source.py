"""The `weather` source. Options: `now_path` and `hourly_path`, `api_key` (sent as `X-QW-Api-Key`).

`stations_path` (reports of automatic stations) and `tide_path` (a tide table by `?date=`) are asked only where given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from datasources.contract import (
    Batch,
    FetchContext,
    Manifest,
    RecordRejected,
    Rejection,
    SourceDataError,
    SourceSettings,
    configured,
)
from datasources.document import address
from datasources.fields import newest, zone
from datasources.http import HttpClient
from datasources.secrets import reveal
from datasources.weather.normalise import Office, normalise, normalise_stations, normalise_tides, opened
from situation.records import Forecast

TIDE_DAYS = 4

MANIFEST = Manifest(
    kind="weather",
    records=("forecast",),
    interval_s=300,
    timeout_s=20,
    stale_after_s=3600,
    moves_within_s=7200,
)


@dataclass(frozen=True, slots=True)
class WeatherSource:
    """Current conditions and the forecast of one place."""

    key: str
    manifest: Manifest
    settings: SourceSettings
    http: HttpClient

    def check(self) -> None:
        """Try the current conditions once."""
        self._ask("now_path", "v7/weather/now", float("inf"))

    def fetch(self, context: FetchContext) -> Batch:
        """Conditions and forecast, the stations and the tide table as records of one kind."""
        try:
            found, rejected = self._read(context)
        except RecordRejected as refusal:
            raise SourceDataError("wrong_shape", str(refusal)) from refusal
        observed = [forecast.now.at for forecast in found if forecast.now is not None]
        return Batch(
            records=tuple(found),
            rejected=tuple(rejected),
            complete=frozenset({"forecast"}),
            content_at=newest([*observed, *(forecast.issued_at for forecast in found)]),
        )

    def _read(self, context: FetchContext) -> tuple[list[Forecast], list[Rejection]]:
        deadline_s = context.deadline_monotonic_s
        office = Office(
            key=self.key, department=self.settings.department, crs=self.manifest.crs, zone=self.settings.timezone
        )
        now = self._ask("now_path", "v7/weather/now", deadline_s)
        hourly = self._ask("hourly_path", "v7/weather/72h", deadline_s)
        forecast, rejected = normalise(now, hourly, office)
        found = [forecast]
        if self.settings.options.get("stations_path"):
            stations, wrong = normalise_stations(self._ask("stations_path", "", deadline_s), office)
            found += stations
            rejected += wrong
        if self.settings.options.get("tide_path"):
            table, wrong = normalise_tides(self._tide_days(context), office)
            found += [] if table is None else [table]
            rejected += wrong
        return found, rejected

    def _tide_days(self, context: FetchContext) -> list[dict[str, Any]]:
        """The tables of today and of the days that the next 72 hours reach into, by local date."""
        today = context.now.astimezone(zone(self.settings.timezone))
        days = [f"{today + timedelta(days=ahead):%Y%m%d}" for ahead in range(TIDE_DAYS)]
        return [self._ask("tide_path", "", context.deadline_monotonic_s, {"date": day}) for day in days]

    def _ask(
        self, option: str, default: str, deadline_s: float, parameters: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        secret = reveal(self.settings.options.get("api_key"))
        headers = {"X-QW-Api-Key": secret} if secret else {}
        path = str(self.settings.options.get(option, default))
        url = address(self.settings, path)
        reply = self.http.get(url, params=parameters, headers=headers, deadline_s=deadline_s)
        return opened(reply.json(), path)


def build(settings: SourceSettings, http: HttpClient) -> WeatherSource:
    """Make the source; raises ValueError for an unknown zone."""
    zone(settings.timezone)
    return WeatherSource(settings.key, configured(MANIFEST, settings), settings, http)
