"""One upstream for all who watch: late ones, slow ones, and what everybody is told when it dies."""

from __future__ import annotations

import pytest
from streams import BEGINNING, BETWEEN, KEY, Noticed, Played, tag

from datasources.contract import SourceUnavailable
from datasources.media import hub as hub_module
from datasources.media.flv import FlvSplitter
from datasources.media.hub import Hub, Viewer
from datasources.media.mjpeg import MjpegSplitter
from situation.clock import FakeClock

FIRST = BEGINNING + tag(KEY)


@pytest.fixture
def upstream() -> Played:
    return Played()


@pytest.fixture
def hub(upstream: Played, clock: FakeClock) -> Hub:
    return Hub("test", lambda: (upstream, FlvSplitter()), clock)


def taken(viewer: Viewer, noticed: Noticed, size: int) -> bytes:
    """What a viewer was given, once it is so much."""
    parts: list[bytes] = []

    def has_come() -> bool:
        data = viewer.take()
        if data:
            parts.append(data)
        return data is None or sum(map(len, parts)) >= size

    assert noticed.until(has_come)
    return b"".join(parts)


def test_two_viewers_get_the_same_from_one_upstream(upstream: Played, hub: Hub) -> None:
    upstream.put(FIRST)
    one, two = Noticed(), Noticed()
    first, second = hub.join(one), hub.join(two)
    assert taken(first, one, len(FIRST)) == FIRST
    assert taken(second, two, len(FIRST)) == FIRST
    upstream.put(tag(BETWEEN))
    assert taken(first, one, 1) == tag(BETWEEN)
    assert taken(second, two, 1) == tag(BETWEEN)
    assert first.content_type == "video/x-flv"
    upstream.put(b"")
    assert hub.wait(60)


def test_a_stream_that_ends_ends_for_everybody(upstream: Played, hub: Hub) -> None:
    upstream.put(FIRST)
    noticed = Noticed()
    viewer = hub.join(noticed)
    upstream.put(SourceUnavailable("timeout"))
    assert noticed.until(lambda: viewer.take() is None)
    assert hub.is_over
    assert upstream.closed.wait(60)


def test_whoever_waits_for_a_first_picture_is_told_why_none_comes(upstream: Played, hub: Hub) -> None:
    upstream.put(BEGINNING)
    upstream.put(SourceUnavailable("timeout"))
    with pytest.raises(SourceUnavailable, match="timeout"):
        hub.join(Noticed())


def test_a_stream_of_settings_without_pictures_is_dead(upstream: Played, hub: Hub, clock: FakeClock) -> None:
    clock.advance(hub_module.PICTURELESS_S + 1)
    upstream.put(BEGINNING)
    with pytest.raises(SourceUnavailable):
        hub.join(Noticed())


def test_a_slow_viewer_of_flv_is_let_go_and_the_others_go_on(
    upstream: Played, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "MOST_WAITING", len(FIRST) + 200)
    upstream.put(FIRST)
    noticed = Noticed()
    slow, quick = hub.join(lambda: None), hub.join(noticed)
    assert taken(quick, noticed, len(FIRST)) == FIRST
    for _ in range(10):
        upstream.put(tag(BETWEEN))
        assert taken(quick, noticed, 1)
    assert slow.take()
    assert slow.take() is None
    upstream.put(b"")


def test_a_slow_viewer_of_mjpeg_misses_pictures_only(
    upstream: Played, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "MOST_WAITING", 300)
    hub = Hub("test", lambda: (upstream, MjpegSplitter()), clock)
    pictures = [b"\xff\xd8\xff" + bytes([n]) * 100 + b"\xff\xd9" for n in range(1, 9)]
    upstream.put(pictures[0])
    noticed = Noticed()
    slow, quick = hub.join(lambda: None), hub.join(noticed)
    for picture in pictures[1:]:
        assert taken(quick, noticed, 1)
        upstream.put(picture)
    assert taken(quick, noticed, 1)
    waiting = slow.take() or b""
    assert pictures[-1] in waiting
    assert len(waiting) <= 400
    upstream.put(b"")


def test_it_knows_for_how_long_nobody_has_watched(upstream: Played, hub: Hub, clock: FakeClock) -> None:
    upstream.put(FIRST)
    viewer = hub.join(Noticed())
    assert hub.unwatched_s() is None
    viewer.close()
    clock.advance(4)
    assert hub.unwatched_s() == 4
    hub.stop()
    upstream.put(FIRST)
    assert hub.wait(60)
    assert upstream.closed.is_set()
