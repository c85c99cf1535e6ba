"""Reading the settings again while everything runs: first here, as a whole; only right ones reach the processes."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from situation.clock import Clock
from situation.settings import Settings, SettingsError

NOTE_NAME = "settings.json"
IN_USE_NAME = "settings-in-use.toml"
"""In the data folder: what the file said when it was checked. The processes read this, also when one of them starts
again: the file itself may have been changed since, or be half edited."""

COLLECTOR, WEB = "collector", "web"
_TERMINAL = "/dev/tty"


class Children(Protocol):
    """The part of the supervisor that takes new settings to its children."""

    def signal(self, name: str, number: int) -> None:
        """Send a signal to a child that runs."""
        ...

    def replace(self, name: str) -> None:
        """Start a child beside the one that runs, and end that one once the new one is ready."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """When the settings were last read again, and why they were refused; `problems` is empty when they are in use."""

    at: datetime
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Settings and the very text they were read from."""

    settings: Settings
    text: str


def keep(folder: Path, checked: Checked) -> None:
    """Have the processes read this text from now on; raises OSError, and then nothing has changed."""
    _write(folder / IN_USE_NAME, checked.text)


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def note(folder: Path, reading: Reading) -> None:
    """Keep what became of the last reading, for /healthz; a disk that can't take it costs only that."""
    body = json.dumps({"at": reading.at.isoformat(), "problems": reading.problems}, ensure_ascii=False)
    with suppress(OSError):
        _write(folder / NOTE_NAME, body)


def last_reading(folder: Path) -> Reading | None:
    """What became of the last reading; None when there was none since the start."""
    try:
        kept = json.loads((folder / NOTE_NAME).read_text(encoding="utf-8"))
        return Reading(datetime.fromisoformat(kept["at"]), tuple(map(str, kept["problems"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def has_terminal() -> bool:
    """Whether this process has a terminal: SIGHUP without one any longer means that it was closed."""
    try:
        os.close(os.open(_TERMINAL, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


class Reloader:
    """Takes new settings to the processes. A wrong file changes nothing and is told with all its problems."""

    def __init__(
        self,
        settings: Settings,
        load: Callable[[], Checked],
        children: Children,
        folder: Path,
        clock: Clock,
        say: Callable[[str], None],
    ) -> None:
        """Begins without a note: what was refused before a restart says nothing of now."""
        self._settings = settings
        self._load = load
        self._children = children
        self._folder = folder
        self._clock = clock
        self._say = say
        (folder / NOTE_NAME).unlink(missing_ok=True)

    def reload(self) -> None:
        """Read the settings again. The collector takes them itself; the web process is replaced when they differ."""
        problems = self._problems()
        note(self._folder, Reading(self._clock.now(), problems))
        for problem in problems:
            self._say(f"The settings stay as they are: {problem}")

    def _problems(self) -> tuple[str, ...]:
        try:
            checked = self._load()
        except SettingsError as error:
            return tuple(str(error).splitlines())
        settings = checked.settings
        if settings.store != self._settings.store:
            return ("store.url: another store needs a restart",)
        try:
            keep(self._folder, checked)
        except OSError as error:
            return (f"the data folder {self._folder} can't be written: {error.strerror}",)
        # also when nothing differs: files of areas and of secrets may
        self._children.signal(COLLECTOR, signal.SIGHUP)
        if settings != self._settings:
            self._children.replace(WEB)
        self._say("The settings were read again." if settings != self._settings else "The settings have not changed.")
        self._settings = settings
        return ()
