"""Streams cut into units, however their bytes arrive."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streams import BEGINNING, BETWEEN, HEADER, HEVC_SETTINGS, KEY, METADATA, SETTINGS, tag

from datasources.contract import SourceDataError
from datasources.media.flv import FlvSplitter
from datasources.media.mjpeg import MjpegSplitter, part

STREAM = BEGINNING + tag(KEY) + tag(BETWEEN) + tag(KEY, at_ms=40) + tag(BETWEEN, at_ms=80)
PICTURES = [b"\xff\xd8\xff\xe0" + bytes([n]) * 50 + b"\xff\xd9" for n in range(1, 4)]


@given(st.lists(st.integers(1, len(STREAM) - 1), max_size=12))
def test_flv_cut_anywhere_is_the_same_stream(cuts: list[int]) -> None:
    splitter, units = FlvSplitter(), []
    edges = [0, *sorted(cuts), len(STREAM)]
    for begin, end in pairwise(edges):
        units += splitter.feed(STREAM[begin:end])
    assert b"".join(unit.body for unit in units) == STREAM
    assert [unit.is_key for unit in units if unit.is_picture] == [True, False, True, False]
    assert splitter.codec == "h264"


def test_a_late_viewer_is_given_the_settings_and_the_newest_group() -> None:
    splitter = FlvSplitter()
    splitter.feed(STREAM)
    given_first = b"".join(unit.body for unit in splitter.opening())
    assert given_first == HEADER + METADATA + tag(SETTINGS) + tag(KEY, at_ms=40) + tag(BETWEEN, at_ms=80)


def test_h265_is_known_by_its_settings() -> None:
    splitter = FlvSplitter()
    splitter.feed(HEADER + tag(HEVC_SETTINGS))
    assert splitter.codec == "h265"


@given(st.binary(min_size=13, max_size=200))
def test_what_is_no_flv_is_refused_or_waited_for(data: bytes) -> None:
    splitter = FlvSplitter()
    try:
        units = splitter.feed(data)
    except SourceDataError:
        return
    assert sum(len(unit.body) for unit in units) <= len(data)


def multipart(head: str, before: str = "--b\r\n") -> bytes:
    return b"".join(
        before.encode() + head.format(size=len(each)).encode() + b"\r\n" + each + b"\r\n" for each in PICTURES
    )


@pytest.mark.parametrize(
    ("content_type", "stream"),
    [
        ("multipart/x-mixed-replace; boundary=b", multipart("Content-Type: image/jpeg\r\nContent-Length: {size}\r\n")),
        ("multipart/x-mixed-replace;boundary=--b", multipart("Content-type: image/jpeg\r\n") + b"--b\r\n"),
        ("image/jpeg", b"".join(PICTURES)),
    ],
)
def test_pictures_are_found_whatever_the_boundary(content_type: str, stream: bytes) -> None:
    whole = [unit.body for unit in MjpegSplitter(content_type).feed(stream)]
    if content_type != "image/jpeg":
        assert whole == [part(picture) for picture in PICTURES]
    splitter = MjpegSplitter(content_type)
    bytewise = [unit.body for n in range(len(stream)) for unit in splitter.feed(stream[n : n + 1])]
    assert bytewise == [part(picture) for picture in PICTURES]
    assert splitter.opening()[0].body == part(PICTURES[-1])


def test_a_picture_without_an_end_is_given_up() -> None:
    splitter = MjpegSplitter("multipart/x-mixed-replace; boundary=b")
    splitter.feed(b"\xff\xd8\xff" + b"x" * 5_000_000)
    with pytest.raises(SourceDataError):
        splitter.feed(b"x" * 5_000_000)
