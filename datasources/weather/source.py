"""The `weather` source: current conditions and the forecast of one place, reports of stations, a tide table."""

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
from datasources.options import Options, read_options
from datasources.weather.normalise import Office, normalise, normalise_stations, normalise_tides, opened
from situation.records import Forecast
from situation.settings import Secret

TIDE_DAYS = 4


class WeatherOptions(Options):
    """Where things are below the address. `api_key` is sent as `X-QW-Api-Key`.

    `stations_path` (reports of automatic stations) and `tide_path` (a tide table by `?date=`) are asked where given.
    """

    now_path: str = "v7/weather/now"
    hourly_path: str = "v7/weather/72h"
    stations_path: str = ""
    tide_path: str = ""
    api_key: Secret = Secret("")


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
    options: WeatherOptions
    http: HttpClient

    def check(self) -> None:
        """Try the current conditions once."""
        self._ask(self.options.now_path, float("inf"))

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
        now = self._ask(self.options.now_path, deadline_s)
        hourly = self._ask(self.options.hourly_path, deadline_s)
        forecast, rejected = normalise(now, hourly, office)
        found = [forecast]
        if self.options.stations_path:
            stations, wrong = normalise_stations(self._ask(self.options.stations_path, deadline_s), office)
            found += stations
            rejected += wrong
        if self.options.tide_path:
            table, wrong = normalise_tides(self._tide_days(context), office)
            found += [] if table is None else [table]
            rejected += wrong
        return found, rejected

    def _tide_days(self, context: FetchContext) -> list[dict[str, Any]]:
        """The tables of today and of the days that the next 72 hours reach into, by local date."""
        today = context.now.astimezone(zone(self.settings.timezone))
        days = [f"{today + timedelta(days=ahead):%Y%m%d}" for ahead in range(TIDE_DAYS)]
        return [self._ask(self.options.tide_path, context.deadline_monotonic_s, {"date": day}) for day in days]

    def _ask(self, path: str, deadline_s: float, parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
        secret = self.options.api_key.reveal()
        headers = {"X-QW-Api-Key": secret} if secret else {}
        reply = self.http.get(address(self.settings, path), params=parameters, headers=headers, deadline_s=deadline_s)
        return opened(reply.json(), path)


def build(settings: SourceSettings, http: HttpClient) -> WeatherSource:
    """Make the source; raises OptionsError, or ValueError for an unknown zone."""
    zone(settings.timezone)
    options = read_options(WeatherOptions, settings)
    return WeatherSource(settings.key, configured(MANIFEST, settings), settings, options, http)
