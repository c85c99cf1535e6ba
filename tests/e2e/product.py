"""OneScreen as a person starts it, `python app.py`, watched through what it prints, its API and its processes."""

from __future__ import annotations

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

REPOSITORY = Path(__file__).parents[2]
LIVE = "OneScreen is live"
COMMANDS = {"web": "--process web", "collector": "datasources run", "simulator": "-m simulator"}
"""How the command lines of the processes are told apart."""

WITH_DISTRICT = (
    "import sys, pathlib, app; app.DEMONSTRATION_SETTINGS = pathlib.Path(sys.argv.pop(1)); sys.exit(app.main())"
)
"""Starts the demonstration with another file for its district, everything else being the real thing."""


def free_port() -> int:
    """A port of the loopback address that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def until(holds: Callable[[], bool], timeout_s: float, what: str) -> None:
    """Ask ten times a second for what nothing announces: the fate of processes that are not ours."""
    end_s = time.monotonic() + timeout_s
    tick = threading.Event()
    while not holds():
        assert time.monotonic() < end_s, f"not within {timeout_s:g} s: {what}"
        tick.wait(0.1)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be noticed does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()[:1] not in ("", "Z")


@dataclass
class Product:
    """One data folder and port; `start` may be called again after its end. `command` follows `python`."""

    folder: Path
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    lines: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None
    live_after_s: float = 0.0

    @property
    def url(self) -> str:
        """Address of the wall, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether `app.py` itself runs."""
        return self.process is not None and self.process.poll() is None

    def start(self, timeout_s: float = 150) -> None:
        """Start and wait until it says that it is live; notes how long that took."""
        began_s = time.monotonic()
        command = [sys.executable, *self.command, "--data", str(self.folder), "--port", str(self.port)]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=REPOSITORY,
            env={**os.environ, **self.environ},
        )
        self._said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, args=(self.process, self._said), daemon=True).start()
        self.wait_for_line(LIVE, timeout_s)
        self.live_after_s = time.monotonic() - began_s

    def wait_for_sources(self, timeout_s: float = 90) -> None:
        """Until every upstream has been asked once."""
        until(lambda: self.get("/healthz")["sources"]["starting"] == 0, timeout_s, "every source asked once")

    def wait_for_line(self, text: str, timeout_s: float) -> str:
        """The next line with `text` in it; AssertionError with all that was said when none comes."""
        end_s = time.monotonic() + timeout_s
        while (left_s := end_s - time.monotonic()) > 0:
            with suppress(queue.Empty):
                line = self._said.get(timeout=min(left_s, 1.0))
                if text in line:
                    return line
            if not self.is_running and self._said.empty():
                break
        raise AssertionError(f"never said {text!r} but: {self.lines}")

    def stop(self) -> None:
        """End it as Ctrl-C does; by force when that is not enough."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """`kill -9` of app.py itself."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def pids(self) -> dict[str, int]:
        """The running child processes by name."""
        assert self.process is not None
        done = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
        rows = (line.split(None, 2) for line in done.stdout.splitlines())
        own = {row[2]: int(row[0]) for row in rows if len(row) == 3 and int(row[1]) == self.process.pid}
        named = ((name, pid) for args, pid in own.items() for name, part in COMMANDS.items() if part in args)
        return dict(named)

    def kill_child(self, name: str) -> int:
        """`kill -9` of one of its processes; returns the pid it had."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def get(self, path: str, **parameters: Any) -> Any:
        """What the API answers."""
        # no parameters must be None: an empty mapping would take away those that a link to a next page has
        answer = httpx.get(self.url + path, params=parameters or None, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def every(self, collection: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Every record of a collection, page by page as a client would."""
        path = f"/api/v1/{collection}"
        page = self.get(path, limit=5000, **parameters)
        while True:
            yield from page["items"]
            if page["next"] is None:
                return
            page = self.get(page["next"])

    @staticmethod
    def address(record: Mapping[str, Any]) -> str:
        """The path of a record's detail, as links write it."""
        return f"/{record['kind']}/{quote(record['id'], safe='')}"

    def numbers(self) -> dict[str, Any]:
        """The numbers as the API tells them now."""
        return dict(self.get("/api/v1/situation")["kpis"])

    def simulator_url(self) -> str:
        """Where the demonstration's upstreams answer."""
        done = subprocess.run(
            ["ps", "-ww", "-o", "args=", "-p", str(self.pids()["simulator"])],
            capture_output=True,
            text=True,
            check=True,
        )
        found = re.search(r"--port (\d+)", done.stdout)
        assert found is not None
        return f"http://127.0.0.1:{found[1]}"

    def break_upstream(self, key: str, fault: str) -> None:
        """Switch a fault on at an upstream."""
        httpx.post(f"{self.simulator_url()}/_faults/{key}", json={"fault": fault}, timeout=30).raise_for_status()

    def mend_upstream(self, key: str) -> None:
        """Switch it off again."""
        httpx.delete(f"{self.simulator_url()}/_faults/{key}", timeout=30).raise_for_status()

    def _listen(self, process: subprocess.Popen[str], said: queue.Queue[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.lines.append(line.rstrip())
                said.put(line)


@contextmanager
def running(settings: Path, folder: Path) -> Iterator[Product]:
    """The product on these settings, with its data below `folder`, once every upstream has been asked."""
    city = Product(folder=folder / "data", command=("app.py", "--settings", str(settings)))
    try:
        city.start()
        city.wait_for_sources()
        yield city
    finally:
        city.stop()
