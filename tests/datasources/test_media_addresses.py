"""Addresses that a list or a platform gives: which may be asked, whatever it writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block

from datasources.contract import SourceDataError
from datasources.media import Transport
from datasources.media.addresses import HostOptions, Hosts, ListedMedia, codec_of, moved, pack, unpack, without_login
from datasources.options import OptionsError, read_part

OWN = Hosts.of("http://10.0.0.1:8080/list.csv", ["Cam.example"])


@pytest.mark.parametrize(
    ("host", "is_right"),
    [("10.6.0.7", True), ("cam.local", True), ("fd00::7", True)]
    + [(wrong, False) for wrong in ("10.6.0.7:80", "http://cam.local", "cam.local/x", "u@cam.local", "")],
)
def test_a_host_with_a_port_or_more_is_refused_for_it_would_never_fit(host: str, is_right: bool) -> None:
    settings = Block("camera_list", url="file:x.csv", options={"hosts": [host]})
    found: list[str] = []
    try:
        read_part(HostOptions, settings)
    except OptionsError as error:
        found = [f"{problem.path[1]} {problem.allowed}" for problem in error.problems]
    assert found == ([] if is_right else ["hosts is a name without scheme, port or path, like 10.6.0.7"])


@pytest.mark.parametrize(
    ("transport", "url", "admitted"),
    [
        (Transport.SNAPSHOT, "http://10.0.0.1/snap.jpg", True),
        (Transport.SNAPSHOT, "HTTPS://cam.EXAMPLE:8443/snap.jpg?a=1", True),
        (Transport.RTSP, "rtsp://user:pass@10.0.0.1:554/1", True),
        (Transport.SNAPSHOT, "rtsp://10.0.0.1/1", False),
        (Transport.RTSP, "http://10.0.0.1/1", False),
        (Transport.HLS, "http://10.0.0.2/x.m3u8", False),
        (Transport.HLS, "http://10.0.0.1@evil.example/x.m3u8", False),
        (Transport.HLS, "http://evil.example\\@10.0.0.1/", False),
        (Transport.HLS, "http://10.0.0.1.evil.example/", False),
        (Transport.HLS, "http://10.0.0.1/\r\nHost: evil", False),
        (Transport.HLS, "file:///etc/passwd", False),
        (Transport.HLS, "//10.0.0.1/x", False),
        (Transport.HLS, "http://10.0.0.1:nine/x", False),
        (Transport.HLS, "http://[::1/x", False),
        (Transport.HLS, "", False),
    ],
)
def test_only_addresses_on_configured_hosts_that_fit_are_admitted(
    transport: Transport, url: str, admitted: bool
) -> None:
    assert OWN.admits(transport, url) is admitted


@given(st.dictionaries(st.sampled_from(list(Transport)), st.text(max_size=80)))
def test_whatever_is_packed_is_unpacked_again(addresses: dict[Transport, str]) -> None:
    packed = pack(addresses, "h264")
    if addresses:
        assert unpack(packed) == ({each: without_login(url) for each, url in addresses.items()}, "h264")
    else:
        assert packed == ""


@given(st.text(max_size=100))
def test_no_text_makes_a_listed_camera_lead_elsewhere(text: str) -> None:
    try:
        offer = ListedMedia(OWN, None).offer(text, 0.0)
    except SourceDataError:
        return
    assert offer.addresses == {}


def test_an_address_moves_to_another_host_with_its_port_or_the_one_it_has_there() -> None:
    assert moved("rtsp://192.168.1.9:554/a?b=1", "10.0.0.1") == "rtsp://10.0.0.1:554/a?b=1"
    assert moved("http://192.168.1.9/a", "10.0.0.1", {None: 8080}) == "http://10.0.0.1:8080/a"
    assert moved("http://192.168.1.9/a", "fe80::1") == "http://[fe80::1]/a"


def test_codecs_have_many_names() -> None:
    assert [codec_of(word) for word in ("H.264", "avc1", "H265", "HEVC", "vp8", None)] == [
        "h264", "h264", "h265", "h265", "", "",
    ]  # fmt: skip
