"""Plain lists of cameras: what a look can tell, and that no word in a list makes a camera live."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from fake_upstream import Faulty, Upstream
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block

from datasources.contract import Batch, FetchContext, Source
from datasources.http import HttpClient
from datasources.media import snapshot
from datasources.media.looking import MOST_REMEMBERED, Look, Looks
from datasources.registry import build
from situation.clock import FakeClock
from situation.records import Camera, DeviceState

JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 100
ON, OFF, UNKNOWN = DeviceState.ONLINE, DeviceState.OFFLINE, DeviceState.UNKNOWN
HEAD = "id,name,lat,lon,url,state,seen\n"


class Listed:
    """A list that is polled by a clock we turn."""

    def __init__(self, upstream: Upstream, clock: FakeClock, **options: Any) -> None:
        self.clock, self.upstream = clock, upstream
        given = {"path": "list.csv", "media": {"snapshot": "url"}, "fields": {"seen_at": "seen"}, **options}
        self.block = Block(kind="camera_list", url=upstream.url, options=given)
        self.source: Source = build(self.block, http=HttpClient(clock=clock))
        self.cursor: Any = None

    def write(self, *rows: str) -> None:
        self.upstream.pages["/list.csv"] = (HEAD + "\n".join(rows)).encode()

    def poll(self, later_s: float = 0.0) -> Batch:
        self.clock.at += timedelta(seconds=later_s)
        until_s = self.clock.monotonic() + 5.0
        context = FetchContext(now=self.clock.now(), cursor=self.cursor, deadline_monotonic_s=until_s)
        batch = self.source.fetch(context)
        self.cursor = json.loads(json.dumps(batch.cursor))
        return batch

    def states(self, later_s: float = 0.0) -> list[DeviceState]:
        return [record.state for record in self.poll(later_s).records if isinstance(record, Camera)]


@pytest.fixture
def listed(upstream: Upstream, clock: FakeClock) -> Listed:
    found = Listed(upstream, clock)
    found.write("a,门,31.4,121.48,/a.jpg,online,")
    return found


def test_word_in_a_list_makes_no_camera_live(listed: Listed) -> None:
    listed.write("a,门,31.4,121.48,,online,", "b,院,31.4,121.48,,offline,")
    assert listed.states() == [UNKNOWN, OFF]


def test_picture_that_moves_is_a_living_cameras_and_one_that_rests_a_dead_ones(listed: Listed) -> None:
    pictures = [b"1", b"2", b"2", b"2", b"3"]
    found = []
    for picture in pictures:
        listed.upstream.pages["/a.jpg"] = JPEG + picture
        found += listed.states(200)
    assert found == [UNKNOWN, ON, ON, OFF, ON]


def test_age_of_a_picture_is_told_by_its_servers_own_clock(listed: Listed) -> None:
    """Seen: nginx goes on giving a dead camera's last picture, with its old Last-Modified."""
    made_at = listed.clock.now() - timedelta(hours=5)  # its clock is five hours behind

    def answer(later_s: float) -> Faulty:
        headers = {"Last-Modified": format_datetime(made_at.replace(microsecond=0), usegmt=True)}
        asked_at = made_at + timedelta(seconds=later_s)
        return Faulty(200, JPEG, headers | {"Date": format_datetime(asked_at, usegmt=True)})

    listed.upstream.pages["/a.jpg"] = lambda _: answer(20)
    assert listed.states(60) == [ON]
    listed.upstream.pages["/a.jpg"] = lambda _: answer(400)
    assert listed.states(60) == [OFF]
    assert "If-Modified-Since" in listed.upstream.asked_headers[-1]


def test_one_failure_may_be_chance_a_second_is_none(listed: Listed) -> None:
    listed.upstream.pages["/a.jpg"] = lambda _: Faulty(503)
    assert [listed.states(60)[0] for _ in range(2)] == [UNKNOWN, OFF]


def test_what_is_no_picture_is_a_failure(listed: Listed) -> None:
    """Seen: motion answers an unknown camera with 200 and a line of text."""
    listed.upstream.pages["/a.jpg"] = b"Bad Request: You did not send a valid camera id"
    assert [listed.states(60)[0] for _ in range(2)] == [UNKNOWN, OFF]


def test_cameras_are_looked_at_in_turn(upstream: Upstream, clock: FakeClock) -> None:
    listed = Listed(upstream, clock, sample=2)
    listed.write(*(f"{name},,31.4,121.48,/{name}.jpg,," for name in "abcde"))
    upstream.pages |= {f"/{name}.jpg": JPEG for name in "abcde"}
    seen = []
    for _ in range(3):
        upstream.asked.clear()
        listed.poll(60)
        seen.append([path for path in upstream.asked if path.endswith(".jpg")])
    assert seen == [["/a.jpg", "/b.jpg"], ["/c.jpg", "/d.jpg"], ["/e.jpg", "/a.jpg"]]


