"""One start of the product: everything that can be wrong is found here, in order, before any process begins."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from situation.batch import Batch
from situation.clock import CityClock
from situation.processes import demonstration, wall
from situation.processes.reloading import Checked, Reloader, keep
from situation.processes.supervisor import ChildEvent, ChildPlan, Supervisor
from situation.processes.wall import ExitCode, StartError
from situation.records import Health, SourceHealth
from situation.settings import Load, Settings, SettingsError, load_settings, read_text
from situation.store import Store, StoreError

COLLECTOR = "collector"
PROGRESS = "simulator: "
"""How the simulator's lines about its set-up begin, which is the longest part of a first start."""

DATABASE_NAME = "onescreen.db"
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, never listened on
"""Where this machine reaches itself when it listens on all its addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOptions:
    """What was asked for. `district` is None with settings of one's own, else `speed` and `start_at` apply."""

    settings_path: Path
    environ: Mapping[str, str]
    folder: Path
    host: str
    port: int
    district: demonstration.District | None = None
    speed: float = 1.0
    start_at: datetime | None = None
    load: Load = load_settings
    """How settings are read: app.py hands in what also knows the kinds of sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one start has settled. `demonstration`: None with settings of one's own. `is_first`: the store is empty."""

    options: StartOptions
    settings: Settings
    listener: socket.socket
    clock: CityClock
    demonstration: demonstration.Saved | None
    is_first: bool

    @property
    def endpoint(self) -> tuple[str, int]:
        """Host and port at which this machine reaches the wall."""
        host, port = self.listener.getsockname()[:2]
        return EVERYWHERE.get(host, host), port

    @property
    def address(self) -> str:
        """The address to open in a browser on this machine."""
        return to_address(*self.endpoint)


