"""ONVIF devices as they really are: wrong clocks, addresses nobody reaches, Faults of every status, dead channels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_upstream import Faulty, Upstream, serve
from hypothesis import given
from hypothesis import strategies as st
from onvif_device import JPEG, OnvifDevice, fault, profile
from source_settings import Block

from datasources.contract import Batch, FetchContext, Source, SourceAuthFailed, SourceDataError, SourceUnavailable
from datasources.decode import decode_xml
from datasources.http import READ_TIMEOUT_S, HttpClient
from datasources.media import Transport, media_of, snapshot
from datasources.media.addresses import split
from datasources.onvif.normalise import Profile, chosen, device_time, profiles, reachable
from datasources.onvif.soap import value
from datasources.registry import build
from situation.clock import CityClock, FakeClock
from situation.records import Camera, DeviceState
from situation.settings import Secret

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
IMPATIENT_S = 1.0
"""For tests with a device that never answers: those beside it must answer in that time, on a busy machine too."""


def source(upstream: Upstream, clock: FakeClock, patience_s: float = READ_TIMEOUT_S, **options: Any) -> Source:
    clock.at = NOW
    block = Block(kind="onvif", url=upstream.url, options=options)
    return build(block, http=HttpClient(clock=clock, read_timeout_s=patience_s))


def fetch(asked: Source, clock: FakeClock, cursor: object = None, deadline_s: float = 5.0) -> Batch:
    until_s = clock.monotonic() + deadline_s
    return asked.fetch(FetchContext(now=clock.now(), cursor=cursor, deadline_monotonic_s=until_s))


def install(upstream: Upstream, device: OnvifDevice, picture: Any = JPEG) -> OnvifDevice:
    upstream.pages |= {"/onvif/device_service": device.answer, "/onvif/media_service": device.answer, "/snap": picture}
    return device


def cameras(batch: Batch) -> dict[str, Camera]:
    return {record.id: record for record in batch.records if isinstance(record, Camera)}


def test_camera_is_found_with_its_addresses_where_the_device_really_is(upstream: Upstream, clock: FakeClock) -> None:
    install(upstream, OnvifDevice([profile("P1", "VS_1")]))
    (camera,) = cameras(fetch(source(upstream, clock), clock)).values()
    assert (camera.id, camera.name, camera.state) == ("upstream.VS_1", "Dahua IPC-1", DeviceState.ONLINE)
    block = Block(kind="onvif", url=upstream.url)
    offer = media_of(block, HttpClient()).offer(camera.media, 0.0)
    assert offer.addresses[Transport.SNAPSHOT].url == f"{upstream.url}/snap?token=P1&subtype=1"
    assert offer.addresses[Transport.RTSP].url == "rtsp://127.0.0.1:554/cam?channel=P1&subtype=1"
    assert offer.codec == "h264"
    assert snapshot(block, camera.media, 5.0) == JPEG


@pytest.mark.parametrize("refuses_its_clock", [False, True])
def test_login_is_made_by_the_devices_own_clock(upstream: Upstream, clock: FakeClock, refuses_its_clock: bool) -> None:
    at = CityClock().now() if refuses_its_clock else NOW - timedelta(hours=8)  # its `Date` header, or what it says
    device = OnvifDevice([profile("P1", "VS_1")], login=("admin", "p&ss"), at=at, refuses_its_clock=refuses_its_clock)
    install(upstream, device)
    asked = source(upstream, clock, username="admin", password=Secret("p&ss"))
    assert len(fetch(asked, clock).records) == 1
    assert b"p&ss" not in b"".join(upstream.posted)


def test_wrong_password_is_refused_credentials_whatever_the_status(upstream: Upstream, clock: FakeClock) -> None:
    device = install(upstream, OnvifDevice([], login=("admin", "right"), at=NOW))
    with pytest.raises(SourceAuthFailed):
        fetch(source(upstream, clock, username="admin", password=Secret("wrong")), clock)
    device.login = None
    device.faults = {"GetDeviceInformation": "ter:NotAuthorized"}
    with pytest.raises(SourceAuthFailed) as caught:
        fetch(source(upstream, clock), clock)
    assert caught.value.safe_text == "auth_failed:fault"


def test_fault_inside_a_good_reply_is_an_error_with_its_reason(upstream: Upstream, clock: FakeClock) -> None:
    install(upstream, OnvifDevice([], faults={"GetProfiles": "Action not supported"}))
    with pytest.raises(SourceDataError, match="Action not supported"):
        fetch(source(upstream, clock), clock)


def test_internal_error_of_a_device_is_unavailable(upstream: Upstream, clock: FakeClock) -> None:
    upstream.pages["/onvif/device_service"] = lambda _: Faulty(500, b"<html><body>boom</body></html>")
    with pytest.raises(SourceUnavailable):
        fetch(source(upstream, clock), clock)
    upstream.pages["/onvif/device_service"] = lambda _: Faulty(500, fault("boom"))
    with pytest.raises(SourceDataError):
        fetch(source(upstream, clock), clock)


def test_device_without_snapshots_lives_by_answering(upstream: Upstream, clock: FakeClock) -> None:
    device = install(upstream, OnvifDevice([profile("P1", "VS_1")], faults={"GetSnapshotUri": "not supported"}))
    asked = source(upstream, clock)
    (camera,) = cameras(fetch(asked, clock)).values()
    assert (camera.state, camera.seen_at) == (DeviceState.ONLINE, NOW)
    device.profiles = [profile("P1", "VS_1"), profile("P2", "VS_2")]
    found = cameras(fetch(asked, clock))
    assert {camera.state for camera in found.values()} == {DeviceState.UNKNOWN}


def test_picture_that_stays_the_same_is_a_dead_cameras(upstream: Upstream, clock: FakeClock) -> None:
    install(upstream, OnvifDevice([profile("P1", "VS_1")]))
    asked = source(upstream, clock)
    batch = fetch(asked, clock)
    clock.at = NOW + timedelta(minutes=6)
    batch = fetch(asked, clock, batch.cursor)
    assert [camera.state for camera in cameras(batch).values()] == [DeviceState.OFFLINE]
    upstream.pages["/snap"] = JPEG + b"moved"
    batch = fetch(asked, clock, batch.cursor)
    assert [camera.state for camera in cameras(batch).values()] == [DeviceState.ONLINE]


def test_channel_without_a_picture_is_dead_when_it_fails_twice_and_its_device_is_asked_again(
    upstream: Upstream, clock: FakeClock
) -> None:
    device = install(upstream, OnvifDevice([profile("P1", "VS_1"), profile("P2", "VS_2")]))
    upstream.pages["/snap"] = lambda query: Faulty(404) if query["token"] == "P2" else JPEG
    asked = source(upstream, clock)
    batch = fetch(asked, clock)
    assert cameras(batch)["upstream.VS_2"].state is DeviceState.UNKNOWN
    device.asked.clear()
    batch = fetch(asked, clock, batch.cursor)
    assert "GetProfiles" in device.asked
    states = {camera.id: camera.state for camera in cameras(batch).values()}
    assert states == {"upstream.VS_1": DeviceState.ONLINE, "upstream.VS_2": DeviceState.OFFLINE}


def test_device_is_asked_what_it_has_once_an_hour(upstream: Upstream, clock: FakeClock) -> None:
    device = install(upstream, OnvifDevice([profile("P1", "VS_1")]))
    asked = source(upstream, clock)
    batch = fetch(asked, clock)
    device.asked.clear()
    batch = fetch(asked, clock, batch.cursor)
    assert device.asked == ["GetSystemDateAndTime"]
    clock.at = NOW + timedelta(hours=2)
    fetch(asked, clock, batch.cursor)
    assert "GetProfiles" in device.asked


def test_silent_device_costs_only_its_own_cameras_and_they_stay_listed(upstream: Upstream, clock: FakeClock) -> None:
    install(upstream, OnvifDevice([profile("P1", "VS_1")]))
    with serve(Upstream()) as other:
        install(other, OnvifDevice([profile("P1", "VS_1")]))
        devices = [{"id": "gate", "url": other.url, "name": "大门"}, {"id": "yard", "url": upstream.url}]
        asked = source(upstream, clock, IMPATIENT_S, devices=devices, places={"gate": [121.48, 31.4]})
        batch = fetch(asked, clock)
        gate = cameras(batch)["upstream.gate.VS_1"]
        assert (gate.name, gate.lon, gate.lat, gate.state) == ("大门", 121.48, 31.4, DeviceState.ONLINE)
        other.fault = "hang"
        batch = fetch(asked, clock, batch.cursor)
    states = {camera.id: camera.state for camera in cameras(batch).values()}
    assert states == {"upstream.gate.VS_1": DeviceState.OFFLINE, "upstream.yard.VS_1": DeviceState.ONLINE}
    assert [(refusal.record_id, refusal.reason) for refusal in batch.rejected] == [("gate", "timeout")]


def test_devices_that_were_silent_are_asked_last(upstream: Upstream, clock: FakeClock) -> None:
    device = install(upstream, OnvifDevice([profile("P1", "VS_1")]))
    with serve(Upstream()) as dead:
        dead.fault = "hang"
        devices = [{"id": f"dead{number}", "url": dead.url} for number in range(3)]
        asked = source(upstream, clock, IMPATIENT_S, devices=[*devices, {"id": "alive", "url": upstream.url}])
        batch = fetch(asked, clock)
        assert [refusal.record_id for refusal in batch.rejected] == ["dead0", "dead1", "dead2"]
        dead.asked.clear()
        device.asked.clear()
        order: list[str] = []
        device.on_ask = lambda: order.append(f"alive after {len(dead.asked)}")
        fetch(asked, clock, batch.cursor)
        assert order[0] == "alive after 0"


def test_stream_on_another_host_is_not_offered(upstream: Upstream) -> None:
    looked = media_of(Block(kind="onvif", url=upstream.url), HttpClient())
    offer = looked.offer(' {"rtsp":"rtsp://192.0.2.1/1","snapshot":"http://192.0.2.1/x"}', 0.0)
    assert offer.addresses == {}
    with pytest.raises(SourceDataError):
        looked.still('other {"snapshot":"http://127.0.0.1/x"}', 0.0)


def test_h264_wins_and_the_wanted_size_after_it() -> None:
    found = [
        Profile("big", "VS", "", 2000.0, False),
        Profile("main", "VS", "h264", 1000.0, False),
        Profile("sub", "VS", "h264", 100.0, False),
    ]
    assert [each.token for each in chosen(found, "largest")] == ["main"]
    assert [each.token for each in chosen(found, "smallest")] == ["sub"]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("01-dahua-stream-default", "rtsp://192.168.1.123:554/cam/realmonitor?channel=1&subtype=1&unicast=true&proto=Onvif"),
        ("02-dahua-snapshot-default", "http://192.168.1.123/onvifsnapshot/media_service/snapshot?channel=1&subtype=1"),
        ("03-dahua-stream-formatted", "rtsp://192.168.1.123:554/cam/realmonitor?channel=1&subtype=1&unicast=true&proto=Onvif"),
        ("04-dahua-snapshot-formatted", "http://192.168.1.123/onvifsnapshot/media_service/snapshot?channel=1&subtype=1"),
        ("06-go2rtc-1-9-4", "rtsp://192.168.1.123:8554/rtsp-dahua1"),
        ("07-go2rtc-1-9-8", "rtsp://192.168.1.123:8554/rtsp-dahua2"),
    ],
)  # fmt: skip
def test_addresses_of_real_replies_are_whole_and_trimmed(shared_data: Path, file: str, uri: str) -> None:
    root = decode_xml((shared_data / "cameras" / "onvif" / f"{file}.xml").read_bytes())
    assert value(root, "uri") == uri


def test_services_of_a_real_reply_are_found(shared_data: Path) -> None:
    for name in ("08-dahua-default", "09-dahua-formatted"):
        root = decode_xml((shared_data / "cameras" / "onvif" / f"{name}.xml").read_bytes())
        assert value(root, "capabilities", "media", "xaddr") == "http://192.168.1.123/onvif/media_service"
        assert value(root, "capabilities", "device", "xaddr") == "http://192.168.1.123/onvif/device_service"


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_device_reports_its_address_is_on_its_own_host(url: str, reported: str) -> None:
    found = reachable(url, "http://10.0.0.5:8080/onvif/device_service", reported)
    parts = split(found)
    assert found == "" or (parts is not None and parts.hostname == "10.0.0.5")


def test_ports_of_a_device_behind_nat_are_those_it_is_configured_with() -> None:
    own, reported = "http://10.0.0.5:8080/onvif/device_service", "http://192.168.1.123/onvif/device_service"
    assert reachable("http://192.168.1.123/snap", own, reported) == "http://10.0.0.5:8080/snap"
    assert reachable("http://192.168.1.123:81/snap", own, reported) == "http://10.0.0.5:81/snap"
    assert reachable("rtsp://192.168.1.123/1", own, reported) == "rtsp://10.0.0.5/1"
    assert reachable("http://nvr/1", own, reported, ["nvr"]) == "http://nvr/1"


NAMES = ("Profiles", "UTCDateTime", "Year", "Month", "Hour", "SourceToken", "VideoSourceConfiguration", "Resolution")
TREES = st.recursive(
    st.text(alphabet="0123456789ab -.", max_size=8),
    lambda inner: st.lists(st.tuples(st.sampled_from(NAMES), inner), max_size=5).map(
        lambda parts: "".join(f"<{name}>{body}</{name}>" for name, body in parts)
    ),
    max_leaves=20,
)


@given(TREES)
def test_any_reply_of_a_device_is_read_or_refused_row_by_row(tree: str) -> None:
    root = decode_xml(f"<x>{tree}</x>".encode())
    found, rejected = profiles(root)
    assert found == []
    assert all(refusal.reason for refusal in rejected)
    assert device_time(root) is None or device_time(root) is not None
