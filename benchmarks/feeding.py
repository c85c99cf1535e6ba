"""A camera with real H.264 on a real socket: ffmpeg draws it, a server gives it as FLV, HLS, MJPEG and JPEG.

It dies as real ones do: an HTTP-FLV stream goes on without a byte, a playlist and a picture stay as they were.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

from datasources.media.flv import FlvSplitter
from datasources.media.mjpeg import CONTENT_TYPE, part

FLV, HLS, MJPEG, JPEG = "/live.flv", "/hls/index.m3u8", "/live.mjpeg", "/snapshot.jpg"
TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t", ".jpg": "image/jpeg"}
SIZE, RATE, KEY_EVERY = "640x360", 15, 15
POLL_S = 0.05


class CameraFeed:
    """Runs while its block lasts. `kill` it, `revive` it; `url` is where it is."""

    def __init__(self, ffmpeg: str, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self._ffmpeg = ffmpeg
        self._process: subprocess.Popen[bytes] | None = None
        self._splitter = FlvSplitter()
        self._viewers: set[queue.Queue[bytes | None]] = set()
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def revive(self) -> None:
        """Start drawing; a reader of its own keeps what is drawn."""
        with self._lock:
            self._splitter = FlvSplitter()
        self._process = subprocess.Popen(self._command(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()

    def kill(self) -> None:
        """Draw no more, all at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """End everything."""
        self.kill()
        self._is_over.set()
        with self._lock:
            for viewer in self._viewers:
                viewer.put(None)
        self._server.shutdown()
        self._server.server_close()

    def flv(self) -> Iterator[bytes]:
        """The stream from now on, beginning with its newest group of pictures."""
        viewer: queue.Queue[bytes | None] = queue.Queue()
        with self._lock:
            viewer.put(b"".join(unit.body for unit in self._splitter.opening()))
            self._viewers.add(viewer)
        while (data := viewer.get()) is not None:
            yield data

    def mjpeg(self) -> Iterator[bytes]:
        """Every new picture."""
        path, last = self.folder / "snapshot.jpg", b""
        while not self._is_over.wait(POLL_S):
            picture = path.read_bytes() if path.exists() else b""
            if picture and picture != last:
                last = picture
                yield part(picture)

    def _command(self) -> list[str]:
        draw = ("-re", "-f", "lavfi", "-i", f"testsrc2=size={SIZE}:rate={RATE}")
        encode = ("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p")
        keys = ("-g", str(KEY_EVERY), "-b:v", "400k")
        hls = ("-f", "hls", "-hls_time", "1", "-hls_list_size", "5", "-hls_flags", "delete_segments+omit_endlist")
        still = ("-vf", "fps=5", "-q:v", "6", "-update", "1", "-atomic_writing", "1", "-f", "image2")
        return [
            *(self._ffmpeg, "-nostdin", "-loglevel", "quiet", "-y", *draw),
            *("-map", "0:v", *encode, *keys, "-f", "flv", "-flush_packets", "1", "pipe:1"),
            *("-map", "0:v", *encode, *keys, *hls, str(self.folder / "hls" / "index.m3u8")),
            *("-map", "0:v", *still, str(self.folder / "snapshot.jpg")),
        ]

    def _read(self, output: IO[bytes] | None) -> None:
        if output is None:
            return
        with output:
            while data := os.read(output.fileno(), 65_536):
                with self._lock:
                    body = b"".join(unit.body for unit in self._splitter.feed(data))
                    for viewer in self._viewers:
                        viewer.put(body)


def _handler(feed: CameraFeed) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            feed.asked.append(path)
            if path == FLV:
                self._go_on("video/x-flv", feed.flv())
            elif path == MJPEG:
                self._go_on(CONTENT_TYPE, feed.mjpeg())
            else:
                self._file(feed.folder / path.lstrip("/"))

        def _go_on(self, content_type: str, stream: Iterator[bytes]) -> None:
            self._head(200, content_type)
            with contextlib.suppress(OSError):
                for data in stream:
                    self.wfile.write(data)

        def _file(self, path: Path) -> None:
            if ".." in path.parts or path.suffix not in TYPES or not path.is_file():
                self._head(404, "text/plain")
                return
            self._head(200, TYPES[path.suffix])
            with contextlib.suppress(OSError):
                self.wfile.write(path.read_bytes())

        def _head(self, status: int, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


@contextlib.contextmanager
def camera_feed(ffmpeg: str, is_alive: bool = True) -> Iterator[CameraFeed]:
    """A camera for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="onescreen-camera-", ignore_cleanup_errors=True) as folder:
        (Path(folder) / "hls").mkdir()
        feed = CameraFeed(ffmpeg, Path(folder))
        try:
            if is_alive:
                feed.revive()
            yield feed
        finally:
            feed.close()