def to_address(host: str, port: int) -> str:
    """The web address of a host and port."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


@contextmanager
def prepared(options: StartOptions) -> Iterator[Start]:
    """Settle one start and hold its folder and port while inside; raises StartError."""
    checked = read_settings(options)
    settings = checked.settings
    wall.prepare_folder(options.folder)
    lock = wall.lock_folder(options.folder, to_address(EVERYWHERE.get(options.host, options.host), options.port))
    with closing(lock), wall.listen(options.host, options.port) as listener:
        keep_settings(options.folder, checked)
        saved, clock = _continue_city(options)
        with closing(open_store(settings, options.folder, migrate=True)) as store:
            is_first = store.last_seq() == 0
        yield Start(
            options=options,
            settings=settings,
            listener=listener,
            clock=clock,
            demonstration=saved,
            is_first=is_first,
        )


def read_settings(options: StartOptions) -> Checked:
    """The settings of the district; raises StartError with every problem in them."""
    try:
        return _read(options)
    except SettingsError as error:
        raise StartError(ExitCode.SETTINGS, str(error)) from error


def keep_settings(folder: Path, checked: Checked) -> None:
    """Keep in the data folder what the processes are to read; raises StartError."""
    try:
        keep(folder, checked)
    except OSError as error:
        raise StartError(ExitCode.FOLDER, f"the data folder {folder} can't be written: {error.strerror}") from error


def _read(options: StartOptions) -> Checked:
    """The file as it is now: read once, so that what is checked is what is used; raises SettingsError."""
    text = read_text(options.settings_path)
    return Checked(options.load(options.settings_path, options.environ, text=text), text)


def store_url(settings: Settings, folder: Path) -> str:
    """Address of the store: that of the settings, else the database in the data folder. May hold a password."""
    return settings.store.url.reveal() or f"sqlite:///{folder / DATABASE_NAME}"


def open_store(settings: Settings, folder: Path, *, migrate: bool = False) -> Store:
    """The store of the settings, in the data folder unless they name another; raises StartError."""
    try:
        return Store.open(store_url(settings, folder), migrate=migrate)
    except StoreError as error:
        raise StartError(ExitCode.STORE, str(error)) from error


def _continue_city(options: StartOptions) -> tuple[demonstration.Saved | None, CityClock]:
    if options.district is None:
        return None, CityClock()
    try:
        saved = demonstration.load(options.folder)
        plan = demonstration.plan(saved, options.district, CityClock().now(), options.speed, options.start_at)
    except demonstration.DemonstrationError as error:
        raise StartError(ExitCode.SETTINGS, str(error)) from error
    demonstration.save(options.folder, plan.saved)
    return plan.saved, plan.clock


def supervise(
    start: Start,
    plans: Sequence[ChildPlan],
    probe: Callable[[], wall.Report | None],
    say: Callable[[str], None],
) -> None:
    """Start the processes and keep them running until a signal says stop."""
    watch: wall.Wall | None = None

    def on_event(event: ChildEvent) -> None:
        if wall.is_worth_telling(event):
            say(event.describe())
        if event.name == COLLECTOR and event.exit_code is not None:
            _report_collector(start, event, say)

    def on_line(_name: str, line: str) -> None:
        if line.startswith(PROGRESS) and watch is not None and not watch.is_live:
            say(line.removeprefix(PROGRESS).capitalize())

    supervisor = Supervisor(plans, start.clock, start.options.folder / "log", on_event, on_line)
    watch = _watch(start, supervisor, probe, say)
    reloader, notes = _reloader(start, supervisor, say), _Notes(start, say)
    with wall.signals() as wishes:
        try:
            while not wishes.stop.wait(wall.STEP_S):
                if wishes.reload.is_set():
                    wishes.reload.clear()
                    reloader.reload()
                watch.step()
                notes.step()
        finally:
            say("Stopping …")
            supervisor.stop()
            notes.write(is_last=True)


def _watch(
    start: Start, supervisor: Supervisor, probe: Callable[[], wall.Report | None], say: Callable[[str], None]
) -> wall.Wall:
    live_text = f"OneScreen is live at {start.address} (Ctrl-C stops it)"
    has_sources = bool(start.settings.sources)
    return wall.Wall(supervisor, start.clock, probe, say, live_text, is_first=start.is_first, has_sources=has_sources)


def _reloader(start: Start, supervisor: Supervisor, say: Callable[[str], None]) -> Reloader:
    folder = start.options.folder
    return Reloader(start.settings, lambda: _read(start.options), supervisor, folder, start.clock, say)


class _Notes:
    """Keeps the city's time, so that the next start of the demonstration goes on from there."""

    def __init__(self, start: Start, say: Callable[[str], None]) -> None:
        self._start = start
        self._say = say
        self._due_s = 0.0
        self._is_failing = False

    def step(self) -> None:
        """Write when it is due."""
        if self._start.clock.monotonic() >= self._due_s:
            self._due_s = self._start.clock.monotonic() + demonstration.SAVE_EVERY_S
            self.write()

    def write(self, *, is_last: bool = False) -> None:
        """Write now; a disk that can't take it is said once and does not stop the wall."""
        if self._start.demonstration is None:
            return
        clock = self._start.clock
        saved = demonstration.note(self._start.demonstration, clock, clock.now(), is_last=is_last)
        try:
            demonstration.save(self._start.options.folder, saved)
        except OSError as error:
            if not self._is_failing:
                self._say(f"the data folder {self._start.options.folder} can't be written: {error.strerror}")
            self._is_failing = True
            return
        self._is_failing = False


def _report_collector(start: Start, event: ChildEvent, say: Callable[[str], None]) -> None:
    """Say in the store that the collector is down: it can't do so itself, and its return overwrites this."""
    now = start.clock.now()
    health = SourceHealth(
        id=COLLECTOR,
        source=COLLECTOR,
        name=COLLECTOR,
        source_kind=COLLECTOR,
        state=Health.UNAVAILABLE,
        since_at=now,
        attempted_at=now,
        failures_total=event.restarts,
        error=event.describe(),
    )
    try:
        with closing(open_store(start.settings, start.options.folder)) as store:
            store.apply(COLLECTOR, Batch(records=(health,)), now)
    except (StoreError, StartError) as error:
        say(f"the store can't be told that the collector is down: {error}")
