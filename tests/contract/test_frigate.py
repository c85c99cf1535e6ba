"""Frigate: cameras by their frames, and one alarm for each event however often it is told."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_upstream import Faulty, Upstream
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block

from datasources.contract import Batch, FetchContext, Source
from datasources.fields import each
from datasources.frigate.normalise import Watch, is_wanted, sub_label, to_alarm
from datasources.frigate.options import FrigateOptions
from datasources.http import HttpClient
from datasources.media import Transport, media_of, snapshot
from datasources.registry import build
from situation.clock import FakeClock
from situation.records import Alarm, Camera, DeviceState
from situation.settings import Secret

_spec = importlib.util.spec_from_file_location("frigate_kind", Path(__file__).parent / "kinds" / "frigate.py")
assert _spec is not None
assert _spec.loader is not None
KIND = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(KIND)

JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 100
ON, OFF, UNKNOWN = DeviceState.ONLINE, DeviceState.OFFLINE, DeviceState.UNKNOWN
WATCH = Watch("f", "dept", FrigateOptions(words={"person": "行人"}), {})


class Watched:
    """A Frigate that is polled by a clock we turn."""

    def __init__(self, upstream: Upstream, clock: FakeClock, **options: Any) -> None:
        self.clock, self.upstream = clock, upstream
        self.block = Block(kind="frigate", url=upstream.url, options=options)
        self.source: Source = build(self.block, http=HttpClient(clock=clock))
        self.cursor: Any = None
        self.pages: dict[str, Any] = {"config": KIND.config(["front", "yard"]), "stats": {}, "review": [], "events": []}
        self.frames({"front": 5.1, "yard": 0.0})

    def frames(self, fps: Mapping[str, float], renewed_s: float = 0.0) -> None:
        self.pages["stats"] = KIND.stats(fps, self.clock.now().timestamp() + renewed_s)

    def poll(self, later_s: float = 0.0) -> Batch:
        self.clock.at += timedelta(seconds=later_s)
        self.upstream.pages |= {f"/api/{name}": json.dumps(page).encode() for name, page in self.pages.items()}
        until_s = self.clock.monotonic() + 5.0
        context = FetchContext(now=self.clock.now(), cursor=self.cursor, deadline_monotonic_s=until_s)
        batch = self.source.fetch(context)
        self.cursor = json.loads(json.dumps(batch.cursor))
        return batch

    def alarms(self, later_s: float = 0.0) -> list[Alarm]:
        return [record for record in self.poll(later_s).records if isinstance(record, Alarm)]

    def states(self, later_s: float = 0.0) -> list[DeviceState]:
        return [record.state for record in self.poll(later_s).records if isinstance(record, Camera)]


@pytest.fixture
def frigate(upstream: Upstream, clock: FakeClock) -> Watched:
    return Watched(upstream, clock)


def review(frigate: Watched, ago_s: float, ended: bool = False, **more: Any) -> dict[str, Any]:
    start = frigate.clock.now().timestamp() - ago_s
    data = {"detections": ["e1", "e2"], "objects": ["person", "car"], "sub_labels": ["Bob"], "zones": ["gate"]}
    row = {"id": "r1", "camera": "front", "severity": "alert", "start_time": start, "data": data, **more}
    return row | {"end_time": start + 5 if ended else None}


def test_camera_without_frames_is_dead_and_statistics_that_stand_still_are_no_frames(frigate: Watched) -> None:
    assert frigate.states() == [ON, OFF]
    assert frigate.states(90) == [ON, OFF]
    assert frigate.states(90) == [OFF, OFF]
    frigate.frames({"front": 5.0})
    assert frigate.states(1) == [ON, UNKNOWN]


def test_older_statistics_have_cameras_on_the_top_level(frigate: Watched) -> None:
    frigate.pages["stats"] = {"front": {"camera_fps": 5.0}, "yard": {"camera_fps": 0.0}, "detection_fps": 1.0}
    assert frigate.states() == [ON, OFF]


def test_review_is_one_alarm_from_its_beginning_to_its_end(frigate: Watched) -> None:
    frigate.pages["review"] = [review(frigate, ago_s=20)]
    (alarm,) = frigate.alarms()
    assert (alarm.id, alarm.name, alarm.ended_at) == ("upstream.r1", "person car Bob", None)
    assert (alarm.about, alarm.count, alarm.explanation, alarm.priority) == ("camera/upstream.front", 2, "gate", 3)
    frigate.pages["review"] = [review(frigate, ago_s=20, ended=True)]
    (ended,) = frigate.alarms(600)
    assert ended.id == alarm.id
    assert ended.ended_at is not None


def test_open_alarm_that_frigate_no_longer_lists_ends_when_it_is_missed(frigate: Watched) -> None:
    frigate.pages["review"] = [review(frigate, ago_s=20)]
    (alarm,) = frigate.alarms()
    frigate.pages["review"] = []
    (ended,) = frigate.alarms(60)
    assert (ended.id, ended.name, ended.ended_at) == (alarm.id, alarm.name, frigate.clock.now())
    assert frigate.alarms(60) == []


def test_open_reviews_are_asked_for_again_since_their_beginning(frigate: Watched) -> None:
    frigate.pages["review"] = [review(frigate, ago_s=20, severity="detection")]
    assert frigate.alarms() == []
    began = frigate.pages["review"][0]["start_time"]
    frigate.pages["review"][0]["severity"] = "alert"
    assert len(frigate.alarms(1200)) == 1
    asked = [path for path in frigate.upstream.asked if "review" in path][-1]
    assert float(asked.split("after=")[1].split("&")[0]) <= began


def test_cameras_are_worth_as_much_when_reviews_cannot_be_had(frigate: Watched) -> None:
    del frigate.pages["review"]
    batch = frigate.poll()
    assert len(batch.records) == 2
    assert [(bad.record_id, bad.reason) for bad in batch.rejected] == [("alarms", "http_status:404")]


def test_login_is_a_cookie_that_is_sent_as_a_token(upstream: Upstream, clock: FakeClock) -> None:
    cookie = {"Set-Cookie": "frigate_token=t1; Path=/; HttpOnly"}
    upstream.pages["/api/login"] = lambda _: Faulty(200, b"{}", cookie)
    upstream.pages["/api/front/latest.jpg"] = JPEG
    watched = Watched(upstream, clock, username="admin", password=Secret("hush"), rtsp_port=8554)
    first = watched.poll().records[0]
    assert isinstance(first, Camera)
    assert upstream.asked_headers[-1]["Authorization"] == "Bearer t1"
    assert snapshot(watched.block, first.media, 5.0) == JPEG
    assert upstream.asked_headers[-1]["Authorization"] == "Bearer t1"
    offer = media_of(watched.block, HttpClient()).offer(first.media, HttpClient().clock.monotonic() + 5)
    assert offer.addresses[Transport.RTSP].url == "rtsp://127.0.0.1:8554/front"
    assert not offer.addresses[Transport.RTSP].headers


def test_fifty_real_events_are_fifty_alarms(shared_data: Path) -> None:
    rows = json.loads((shared_data / "cameras" / "frigate" / "events_front_door.json").read_bytes())
    alarms, rejected = each(rows, lambda row: to_alarm(row, "events", WATCH))
    assert (len({alarm.id for alarm in alarms}), rejected) == (50, [])
    assert {alarm.name for alarm in alarms} == {"行人"}
    assert all(alarm.ended_at and alarm.started_at and alarm.ended_at > alarm.started_at for alarm in alarms)


def test_who_was_seen_may_be_nobody_a_name_or_a_name_with_its_score() -> None:
    assert [sub_label(value) for value in (None, "John", ["John Smith", 0.79], [], {"a": 1})] == [
        "", "John", "John Smith", "", "",
    ]  # fmt: skip


def test_object_that_frigate_recognised_is_wanted_as_any_other() -> None:
    """`person-verified` beside the name in `sub_labels`: Frigate 0.14 and later, of faces and plates it knows."""
    row = {"id": "r", "start_time": 1_786_255_200, "severity": "alert"}
    row["data"] = {"objects": ["person-verified", "car-verified"], "sub_labels": ["Bob"]}
    assert is_wanted(row, "reviews", FrigateOptions(labels=("person",)))
    assert to_alarm(row, "reviews", WATCH).name == "行人 car Bob"


def test_only_wanted_objects_become_alarms() -> None:
    options = FrigateOptions(labels=("person",))
    assert is_wanted({"label": "person"}, "events", options)
    assert not is_wanted({"label": "cat"}, "events", options)
    assert not is_wanted({"label": "person", "false_positive": True}, "events", options)
    assert is_wanted({"data": {"objects": ["car", "person"]}, "severity": "alert"}, "reviews", options)


VALUES = st.none() | st.booleans() | st.floats() | st.text(max_size=6) | st.lists(st.none() | st.text(max_size=4))
ROWS = st.dictionaries(
    st.sampled_from(["id", "camera", "label", "sub_label", "start_time", "end_time", "severity", "zones", "data"]),
    VALUES | st.dictionaries(st.sampled_from(["objects", "sub_labels", "zones", "detections"]), VALUES),
)


@given(ROWS)
def test_any_event_is_an_alarm_or_refused_with_a_reason(row: dict[str, Any]) -> None:
    alarms, rejected = each([row], lambda one: to_alarm(one, "reviews", WATCH))
    assert len(alarms) + len(rejected) == 1
    assert all(bad.reason for bad in rejected)
    for alarm in alarms:
        assert alarm.started_at is not None
        assert alarm.started_at.tzinfo is not None
        assert alarm.ended_at is None or alarm.ended_at >= alarm.started_at
