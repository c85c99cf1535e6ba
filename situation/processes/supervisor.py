"""Starts child processes, restarts those that die with a growing pause, and ends them all.

A child is given a lifeline (see lifeline.py) and a process group of its own, so that Ctrl-C in a terminal reaches
only the supervisor, which then ends its children in order.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

from situation.clock import Clock

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0
"""A child that lived this long is sound: its next death is restarted without a long pause."""

STOP_TIMEOUT_S = 6.0
LOG_BYTES = 5_000_000
LOG_FILES = 3
LINE_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildPlan:
    """How to start a child. It must end at the end of its standard input. `pass_fds` stay open in it.

    It runs in `folder`, with exactly the variables of `environ` (None: ours). It is first started once the child
    named `after` has said a line with its `ready_text`, or has died: what depends on it must show that honestly.
    """

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] | None = None
    pass_fds: tuple[int, ...] = ()
    folder: Path | None = None
    ready_text: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEvent:
    """An edge in the life of a child: it started (`exit_code` None) or it died and starts again in `pause_s`.

    `last_line` is what a child that failed said last: usually why. `is_heir`: it was to
    take the place of one that runs.
    """

    name: str
    restarts: int
    pid: int | None = None
    exit_code: int | None = None
    pause_s: float = 0.0
    last_line: str = ""
    is_heir: bool = False

    def describe(self) -> str:
        """One sentence for screens and logs."""
        if self.exit_code is None:
            return f"{self.name} is running"
        how = f"was ended by {_signal_name(-self.exit_code)}" if self.exit_code < 0 else f"ended with {self.exit_code}"
        why = f" ({self.last_line[:LINE_CHARACTERS]})" if self.last_line else ""
        if self.is_heir:
            return f"a new {self.name} {how}{why}: the old one goes on"
        return f"{self.name} {how}{why}, starting again in {self.pause_s:g} s"


@dataclass(slots=True)
class _Child:
    plan: ChildPlan
    process: subprocess.Popen[str] | None = None
    started_s: float = 0.0
    due_s: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    restarts: int = 0
    last_line: str = ""
    is_ready: bool = False
    readers: list[threading.Thread] = field(default_factory=list)


class Supervisor:
    """Keeps children alive. Call `step` a few times a second; `stop` ends everything."""

    def __init__(
        self,
        plans: Sequence[ChildPlan],
        clock: Clock,
        log_folder: Path,
        on_event: Callable[[ChildEvent], None],
        on_line: Callable[[str, str], None] = lambda name, line: None,
    ) -> None:
        self._children = [_Child(plan) for plan in plans]
        self._clock = clock
        self._log_folder = log_folder
        self._on_event = on_event
        self._on_line = on_line
        self._logs: dict[str, RotatingFileHandler] = {}
        self._heirs: dict[str, _Child] = {}
        self._leaving: list[_Child] = []

    def step(self) -> None:
        """Start every child that is due, notice every one that died, and let heirs that are ready take over."""
        for name in list(self._heirs):
            self._look_at_heir(name)
        self._leaving = [child for child in self._leaving if not self._has_left(child)]
        for child in self._children:
            if child.process is None:
                if self._clock.monotonic() >= child.due_s and self._may_start(child):
                    self._start(child)
            elif child.process.poll() is not None:
                self._bury(child, child.process.returncode)

    def pid(self, name: str) -> int | None:
        """Process id of a child, None while it is not running."""
        process = self._find(name).process
        return process.pid if process is not None and process.poll() is None else None

    def running_s(self, name: str) -> float | None:
        """Real seconds since a child was started, None while it is not running."""
        child = self._find(name)
        return None if child.process is None else self._clock.monotonic() - child.started_s

    def restart(self, name: str) -> None:
        """Kill a child that no longer does its work; `step` starts it again."""
        process = self._find(name).process
        if process is not None:
            process.kill()

    def signal(self, name: str, number: int) -> None:
        """Send a signal to a child that runs."""
        process = self._find(name).process
        if process is not None:
            process.send_signal(number)

    def replace(self, name: str) -> None:
        """Start a child beside the one that runs; once it says that it is ready, the old one is told to end.

        One that fails instead is reported and changes nothing.
        """
        waiting = self._heirs.pop(name, None)
        if waiting is not None and waiting.process is not None:
            waiting.process.kill()
            self._leaving.append(waiting)
        self._heirs[name] = heir = _Child(self._find(name).plan)
        self._start(heir)

    def _look_at_heir(self, name: str) -> None:
        heir = self._heirs[name]
        if heir.process is not None and heir.process.poll() is not None:
            del self._heirs[name]
            self._close_pipes(heir)
            code, last = heir.process.returncode, heir.last_line
            self._on_event(ChildEvent(name=name, restarts=0, exit_code=code, last_line=last, is_heir=True))
        elif heir.is_ready:
            del self._heirs[name]
            old = self._find(name)
            self._children[self._children.index(old)] = heir
            if old.process is not None:
                old.process.terminate()
                old.due_s = self._clock.monotonic() + STOP_TIMEOUT_S
                self._leaving.append(old)

    def _has_left(self, child: _Child) -> bool:
        """Whether a child that was told to end is gone; one that takes too long is killed."""
        if child.process is None or child.process.poll() is not None:
            self._close_pipes(child)
            return True
        if self._clock.monotonic() >= child.due_s:
            child.process.kill()
        return False

    def stop(self) -> None:
        """End all children, last started first: politely, and after STOP_TIMEOUT_S by force."""
        everyone = [*self._children, *self._heirs.values(), *self._leaving]
        running = [child.process for child in reversed(everyone) if child.process is not None]
        for process in running:
            process.terminate()
        deadline_s = self._clock.monotonic() + STOP_TIMEOUT_S
        for process in running:
            try:
                process.wait(max(0.1, deadline_s - self._clock.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for child in everyone:
            self._close_pipes(child)
        for handler in self._logs.values():
            handler.close()

    def _may_start(self, child: _Child) -> bool:
        if not child.plan.after:
            return True
        awaited = self._find(child.plan.after)
        return awaited.is_ready or awaited.restarts > 0

    def _find(self, name: str) -> _Child:
        return next(child for child in self._children if child.plan.name == name)

    def _start(self, child: _Child) -> None:
        plan = child.plan
        child.process = _spawn(plan)
        child.started_s = self._clock.monotonic()
        if child.process.stdout is not None:
            reader = threading.Thread(
                target=self._keep_output, args=(child, child.process.stdout), name=f"{plan.name} output", daemon=True
            )
            child.readers = [reader]
            reader.start()
        self._on_event(ChildEvent(name=plan.name, restarts=child.restarts, pid=child.process.pid))

    def _bury(self, child: _Child, exit_code: int) -> None:
        now_s = self._clock.monotonic()
        if now_s - child.started_s >= STEADY_AFTER_S:
            child.pause_s = FIRST_PAUSE_S
        self._close_pipes(child)
        child.process = None
        child.restarts += 1
        child.due_s = now_s + child.pause_s
        event = ChildEvent(
            name=child.plan.name,
            restarts=child.restarts,
            exit_code=exit_code,
            pause_s=child.pause_s,
            last_line=child.last_line if exit_code > 0 else "",
        )
        child.last_line = ""
        child.pause_s = min(child.pause_s * 2, LONGEST_PAUSE_S)
        self._on_event(event)

    def _close_pipes(self, child: _Child) -> None:
        if child.process is None:
            return
        if child.process.stdin is not None:
            child.process.stdin.close()
        for reader in child.readers:
            reader.join(1.0)
        # A grandchild may still hold the pipe: closing it under its reader would block.
        if child.process.stdout is not None and not any(reader.is_alive() for reader in child.readers):
            child.process.stdout.close()

    def _keep_output(self, child: _Child, output: IO[str]) -> None:
        name = child.plan.name
        handler = self._logs.get(name)
        if handler is None:
            path = self._log_folder / f"{name}.log"
            handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8")
            self._logs[name] = handler
        for line in output:
            text = line.rstrip("\n")
            child.last_line = text
            child.is_ready = child.is_ready or (bool(child.plan.ready_text) and child.plan.ready_text in text)
            handler.emit(logging.LogRecord(name, logging.INFO, "", 0, text, None, None))
            self._on_line(name, text)


def _spawn(plan: ChildPlan) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - the commands are app.py's own, no shell
        plan.command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=dict(plan.environ) if plan.environ is not None else None,
        pass_fds=plan.pass_fds,
        cwd=plan.folder,
        start_new_session=True,
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
