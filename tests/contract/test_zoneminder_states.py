"""ZoneMinder's monitors whose rates stand still though nothing is dead.

By its code: `Monitor::UpdateFPS` (1.34 to 1.36, `src/zm_monitor.cpp`) runs once in `FPSReportInterval` frames and never
at 0; that of 1.38 every ten seconds, which `Monitor_Status.UpdatedOn` tells. `src/zmc.cpp` (1.38) skips it for a
monitor with `Capturing` Ondemand that nobody views, and writes 0.00 when it ends, as with `Capturing` None.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from fake_upstream import Upstream
from source_settings import Block

from datasources.contract import FetchContext
from datasources.http import HttpClient
from datasources.registry import build
from situation.clock import FakeClock
from situation.records import Camera, DeviceState

ON, OFF, UNKNOWN = DeviceState.ONLINE, DeviceState.OFFLINE, DeviceState.UNKNOWN


class ZoneMinder:
    """A ZoneMinder without a login, polled by a clock we turn."""

    def __init__(self, upstream: Upstream, clock: FakeClock) -> None:
        self.upstream, self.clock = upstream, clock
        self.source = build(Block("zoneminder", url=upstream.url), http=HttpClient(clock=clock))
        self.cursor: Any = None

    def states(self, *monitors: dict[str, Any], later_s: float = 0.0) -> list[DeviceState]:
        self.clock.at += timedelta(seconds=later_s)
        self.upstream.pages["/api/monitors.json"] = json.dumps({"monitors": monitors}).encode()
        until_s = self.clock.monotonic() + 5.0
        batch = self.source.fetch(FetchContext(now=self.clock.now(), cursor=self.cursor, deadline_monotonic_s=until_s))
        self.cursor = json.loads(json.dumps(batch.cursor))
        return [record.state for record in batch.records if isinstance(record, Camera)]


def monitor(fps: str = "2.00", status: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    told = {"Status": "Connected", "CaptureFPS": fps, "CaptureBandwidth": 9000, **(status or {})}
    return {"Monitor": {"Id": "1", "Name": "gate", "Type": "Ffmpeg", **more}, "Monitor_Status": told}


def test_rates_that_are_told_seldom_are_given_time(upstream: Upstream, clock: FakeClock) -> None:
    """250 frames at two a second: ZoneMinder 1.34 tells them every 125 s."""
    watched = ZoneMinder(upstream, clock)
    slow = monitor("2.00", FPSReportInterval="250")
    found = [watched.states(slow, later_s=60)[0] for _ in range(7)]
    assert found == [ON, ON, ON, ON, ON, ON, OFF]
    assert watched.states(monitor("2.01", FPSReportInterval="250"), later_s=60) == [ON]


def test_rates_that_are_never_told_say_nothing(upstream: Upstream, clock: FakeClock) -> None:
    assert ZoneMinder(upstream, clock).states(monitor("0.00", FPSReportInterval="0")) == [UNKNOWN]


def test_newer_monitors_tell_every_ten_seconds_whatever_their_interval(upstream: Upstream, clock: FakeClock) -> None:
    watched = ZoneMinder(upstream, clock)
    row = monitor("2.00", {"UpdatedOn": "2026-08-09 14:00:00"}, Capturing="Always", FPSReportInterval="1000")
    assert [watched.states(row, later_s=70)[0] for _ in range(3)] == [ON, ON, OFF]


def test_monitor_that_captures_only_while_it_is_viewed_is_unknown(upstream: Upstream, clock: FakeClock) -> None:
    watched = ZoneMinder(upstream, clock)
    row = monitor("9.80", Capturing="Ondemand", Function="Modect")
    assert [watched.states(row, later_s=70)[0] for _ in range(4)] == [UNKNOWN] * 4


def test_monitor_that_nobody_captures_is_unknown_and_not_dead(upstream: Upstream, clock: FakeClock) -> None:
    stopped = {"Status": "NotRunning"}
    assert ZoneMinder(upstream, clock).states(monitor("0.00", stopped, Capturing="None", Function="Modect")) == [
        UNKNOWN
    ]
    assert ZoneMinder(upstream, clock).states(monitor("0.00", stopped, Function="None")) == [UNKNOWN]
    assert ZoneMinder(upstream, clock).states(monitor("0.00", {"Status": "Running"}, Function="Monitor")) == [OFF]


def test_deleted_monitor_is_no_camera(upstream: Upstream, clock: FakeClock) -> None:
    assert ZoneMinder(upstream, clock).states(monitor(), monitor("0.00", Deleted="1")) == [ON]


def test_monitor_that_was_taken_out_is_gone_and_not_dead(upstream: Upstream, clock: FakeClock) -> None:
    watched = ZoneMinder(upstream, clock)
    assert watched.states(monitor(), monitor(Id="2")) == [ON, ON]
    assert watched.states(monitor("2.01"), later_s=30) == [ON]
