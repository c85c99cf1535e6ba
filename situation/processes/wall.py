"""One running OneScreen: checks everything that can be checked first, then supervises its processes until told to end.

Nothing here asks over HTTP or knows how the processes are made: it is handed the plans and the probe.
"""

from __future__ import annotations

import errno
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from situation.clock import Clock
from situation.processes.lock import AlreadyRunning, FolderLock
from situation.processes.reloading import has_terminal
from situation.processes.supervisor import ChildEvent, Supervisor

LEAST_FREE_BYTES = 200_000_000
STEP_S = 0.2
PROBE_STARTING_S = 0.5
PROBE_RUNNING_S = 5.0
PATIENCE_S = 45.0
"""Real seconds without progress after which a healthy wall counts as live although sources have not answered yet."""

HUNG_S = 60.0
"""Real seconds without a working feed (web) or a heartbeat (collector) after which a running child is restarted."""


class ExitCode(IntEnum):
    """What the exit code of app.py says."""

    STOPPED = 0
    SETTINGS = 2
    RUNNING = 3
    PORT = 4
    FOLDER = 5
    STORE = 6


class StartError(Exception):
    """Why nothing was started: one clear text and the exit code."""

    def __init__(self, code: ExitCode, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the web process says of itself and of what it sees. Ages are in real seconds."""

    is_ok: bool
    is_feed_ok: bool = True
    note: str = ""
    sources: int = 0
    starting: int = 0
    working: int = 0
    collector_age_s: float | None = None


def prepare_folder(folder: Path) -> None:
    """Make the data folder ready to write in; raises StartError."""
    try:
        (folder / "log").mkdir(parents=True, exist_ok=True)
        trial = folder / ".writable"
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as error:
        raise StartError(ExitCode.FOLDER, f"the data folder {folder} can't be written: {error.strerror}") from error
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        text = f"the disk of the data folder {folder} is full: {free // 1_000_000} MB free, at least 200 MB are needed"
        raise StartError(ExitCode.FOLDER, text)


def lock_folder(folder: Path, address: str) -> FolderLock:
    """Hold the folder; raises StartError when another OneScreen does."""
    try:
        return FolderLock(folder, address)
    except AlreadyRunning as error:
        where = f" at {error.address}" if error.address else ""
        text = f"OneScreen is already running on {folder} (process {error.pid}){where}"
        raise StartError(ExitCode.RUNNING, text) from error
    except OSError as error:
        raise StartError(ExitCode.FOLDER, f"the data folder {folder} can't be locked: {error.strerror}") from error


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that outlives restarts of the web process; raises StartError.

    Screens that come back while the web process restarts wait in its queue instead of being refused.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except socket.gaierror as error:
        raise StartError(ExitCode.PORT, f"there is no address {host} on this machine") from error
    except OSError as error:
        reasons = {
            errno.EADDRINUSE: f"port {port} is in use; name another with --port",
            errno.EACCES: f"port {port} may not be used without privileges; name one above 1023 with --port",
            errno.EADDRNOTAVAIL: f"there is no address {host} on this machine",
        }
        text = reasons.get(error.errno or 0, f"can't listen on {host}:{port}: {error.strerror}")
        raise StartError(ExitCode.PORT, text) from error


def free_port() -> int:
    """A port of the loopback address that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Wishes:
    """What signals ask for: to end (SIGINT, SIGTERM, a closed terminal) or to read the settings again (SIGHUP)."""

    stop: threading.Event = field(default_factory=threading.Event)
    reload: threading.Event = field(default_factory=threading.Event)


@contextmanager
def signals() -> Iterator[Wishes]:
    """Follow signals while inside."""
    wishes, had_terminal = Wishes(), has_terminal()

    def on_hangup(*_: object) -> None:
        (wishes.stop if had_terminal and not has_terminal() else wishes.reload).set()

    handlers: dict[signal.Signals, Callable[..., None]] = {
        signal.SIGINT: lambda *_: wishes.stop.set(),
        signal.SIGTERM: lambda *_: wishes.stop.set(),
        signal.SIGHUP: on_hangup,
    }
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield wishes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Wall:
    """Watches the running product: tells when it is live, and restarts what runs but no longer works."""

    def __init__(
        self,
        supervisor: Supervisor,
        clock: Clock,
        probe: Callable[[], Report | None],
        say: Callable[[str], None],
        live_text: str,
        *,
        is_first: bool = True,
        has_sources: bool = True,
    ) -> None:
        """`is_first`: the store was empty, so that the wall has nothing to show before every source has answered.

        `has_sources`: the settings name any; a district without is live at once.
        """
        self._has_sources = has_sources
        self._is_first = is_first
        self._supervisor = supervisor
        self._clock = clock
        self._probe = probe
        self._say = say
        self._live_text = live_text
        self._began_s = clock.monotonic()
        self._probe_due_s = 0.0
        self._answered_s = self._began_s
        self._fresh_s = self._began_s
        self._progress = (-1, -1)  # sources that have not answered yet, sources that work
        self._progress_s = self._began_s
        self._told = -1  # working sources at the last line of progress
        self.is_live = False

    def step(self) -> None:
        """Look once; call it a few times a second."""
        self._supervisor.step()
        now_s = self._clock.monotonic()
        if now_s < self._probe_due_s:
            return
        report = self._probe()
        self._probe_due_s = now_s + (PROBE_RUNNING_S if self.is_live else PROBE_STARTING_S)
        self._judge(report, now_s)
        if not self.is_live and report is not None:
            self._tell_progress(report, now_s)

    def _judge(self, report: Report | None, now_s: float) -> None:
        if report is not None:
            if report.is_feed_ok:  # a web process that answers and feeds no screen is of no use
                self._answered_s = now_s
            if report.collector_age_s is not None and abs(report.collector_age_s) < HUNG_S:
                self._fresh_s = now_s
        self._restart_if_hung("web", self._answered_s, now_s)
        if report is not None:
            self._restart_if_hung("collector", self._fresh_s, now_s)

    def _restart_if_hung(self, name: str, last_sign_s: float, now_s: float) -> None:
        running_s = self._supervisor.running_s(name)
        if running_s is not None and running_s > HUNG_S and now_s - last_sign_s > HUNG_S:
            self._say(f"{name} runs but has given no sign for {HUNG_S:g} s: it is started again")
            self._supervisor.restart(name)

    def _tell_progress(self, report: Report, now_s: float) -> None:
        if not report.is_ok:
            return
        if (report.starting, report.working) != self._progress:
            self._progress, self._progress_s = (report.starting, report.working), now_s
        is_complete = not self._has_sources or (
            report.working > report.sources / 2 and (report.starting == 0 or not self._is_first)
        )
        if is_complete or now_s - self._progress_s > PATIENCE_S:
            self.is_live = True
            silent = report.sources - report.working
            lacking = "are still being read" if report.starting else "don't deliver"
            self._say(self._live_text + (f"; {silent} of {report.sources} sources {lacking}" if silent else ""))
        elif report.working != self._told:
            self._told = report.working
            self._say(f"Reading the sources: {report.working} of {report.sources}")


def is_worth_telling(event: ChildEvent) -> bool:
    """Whether a person at the terminal wants to know: every death and every return, not the first start."""
    return event.exit_code is not None or event.restarts > 0
