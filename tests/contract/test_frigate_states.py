"""Frigate's statistics where they say less than they seem to: cameras switched off, dead captures, a slow clock.

Seen in its code: 0.16 and 0.17 stop a camera that is switched off without writing `camera_fps` (`frigate/video.py`,
`CameraWatchdog.run`), and until 0.17 a killed capture process leaves its last rate (a later `camera/capture` says so:
"they would stay at their last values and the camera would look like it is running"). `cpu_usages` are the processes
that hold "ffmpeg", "go2rtc", "frigate." or "python3" (`util/services.py`, `get_cpu_stats`).
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from fake_upstream import Upstream
from source_settings import Block

from datasources.contract import Batch, FetchContext
from datasources.http import HttpClient
from datasources.registry import build
from situation.clock import FakeClock
from situation.records import Alarm, Camera, DeviceState

ON, OFF, UNKNOWN = DeviceState.ONLINE, DeviceState.OFFLINE, DeviceState.UNKNOWN


class Frigate:
    """A Frigate 0.16 with two cameras: what it answers is made anew for each poll."""

    def __init__(self, upstream: Upstream, clock: FakeClock, **options: Any) -> None:
        self.upstream, self.clock = upstream, clock
        self.source = build(Block("frigate", url=upstream.url, options=options), http=HttpClient(clock=clock))
        self.cursor: Any = None
        self.cameras = {name: {"name": name, "enabled": True, "enabled_in_config": True} for name in ("front", "yard")}
        self.stats = {
            "front": {"camera_fps": 5.1, "pid": 301, "capture_pid": 311, "ffmpeg_pid": 321},
            "yard": {"camera_fps": 5.0, "pid": 302, "capture_pid": 312, "ffmpeg_pid": 322},
        }
        self.running = {"frigate.full_system", "301", "302", "311", "312", "321", "322"}
        self.slow_s = 0.0
        self.reviews: list[Any] = []

    def poll(self, later_s: float = 0.0) -> Batch:
        self.clock.at += timedelta(seconds=later_s)
        told = self.clock.now().timestamp() - self.slow_s
        stats = {
            "cameras": self.stats,
            "cpu_usages": {pid: {"cpu": "1.0", "mem": "0.1"} for pid in self.running},
            "service": {"last_updated": int(told), "version": "0.16.1"},
        }
        answers = {"config": {"cameras": self.cameras}, "stats": stats}
        self.upstream.pages |= {f"/api/{name}": json.dumps(body).encode() for name, body in answers.items()}
        self.upstream.pages["/api/review"] = lambda query: json.dumps(
            [row for row in self.reviews if row["end_time"] is None or row["end_time"] > float(query["after"])]
        ).encode()
        until_s = self.clock.monotonic() + 5.0
        batch = self.source.fetch(FetchContext(now=self.clock.now(), cursor=self.cursor, deadline_monotonic_s=until_s))
        self.cursor = json.loads(json.dumps(batch.cursor))
        return batch

    def states(self, later_s: float = 0.0) -> list[DeviceState]:
        return [record.state for record in self.poll(later_s).records if isinstance(record, Camera)]

    def alarms(self, later_s: float = 0.0) -> list[Alarm]:
        return [record for record in self.poll(later_s).records if isinstance(record, Alarm)]


@pytest.fixture
def frigate(upstream: Upstream, clock: FakeClock) -> Frigate:
    return Frigate(upstream, clock)


def test_camera_that_is_switched_off_is_unknown_though_its_last_rate_stays(frigate: Frigate) -> None:
    assert frigate.states() == [ON, ON]
    frigate.cameras["front"]["enabled"] = False
    assert [frigate.states(15) for _ in range(2)] == [[UNKNOWN, ON]] * 2
    frigate.cameras["front"]["enabled"] = True
    assert frigate.states(15) == [ON, ON]


def test_capture_that_was_killed_is_dead_though_its_last_rate_stays(frigate: Frigate) -> None:
    assert frigate.states() == [ON, ON]
    frigate.running -= {"311", "321"}
    assert frigate.states(60) == [ON, ON]
    assert frigate.states(65) == [OFF, ON]
    frigate.running |= {"311", "331"}
    frigate.stats["front"]["ffmpeg_pid"] = 331
    assert frigate.states(15) == [ON, ON]


def test_camera_that_was_taken_out_of_the_configuration_is_gone_and_not_dead(frigate: Frigate) -> None:
    assert frigate.states() == [ON, ON]
    del frigate.cameras["yard"]
    assert frigate.states(15) == [ON]


def test_first_look_at_a_killed_capture_is_no_sign_of_life(frigate: Frigate) -> None:
    frigate.running -= {"311", "321"}
    assert frigate.states() == [UNKNOWN, ON]


@pytest.mark.parametrize("running", [set(), {"frigate.full_system", "1"}])
def test_processes_that_are_not_listed_prove_nothing(frigate: Frigate, running: set[str]) -> None:
    frigate.running = running
    assert [frigate.states(70) for _ in range(3)] == [[ON, ON]] * 3


def test_reviews_of_a_frigate_whose_clock_is_slow_are_not_missed(frigate: Frigate) -> None:
    frigate.slow_s = 3600.0
    assert frigate.alarms() == []
    began = frigate.clock.now().timestamp() - frigate.slow_s + 5
    frigate.reviews = [
        {"id": "r1", "camera": "front", "severity": "alert", "start_time": began, "end_time": began + 9, "data": {}}
    ]
    assert [alarm.id for alarm in frigate.alarms(15)] == ["upstream.r1"]


def test_alarm_that_is_told_minutes_after_its_beginning_is_not_missed(frigate: Frigate) -> None:
    assert frigate.alarms() == []
    began = frigate.clock.now().timestamp() - 300
    frigate.reviews = [
        {"id": "r1", "camera": "yard", "severity": "alert", "start_time": began, "end_time": began + 9, "data": {}}
    ]
    assert len(frigate.alarms(15)) == 1
