"""Video alarms have a beginning only: they must end although nobody says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from datasources.contract import FetchContext
from datasources.http import HttpClient
from datasources.wvp.client import WvpClient
from datasources.wvp.normalise import Platform
from datasources.wvp.source import ALARMS, MANIFEST, WvpSource
from situation.clock import FakeClock
from situation.records import Alarm

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)


@dataclass
class Platforms:
    """A platform with one alarm; it gives alarms from `beginTime` on only, as WVP does."""

    clock: FakeClock
    alarm_at: datetime
    asked: list[datetime] = field(default_factory=list)

    @property
    def http(self) -> HttpClient:
        return HttpClient(clock=self.clock)

    def credentials(self, deadline_s: float) -> dict[str, str]:
        return {}

    def rows(
        self, path: str, headers: Mapping[str, str], deadline_s: float, params: Mapping[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        if path != ALARMS or params is None:
            return
        begin = datetime.fromisoformat(params["beginTime"] + "+08:00")
        self.asked.append(begin)
        if self.alarm_at >= begin:
            yield {"id": 1, "alarmTime": int(self.alarm_at.timestamp() * 1000), "alarmPriority": 1}


def test_an_alarm_that_was_active_when_the_platform_fell_silent_ends_when_it_is_back(clock: FakeClock) -> None:
    clock.at = NOW
    platform = Platforms(clock, alarm_at=NOW - timedelta(minutes=1))
    source = WvpSource(
        "police",
        MANIFEST,
        cast(WvpClient, platform),
        Platform(key="police", department="", crs="wgs84", zone=None),
        True,
    )
    first = source.fetch(FetchContext(now=NOW))
    clock.at = later = NOW + timedelta(hours=5)
    second = source.fetch(FetchContext(now=later, cursor=first.cursor))
    ends = [alarm.ended_at for batch in (first, second) for alarm in batch.records if isinstance(alarm, Alarm)]
    assert ends == [None, NOW + timedelta(minutes=9)]
    assert source.manifest.resumes
