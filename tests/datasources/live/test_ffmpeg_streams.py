"""RTSP made playable by a real ffmpeg: shared, ended after the last viewer and with its parent, no login to be seen."""

from __future__ import annotations

import base64
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rtsp_camera import rtsp_camera
from streams import CountedMedia, Noticed

from datasources.contract import SourceDataError
from datasources.media import Address, Transport, hub
from datasources.media import ffmpeg as ffmpeg_module
from datasources.media.ffmpeg import Converter, arguments, find_ffmpeg, open_converter, script
from datasources.media.flv import FlvSplitter
from datasources.media.gateway import Gateway
from datasources.media.places import Places
from datasources.media.watch import GRACE_S, Converting
from situation.clock import CityClock, FakeClock
from situation.media import MediaUnavailable
from tests.conftest import missing

LOGIN = ("admin", "p@ss'wörd")
PATIENCE_S = 60.0

ORPHAN = """
import sys
from datasources.media import Address, ffmpeg
from datasources.media.ffmpeg import Converter, COPY
ffmpeg.SILENCE_S = 60.0
converter = Converter(sys.argv[1], Address(url=sys.argv[2]), COPY)
converter.read()
print(converter.pid, flush=True)
while converter.read(): pass
"""


@pytest.fixture(scope="module")
def ffmpeg() -> str:
    found = find_ffmpeg()
    if found is None:
        missing("ffmpeg", "no ffmpeg was found, not even that of imageio-ffmpeg")
    return found


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera drawn and read on one busy machine is slower than any real one."""
    monkeypatch.setattr(hub, "FIRST_S", PATIENCE_S)
    monkeypatch.setattr(ffmpeg_module, "SILENCE_S", PATIENCE_S)
    monkeypatch.setattr(ffmpeg_module, "STARTS_WITHIN_S", PATIENCE_S)
    monkeypatch.setattr(ffmpeg_module, "READ_TIMEOUT_US", int(PATIENCE_S * 1e6))


@pytest.fixture
def gateway(ffmpeg: str, clock: FakeClock) -> Iterator[tuple[Gateway, CountedMedia]]:
    media = CountedMedia(codec="h264")
    made = Gateway(lambda _: media, clock, Converting(ffmpeg, Places(1)))
    yield made, media
    made.close()


def codec_of(converter: Converter) -> str:
    """The codec of what comes out."""
    splitter = FlvSplitter()
    while not splitter.codec:
        splitter.feed(converter.read())
    return splitter.codec


def processes() -> list[tuple[int, str]]:
    """Command lines of our own processes, as `ps` shows them to everybody."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            parent = int((path.parent / "stat").read_text().rpartition(")")[2].split()[1])
            line = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue  # it has ended meanwhile
        if parent == os.getpid():
            lines.append((int(path.parent.name), line))
    return lines


def has_ended(pid: int) -> bool:
    """Whether a process ends before long."""
    try:
        waiting = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([waiting], [], [], PATIENCE_S)[0])
    finally:
        os.close(waiting)


def test_h264_is_packed_anew_and_its_login_is_in_no_command_line(ffmpeg: str) -> None:
    login = base64.b64encode(":".join(LOGIN).encode()).decode()
    with rtsp_camera(ffmpeg, login=login) as camera:
        converter = open_converter(ffmpeg, Address(url=camera.url, login=LOGIN), "", CityClock())
        try:
            assert codec_of(converter) == "h264"
            assert [line for _, line in processes() if "p%40ss" in line or camera.url in line] == []
            assert os.getpriority(os.PRIO_PROCESS, converter.pid) >= 10
        finally:
            converter.close()


def test_h265_is_converted(ffmpeg: str) -> None:
    with rtsp_camera(ffmpeg, "libx265") as camera:
        converter = open_converter(ffmpeg, Address(url=camera.url), "h265", CityClock())
        try:
            assert codec_of(converter) == "h264"
        finally:
            converter.close()


def test_h265_that_nobody_told_of_is_found_out(ffmpeg: str) -> None:
    with rtsp_camera(ffmpeg, "libx265") as camera:
        converter = open_converter(ffmpeg, Address(url=camera.url), "", CityClock())
        try:
            assert codec_of(converter) == "h264"
        finally:
            converter.close()


def test_all_viewers_share_one_process_that_ends_after_the_last(
    ffmpeg: str, gateway: tuple[Gateway, CountedMedia], clock: FakeClock
) -> None:
    opened, media = gateway
    with rtsp_camera(ffmpeg) as camera:
        media.addresses[Transport.RTSP] = Address(url=camera.url)
        first = opened.stream("video", "c1", "converted", Noticed())
        second = opened.stream("video", "c1", "converted", Noticed())
        assert sum(asked.startswith("PLAY") for asked in camera.asked) == 1
        with pytest.raises(MediaUnavailable) as refused:
            opened.stream("video", "c2", "converted", Noticed())
        assert refused.value.reason == "busy"
        first.close()
        second.close()
        running = [pid for pid, line in processes() if "-f concat" in line]
        assert len(running) == 1
        clock.advance(GRACE_S + 1)
        opened.settle()
        assert all(has_ended(pid) for pid in running)


def test_a_process_ends_with_its_parent_even_when_that_is_killed(ffmpeg: str) -> None:
    with rtsp_camera(ffmpeg) as camera:
        parent = subprocess.Popen([sys.executable, "-c", ORPHAN, ffmpeg, camera.url], stdout=subprocess.PIPE, text=True)
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
        assert has_ended(pid), "ffmpeg outlived its parent"


def test_nothing_but_rtsp_and_nothing_but_an_address_is_given_to_ffmpeg() -> None:
    for url in ("http://127.0.0.1/x", "file:///etc/passwd", "rtsp://127.0.0.1/x\nfile 'y'"):
        with pytest.raises(SourceDataError):
            script(Address(url=url))
    assert script(Address(url="rtsp://h/it's")).splitlines()[1] == b"file 'rtsp://h/it'\\''s'"
    assert "rtsp://" not in " ".join(arguments("ffmpeg", ()))
