"""Processes of a run: started with a lifeline, waited for, weighed, and ended with it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_S = 120.0
STOP_S = 5.0
CONNECTIONS_AT_ONCE = 2048


class BenchError(Exception):
    """Why nothing can be measured, in words for the person at the terminal."""


@contextmanager
def process(
    arguments: Sequence[str], log: Path, pass_fds: tuple[int, ...] = (), environ: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A Python process of ours with `arguments`; its standard input is its lifeline, its complaints go to `log`.

    `environ` is added to its environment.
    """
    with log.open("a", encoding="utf-8") as complaints:
        child = subprocess.Popen(
            [sys.executable, "-u", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            pass_fds=pass_fds,
            env={**os.environ, **(environ or {})},
        )
        try:
            yield child
        finally:
            _stop(child)


def _stop(child: subprocess.Popen[str]) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


@contextmanager
def server(arguments: Sequence[str], log: Path) -> Iterator[Server]:
    """A web server of ours that takes over the listening socket `--listener`; inside, it answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=CONNECTIONS_AT_ONCE) as listener:
        descriptor = listener.fileno()
        with process([*arguments, "--listener", str(descriptor)], log, (descriptor,)) as child:
            served = Server(child.pid, listener.getsockname()[1])
            served.wait_until_ready(child, f"{' '.join(arguments[:4])} did not come up, see {log}")
            yield served


@contextmanager
def plain_server(arguments: Sequence[str], log: Path) -> Iterator[Server]:
    """A server that can only be told a port, as its last argument."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with process([*arguments, str(port)], log) as child:
        served = Server(child.pid, port)
        served.wait_until_ready(child, f"{' '.join(arguments)} did not come up, see {log}")
        yield served


class Server:
    """A web process that runs."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid = pid
        self.port = port

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def wait_until_ready(self, child: subprocess.Popen[str], complaint: str) -> None:
        """Wait for the first answer; raises BenchError when the process ends or says nothing."""
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            if child.poll() is not None:
                break
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=READY_S)
            try:
                connection.request("HEAD", "/")
                connection.getresponse()
                return
            except OSError:
                time.sleep(0.1)
            finally:
                connection.close()
        raise BenchError(complaint)


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used so far."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    told = subprocess.run(["ps", "-o", "cputime=", "-p", str(pid)], capture_output=True, text=True, check=True)
    parts = [float(part) for part in told.stdout.strip().replace("-", ":").split(":")]
    return sum(part * factor for part, factor in zip(reversed(parts), (1, 60, 3600, 86_400), strict=False))


class Weigher:
    """How much of a core a process uses from now on."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._began_s = time.monotonic()
        self._used_s = cpu_s(pid)

    def cores(self) -> float:
        """Cores used on average since it was made."""
        return (cpu_s(self._pid) - self._used_s) / (time.monotonic() - self._began_s)