def test_old_look_says_nothing_of_now(listed: Listed) -> None:
    for picture in (b"1", b"2"):
        listed.upstream.pages["/a.jpg"] = JPEG + picture
        listed.poll(60)
    blind = Listed(listed.upstream, listed.clock, sample=0)
    blind.cursor = listed.cursor
    assert blind.states(60) == [ON]
    assert blind.states(3600) == [UNKNOWN]


def test_last_frame_that_the_list_tells_counts_by_its_age(upstream: Upstream, clock: FakeClock) -> None:
    listed = Listed(upstream, clock, alive_for_s=120, sample=0)
    fresh, old = (clock.now() - timedelta(seconds=age_s) for age_s in (30, 600))
    listed.write(f"a,,31.4,121.48,,,{fresh.isoformat()}", f"b,,31.4,121.48,,,{old.isoformat()}")
    assert listed.states() == [ON, OFF]


def test_cameras_on_other_hosts_are_listed_never_asked_and_named(upstream: Upstream, clock: FakeClock) -> None:
    listed = Listed(upstream, clock)
    listed.write("a,,31.4,121.48,http://192.0.2.9/a.jpg,,", "b,,31.4,121.48,http://192.0.2.9/b.jpg,,")
    batch = listed.poll()
    assert len(batch.records) == 2
    assert [(bad.record_id, bad.reason) for bad in batch.rejected] == [("192.0.2.9", "its host is not in hosts")]


def test_unchanged_list_is_not_read_again_but_its_cameras_are_looked_at(listed: Listed) -> None:
    rows = listed.upstream.pages["/list.csv"]
    listed.upstream.headers["ETag"] = '"v1"'
    listed.upstream.pages["/a.jpg"] = lambda _: Faulty(200, JPEG + str(len(listed.upstream.asked)).encode())
    assert listed.states(60) == [UNKNOWN]
    assert rows is listed.upstream.pages["/list.csv"]
    assert listed.states(60) == [ON]
    restarted = Listed(listed.upstream, listed.clock)
    restarted.cursor = listed.cursor
    assert restarted.states(60) == [ON]


def test_hanging_pictures_cost_half_the_time_and_no_more(upstream: Upstream, clock: FakeClock) -> None:
    listed = Listed(upstream, clock)
    listed.write(*(f"{number},,31.4,121.48,/{number}.jpg,," for number in range(30)))
    batch = listed.poll()
    assert len(batch.records) == 30


def test_real_list_with_a_byte_order_mark_is_read(shared_data: Path, upstream: Upstream, clock: FakeClock) -> None:
    upstream.pages["/list.csv"] = (shared_data / "cameras" / "hk-traffic-cameras.csv").read_bytes()
    fields = {"id": "key", "name": "description", "lon": "longitude", "lat": "latitude", "tags": "region"}
    listed = Listed(upstream, clock, fields=fields, sample=0)
    batch = listed.poll()
    assert len(batch.records) == 210
    assert [bad.record_id for bad in batch.rejected] == ["tdcctv.data.one.gov.hk"]
    first = batch.records[0]
    assert isinstance(first, Camera)
    assert (first.id, first.name) == ("upstream.H429F", "Aberdeen Praya Road near Fish Market")
    assert first.lat == pytest.approx(22.2485255)


def test_real_list_of_streams_is_read(shared_data: Path, upstream: Upstream, clock: FakeClock) -> None:
    document = (shared_data / "cameras" / "pig-observer-4-cities.json").read_bytes()
    upstream.pages["/list.json"] = document
    listed = Listed(upstream, clock, path="list.json", format="json", sample=0, fields={}, hosts=["jpg.nyctmc.org"])
    assert len({record.id for record in listed.poll().records}) > 3_000


def test_picture_of_a_listed_camera_is_shown(listed: Listed) -> None:
    listed.upstream.pages["/a.jpg"] = JPEG
    (camera,) = listed.poll().records
    assert isinstance(camera, Camera)
    assert snapshot(listed.block, camera.media, 5.0) == JPEG


ROWS = st.dictionaries(st.text(max_size=4), st.lists(st.none() | st.floats() | st.text(max_size=5), max_size=7))


@given(ROWS | st.lists(st.integers()))
def test_any_cursor_is_read_or_forgotten(kept: Any) -> None:
    looks = Looks(kept)
    assert isinstance(looks.to_cursor(), Mapping)


def test_cursor_stays_small_however_many_cameras_there_are(clock: FakeClock) -> None:
    rows = {str(number): Look(clock.now() + timedelta(seconds=number)).to_row() for number in range(5_000)}
    kept = Looks(rows).to_cursor()
    assert len(kept) == MOST_REMEMBERED
    assert "4999" in kept
