"""Looking at cameras: streams are started when somebody looks, stopped afterwards, and never lead to another host."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fake_upstream import Faulty, Upstream
from source_settings import Block

from datasources.contract import SourceDataError, SourceError, SourceUnavailable
from datasources.http import HttpClient
from datasources.media import CameraMedia, Transport, media_of, snapshot
from datasources.media.addresses import pack
from datasources.media.kept import KeptMedia
from situation.settings import Secret

JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 100
SOON_S = 5.0


def media(upstream: Upstream, kind: str, **options: Any) -> CameraMedia:
    return media_of(Block(kind=kind, url=upstream.url, options=options), HttpClient())


def deadline() -> float:
    return HttpClient().clock.monotonic() + SOON_S


def stream(upstream: Upstream, **more: Any) -> bytes:
    """What a WVP platform answers to `play/start`, as simulated and real ones do."""
    host = upstream.url.removeprefix("http://")
    content = {
        "app": "rtp",
        "flv": f"http://{host}/rtp/d_c.live.flv",
        "ws_flv": f"ws://{host}/rtp/d_c.live.flv",
        "hls": f"http://{host}/rtp/d_c/hls.m3u8",
        "rtsp": "rtsp://127.0.0.1:554/rtp/d_c",
        "rtc": f"http://{host}/index/api/webrtc?app=rtp&stream=d_c&type=play",
        "mediaInfo": {"videoCodec": "H265"},
    }
    return json.dumps({"code": 0, "msg": "成功", "data": content | more}).encode()


def test_platform_starts_a_stream_when_somebody_looks_and_stops_it_afterwards(upstream: Upstream) -> None:
    upstream.pages["/api/play/start/d/c"] = stream(upstream)
    upstream.pages["/api/play/stop/d/c"] = b'{"code":0,"data":null}'
    looked = media(upstream, "wvp", api_key="k")
    offer = looked.offer("d/c", deadline())
    assert set(offer.addresses) == {Transport.FLV, Transport.HLS, Transport.RTSP, Transport.WHEP}
    assert offer.addresses[Transport.WHEP].url.endswith("/index/api/whep?app=rtp&stream=d_c&type=play")
    assert offer.codec == "h265"
    looked.release("d/c", deadline())
    assert upstream.asked == ["/api/play/start/d/c", "/api/play/stop/d/c"]


def test_a_stream_without_a_device_is_started_by_its_number_and_left_to_those_who_push_it(upstream: Upstream) -> None:
    upstream.pages["/api/common/channel/play"] = stream(upstream)
    looked = media(upstream, "wvp", api_key="k")
    assert Transport.FLV in looked.offer("common/41", deadline()).addresses
    looked.release("common/41", deadline())
    with pytest.raises(SourceDataError) as caught:
        looked.still("common/41", deadline())
    assert caught.value.safe_text == "no_picture"
    assert upstream.asked == ["/api/common/channel/play?channelId=41"]


def test_picture_starts_nothing(upstream: Upstream) -> None:
    upstream.pages["/api/device/query/snap/d/c"] = JPEG
    assert snapshot(Block(kind="wvp", url=upstream.url, options={"api_key": "k"}), "d/c", SOON_S) == JPEG
    assert not any("play" in path for path in upstream.asked)


def test_addresses_on_other_hosts_are_left_out_unless_named(upstream: Upstream) -> None:
    upstream.pages["/api/play/start/d/c"] = stream(upstream, flv="http://192.0.2.7:80/x.flv", hls="file:///etc/passwd")
    offer = media(upstream, "wvp").offer("d/c", deadline())
    assert set(offer.addresses) == {Transport.RTSP, Transport.WHEP}
    offer = media(upstream, "wvp", hosts=["192.0.2.7"]).offer("d/c", deadline())
    assert offer.addresses[Transport.FLV].url == "http://192.0.2.7:80/x.flv"


def test_streams_can_be_fetched_from_another_host_than_the_platform_names(upstream: Upstream) -> None:
    upstream.pages["/api/play/start/d/c"] = stream(upstream, flv="http://10.9.9.9:8080/x.flv")
    offer = media(upstream, "wvp", stream_host="127.0.0.1").offer("d/c", deadline())
    assert offer.addresses[Transport.FLV].url == "http://127.0.0.1:8080/x.flv"


def test_platform_whose_addresses_all_lie_elsewhere_is_an_error(upstream: Upstream) -> None:
    upstream.pages["/api/play/start/d/c"] = b'{"code":0,"data":{"flv":"http://192.0.2.7/x"}}'
    with pytest.raises(SourceDataError) as caught:
        media(upstream, "wvp").offer("d/c", deadline())
    assert caught.value.safe_text == "foreign_host"


def test_device_that_does_not_answer_is_unavailable(upstream: Upstream) -> None:
    upstream.pages["/api/play/start/d/c"] = '{"code":408,"msg":"点播超时","data":null}'.encode()
    with pytest.raises(SourceUnavailable):
        media(upstream, "wvp").offer("d/c", deadline())


def test_stopping_what_has_stopped_is_harmless(upstream: Upstream) -> None:
    upstream.pages["/api/play/stop/d/c"] = '{"code":100,"msg":"点播未找到","data":null}'.encode()
    media(upstream, "wvp").release("d/c", deadline())


@pytest.mark.parametrize("reference", ["../../admin", "a/../b", "a", "a/b/c", "a/b?x=1", "http://192.0.2.1/x"])
def test_reference_of_a_channel_can_lead_nowhere_else(upstream: Upstream, reference: str) -> None:
    looked = media(upstream, "wvp")
    for look in (looked.still, looked.offer, looked.release):
        with pytest.raises(SourceDataError):
            look(reference, deadline())
    assert upstream.asked == []


def test_kind_without_cameras_has_no_pictures() -> None:
    with pytest.raises(SourceDataError) as caught:
        snapshot(Block(kind="cap"), "x", 1.0)
    assert caught.value.safe_text == "no_picture"


def test_secrets_of_addresses_do_not_show(upstream: Upstream) -> None:
    upstream.pages["/api/play/start/d/c"] = Faulty(200, stream(upstream, flv=f"{upstream.url}/x.flv?sign=hush"))
    offer = media(upstream, "wvp", api_key="hush").offer("d/c", deadline())
    assert "hush" not in repr(offer)
    with pytest.raises(SourceError) as caught:
        media(upstream, "wvp", api_key="hush").offer("d/none", deadline())
    assert "hush" not in str(caught.value)


def test_packed_addresses_hold_no_login() -> None:
    packed = pack({Transport.RTSP: "rtsp://admin:hush@10.0.0.1:554/1"}, "h264")
    assert packed == '{"rtsp":"rtsp://10.0.0.1:554/1","codec":"h264"}'


def test_media_of_a_source_is_kept_with_its_login_until_its_settings_change(upstream: Upstream) -> None:
    login = b'{"access_token":"t1","access_token_expires":7200}'
    upstream.pages |= {"/api/host/login.json": login, "/cgi-bin/nph-zms": JPEG}
    options = {"username": "u", "password": Secret("p")}
    blocks = {"zm": Block(kind="zoneminder", url=upstream.url, options=options)}
    kept = KeptMedia(blocks.get, HttpClient())
    packed = pack({Transport.SNAPSHOT: f"{upstream.url}/cgi-bin/nph-zms?mode=single"})
    assert [kept.picture("zm", packed, SOON_S) for _ in range(3)] == [JPEG] * 3
    assert len(upstream.posted) == 1
    blocks["zm"] = Block(kind="zoneminder", url=upstream.url, options=options)
    kept.picture("zm", packed, SOON_S)
    assert len(upstream.posted) == 2
    assert kept.of("gone") is None
    with pytest.raises(SourceDataError):
        kept.picture("gone", packed, SOON_S)


def test_login_of_a_platform_is_kept_and_made_anew_when_it_is_refused(upstream: Upstream) -> None:
    tokens = iter("abc")
    valid: list[str] = []

    def login(_: object) -> bytes:
        valid[:] = [next(tokens)]
        return json.dumps({"code": 0, "data": {"accessToken": valid[0]}}).encode()

    def guarded(good: bytes) -> bytes:
        is_welcome = upstream.asked_headers[-1].get("access-token") == valid[0]
        return good if is_welcome else '{"code":401,"msg":"请登录后重新请求"}'.encode()

    upstream.pages |= {
        "/api/user/login": login,
        "/api/device/query/snap/d/c": lambda _: Faulty(200, JPEG) if guarded(b"") == b"" else Faulty(401),
        "/api/play/start/d/c": lambda _: guarded(stream(upstream)),
    }
    block = Block(kind="wvp", url=upstream.url, options={"username": "u", "password": Secret("p")})
    kept = KeptMedia({"wvp": block}.get, HttpClient())
    assert [kept.picture("wvp", "d/c", SOON_S) for _ in range(2)] == [JPEG] * 2
    assert valid == ["a"]
    valid[:] = ["gone"]  # the platform was restarted
    assert kept.picture("wvp", "d/c", SOON_S) == JPEG
    assert valid == ["b"]
    looked = kept.of("wvp")
    assert looked is not None
    valid[:] = ["gone"]
    assert looked.offer("d/c", deadline()).addresses
    assert valid == ["c"]
