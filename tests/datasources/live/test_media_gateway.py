"""Who is asked when, how often, and where never: the gateway over real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streams import BEGINNING, KEY, CountedMedia, Noticed, tag

from datasources.contract import SourceUnavailable
from datasources.media import Address, Transport
from datasources.media.gateway import Gateway
from datasources.media.places import Places
from datasources.media.watch import FAILED_S, GRACE_S, IDLE_S, Converting
from situation.clock import FakeClock
from situation.media import MediaUnavailable
from tests.contract.fake_upstream import Faulty, Upstream, serve

PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n1.ts\n"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    pages = {
        "/cam.flv": BEGINNING + tag(KEY),
        "/hls/index.m3u8": PLAYLIST,
        "/hls/1.ts": b"a segment",
        "/gone": Faulty(404, b""),
    }
    with serve(Upstream(pages=pages)) as served:
        yield served


@pytest.fixture
def media(upstream: Upstream) -> CountedMedia:
    return CountedMedia(
        {
            Transport.FLV: Address(url=f"{upstream.url}/cam.flv"),
            Transport.HLS: Address(url=f"{upstream.url}/hls/index.m3u8"),
            Transport.RTSP: Address(url="rtsp://user:secret@127.0.0.1:1/cam"),
        },
        codec="h264",
    )


@pytest.fixture
def gateway(media: CountedMedia, clock: FakeClock) -> Iterator[Gateway]:
    made = Gateway(lambda source: media if source == "video" else None, clock, Converting("ffmpeg", Places(0)))
    yield made
    made.close()


def test_the_upstream_is_asked_once_for_all_who_look_and_let_go_after_the_last(
    gateway: Gateway, media: CountedMedia, clock: FakeClock
) -> None:
    assert [each.transport for each in gateway.playable("video", "c1")] == ["flv", "hls"]
    gateway.playable("video", "c1")
    gateway.hls("video", "c1", "index.m3u8", "")
    assert media.offered == ["c1"]
    clock.advance(IDLE_S)
    gateway.settle()
    assert media.released == []
    clock.advance(1)
    gateway.settle()
    assert media.released == ["c1"]
    assert gateway.watched() == 0


def test_a_stream_is_fetched_once_and_ends_a_while_after_its_last_viewer(
    gateway: Gateway, upstream: Upstream, clock: FakeClock
) -> None:
    with pytest.raises(MediaUnavailable) as refused:
        gateway.stream("video", "c1", "mjpeg", Noticed())
    assert (refused.value.status, refused.value.reason) == (404, "not_offered")
    first = gateway.stream("video", "c1", "flv", Noticed())
    assert first.content_type == "video/x-flv"
    assert upstream.asked == ["/cam.flv"]
    first.close()
    clock.advance(GRACE_S + 1)
    gateway.settle()


def test_a_watched_stream_keeps_its_camera(gateway: Gateway, media: CountedMedia, clock: FakeClock) -> None:
    """Also without further requests: that is what watching is."""
    gateway.playable("video", "c1")
    clock.advance(IDLE_S - 1)
    gateway.playable("video", "c1")
    clock.advance(2)
    gateway.settle()
    assert media.released == []


def test_a_camera_that_fails_is_left_alone_for_a_moment(
    gateway: Gateway, media: CountedMedia, clock: FakeClock
) -> None:
    media.failure = SourceUnavailable("unreachable")
    for _ in range(3):
        with pytest.raises(MediaUnavailable):
            gateway.playable("video", "c1")
    assert media.offered == ["c1"]
    clock.advance(FAILED_S)
    media.failure = None
    assert gateway.playable("video", "c1")


def test_segments_have_names_that_say_nothing_and_no_type_of_the_upstreams(
    gateway: Gateway, upstream: Upstream
) -> None:
    playlist = gateway.hls("video", "c1", "index.m3u8", "")
    name = playlist.body.decode().splitlines()[-1]
    assert "1.ts" not in name.split(".")[0]
    assert "127.0.0.1" not in playlist.body.decode()
    segment = gateway.hls("video", "c1", name, "")
    assert (segment.body, segment.content_type, segment.content_range) == (b"a segment", "video/mp2t", "")
    gateway.hls("video", "c1", name, "")
    assert upstream.asked.count("/hls/1.ts") == 1


def test_a_byte_range_is_cut_out_where_the_upstream_knows_none(gateway: Gateway) -> None:
    name = gateway.hls("video", "c1", "index.m3u8", "").body.decode().splitlines()[-1]
    piece = gateway.hls("video", "c1", name, "bytes=2-5")
    assert (piece.body, piece.content_range) == (b"segm", "bytes 2-5/9")
    with pytest.raises(MediaUnavailable):
        gateway.hls("video", "c1", name, "bytes=0-1,3-4")


def test_a_name_that_no_playlist_gave_leads_nowhere(gateway: Gateway, upstream: Upstream) -> None:
    with pytest.raises(MediaUnavailable) as refused:
        gateway.hls("video", "c1", "1.ts", "")
    assert refused.value.status == 404
    assert upstream.asked == []


def test_a_playlist_that_stands_still_is_said_to(gateway: Gateway, upstream: Upstream, clock: FakeClock) -> None:
    for _ in range(5):
        gateway.hls("video", "c1", "index.m3u8", "")
        clock.advance(1)
    clock.advance(0.5)
    with pytest.raises(MediaUnavailable) as refused:
        gateway.hls("video", "c1", "index.m3u8", "")
    assert (refused.value.status, refused.value.reason) == (503, "frozen")
    upstream.pages["/hls/index.m3u8"] = PLAYLIST + b"#EXTINF:2,\n2.ts\n"
    assert gateway.hls("video", "c1", "index.m3u8", "").body.count(b".ts") == 2


@pytest.mark.parametrize("fault", ["redirect_elsewhere", "redirect_loop", "html500", "garbage", "401", "404"])
def test_an_upstream_that_misbehaves_is_an_error_and_never_followed(
    gateway: Gateway, upstream: Upstream, fault: str
) -> None:
    upstream.fault = fault
    with pytest.raises(MediaUnavailable):
        gateway.hls("video", "c1", "index.m3u8", "")
    with pytest.raises(MediaUnavailable):
        gateway.stream("video", "c1", "flv", Noticed())


def test_no_more_processes_than_allowed_and_none_without_ffmpeg(media: CountedMedia, clock: FakeClock) -> None:
    full = Gateway(lambda _: media, clock, Converting("ffmpeg", Places(1)))
    place = full.converting.places.take()
    assert "converted" in [each.transport for each in full.playable("video", "c1")]
    with pytest.raises(MediaUnavailable) as refused:
        full.stream("video", "c1", "converted", Noticed())
    assert (refused.value.status, refused.value.reason) == (503, "busy")
    place.leave()
    full.close()
    without = Gateway(lambda _: media, clock, Converting(None, Places(1)))
    assert "converted" not in [each.transport for each in without.playable("video", "c1")]
    without.close()


def test_a_source_without_media_has_none(gateway: Gateway) -> None:
    with pytest.raises(MediaUnavailable) as refused:
        gateway.playable("weather", "c1")
    assert refused.value.status == 404


def test_no_address_is_ever_printed(media: CountedMedia) -> None:
    assert "secret" not in repr(media.offer("c1", 0.0))


def test_after_a_stream_has_died_the_upstream_is_asked_where_the_camera_is_now(
    gateway: Gateway, media: CountedMedia, upstream: Upstream
) -> None:
    media.addresses[Transport.FLV] = Address(url=f"{upstream.url}/gone")
    with pytest.raises(MediaUnavailable):
        gateway.stream("video", "c1", "flv", Noticed())
    gateway.settle()
    media.addresses[Transport.FLV] = Address(url=f"{upstream.url}/cam.flv")
    assert gateway.stream("video", "c1", "flv", Noticed()).take()
    assert media.offered == ["c1", "c1"]
