"""RTSP and H.265 made playable by ffmpeg: one process a camera, FLV with H.264 on its output.

The address is given on standard input, as a script of ffmpeg's concat demuxer, because a command line is read by
everybody on the machine (`ps`) and an RTSP address holds a password. No shell, RTSP over TCP only, no other protocol.
The process writes into a pipe of ours and waits for its camera READ_TIMEOUT_US at most: when the web process dies,
even by `kill -9`, it ends with the next picture or that timeout.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
from collections.abc import Sequence
from urllib.parse import quote, urlsplit, urlunsplit

from datasources.contract import SourceDataError, SourceUnavailable
from datasources.media.flv import CONTENT_TYPE, FlvSplitter
from datasources.media.offer import Address
from datasources.media.upstream import PIECE, SILENCE_S
from situation.clock import Clock

NICENESS = 10
READ_TIMEOUT_US = 3_000_000
ANALYSED_US = 300_000
"""What is looked at before the first picture is handed on: the settings of H.264 come with its first key picture."""

STARTS_WITHIN_S = 6.0
STOPS_WITHIN_S = 2.0
RTSP = frozenset({"rtsp", "rtsps"})
PROTOCOLS = "pipe,rtsp,rtp,tcp,tls"

COPY = ("-c:v", "copy")
CONVERT = (
    *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"),
    *("-vf", "scale='min(1280,iw)':-2", "-b:v", "1500k", "-maxrate", "2000k", "-bufsize", "2000k"),
    *("-force_key_frames", "expr:gte(t,n_forced*2)", "-threads", "2"),
)


def find_ffmpeg() -> str | None:
    """The ffmpeg of the machine, else that of the package `imageio-ffmpeg`, else None."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return None


def arguments(program: str, codec: Sequence[str]) -> list[str]:
    """The command line: everything but the address."""
    return [
        program,
        *("-hide_banner", "-nostdin", "-loglevel", "quiet", "-fflags", "nobuffer"),
        *("-analyzeduration", str(ANALYSED_US), "-fpsprobesize", "0"),
        *("-protocol_whitelist", PROTOCOLS, "-safe", "0", "-f", "concat", "-i", "pipe:0"),
        *("-map", "0:v:0", "-an", *codec, "-flvflags", "no_duration_filesize", "-flush_packets", "1"),
        *("-f", "flv", "pipe:1"),
    ]


def script(address: Address) -> bytes:
    """What ffmpeg reads: the address with its login; raises SourceDataError for what could say more than an address."""
    parts = urlsplit(address.url)
    if parts.scheme not in RTSP or not address.url.isprintable():
        raise SourceDataError("foreign_host", "only an RTSP address is given to ffmpeg")
    place = parts.netloc.rpartition("@")[2]
    login = parts.netloc.rpartition("@")[0]
    if address.login is not None:
        login = ":".join(quote(text, safe="") for text in address.login)
    url = urlunsplit(parts._replace(netloc=f"{login}@{place}" if login else place))
    quoted = url.replace("'", "'\\''")
    options = {"rtsp_transport": "tcp", "timeout": READ_TIMEOUT_US, "analyzeduration": ANALYSED_US, "fpsprobesize": 0}
    lines = ["ffconcat version 1.0", f"file '{quoted}'", *(f"option {name} {value}" for name, value in options.items())]
    return ("\n".join(lines) + "\n").encode()


class Converter:
    """One running ffmpeg (an Upstream)."""

    content_type = CONTENT_TYPE

    def __init__(self, program: str, address: Address, codec: Sequence[str]) -> None:
        self._head = b""
        said = script(address)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - no shell; nothing of it comes from a browser or upstream
                arguments(program, codec),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", "")},
            )
        except OSError as error:
            raise SourceUnavailable("no_ffmpeg", f"{program}: {error.strerror}") from error
        with contextlib.suppress(OSError):  # it may have ended already: reading says so
            os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)
        if self._process.stdin is not None:
            with contextlib.suppress(OSError), self._process.stdin as pipe:
                pipe.write(said)

    @property
    def pid(self) -> int:
        """Of its process."""
        return self._process.pid

    def read(self) -> bytes:
        """The next bytes of FLV."""
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._read(SILENCE_S)

    def is_playable(self, clock: Clock) -> bool:
        """Whether what comes out is H.264; what was read to find out is given by `read` again."""
        until_s, splitter = clock.monotonic() + STARTS_WITHIN_S, FlvSplitter()
        while not splitter.codec and clock.monotonic() < until_s:
            data = self._read(STARTS_WITHIN_S)
            if not data:
                return False
            self._head += data
            splitter.feed(data)
        return splitter.codec == "h264"

    def close(self) -> None:
        """End it, the hard way if need be."""
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.terminate()
        try:
            self._process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read(self, within_s: float) -> bytes:
        output = self._process.stdout
        if output is None or not select.select([output], [], [], within_s)[0]:
            raise SourceUnavailable("timeout", "ffmpeg gave nothing")
        return os.read(output.fileno(), PIECE)


def open_converter(program: str, address: Address, codec: str, clock: Clock) -> Converter:
    """Start ffmpeg: H.264 is only packed anew, which costs almost nothing; anything else is converted.

    `codec` is what is known of the camera, "" for nothing. Raises SourceError.
    """
    if codec in ("", "h264"):
        converter = Converter(program, address, COPY)
        try:
            if converter.is_playable(clock):
                return converter
        except BaseException:
            converter.close()
            raise
        converter.close()
    return Converter(program, address, CONVERT)
