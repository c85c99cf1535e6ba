"""A real nginx with its RTMP module, fed by a real ffmpeg: published, killed, published again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from datasources.contract import FetchContext, Source
from datasources.http import HttpClient
from datasources.media import media_of, snapshot
from datasources.media.ffmpeg import find_ffmpeg
from datasources.media.offer import Transport
from datasources.registry import build
from situation.records import Camera, DeviceState
from tests.conftest import missing
from tests.datasources.source_settings import Block

MODULES = (Path("/usr/lib/nginx/modules/ngx_rtmp_module.so"), Path("/usr/lib64/nginx/modules/ngx_rtmp_module.so"))
CONFIGURATION = """
load_module {module};
{user}
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{rtmp}; application live {{ live on; hls on; hls_path {folder}/hls; hls_nested on;
  hls_fragment 1s; }} }} }}
http {{ access_log off; client_body_temp_path {folder}/t; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{http};
    location /hls {{ alias {folder}/hls; }} location /snap {{ alias {folder}/snap; }}
    location /stat {{ rtmp_stat all; }} }} }}
"""
PICTURE = "testsrc2=size=320x180:rate=10"
SOON_S = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(holds: Callable[[], bool]) -> bool:
    """Whether something comes true soon; looked at five times a second."""
    pause = threading.Event()
    client = HttpClient()
    ends_s = client.clock.monotonic() + SOON_S
    while client.clock.monotonic() < ends_s:
        if holds():
            return True
        pause.wait(0.2)
    return False


@dataclass
class Server:
    """A running nginx, and the feeds we give it."""

    folder: Path
    http: int
    rtmp: int
    ffmpeg: str
    cursors: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    @contextmanager
    def feed(self, name: str) -> Iterator[None]:
        """Publish a stream and write its picture once a second until the block ends, when it is killed."""
        picture = self.folder / "snap" / f"{name}.jpg"
        arguments = [self.ffmpeg, "-nostdin", "-loglevel", "error", "-y", "-re", "-f", "lavfi", "-i", PICTURE]
        arguments += ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"]
        arguments += ["-g", "10", "-f", "flv", f"rtmp://127.0.0.1:{self.rtmp}/live/{name}"]
        arguments += ["-r", "1", "-update", "1", "-atomic_writing", "1", "-f", "image2", str(picture)]
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.kill()
            process.wait()

    def source(self, kind: str, **options: Any) -> tuple[Block, Source]:
        block = Block(kind=kind, url=self.url, key=kind, options=options)
        return block, build(block, http=HttpClient())

    def camera(self, source: Source) -> Camera | None:
        """Poll once; the only camera."""
        clock = HttpClient().clock
        context = FetchContext(
            now=clock.now(), cursor=self.cursors.get(source.key), deadline_monotonic_s=clock.monotonic() + 5
        )
        batch = source.fetch(context)
        self.cursors[source.key] = batch.cursor
        return next((record for record in batch.records if isinstance(record, Camera)), None)

    def becomes(self, source: Source, state: DeviceState) -> bool:
        """Whether the camera is soon found so."""

        def is_so() -> bool:
            camera = self.camera(source)
            return camera is not None and camera.state is state

        return until(is_so)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    module = next((path for path in MODULES if path.is_file()), None)
    ffmpeg = find_ffmpeg()
    if nginx is None or module is None:
        missing("nginx-rtmp", "no nginx with the RTMP module was found (Debian: nginx-light, libnginx-mod-rtmp)")
    if ffmpeg is None:
        missing("ffmpeg", "no ffmpeg was found, not even that of imageio-ffmpeg")
    for name in ("hls", "snap"):
        (tmp_path / name).mkdir()
    made = Server(tmp_path, free_port(), free_port(), ffmpeg)
    configuration = tmp_path / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # its workers would be nobody, who may not read our folder
    filled = CONFIGURATION.format(module=module, user=user, folder=tmp_path, http=made.http, rtmp=made.rtmp)
    configuration.write_text(filled, encoding="utf-8")
    process = subprocess.Popen([nginx, "-c", str(configuration), "-p", str(tmp_path)], stderr=subprocess.DEVNULL)
    try:
        assert until(lambda: is_listening(made.http))
        yield made
    finally:
        process.terminate()
        process.wait()


def test_published_camera_lives_dies_with_its_feed_and_comes_back(server: Server) -> None:
    block, source = server.source("nginx_rtmp", snapshot_path="snap/{name}.jpg", silent_after_s=2)
    with server.feed("cam01"):
        assert server.becomes(source, DeviceState.ONLINE)
        camera = server.camera(source)
        assert camera is not None
        assert until(lambda: (server.folder / "snap" / "cam01.jpg").is_file())
        assert snapshot(block, camera.media, 5.0).startswith(b"\xff\xd8\xff")
        offer = media_of(block, HttpClient()).offer(camera.media, HttpClient().clock.monotonic() + 5)
        assert offer.codec == "h264"
        playlist = offer.addresses[Transport.HLS].url
        assert until(lambda: HttpClient().get(playlist, tolerate=frozenset({404})).status == 200)
    assert server.becomes(source, DeviceState.OFFLINE)
    with server.feed("cam01"):
        assert server.becomes(source, DeviceState.ONLINE)


def test_listed_picture_that_nobody_writes_any_more_is_a_dead_cameras(server: Server) -> None:
    listing = "id,url\ncam01,/snap/cam01.jpg\n"
    (server.folder / "snap" / "list.csv").write_text(listing, encoding="utf-8")
    _, source = server.source("camera_list", path="snap/list.csv", media={"snapshot": "url"}, still_after_s=10)
    with server.feed("cam01"):
        assert server.becomes(source, DeviceState.ONLINE)
    assert server.becomes(source, DeviceState.OFFLINE)
