"""Playlists as upstreams write them, and what a browser is given of them: never an address."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.contract import SourceDataError
from datasources.media import Address
from datasources.media.origins import Origins
from datasources.media.playlist import frozen_after_s, rewrite

BASE = "http://10.1.2.3:8080/live/cam/index.m3u8?token=secret"
ORIGINS = Origins.of([Address(url=BASE)])


class Names:
    """Gives names and remembers for what."""

    def __init__(self) -> None:
        self.given: list[tuple[str, str]] = []

    def __call__(self, url: str, kind: str) -> str:
        ORIGINS.check(url)
        self.given.append((url, kind))
        return f"n{len(self.given)}.bin"


def test_segments_relative_and_absolute_get_our_names() -> None:
    names = Names()
    text = (
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n"
        "#EXTINF:2.000,a title\n7.ts\n#EXTINF:2,\n/other/8.ts?x=1\n#EXTINF:2,\nhttp://10.1.2.3:8080/9.ts\n"
    )
    playlist = rewrite(text, BASE, names)
    assert names.given == [
        ("http://10.1.2.3:8080/live/cam/7.ts", "segment"),
        ("http://10.1.2.3:8080/other/8.ts?x=1", "segment"),
        ("http://10.1.2.3:8080/9.ts", "segment"),
    ]
    assert playlist.text.splitlines()[1:5] == [
        "#EXT-X-TARGETDURATION:2",
        "#EXT-X-MEDIA-SEQUENCE:7",
        "#EXTINF:2.000,",
        "n1.bin",
    ]
    assert (playlist.target_s, playlist.is_ended) == (2.0, False)


def test_keys_maps_byte_ranges_and_nested_playlists_are_rewritten() -> None:
    names = Names()
    text = (
        '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="audio/a.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1"\nlow/index.m3u8\n'
    )
    nested = rewrite(text, BASE, names)
    assert [kind for _, kind in names.given] == ["playlist", "playlist"]
    assert nested.position == ""
    names = Names()
    text = (
        '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k.bin",IV=0x1\n#EXT-X-MAP:URI="init.mp4",BYTERANGE="100@0"\n'
        "#EXTINF:2,\n#EXT-X-BYTERANGE:500@100\nall.mp4\n"
    )
    playlist = rewrite(text, BASE, names)
    assert [kind for _, kind in names.given] == ["key", "segment", "segment"]
    assert '#EXT-X-MAP:URI="n2.bin",BYTERANGE="100@0"' in playlist.text
    assert playlist.text.endswith("#EXT-X-BYTERANGE:500@100\n#EXTINF:2,\nn3.bin\n")


@pytest.mark.parametrize(
    "address",
    ["http://10.9.9.9/x.ts", "//evil/x.ts", "http://10.1.2.3/x.ts", "file:///etc/passwd", "http://169.254.169.254/"],
)
def test_a_segment_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(SourceDataError, match=r"address|points"):
        rewrite(f"#EXTM3U\n#EXTINF:2,\n{address}\n", BASE, Names())


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "2852039166", "0xA9FEA9FE", "169.254.43518", "[::ffff:169.254.169.254]", "[fe80::1]"],
)
def test_link_local_addresses_are_refused_however_they_are_written_and_whoever_names_them(host: str) -> None:
    with pytest.raises(SourceDataError):
        Origins.of([Address(url=f"http://{host}/latest")])


@pytest.mark.parametrize("line", ['#EXT-X-KEY:METHOD=AES-128,URI="http://10.9.9.9/k"', '#EXT-X-KEY:URI="skd://k"'])
def test_a_key_elsewhere_is_left_out(line: str) -> None:
    assert "KEY" not in rewrite(f"#EXTM3U\n{line}\n#EXTINF:2,\na.ts\n", BASE, Names()).text


@pytest.mark.parametrize("text", ["", "<html></html>", "\xff\xd8\xff", "EXTM3U"])
def test_what_is_no_playlist_is_said_to_be_none(text: str) -> None:
    with pytest.raises(SourceDataError):
        rewrite(text, BASE, Names())


def test_a_longer_list_is_another_position() -> None:
    first = rewrite("#EXTM3U\n#EXTINF:2,\n1.ts\n", BASE, Names()).position
    assert first == rewrite("#EXTM3U\n#EXTINF:2,\n1.ts\n", BASE, Names()).position
    assert first != rewrite("#EXTM3U\n#EXTINF:2,\n1.ts\n#EXTINF:2,\n2.ts\n", BASE, Names()).position


@pytest.mark.parametrize(("target_s", "limit_s"), [(1, 3), (2, 5), (3, 7), (4, 7), (6, 9), (10, 15)])
def test_short_segments_are_soon_known_to_stand_still(target_s: float, limit_s: float) -> None:
    assert frozen_after_s(target_s) == limit_s


TAGS = st.sampled_from(
    ["#EXTINF:2,", "#EXT-X-KEY:METHOD=AES-128,", "#EXT-X-MAP:", "#EXT-X-PART:", "#EXT-X-DATERANGE:X-ASSET-", "#EXT-X-",
     "#EXT-X-CONTENT-STEERING:SERVER-", "#EXT-X-STREAM-INF:", "#EXT-X-DEFINE:", "#", "", "#EXT-X-START:", "#EXTINF:",
     "#EXT-X-MEDIA:"]
)  # fmt: skip
ADDRESSES = st.sampled_from(
    ['URI="http://10.1.2.3:8080/a.ts"', 'URI="b.ts"', "http://10.1.2.3:8080/c.ts", 'NAME="rtsp://10.1.2.3/x"', "d.ts",
     'URI="//10.1.2.3:8080/e"', 'uri="http://10.1.2.3:8080/"', 'URI="http://10.1.2.3:8080/a", URI="http://10.1.2.3:8080/b"']
)  # fmt: skip


@given(st.lists(st.tuples(TAGS, ADDRESSES | st.text(max_size=30)), max_size=20))
def test_no_address_of_the_upstream_ever_gets_through(lines: list[tuple[str, str]]) -> None:
    text = "#EXTM3U\n" + "\n".join(tag + rest for tag, rest in lines)
    try:
        written = rewrite(text, BASE, Names()).text
    except SourceDataError:
        return
    assert "10.1.2.3" not in written
    assert "://" not in written
    assert all(line.startswith("#") or not urlsplit(line).netloc for line in written.splitlines())
