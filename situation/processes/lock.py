"""One running OneScreen per data folder: a kernel lock, which a crash releases, with a note of who holds it."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

LOCK_NAME = "onescreen.lock"


class AlreadyRunning(Exception):
    """Another process holds the folder. `pid` and `address` are what it noted, 0 and empty when unreadable."""

    def __init__(self, folder: Path, pid: int, address: str) -> None:
        super().__init__(f"{folder} is in use by process {pid} at {address}")
        self.pid = pid
        self.address = address


class FolderLock:
    """Holds a data folder until closed; raises AlreadyRunning when another process does, OSError when it can't."""

    def __init__(self, folder: Path, address: str) -> None:
        self._file = (folder / LOCK_NAME).open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.seek(0)
            pid, holder = _read_note(self._file.read())
            self._file.close()
            raise AlreadyRunning(folder, pid, holder) from error
        self._file.truncate(0)
        self._file.write(json.dumps({"pid": os.getpid(), "address": address}))
        self._file.flush()

    def close(self) -> None:
        """Let the folder go."""
        self._file.close()


def _read_note(text: str) -> tuple[int, str]:
    try:
        note = json.loads(text)
        return int(note["pid"]), str(note["address"])
    except (ValueError, KeyError, TypeError):
        return 0, ""
