"""An RTSP camera (RFC 2326, interleaved over TCP): ffmpeg draws RTP packets, a small server hands them on."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import threading
from collections.abc import Iterator

SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 {name}/90000\r\n"
)


class RtspCamera:
    """`login` wants Basic; `asked` holds the requests; `url` has no login in it."""

    def __init__(self, ffmpeg: str, encoder: str = "libx264", login: str = "") -> None:
        self.asked: list[str] = []
        self._login = login
        self._viewers: set[socket.socket] = set()
        self._packets = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._packets.bind(("127.0.0.1", 0))
        self._drawing = subprocess.Popen(
            [
                *(
                    ffmpeg,
                    "-nostdin",
                    "-loglevel",
                    "quiet",
                    "-re",
                    "-f",
                    "lavfi",
                    "-i",
                    "testsrc2=size=320x180:rate=15",
                ),
                *("-c:v", encoder, "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "15"),
                *("-f", "rtp", f"rtp://127.0.0.1:{self._packets.getsockname()[1]}?pkt_size=1200"),
            ],
            stdout=subprocess.DEVNULL,
        )
        self._sdp = SDP.format(name="H265" if "265" in encoder else "H264")
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"rtsp://127.0.0.1:{self._server.getsockname()[1]}/cam"
        for work in (self._accept, self._hand_on):
            threading.Thread(target=work, daemon=True).start()

    def kill(self) -> None:
        """Draw no more; connections stay."""
        self._drawing.kill()
        self._drawing.wait()

    def close(self) -> None:
        """End everything."""
        self.kill()
        for each in (self._packets, self._server, *self._viewers):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                viewer, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(viewer,), daemon=True).start()

    def _hand_on(self) -> None:
        with contextlib.suppress(OSError):
            while packet := self._packets.recv(65_536):
                for viewer in list(self._viewers):
                    with contextlib.suppress(OSError):
                        viewer.sendall(b"$\0" + len(packet).to_bytes(2) + packet)

    def _serve(self, viewer: socket.socket) -> None:
        waiting = b""
        with contextlib.suppress(OSError), viewer:
            while data := viewer.recv(4096):
                waiting += data
                while b"\r\n\r\n" in waiting:
                    asked, waiting = waiting.split(b"\r\n\r\n", 1)
                    self._answer(viewer, asked.decode("latin-1"))
        self._viewers.discard(viewer)

    def _answer(self, viewer: socket.socket, asked: str) -> None:
        number = re.search(r"CSeq: (\d+)", asked)
        if number is None:
            return  # a receiver report
        self.asked.append(asked)
        method = asked.split(None, 1)[0]
        if self._login and f"Authorization: Basic {self._login}" not in asked:
            refused = f'RTSP/1.0 401 Unauthorized\r\nCSeq: {number[1]}\r\nWWW-Authenticate: Basic realm="c"\r\n\r\n'
            viewer.sendall(refused.encode())
            return
        body = self._sdp if method == "DESCRIBE" else ""
        lines = ["RTSP/1.0 200 OK", f"CSeq: {number[1]}", "Session: 1", "Public: DESCRIBE, SETUP, PLAY, TEARDOWN"]
        lines += ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1"] if method == "SETUP" else []
        lines += ["Content-Type: application/sdp", f"Content-Length: {len(body)}"] if body else []
        viewer.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        if method == "PLAY":
            self._viewers.add(viewer)


@contextlib.contextmanager
def rtsp_camera(ffmpeg: str, encoder: str = "libx264", login: str = "") -> Iterator[RtspCamera]:
    """A camera for as long as the block lasts."""
    camera = RtspCamera(ffmpeg, encoder, login)
    try:
        yield camera
    finally:
        camera.close()
