"""The `weather` source. Options: `now_path` and `hourly_path`, `api_key` (sent as `X-QW-Api-Key`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasources.contract import (
    Batch,
    FetchContext,
    Manifest,
    RecordRejected,
    SourceDataError,
    SourceSettings,
    configured,
)
from datasources.document import address
from datasources.fields import newest, zone
from datasources.http import HttpClient
from datasources.secrets import reveal
from datasources.weather.normalise import normalise, opened

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
        """Both replies as one forecast."""
        now = self._ask("now_path", "v7/weather/now", context.deadline_monotonic_s)
        hourly = self._ask("hourly_path", "v7/weather/72h", context.deadline_monotonic_s)
        try:
            forecast, rejected = normalise(
                now,
                hourly,
                key=self.key,
                department=self.settings.department,
                crs=self.manifest.crs,
                zone=self.settings.timezone,
            )
        except RecordRejected as refusal:
            raise SourceDataError("wrong_shape", str(refusal)) from refusal
        observed_at = forecast.now.at if forecast.now else None
        return Batch(
            records=(forecast,),
            rejected=tuple(rejected),
            complete=frozenset({"forecast"}),
            content_at=newest([forecast.issued_at, observed_at]),
        )

    def _ask(self, option: str, default: str, deadline_s: float) -> dict[str, Any]:
        secret = reveal(self.settings.options.get("api_key"))
        headers = {"X-QW-Api-Key": secret} if secret else {}
        path = str(self.settings.options.get(option, default))
        return opened(self.http.get(address(self.settings, path), headers=headers, deadline_s=deadline_s).json(), path)


def build(settings: SourceSettings, http: HttpClient) -> WeatherSource:
    """Make the source; raises ValueError for an unknown zone."""
    zone(settings.timezone)
    return WeatherSource(settings.key, configured(MANIFEST, settings), settings, http)
