"""Media servers: a camera lives while what its server counts of it grows, whatever the status word says."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fake_upstream import Faulty, Upstream
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block

from datasources.contract import Batch, FetchContext, Source, SourceAuthFailed, SourceDataError
from datasources.go2rtc.options import Go2RtcOptions
from datasources.go2rtc.source import streams as go2rtc_streams
from datasources.http import HttpClient
from datasources.media import Transport, media_of, snapshot
from datasources.media.counts import Counts
from datasources.mediamtx.options import MediaMtxOptions
from datasources.mediamtx.source import stream as mediamtx_stream
from datasources.nginx_rtmp.options import NginxRtmpOptions
from datasources.nginx_rtmp.source import streams as nginx_streams
from datasources.node_media_server.source import streams as nms_streams
from datasources.registry import build
from datasources.zoneminder.api import Api
from datasources.zoneminder.options import ZoneMinderOptions
from datasources.zoneminder.source import monitors
from situation.clock import FakeClock
from situation.records import Camera, DeviceState
from situation.settings import Secret

JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 100
ON, OFF, UNKNOWN = DeviceState.ONLINE, DeviceState.OFFLINE, DeviceState.UNKNOWN
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def example(kind: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"server_{kind}", Path(__file__).parent / "kinds" / f"{kind}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Watched:
    """A source that is polled by a clock we turn."""

    def __init__(self, kind: str, upstream: Upstream, clock: FakeClock, **options: Any) -> None:
        self.clock = clock
        self.block = Block(kind=kind, url=upstream.url, options=options)
        self.source: Source = build(self.block, http=HttpClient(clock=clock))
        self.cursor: Any = None

    def poll(self, later_s: float = 0.0) -> Batch:
        self.clock.at += timedelta(seconds=later_s)
        until_s = self.clock.monotonic() + 5.0
        context = FetchContext(now=self.clock.now(), cursor=self.cursor, deadline_monotonic_s=until_s)
        batch = self.source.fetch(context)
        self.cursor = json.loads(json.dumps(batch.cursor))
        return batch

    def states(self, later_s: float = 0.0) -> dict[str, DeviceState]:
        found = [record for record in self.poll(later_s).records if isinstance(record, Camera)]
        return {camera.id.removeprefix("upstream."): camera.state for camera in found}


NGINX, NMS, MTX, GO2RTC, ZM = map(example, ("nginx_rtmp", "node_media_server", "mediamtx", "go2rtc", "zoneminder"))
SERVED: dict[str, tuple[str, Callable[[int], Any]]] = {
    "nginx_rtmp": ("live.cam01", lambda count: NGINX.pages([NGINX.stream("cam01", count)])),
    "node_media_server": ("live.cam01", lambda count: NMS.pages([NMS.stream("cam01", count)])),
    "mediamtx": ("yard.1", lambda count: MTX.pages([MTX.path("yard/1", count)])),
    "go2rtc": ("gate", lambda count: GO2RTC.pages({"gate": GO2RTC.stream(count)})),
}


@pytest.mark.parametrize("kind", SERVED)
def test_camera_lives_while_its_bytes_grow(upstream: Upstream, clock: FakeClock, kind: str) -> None:
    name, pages = SERVED[kind]
    watched = Watched(kind, upstream, clock, silent_after_s=20)
    found = []
    for count in (1000, 2000, 2000, 2000, 2000, 500):
        upstream.pages |= pages(count)
        found.append(watched.states(15)[name])
    assert found == [UNKNOWN, ON, ON, OFF, OFF, ON]


@pytest.mark.parametrize("kind", [kind for kind in SERVED if kind != "go2rtc"])
def test_camera_that_its_server_drops_stays_listed_as_offline(upstream: Upstream, clock: FakeClock, kind: str) -> None:
    name, pages = SERVED[kind]
    upstream.pages |= pages(1000)
    watched = Watched(kind, upstream, clock)
    watched.poll()
    upstream.pages |= {"nginx_rtmp": NGINX, "node_media_server": NMS, "mediamtx": MTX}[kind].pages([])
    (gone,) = watched.poll(15).records
    assert isinstance(gone, Camera)
    assert (gone.id, gone.state, bool(gone.media)) == (f"upstream.{name}", OFF, True)
    assert watched.states(8 * 86_400) == {}


def test_dead_monitor_says_running_and_is_offline_at_once(upstream: Upstream, clock: FakeClock) -> None:
    upstream.pages |= ZM.pages([ZM.monitor(1), ZM.monitor(2, "0.00"), ZM.monitor(3, None)])
    watched = Watched("zoneminder", upstream, clock, username="admin", password=Secret("admin"))
    assert watched.states() == {"1": ON, "2": OFF, "3": UNKNOWN}


def test_frame_rates_that_stand_still_are_those_of_a_dead_capture(upstream: Upstream, clock: FakeClock) -> None:
    """Seen: with all its daemons killed, ZoneMinder 1.36 goes on saying Connected at 9.80."""
    upstream.pages |= ZM.pages([ZM.monitor(1, "9.80")])
    watched = Watched("zoneminder", upstream, clock)
    assert [watched.states(50)["1"] for _ in range(4)] == [ON, ON, ON, OFF]
    upstream.pages |= ZM.pages([ZM.monitor(1, "9.81")])
    assert watched.states(50) == {"1": ON}


def test_login_is_kept_and_made_again_when_the_server_has_forgotten_it(upstream: Upstream, clock: FakeClock) -> None:
    upstream.pages |= ZM.pages([ZM.monitor(1)])
    watched = Watched("zoneminder", upstream, clock, username="admin", password=Secret("p w"))
    watched.poll()
    watched.poll(30)
    assert upstream.posted == [b"user=admin&pass=p+w"]
    listed = upstream.pages["/api/monitors.json"]
    refused = json.dumps({"success": False, "data": {"message": "Not Authenticated"}}).encode()
    answers = iter([Faulty(401, refused), Faulty(200, listed)])
    upstream.pages["/api/monitors.json"] = lambda _: next(answers)
    assert len(watched.poll(30).records) == 1
    assert len(upstream.posted) == 2


@pytest.mark.parametrize("status", [200, 401])
def test_disabled_api_is_refused_credentials_whatever_the_status(
    upstream: Upstream, clock: FakeClock, status: int
) -> None:
    said = {"success": False, "data": {"name": "API disabled for: admin", "message": "API disabled for: admin"}}
    upstream.pages["/api/host/login.json"] = lambda _: Faulty(status, json.dumps(said).encode())
    with pytest.raises(SourceAuthFailed, match="API disabled"):
        Watched("zoneminder", upstream, clock, username="admin", password=Secret("x")).poll()


def test_image_of_a_monitor_is_asked_with_a_token(upstream: Upstream, clock: FakeClock) -> None:
    upstream.pages |= ZM.pages([ZM.monitor(1)])
    upstream.pages["/cgi-bin/nph-zms"] = lambda query: (
        JPEG if query.get("token") == "t1" else Faulty(403, b"Status: 403")
    )
    watched = Watched("zoneminder", upstream, clock, username="admin", password=Secret("x"))
    (camera,) = watched.poll().records
    assert isinstance(camera, Camera)
    assert "t1" not in camera.media
    assert snapshot(watched.block, camera.media, 5.0) == JPEG
    offer = media_of(watched.block, HttpClient()).offer(camera.media, HttpClient().clock.monotonic() + 5)
    assert "mode=jpeg" in offer.addresses[Transport.MJPEG].url


def test_stream_nobody_watches_is_unknown_not_offline(upstream: Upstream, clock: FakeClock) -> None:
    upstream.pages |= GO2RTC.pages({"gate": GO2RTC.stream(None), "yard": None})
    assert set(Watched("go2rtc", upstream, clock).states().values()) == {UNKNOWN}
    upstream.pages |= MTX.pages([MTX.path("a", ready=False)])
    watched = Watched("mediamtx", upstream, clock, on_demand=True)
    assert [watched.states(60)["a"] for _ in range(3)] == [UNKNOWN] * 3
    watched = Watched("mediamtx", upstream, clock)
    assert [watched.states(60)["a"] for _ in range(2)] == [UNKNOWN, OFF]


def test_a_placeholder_that_nobody_publishes_is_no_sign_of_life(upstream: Upstream, clock: FakeClock) -> None:
    watched = Watched("mediamtx", upstream, clock, silent_after_s=20)
    found = []
    for count in (1000, 2000, 3000):
        placeholder = {**MTX.path("a", count), "available": True, "online": False, "source": None}
        upstream.pages |= MTX.pages([placeholder])
        found.append(watched.states(15)["a"])
    assert ON not in found


def test_an_idle_pull_that_calls_itself_online_is_unknown(upstream: Upstream, clock: FakeClock) -> None:
    upstream.pages |= MTX.pages([{**MTX.path("a", ready=False), "available": False, "online": True}])
    watched = Watched("mediamtx", upstream, clock, on_demand=True)
    assert [watched.states(60)["a"] for _ in range(3)] == [UNKNOWN] * 3


def test_all_pages_of_paths_are_read(upstream: Upstream, clock: FakeClock) -> None:
    def page(query: Any) -> bytes:
        number, size = int(query["page"]), int(query["itemsPerPage"])
        items = [MTX.path(f"p{each}") for each in range(5)][number * size : (number + 1) * size]
        return json.dumps({"itemCount": 5, "pageCount": 3, "items": items}).encode()

    upstream.pages["/v3/paths/list"] = page
    assert len(Watched("mediamtx", upstream, clock, page_size=2).poll().records) == 5


def test_addresses_of_other_servers_of_the_machine_are_on_their_ports() -> None:
    found = mediamtx_stream(MTX.path("园区/1"), "http://10.0.0.1:9997", MediaMtxOptions(rtsp_port=0))
    assert found.addresses == {
        Transport.HLS: "http://10.0.0.1:8888/%E5%9B%AD%E5%8C%BA/1/index.m3u8",
        Transport.WHEP: "http://10.0.0.1:8889/%E5%9B%AD%E5%8C%BA/1/whep",
    }
    assert found.codec == "h265"


def test_the_codec_is_known_where_tracks_are_objects() -> None:
    # MediaMTX internal/defs/api_path.go: `tracks` is deprecated in favour of `tracks2`
    tracks = [{"codec": "MPEG-4 Audio", "codecProps": None}, {"codec": "H264", "codecProps": {"width": 1920}}]
    row = {"name": "yard", "available": True, "online": True, "tracks2": tracks, "inboundBytes": 1}
    found = mediamtx_stream(row, "http://10.0.0.1:9997", MediaMtxOptions())
    assert (found.codec, found.count) == ("h264", 1)


def test_real_stream_of_a_tablet_is_read(shared_data: Path) -> None:
    document = json.loads((shared_data / "cameras" / "go2rtc" / "streams_whip_producer.json").read_bytes())
    ((stream,), rejected) = go2rtc_streams(document, "http://10.0.0.1:1984", Go2RtcOptions())
    assert (stream.name, stream.count, stream.codec, rejected) == ("camera.kiosk_tablet", 37_630_084, "h264", [])
    assert stream.addresses[Transport.WHEP] == "http://10.0.0.1:1984/api/webrtc?src=camera.kiosk_tablet"
    probe = json.loads((shared_data / "cameras" / "go2rtc" / "probe_rtsp_h264_aac.json").read_bytes())
    ((stream,), _) = go2rtc_streams({"a b/c": probe}, "http://10.0.0.1:1984", Go2RtcOptions())
    assert (stream.count, stream.codec) == (0, "h264")
    assert stream.addresses[Transport.SNAPSHOT].endswith("frame.jpeg?src=a%20b%2Fc")


def test_places_come_from_a_file_and_the_settings_win(upstream: Upstream, clock: FakeClock, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_bytes("\ufeffid,lon,lat,name\nyard/1,121.48,31.40,一号门\nyard/2,121.49,31.41,\n".encode())
    upstream.pages |= MTX.EXAMPLE.pages
    watched = Watched("mediamtx", upstream, clock, places_file=str(file), places={"yard/2": [121.5, 31.42]})
    found = [record for record in watched.poll().records if isinstance(record, Camera)]
    assert [(camera.name, camera.lon, camera.lat) for camera in found] == [
        ("一号门", 121.48, 31.4),
        ("2", 121.5, 31.42),
    ]
    file.write_text("camera,x,y\n1,2,3\n")
    with pytest.raises(ValueError, match="needs columns id, lon, lat"):
        Watched("mediamtx", upstream, clock, places_file=str(file))


@given(ANYTHING)
def test_any_document_of_a_server_is_read_or_refused(document: Any) -> None:
    api = Api("http://10.0.0.1/zm", ZoneMinderOptions(), HttpClient())
    readers: list[Callable[[], Any]] = [
        lambda: nms_streams(document, "http://10.0.0.1"),
        lambda: nms_streams({"data": {"streams": [document]}}, "http://10.0.0.1"),
        lambda: go2rtc_streams(document, "http://10.0.0.1", Go2RtcOptions()),
        lambda: go2rtc_streams({"a": {"producers": [document]}}, "http://10.0.0.1", Go2RtcOptions()),
        lambda: monitors({"monitors": document}, api, "wgs84"),
        lambda: monitors({"monitors": [{"Monitor": document, "Monitor_Status": document}]}, api, "wgs84"),
        lambda: nginx_streams(json.dumps(document).encode(), "http://10.0.0.1", NginxRtmpOptions()),
    ]
    for read in readers:
        try:
            streams, rejected = read()
        except SourceDataError:
            continue
        assert all(stream.name for stream in streams)
        assert all(refusal.reason for refusal in rejected)


@given(st.lists(st.tuples(st.floats(0, 1e9) | st.none(), st.floats(0, 3600)), max_size=12))
def test_nobody_is_online_without_a_count_that_moved_lately(polls: list[tuple[float | None, float]]) -> None:
    now, kept, moved_at, last = datetime.fromisoformat("2026-08-09T06:00:00+00:00"), None, None, None
    for value, later_s in polls:
        now += timedelta(seconds=later_s)
        counts = Counts(kept, now, timedelta(seconds=20))
        state, _ = counts.judge("a", value)
        if last is not None and value and value != last:
            moved_at = now
        last = value or (last or 0.0)
        kept = json.loads(json.dumps(counts.to_cursor()))
        if state is ON:
            assert moved_at is not None
            assert now - moved_at <= timedelta(seconds=20)
